"""What a little more advertising sells: ten per cent more money, on the same people with the same luck."""

from __future__ import annotations

from collections.abc import Sequence

from narrowcast.campaigns import Flight, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Table
from narrowcast.simulate.fidelity.markets import across, markets, over_markets
from narrowcast.simulate.fidelity.published import published
from narrowcast.simulate.run import nothing_done, simulate
from narrowcast.worlds import World, open_world

__all__ = ["elasticity_table"]

_WEEKS, _LATER = 8, 8
"""Weeks of steady advertising before the pulse, and weeks in which it may go on working."""

_SHARE = 0.02
"""Of what a market sells anyway, the share spent on advertising (teaching)."""

_MORE = 1.1


def _orders(world: World, money: float, pattern: Sequence[float]) -> float:
    """Return the orders that the chances promise when each bought channel gets `money` a week times a pattern."""
    bought = [name for name, channel in world.recipe.channels.items() if channel.delivery == "bought"]
    flights = [
        Flight(name, money * sum(pattern) / len(bought), schedule=tuple(pattern)) for name in bought
    ]  # fmt: skip
    done = simulate(world, Plan(flights=flights, weeks=len(pattern)), 0)
    return done.expected["orders"]


def _elasticities(name: str) -> tuple[float, float] | None:
    """Return the short-term and the long-term elasticity of orders in a market; None where nothing is bought."""
    world = open_world(name)
    if not any(channel.delivery == "bought" for channel in world.recipe.channels.values()):
        return None
    money = _SHARE * float(nothing_done(world, _WEEKS, 0).kpis()["revenue"]) / _WEEKS
    steady = [1.0] * (_WEEKS + 1)
    week = _orders(world, money, steady) - _orders(world, money, steady[1:])
    now = _orders(world, money, [*steady[1:], _MORE]) - _orders(world, money, steady)
    rest = [1.0] * _LATER
    later = _orders(world, money, [*steady[1:], _MORE, *rest]) - _orders(world, money, [*steady, *rest])
    percent = (_MORE - 1) * week
    return now / percent, later / percent


def elasticity_table() -> Table:
    """Hold the elasticities of the course's markets against the means of the meta-analysis."""
    target = published()["elasticity_advertising"]
    found = [pair for name in markets() if (pair := _elasticities(name)) is not None]
    short, long = (list(each) for each in zip(*found, strict=True))
    why = _("advertising moves the course's markets more than real ones, at a fraction of the price, so that a class "
            "sees what it does")  # fmt: skip
    cells = (
        across(_("short term: the same week"), target["short_term"], short),
        across(_("short term, mean of the study of 1984"), target["short_term_1984"], short),
        across(_("short term, mean of the other study of 2011"), target["short_term_other"], short, misfit=why),
        across(_("long term: all weeks"), target["long_term"], long, misfit=why),
        across(_("long term, mean of the study of 1984"), target["long_term_1984"], long),
        across(_("long term over short term"), target["long_term"] / target["short_term"],
               [later / now for now, later in found]),
    )  # fmt: skip
    return Table(
        "elasticity_advertising", _("What more advertising sells"), cells, over_markets(),
        _("Ten per cent more money for bought media in one week, after eight weeks at a fiftieth of sales. Published "
          "means differ as much as our markets do."),
    )  # fmt: skip
