"""Sums over a market that money is shared out by: how many can be met, by channel, segment and file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Flight
from narrowcast.simulate.engine.arrays import EMAIL, PHONE, POST
from narrowcast.worlds import World
from narrowcast.worlds.media import Channel

if TYPE_CHECKING:
    from narrowcast.simulate.ground import Ground

__all__ = ["COUNTED", "Census", "count"]

_BITS = (EMAIL, PHONE, POST)


@dataclass(frozen=True)
class Census:
    """Sums over a market; added up region by region, always in the same order.

    Attributes
    ----------
    use
        Shape (segments, channels): media use of those whom a channel can reach.
    listed, claimed
        Shape (files, segments, 3): people in a contact file with an address (e-mail, phone, post), and those of
        whom it says that they agreed.
    people
        Shape (segments, 2): customers, and those who have not dropped out.
    files
        Names of the files, the house file first among them being whose `kind` is "house".
    house
        Which of them is the firm's own.
    """

    use: npt.NDArray[np.float64]
    listed: npt.NDArray[np.int64]
    claimed: npt.NDArray[np.int64]
    people: npt.NDArray[np.int64]
    files: tuple[str, ...]
    house: int

    def __add__(self, other: Census) -> Census:
        return Census(
            self.use + other.use, self.listed + other.listed, self.claimed + other.claimed,
            self.people + other.people, self.files, self.house,
        )  # fmt: skip

    def chosen(self, flight: Flight) -> list[int]:
        """Return the numbers of a flight's contact files; none named is the firm's own."""
        return [self.files.index(name) for name in flight.files] or [self.house]

    def eligible(self, ground: Ground, flight: Flight, channel: Channel) -> npt.NDArray[np.bool_]:
        """Return who of some people is in a flight's files with the address it needs, shape (n,)."""
        bit = {"email": EMAIL, "phone": PHONE, "post": POST}[channel.address]
        have = ground.claimed if flight.consented else ground.listed
        chosen = sum(1 << number for number in self.chosen(flight))
        picked: npt.NDArray[np.bool_] = (have & bit != 0) & (ground.people["file"] & chosen != 0)
        return picked

    def weights(self, flight: Flight, channel: Channel, number: int, segment: int) -> tuple[float, float]:
        """Return the sums, inside the aimed-at segment and outside it, that a flight's contacts are shared out by."""
        if channel.delivery == "sent":
            place = {"email": 0, "phone": 1, "post": 2}[channel.address]
            counts = self.claimed if flight.consented else self.listed
            by_segment = counts[self.chosen(flight), :, place].sum(axis=0).astype(np.float64)
        else:
            by_segment = self.use[:, number]
        whole = float(by_segment.sum())
        if segment < 0:
            return whole, 0.0
        inside = float(by_segment[segment])
        return inside, whole - inside


def count(ground: Ground, files: tuple[str, ...], house: int, number: int, segments: int) -> Census:
    """Count some people of one contact file.

    Parameters
    ----------
    ground
        The people.
    files, house
        All files of the market, and which is the firm's own.
    number
        Which file these people are in.
    segments
        How many segments the market has.
    """
    segment = ground.people["segment"]
    channels = ground.reachable.shape[1]
    use = np.zeros((segments, channels))
    for c in range(channels):
        use[:, c] = np.bincount(segment, ground.exposure * ground.reachable[:, c], minlength=segments)
    listed, claimed = (np.zeros((len(files), segments, 3), np.int64) for _kind in range(2))
    for place, bit in enumerate(_BITS):
        for counts, have in ((listed, ground.listed), (claimed, ground.claimed)):
            counts[number, :, place] = np.bincount(segment[have & bit != 0], minlength=segments)
    customers = ground.people["stranger"] == 0
    people = np.column_stack(
        [
            np.bincount(segment[customers], minlength=segments),
            np.bincount(segment[customers & (ground.people["alive"] == 1)], minlength=segments),
        ]
    )
    return Census(use, listed, claimed, people, files, house)


COUNTED: WeakKeyDictionary[World, dict[tuple[str, ...], Census]] = WeakKeyDictionary()
"""What was counted of each open market, by the purchased files that were counted too; on threads or on a cluster."""
