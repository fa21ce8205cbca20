"""A world's card: all that a reader must know before using its data, and nothing that is to be found out."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card import market, past, people
from narrowcast.worlds.card.dictionary import columns, overview
from narrowcast.worlds.card.markdown import code, section
from narrowcast.worlds.card.plots import Plot, plots
from narrowcast.worlds.card.seen import Seen
from narrowcast.worlds.card.svg import svg
from narrowcast.worlds.recipe import Recipe

__all__ = ["Card", "Place", "inline", "page"]

Place = Callable[[Plot], str]
"""Returns the address at which a picture is found."""


_HELD = re.compile(r"!\[([^\]]*)\]\(data:[^)]*\)")


class Card(str):
    """A card: Markdown as text, and a page where a notebook shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        # A notebook keeps this beside the page: the pictures need not stand in it twice.
        return _("<Card: {title}; print it to read it>").format(title=self.partition("\n")[0].lstrip("# "))

    def __str__(self) -> str:
        """Return what can be read in a terminal: where a picture is held inside, what it shows."""
        return _HELD.sub(r"[\1]", str.__str__(self))

    def _repr_markdown_(self) -> str:
        return str.__str__(self)


def inline(plot: Plot) -> str:
    """Return a picture as an address that holds it whole, for pages that stand alone."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(plot).encode()).decode()


def page(recipe: Recipe, seen: Seen, place: Place | None = None) -> Card:
    """Return the card of a market as it was seen, in Markdown, in the language in force.

    Parameters
    ----------
    recipe
        The market's numbers.
    seen
        What it looks like drawn.
    place
        Where its pictures are found; None leaves them out.

    Returns
    -------
    Card
        What is latent (interests, chances, true figures of files and campaigns) and the traps are left out.
    """
    pictures = plots(recipe, seen) if place is not None else ()
    parts = [
        f"# {in_course(recipe.title)}",
        in_course(recipe.story),
        _counts(recipe, seen),
        _invented(),
        section(_("At a glance"), *(_picture(one, place) for one in pictures if place)) if pictures else "",
        _opened(recipe),
        people.segments(recipe),
        people.personas(recipe),
        market.channels(recipe),
        market.products(recipe),
        market.competitors(recipe),
        market.benchmarks(recipe),
        market.season(recipe),
        people.acquisition(recipe),
        past.files(recipe),
        past.campaigns(recipe),
        past.referral(recipe),
        past.leads(recipe),
        people.business(recipe),
        overview(recipe, seen),
        columns(recipe),
        section(_("Licence"), _("Data and card: {licence}.").format(licence=recipe.licence)),
    ]
    return Card("\n\n".join(filter(None, parts)) + "\n")


def _counts(recipe: Recipe, seen: Seen) -> str:
    return _("{customers} customers in {groups} groups; {tables} tables with {rows} rows.").format(
        customers=f"**{seen.customers:,}**",
        groups=f"**{len(recipe.segments)}**",
        tables=f"**{len(seen.rows)}**",
        rows=f"**{sum(seen.rows.values()):,}**",
    )


def _invented() -> str:
    return _(
        "Every person is invented: names, addresses and numbers come from Faker's lists and from chance. Mail "
        "to them arrives nowhere; never call a number, it may be somebody's. Figures without a source were "
        "chosen so that the lesson can be seen."
    )


def _opened(recipe: Recipe) -> str:
    code_block = (
        f'```python\nimport narrowcast as nc\n\nworld = nc.open_world("{recipe.name}")\nworld.customers\n```'
    )
    command = code(f"narrowcast data build {recipe.name} --customers 1000000")
    on_disk = _("As files, in any size: {command}.").format(command=command)
    return section(_("How to open it"), code_block, on_disk)


def _picture(plot: Plot, place: Place) -> str:
    alt = plot.alt.replace("[", "(").replace("]", ")")
    return f"![{alt}]({place(plot)})\n\n*{plot.caption}*"
