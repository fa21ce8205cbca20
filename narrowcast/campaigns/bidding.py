"""What a bid for a place beside search results must reach, before the auction of `narrowcast.simulate.pull` begins."""

from __future__ import annotations

import math

from narrowcast.campaigns.flight import Flight
from narrowcast.worlds.media import Channel

__all__ = ["RESERVE", "least_bid", "quality"]

RESERVE = 0.2
"""Least price of a click, as a share of the median rival's score over one's quality (teaching)."""


def quality(flight: Flight) -> float:
    """Return the quality of a flight's advertisement: 1 at a usual form, 0.5 to 1.5."""
    return 0.5 + flight.message.form


def least_bid(flight: Flight, channel: Channel) -> int:
    """Return the smallest bid with which a flight's advertisement is shown, in the smallest unit of money."""
    return math.ceil(RESERVE * channel.rival_strength.value / quality(flight) - 1e-9)
