"""Cards: each world described well enough to teach from, written from its recipe and its drawn tables.

`card` is for whoever uses the data; `traps_text` is for the instructor, and what it says stands nowhere else.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.card.page import Card, inline, page
from narrowcast.worlds.card.plots import PLOTS, Plot, plots
from narrowcast.worlds.card.seen import Seen, see
from narrowcast.worlds.card.svg import svg, up_to_date
from narrowcast.worlds.card.traps import traps_text
from narrowcast.worlds.market import market_of
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables import TABLES

if TYPE_CHECKING:
    from narrowcast.worlds.world import World

__all__ = [
    "PLOTS",
    "SAMPLE_ROWS",
    "Card",
    "Plot",
    "Seen",
    "card",
    "card_text",
    "page",
    "plots",
    "sample",
    "see",
    "svg",
    "traps_text",
    "up_to_date",
]

SAMPLE_ROWS = 100


def card(world: World) -> Card:
    """Return a world's card, with its pictures inside, in the language in force.

    Parameters
    ----------
    world
        The market it describes: everybody's or a student's, in the size in which it was opened.

    Returns
    -------
    Card
        Markdown, which a notebook shows as a page.
    """
    return page(world.recipe, see(world.past), inline)


def card_text(market: Blueprint) -> str:
    """Return the card of a market in its own size as Markdown without pictures."""
    return str(page(market.recipe, see(market)))


def sample(recipe: Recipe) -> str:
    """Return the first customers of everybody's market as CSV text, ending in a newline."""
    table = TABLES["customers"]
    shown = [column.name for column in table.columns() if not column.hidden]
    frame = table.draw(market_of(recipe).block(0)).select(shown).slice(0, SAMPLE_ROWS).to_pandas()
    out = io.StringIO()
    frame.to_csv(out, index=False, lineterminator="\n")
    return out.getvalue()
