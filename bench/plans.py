"""Plans to be measured: a student's, and a large firm's with ten channels."""

from __future__ import annotations

import narrowcast as nc
from narrowcast.worlds import World

__all__ = ["WEEKS", "media_plan", "student_plan", "ten_channels"]

WEEKS = 12

_A_WEEK = {
    "television": 0.5, "radio": 0.25, "press": 0.15, "display": 0.5, "social": 0.4, "email": 0.5, "sms": 0.1,
    "phone": 0.01,
}  # fmt: skip
"""Contacts that are bought, or sends, a customer a week."""

_SEARCHED = {"search": 0.25, "affiliate": 0.25}
"""Channels that people look up: what they may cost, as the price of so many contacts a customer a week."""


def ten_channels(customers: int, student: str | None = None) -> World:
    """Return the fashion shop's market with ten channels, its people not yet drawn."""
    world = nc.open_world("hcmc-fashion", student=student, customers=customers)
    return world.with_media("radio", "press", "affiliate", "email", "sms", "phone")


def media_plan(world: World, intensity: float = 1.0) -> nc.Plan:
    """Return twelve weeks with all ten channels for everybody, a tenth of the customers held out.

    Parameters
    ----------
    world
        A market of `ten_channels`.
    intensity
        All money is multiplied by it. At 0.35 a customer meets the brand about once a week, at 1 close to three times,
        mostly in broadcast media, banners and e-mails.
    """
    price = world.channels["price_per_thousand"]
    thousands = intensity * WEEKS * world.size / 1_000
    flights = [
        nc.Flight(name, round(thousands * contacts * price[name]))
        for name, contacts in (_A_WEEK | _SEARCHED).items()
    ]
    return nc.Plan("ten channels", flights, WEEKS, holdout=0.1)


def student_plan() -> nc.Plan:
    """Return twelve weeks with three flights, as a student writes them."""
    flights = [
        nc.Flight("television", 6_000_000),
        nc.Flight("social", 4_000_000, to="trend"),
        nc.Flight("search", 3_000_000, to="loyal"),
    ]
    return nc.Plan("three flights", flights, WEEKS, holdout=0.1)
