"""A random draw is a function, not a sequence: u = f(seed, customer, week, channel, purpose).

The function is Philox-4x64 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011)
in NumPy's implementation. Seed, purpose, week and channel make the key; the customer is the place in
the stream. So any block of customers can be drawn alone, in any order, on any thread, to the same
last bit, and one channel's draws never move another's.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrik, ndtri, pdtr, pdtrik

__all__ = ["Purpose", "binomial", "poisson", "seed_from", "uniforms"]

Floats = npt.NDArray[np.float64]

_REMEMBERED = 50_000  # longer draws are not kept: 512 of these take 200 MB at the very most
_ONE = np.float64(1).view(np.uint64)
"""Bits of the number 1: with 52 others below them they are a number from 1 to 2."""

_WORDS_IN_BLOCK = 4  # Philox-4x64 gives four words for each step of its counter

_FEW = 50
"""Up to here a distribution function is walked up; further on P(0) may be too small for a float."""

_VERY_MANY = 10_000
"""From here on a count is drawn from the normal distribution: nobody sees a difference of one."""


class Purpose(IntEnum):
    """What a draw decides. A number stands for good: changing one changes every market.

    CONTACTS to ADVOCATE decided a campaign's weeks before these were compiled and drew for themselves. Nothing draws
    with them now; they are kept so that their numbers are never given to anything else.
    """

    SEGMENT = 1
    INTEREST = 2
    EXPOSURE = 3
    REACH = 4
    IDENTITY = 5
    VISITS = 6
    HISTORY = 7
    REPEAT = 8
    ORDERS = 9
    BASKET = 10
    BROWSING = 11
    TIES = 12
    HOUSEHOLD = 13
    CAMPAIGN = 14
    FILES = 15
    LEADS = 16
    FIRMS = 17
    REFERRAL = 18
    DIRT = 19
    CONTACTS = 20
    NOTICE = 21
    VISIT = 22
    BUY = 23
    SPEND = 24
    ADVOCATE = 25
    FRIEND = 26
    HOLDOUT = 27
    STUDENT = 40


def uniforms(
    seed: int,
    purpose: Purpose,
    start: int,
    count: int,
    *,
    week: int = 0,
    channel: int = 0,
    remember: bool = True,
) -> Floats:
    """Draw one uniform for each of `count` customers from number `start` on.

    Parameters
    ----------
    seed
        Any integer, 0 or more.
    purpose
        What the draw decides.
    start, count
        The block of customers: numbers `start` to `start + count - 1`.
    week, channel
        Further coordinates, 0 or more.
    remember
        Keep short draws for the next who asks: plans that are compared do, a market's tables are drawn once.

    Returns
    -------
    numpy.ndarray
        Shape (count,), strictly between 0 and 1, with 52 random bits each; not writable, for the draws
        of a region are remembered: plans compared under the same luck ask for the same ones.
    """
    draw = _remembered if remember and count <= _REMEMBERED else _drawn
    return draw(int(seed), int(purpose), int(start), int(count), int(week), int(channel))


@lru_cache(maxsize=4_096)
def _key(seed: int, purpose: int, week: int, channel: int) -> npt.NDArray[np.unsignedinteger[Any]]:
    return np.random.SeedSequence([seed, purpose, week, channel]).generate_state(2, np.uint64)


def _drawn(seed: int, purpose: int, start: int, count: int, week: int, channel: int) -> Floats:
    key = _key(seed, purpose, week, channel)
    block, skip = divmod(start, _WORDS_IN_BLOCK)
    words = np.random.Philox(key=key, counter=block).random_raw(skip + count)[skip:]
    words >>= np.uint64(12)
    words |= _ONE
    drawn: Floats = words.view(np.float64)  # from 1 on and below 2: no conversion, no other array
    drawn -= 1 - 2.0**-53
    drawn.setflags(write=False)
    return drawn


_remembered = lru_cache(maxsize=512)(_drawn)


def seed_from(*parts: object) -> int:
    """Return a seed (0 to 2**63 - 1) that depends on every part, the same on any machine."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def poisson(u: Floats, mean: Floats) -> npt.NDArray[np.int64]:
    """Turn uniforms into Poisson counts.

    Parameters
    ----------
    u
        Uniforms, shape (n,).
    mean
        Expected counts, shape (n,), 0 to about 1e15.

    Returns
    -------
    numpy.ndarray
        Shape (n,): the smallest k with P(K <= k) >= u. Means of 10,000 and more are taken as normal.
    """
    counts = np.zeros(u.shape, dtype=np.int64)
    probability = np.exp(-mean)
    open_, below, k = np.flatnonzero((u > probability) & (mean <= _FEW)), probability.copy(), 0
    limit = 4 * _FEW + 60
    while open_.size and k < limit:
        k += 1
        probability[open_] *= mean[open_] / k
        below[open_] += probability[open_]
        counts[open_] = k
        open_ = open_[u[open_] > below[open_]]
    many = (mean > _FEW) & (mean < _VERY_MANY)
    if many.any():
        above = np.ceil(pdtrik(u[many], mean[many]))
        enough = pdtr(above - 1, mean[many]) >= u[many]  # the inverse is rounded: one less may do
        counts[many] = above - enough
    most = mean >= _VERY_MANY
    if most.any():
        counts[most] = np.rint(mean[most] + np.sqrt(mean[most]) * ndtri(u[most]))
    return counts


def binomial(u: Floats, trials: npt.NDArray[np.int64], chance: Floats) -> npt.NDArray[np.int64]:
    """Turn uniforms into binomial counts.

    Parameters
    ----------
    u
        Uniforms, shape (n,).
    trials
        How many tries each has, shape (n,), 0 or more.
    chance
        Chance of each try, shape (n,), from 0 to 1.

    Returns
    -------
    numpy.ndarray
        Shape (n,): the smallest k with P(K <= k) >= u, at most `trials`. 10,000 tries and more are
        taken as normal.
    """
    counts = np.zeros(u.shape, dtype=np.int64)
    probability = (1 - chance) ** trials
    odds = chance / np.maximum(1 - chance, 1e-300)
    few = (trials <= _FEW) & (probability > 1e-290)
    open_, below, k = np.flatnonzero((u > probability) & few & (trials > 0)), probability.copy(), 0
    while open_.size:
        k += 1
        probability[open_] *= odds[open_] * (trials[open_] - k + 1) / k
        below[open_] += probability[open_]
        counts[open_] = k
        open_ = open_[(u[open_] > below[open_]) & (k < trials[open_])]
    many = ~few & (trials < _VERY_MANY)
    if many.any():
        tries, p = trials[many], np.clip(chance[many], 1e-12, 1 - 2**-53)  # the inverse has no ends
        above = np.clip(np.ceil(bdtrik(u[many], tries, p)), 1, tries)
        enough = bdtr(above - 1, tries, p) >= u[many]  # the inverse is rounded: one less may do
        counts[many] = above - enough
    most = trials >= _VERY_MANY
    if most.any():
        mean = trials[most] * chance[most]
        drawn = np.rint(mean + np.sqrt(mean * (1 - chance[most])) * ndtri(u[most]))
        counts[most] = np.clip(drawn, 0, trials[most])
    return counts
