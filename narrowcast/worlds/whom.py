"""Whom a channel can meet: which of its figures decide that, and which say nothing there."""

from __future__ import annotations

import math

from narrowcast.worlds.media import Channel

__all__ = ["handed_on", "precision_of", "reach_of"]


def handed_on(channel: Channel) -> bool:
    """Return whether buyers hand a channel on to their friends (referral, QR codes), and no contact is bought."""
    return channel.delivery == "shared" and channel.pays_for == "sales"


def reach_of(channel: Channel) -> float:
    """Return the share of people whom a channel can meet at all.

    NaN where something else decides: the addresses of a file of what is sent, who their friends are of what buyers
    hand on.
    """
    return math.nan if channel.delivery == "sent" or handed_on(channel) else channel.reach.value


def precision_of(channel: Channel) -> float:
    """Return the share of contacts bought for a segment that meet it; NaN where no contact is bought."""
    return math.nan if handed_on(channel) else channel.precision.value
