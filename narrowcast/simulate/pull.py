"""Pull that is slow or bought: places on a page of results, in auctions and by authority.

Rivals are spread evenly over the quantiles of a lognormal, so a market has the same rivals in every run and a
student can find out what beats them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from narrowcast.campaigns.bidding import RESERVE

__all__ = ["Auction", "auction", "authority", "click_curve", "places"]

Floats = npt.NDArray[np.float64]

_SPREAD = 0.5
"""Standard deviation of the log of rivals' strength (teaching)."""

_OWN = 0.25
"""What a shop's pages are worth before any content is written for them, over the median rival's (teaching)."""

_PLACES, _CLICKS = (1.0, 2.0, 10.0), (0.285, 0.157, 0.025)
"""Clicks a search by position on the page: Sistrix 2020."""


def click_curve(place: Floats | float) -> Floats:
    """Return the clicks a search by place on the page: published at 1, 2 and 10, geometric in between.

    Parameters
    ----------
    place
        1 is the top; beyond 10 it goes on falling as between 2 and 10.

    Returns
    -------
    numpy.ndarray
        Of the shape of `place`, above 0.
    """
    at = np.asarray(place, dtype=np.float64)
    logs = np.log(_CLICKS)
    slope = (logs[2] - logs[1]) / (_PLACES[2] - _PLACES[1])
    inside = np.interp(at, _PLACES, logs)
    curve: Floats = np.exp(np.where(at > _PLACES[2], logs[2] + slope * (at - _PLACES[2]), inside))
    return curve


def places(strength: Floats, rivals: float, median: float) -> Floats:
    """Return the place on the page that a page's authority earns: 1 + the rivals above it, on average.

    Parameters
    ----------
    strength
        Authority, above 0.
    rivals
        How many others.
    median
        Authority of the median rival, above 0.
    """
    above: Floats = 1 + rivals * ndtr(-np.log(np.maximum(strength, 1e-12) / median) / _SPREAD)
    return above


def authority(words: Floats, kept: float, rivals: float, median: float) -> Floats:
    """Return what content adds to the clicks of a page, week by week, over the clicks at the top.

    Q <- (1 - d) Q + content on top of what the pages are worth already; Q earns a place, the place clicks. So
    unpaid search is slow: the first weeks of content move the place little.

    Parameters
    ----------
    words
        Shape (weeks,): content written, in thousand words.
    kept
        Share of it that still counts a week later, 1 - d.
    rivals, median
        Pages that compete, and the authority of the median one in thousand words.

    Returns
    -------
    numpy.ndarray
        Shape (weeks,): 0 to 1.
    """
    own = _OWN * max(median, 1e-9)
    stock, gained = 0.0, []
    for fresh in words:
        stock = kept * stock + fresh
        gained.append(own + stock)
    top = click_curve(1.0)
    before = click_curve(places(np.array([own]), rivals, max(median, 1e-9)))[0]
    after = click_curve(places(np.array(gained), rivals, max(median, 1e-9)))
    more: Floats = np.maximum(after - before, 0.0) / top
    return more


@dataclass(frozen=True)
class Auction:
    """What a bid wins.

    Attributes
    ----------
    place
        Position among the advertisements, 1 is the top.
    price
        Price of a click: what just keeps the place (generalised second price).
    clicks
        Clicks, over those in the middle of the page.
    """

    place: int
    price: float
    clicks: float


def auction(bid: float, quality: float, rivals: int, median: float) -> Auction:
    """Bid for a place beside the results: a generalised second-price auction, rank by bid times quality.

    Parameters
    ----------
    bid
        Most for a click, 0 or more.
    quality
        Of the advertisement, 1 is usual.
    rivals
        How many others bid.
    median
        Bid times quality of the median rival.

    Examples
    --------
    >>> auction(5_000, 1.0, 4, 4_000).place
    2
    """
    scores = median * np.exp(_SPREAD * ndtri((np.arange(rivals) + 0.5) / max(rivals, 1)))
    mine = bid * quality
    below = scores[scores <= mine]
    place = 1 + int((scores > mine).sum())
    least = RESERVE * median
    price = min(bid, max(float(below.max()) if below.size else least, least) / max(quality, 1e-9))
    clicks = click_curve(float(place)) / click_curve(1 + rivals / 2)
    return Auction(place, price, float(clicks) if mine >= least and math.isfinite(mine) else 0.0)
