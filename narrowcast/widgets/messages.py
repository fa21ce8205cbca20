"""The words of FlipLab: its script holds none, so that one script speaks every language."""

from __future__ import annotations

from narrowcast.language import gettext as _

__all__ = ["fliplab_messages"]


def fliplab_messages() -> dict[str, str]:
    """Return FlipLab's words in the language in force, by the key that the script asks for."""
    return {**_story(), **_maps(), **_controls(), **_bet(), **_verdict()}


def _story() -> dict[str, str]:
    return {
        "kicker": _("FlipLab · Lesson 1"),
        "title": _("The rules flipped"),
        "world": _("The market"),
        "world_hcmc-fashion": _("Fashion e-shop"),
        "world_soft-drink": _("Soft drink"),
        "lede_hcmc-fashion": _(
            "The same people and the same money, spent in two ways. The old rules send one message to "
            "everybody: one wide light. The new rules send each small group a message of its own: a light for "
            "each. People who shop for clothes want different things: how many does one light reach?"
        ),
        "lede_soft-drink": _(
            "The same people and the same money, spent in two ways. The old rules send one message to "
            "everybody: one wide light. The new rules send each small group a message of its own: a light for "
            "each. People who drink a soft drink want much the same: what are three lights worth?"
        ),
        "take_title": _("A question to take away"),
        "take_hcmc-fashion": _(
            "Think of something you sell, or buy. How would you find out which share of its messages reach "
            "the people they were made for, before you pay more for each of them?"
        ),
        "take_soft-drink": _(
            "When all customers want nearly the same, what exactly would you pay for if you paid more to tell "
            "them apart?"
        ),
        "silence": _("The simulation does not answer. Reload the page to go on."),
    }


def _maps() -> dict[str, str]:
    return {
        "old_title": _("Old rules"),
        "old_sub": _("Broadcast: one message for everybody"),
        "new_title": _("New rules"),
        "new_sub": _("Narrowcast: a message for each group"),
        "side_old": _("the old rules"),
        "side_new": _("the new rules"),
        "map": _(
            "{side}: a map of {people} people, placed by their interests. {week}: {ignored} ignored the "
            "message, {noticed} noticed it, {anyway} would have bought anyway, {because} bought because of it."
        ),
        "legend": _("What the signs on the maps mean"),
        "deed_untouched": _("not reached"),
        "deed_ignored": _("ignored it"),
        "deed_noticed": _("noticed it"),
        "deed_anyway": _("would have bought anyway"),
        "deed_because": _("bought because of it"),
        "note": _(
            "Drawn are {sample} of {customers} people, and everybody whom a message made buy. The brighter a "
            "place, the likelier a person there notices. The figures are what the chances promise; the maps "
            "are one throw of the dice."
        ),
        "note_some": _(
            "Drawn are {sample} of {customers} people, and one in {every} of those whom a message made buy. The "
            "brighter a place, the likelier a person there notices. The figures are what the chances promise; "
            "the maps are one throw of the dice."
        ),
        "weeks": _("Time"),
        "week": _("Week {week}"),
        "week_none": _("Before the campaign"),
        "play": _("Play the four weeks"),
        "pause": _("Stop"),
        "of": _("{part} of {whole}"),
        "kpi_reached": _("People reached"),
        "kpi_noticed": _("People who noticed"),
        "kpi_orders": _("Extra orders"),
        "kpi_cost": _("Cost"),
        "kpi_profit": _("Extra profit after cost"),
    }


def _controls() -> dict[str, str]:
    return {
        "controls": _("Change the market"),
        "fragmentation": _("How far apart interests are"),
        "fragmentation_low": _("all alike"),
        "fragmentation_high": _("worlds apart"),
        "clutter": _("Brand messages a week"),
        "clutter_low": _("quiet"),
        "clutter_high": _("deafening"),
        "fit": _("How well a message fits its group"),
        "fit_low": _("one for all"),
        "fit_high": _("made for them"),
        "price_ratio": _("Price of a narrowcast contact"),
        "price_ratio_low": _("cheaper"),
        "price_ratio_high": _("dearer"),
        "times": _("{ratio} × broadcast"),
        "today": _("{ratio} × today"),
        "precision": _("Messages that reach the right people"),
        "precision_low": _("none"),
        "precision_high": _("all"),
    }


def _bet() -> dict[str, str]:
    return {
        "bet_title": _("First, your bet"),
        "bet_question": _(
            "Each side spends {money}. A narrowcast contact costs {ratio} times as much as a broadcast one. "
            "What share of the messages must reach the right people before the new rules bring more orders?"
        ),
        "bet_guess": _("Your guess"),
        "bet_second": _("Here {precision} reach the right people. Who brings more orders?"),
        "bet_old": _("The old rules"),
        "bet_new": _("The new rules"),
        "bet_right": _("You bet on {side}, and were right."),
        "bet_wrong": _("You bet on {side}, and they lost."),
        "bet_even": _("You bet on {side}; it was a draw."),
        "gap_none": _("Your guess of the break-even was right to the point."),
        "gap_low": _("The break-even was {breakeven}: {points} points above your guess."),
        "gap_high": _("The break-even was {breakeven}: {points} points below your guess."),
        "gap_never": _("There was no break-even to guess: no precision would have sufficed."),
        "gap_always": _("There was no break-even to guess: any precision would have done."),
    }


def _verdict() -> dict[str, str]:
    return {
        "wins_old": _("The old rules win: {old} extra orders against {new}"),
        "wins_new": _("The new rules win: {new} extra orders against {old}"),
        "wins_even": _("A draw: about {old} extra orders each"),
        "profit_old": _("In profit the old rules are ahead: their extra orders are worth more each."),
        "profit_new": _("In profit the new rules are ahead: their extra orders are worth more each."),
        "sentence_some": _(
            "At this price narrowcast needs {breakeven} of its messages to reach the right people. "
            "You have {precision}."
        ),
        "sentence_never": _(
            "At this price no precision suffices: even if every message reached the right person, the old "
            "rules would bring more orders."
        ),
        "sentence_always": _("At this price narrowcast brings more orders whomever its messages reach."),
        "zone_old": _("old rules"),
        "zone_new": _("new rules"),
        "mark": _("Break-even {breakeven}"),
        "mark_never": _("No break-even: beyond 100%"),
        "mark_always": _("No break-even: below 0%"),
        "mark_bet": _("Your bet {guess}"),
    }
