"""What the instructor knows and a student is to find out: traps, latent columns, true figures."""

from __future__ import annotations

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card.dictionary import columns_of
from narrowcast.worlds.card.markdown import code, section, table
from narrowcast.worlds.card.mistakes import mistakes
from narrowcast.worlds.card.seen import Seen, see
from narrowcast.worlds.card.words import percent
from narrowcast.worlds.market import market_of
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables import tables_of
from narrowcast.worlds.trade import Trap

__all__ = ["traps_text"]


def traps_text(recipe: Recipe, seen: Seen | None = None) -> str:
    """Return the instructor's page of a world in Markdown, in the language in force.

    Parameters
    ----------
    recipe
        Whose page.
    seen
        What the public market looks like, if it is drawn already.

    Returns
    -------
    str
        Each trap with the mistake it leads to; the latent columns; what contact files and past campaigns
        are really like. None of it stands on the card.
    """
    seen = seen if seen is not None else see(market_of(recipe))
    parts = [
        f"# {in_course(recipe.title)}: " + _("for the instructor"),
        _("A student is to find this out. Keep the page to yourself; the world's card does not lead to it."),
        section(_("Traps"), *(_trap(trap) for trap in recipe.traps)),
        _files(recipe),
        _campaigns(recipe, seen),
        _persuadable(recipe),
        _latent(recipe),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _trap(trap: Trap) -> str:
    parts = [in_course(trap.description)]
    if trap.mistake:
        name, cure = mistakes()[trap.mistake]
        parts.append(
            _("Leads to {number}, {name}. Cure: {cure}.").format(
                number=f"**{trap.mistake}**", name=name, cure=cure
            )
        )
    return section(in_course(trap.title), *parts, level=3)


def _files(recipe: Recipe) -> str:
    rows = [
        [
            code(name),
            percent(file.email_valid.value),
            percent(file.phone_valid.value),
            percent(file.claimed_consent.value),
            percent(file.consent.value),
            percent(file.overlap.value),
        ]
        for name, file in recipe.files.items()
    ]
    header = [_("File"), _("E-mail addresses that work"), _("Numbers that work"), _("Says that they agreed")]
    header += [_("Really agreed"), _("Customers already")]
    return section(_("What the contact files are worth"), table(header, rows, right=range(1, 6)))


def _campaigns(recipe: Recipe, seen: Seen) -> str:
    if not recipe.campaigns:
        return ""
    rows = [
        [
            code(name),
            percent(campaign.lift.value),
            f"{seen.credits[name].credited:,}",
            f"{seen.credits[name].caused:,}",
            f"{seen.credits[name].both:,}",
        ]
        for name, campaign in recipe.campaigns.items()
    ]
    header = [_("Campaign"), _("True lift"), _("Orders credited to it"), _("Orders it caused"), _("Both")]
    told = _(
        "The lift is the share of the persuadable people reached who ordered because of it. Credited are orders "
        "within seven days of a click. The counts are those of everybody's market; a student's differ a little."
    )
    return section(_("What the campaigns brought"), told, table(header, rows, right=range(1, 5)))


def _persuadable(recipe: Recipe) -> str:
    rows = [
        [code(name), percent(segment.persuadable.value), percent(segment.conversion.value)]
        for name, segment in recipe.segments.items()
    ]
    header = [_("Segment"), _("Can be persuaded"), _("Orders a visit")]
    return section(_("What the segments are really like"), table(header, rows, right=(1, 2)))


def _latent(recipe: Recipe) -> str:
    parts = []
    for one in tables_of(recipe).values():
        hidden = [column for column in one.columns() if column.hidden]
        if hidden:
            title = f"{one.title()}: {code(one.name)}"
            parts.append(section(title, columns_of(one, hidden), level=3))
    if not parts:
        return ""
    how = _("No real firm would know these. {command} adds them to the tables.").format(
        command=code(f"narrowcast data build {recipe.name} --hidden")
    )
    return section(_("Latent columns"), how, *parts)
