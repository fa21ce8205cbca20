"""A world's card: what a reader must know before using its data, written from the recipe."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from narrowcast.language import gettext as _
from narrowcast.language import in_course

if TYPE_CHECKING:
    from narrowcast.worlds.world import World

__all__ = ["card", "columns", "sample"]

SAMPLE_ROWS = 100


def columns() -> dict[str, tuple[str, str]]:
    """Return each column of the customers table: its type and what it means."""
    return {
        "customer_id": ("text", _("Number of the customer, such as C0000042; unique.")),
        "name": ("text", _("Full name, family name first. Invented.")),
        "gender": ("F, M", _("Gender.")),
        "birth_date": ("date", _("Day of birth; nobody is younger than 16.")),
        "province": ("text", _("One of Vietnam's 34 province-level units.")),
        "job": ("text", _("Occupation.")),
        "email": ("text?", _("Address on a domain reserved for examples; missing where none was given.")),
        "phone": ("text?", _("Mobile number, ten digits; missing where none was given.")),
        "email_consent": ("bool", _("Agreed to be written to.")),
        "phone_consent": ("bool", _("Agreed to be called.")),
        "file_source": ("text", _("Contact file the customer came from; here always the house file.")),
        "segment": ("category", _("Group the customer belongs to.")),
        "acquired_at": ("date", _("Day of the first contact with the shop.")),
        "channel": ("text", _("How the customer first came: search, direct or referral.")),
        "device": ("text", _("Device used most: mobile or desktop.")),
        "referrer_id": ("text?", _("Customer who referred this one; missing for most.")),
        "arm": ("text", _("Arm of a past experiment; here always none.")),
    }


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def card(world: World) -> str:
    """Return a world's card in Markdown, in the language in force.

    Parameters
    ----------
    world
        The market it describes.

    Returns
    -------
    str
        Story, segments, channels, columns, licence. What is latent (interests, chances) and the traps
        for the instructor stand in the recipe alone.
    """
    recipe = world.recipe
    segments = [
        [
            f"`{name}`",
            in_course(segment.title),
            in_course(segment.description),
            f"{segment.share.value:.0%}",
            f"{segment.order_value.value:,.0f} {recipe.currency}",
            f"{segment.margin_rate.value:.0%}",
        ]
        for name, segment in recipe.segments.items()
    ]
    kinds = {"broadcast": _("broadcast"), "narrowcast": _("narrowcast")}
    channels = [
        [
            f"`{name}`",
            in_course(channel.title),
            kinds[channel.kind],
            f"{channel.price_per_thousand.value:,.0f} {recipe.currency}",
            f"{channel.reach.value:.0%}",
            f"{channel.precision.value:.0%}" if channel.kind == "narrowcast" else "–",
        ]
        for name, channel in recipe.channels.items()
    ]
    dictionary = [[f"`{name}`", kind, meaning] for name, (kind, meaning) in columns().items()]
    customers = _("{count:,} customers.").format(count=round(recipe.market.customers.value))
    invented = _("Every person is invented: names, addresses and numbers are made by Faker and by chance.")
    people = _("{customers} {invented}").format(customers=customers, invented=invented)
    heads = [_("Segment"), _("Name"), _("Who they are"), _("Share"), _("Order value"), _("Margin")]
    media = [_("Channel"), _("Name"), _("Kind"), _("Price of 1,000 contacts"), _("Reach"), _("Precision")]
    parts = [
        f"# {in_course(recipe.title)}",
        in_course(recipe.story),
        people,
        "## " + _("Segments"),
        _table(heads, segments),
        "## " + _("Channels"),
        _table(media, channels),
        "## " + _("Columns of the customers table"),
        _table([_("Column"), _("Type"), _("Meaning")], dictionary),
        _("A question mark after a type says that values may be missing."),
        "## " + _("Licence"),
        _("Data and card: {licence}.").format(licence=recipe.licence),
    ]
    return "\n\n".join(parts) + "\n"


def sample(world: World) -> str:
    """Return the first customers of a world as CSV text, ending in a newline."""
    out = io.StringIO()
    world.customers.head(SAMPLE_ROWS).to_csv(out, index=False, lineterminator="\n")
    return out.getvalue()
