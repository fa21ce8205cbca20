"""Who is in the market: its groups, the buyers that a marketer pictures, and how people came."""

from __future__ import annotations

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card.markdown import code, section, table
from narrowcast.worlds.card.words import coins, countries, money, percent
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.trade import Persona

__all__ = ["acquisition", "business", "personas", "segments"]


def segments(recipe: Recipe) -> str:
    """Return the groups: who they are, how many, what they are worth."""
    abroad = any(segment.locale != recipe.locale for segment in recipe.segments.values())
    paying = any(recipe.currency_of(name) != recipe.currency for name in recipe.segments)
    header = [_("Segment"), _("Who they are"), _("Share"), _("Order value"), _("Margin")]
    header += [_("Names")] * abroad + [_("Pays in")] * paying
    rows = []
    for name, segment in recipe.segments.items():
        row = [
            code(name),
            f"**{in_course(segment.title)}.** {in_course(segment.description)}",
            percent(segment.share.value),
            money(segment.order_value.value, recipe.currency),
            percent(segment.margin_rate.value),
        ]
        row += [f"{countries()[segment.locale]} ({code(segment.locale)})"] * abroad
        rows.append(row + [recipe.currency_of(name)] * paying)
    same = _("All names are {people} ({locale}), and everybody pays in {currency}.").format(
        people=countries()[recipe.locale], locale=code(recipe.locale), currency=recipe.currency
    )
    rates = [
        _("1 {currency} is taken for {rate:,.6g} {own}.").format(
            currency=currency, rate=each.value * coins(currency) / coins(recipe.currency), own=recipe.currency
        )
        for currency, each in recipe.exchange.items()
    ]
    worth = _("Order value is the mean of an order, margin the share of it that is left after its costs.")
    return section(
        _("Segments"),
        table(header, rows, right=(2, 3, 4)),
        worth,
        *([] if abroad or paying else [same]),
        *rates,
    )


def personas(recipe: Recipe) -> str:
    """Return each ideal buyer with all five traits."""
    return section(_("Personas"), *(_persona(persona) for persona in recipe.personas.values()))


def _persona(persona: Persona) -> str:
    group = _("Segment: {segment}.").format(segment=code(persona.segment))
    traits = {
        _("Interests"): persona.interests,
        _("Purchasing power"): persona.purchasing_power,
        _("Demographics"): persona.demographics,
        _("Geography"): persona.geography,
        _("Psychographics"): persona.psychographics,
    }
    listed = "\n".join(f"- **{trait}:** {in_course(text)}" for trait, text in traits.items())
    return section(in_course(persona.title), f"{in_course(persona.description)} {group}", listed, level=3)


def acquisition(recipe: Recipe) -> str:
    """Return how people first came."""
    rows = [[code(way), percent(share.value)] for way, share in recipe.history.acquisition.items()]
    return section(
        _("How customers first came"),
        table([_("Way"), _("Share of customers")], rows, right=(1,)),
        _("The way {referral} needs a friend who was there before.").format(referral=code("referral"))
        if "referral" in recipe.history.acquisition
        else "",
    )


def business(recipe: Recipe) -> str:
    """Return what firms buy, where customers buy for their firms; nothing elsewhere."""
    firms = recipe.business
    if firms is None:
        return ""
    told = _(
        "Customers buy for their firms. A deal is worth {value} for each employee and year; selling costs "
        "{overhead} a deal in salaries and tools."
    ).format(
        value=money(firms.deal_value.value, recipe.currency),
        overhead=money(firms.overhead.value, recipe.currency),
    )
    stages = [[code(name), in_course(stage.title)] for name, stage in firms.stages.items()]
    sizes = [[code(name), f"{firms.employees[name].value:,.0f}"] for name in recipe.segments]
    return section(
        _("Firms"),
        told,
        table([_("Stage"), _("What it is")], stages),
        table([_("Segment"), _("Employees of a firm (median)")], sizes, right=(1,)),
    )
