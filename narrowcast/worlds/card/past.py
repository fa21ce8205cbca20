"""Whom the firm can write to, and what it did before: contact files, campaigns, referral, leads."""

from __future__ import annotations

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card.markdown import code, section, table
from narrowcast.worlds.card.words import day, media, money, percent
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.trade import Campaign

__all__ = ["campaigns", "files", "leads", "referral"]


def files(recipe: Recipe) -> str:
    """Return the contact files as their sellers describe them; how good they are is for the student to find."""
    kinds = {"house": _("our own"), "purchased": _("purchased")}
    customers = recipe.market.customers.value
    rows = [
        [
            f"{code(name)} {in_course(file.title)}",
            kinds[file.kind],
            _("every customer who gave an address")
            if file.kind == "house"
            else f"{round(file.size.value * customers):,}",
            money(file.price.value, recipe.currency) if file.price.value else _("free"),
            percent(file.claimed_consent.value),
        ]
        for name, file in recipe.files.items()
    ]
    header = [_("File"), _("Kind"), _("Rows"), _("Price of an address"), _("Says that they agreed")]
    warning = _("A file says what its seller says. Check addresses, consent and customers you already have.")
    return section(_("Contact files"), table(header, rows, right=(3, 4)), warning)


def campaigns(recipe: Recipe) -> str:
    """Return the past campaigns: what was planned, not what it brought; nothing where there was none."""
    if not recipe.campaigns:
        return ""
    rows = [_campaign(recipe, name, campaign) for name, campaign in recipe.campaigns.items()]
    header = [_("Campaign"), _("Medium"), _("For whom"), _("Began"), _("Days")]
    header += [_("Chosen"), _("Holdout"), _("Cost of a contact")]
    meant = _(
        "Chosen is the share of the audience that the campaign was for; the holdout is the share of those chosen "
        "whom chance kept from every contact."
    )
    return section(_("Past campaigns"), table(header, rows, right=(3, 4, 5, 6, 7)), meant)


def _campaign(recipe: Recipe, name: str, campaign: Campaign) -> list[str]:
    return [
        f"{code(name)} {in_course(campaign.title)}",
        media()[campaign.medium],
        code(campaign.segment) if campaign.segment else _("everybody"),
        day(campaign.weeks_ago.value),
        f"{campaign.days.value:.0f}",
        percent(campaign.coverage.value),
        percent(campaign.holdout.value) if campaign.holdout.value else _("none"),
        money(campaign.cost.value, recipe.currency),
    ]


def referral(recipe: Recipe) -> str:
    """Return how customers bring customers; nothing where they have no codes."""
    if recipe.referral is None:
        return ""
    told = _(
        "A customer may hold a code, some a card with a QR code on it. Who brings a new customer by it receives "
        "{reward}."
    ).format(reward=money(recipe.referral.reward.value, recipe.currency))
    return section(_("Referral"), told)


def leads(recipe: Recipe) -> str:
    """Return where people leave their numbers; nothing where there is no such page."""
    if recipe.leads is None:
        return ""
    rows = [[code(page), percent(share.value)] for page, share in recipe.leads.pages.items()]
    told = _("People leave a telephone number on a landing page, to be called.")
    return section(_("Leads"), told, table([_("Landing page"), _("Share of leads")], rows, right=(1,)))
