"""Two ways to divide a joint success: what is lost without a channel, and what it adds on average."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from narrowcast.errors import AnswerError, PlanError
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, floats

__all__ = ["PLAYERS_MOST", "removal_effects", "shapley_values"]

PLAYERS_MOST = 10
"""Exact Shapley values look at every set: 2^10 = 1,024 of them."""


def removal_effects(flows: Floats, worth: Floats) -> Floats:
    """Return the share of success lost when a channel is taken out of the graph of journeys.

    Journeys walk from the start over channels to an order or to nothing, as a Markov chain of first
    order (Anderl, Becker, von Wangenheim and Schumann, IJRM 33, 2016). Without a channel, who would
    have come to it ends in nothing. With N = (I - Q)^-1 the visits to channels, a channel that is
    ever come to with chance h = visits / N_cc, and from which g is expected, loses h * g.

    Parameters
    ----------
    flows
        Shape (c + 1, c + 2): counts as in `Paths.flows`.
    worth
        Shape (c,): success counted where each channel was last, such as orders or their value.

    Returns
    -------
    numpy.ndarray
        Shape (c,), each from 0 to 1; they need not add up to 1. All 0 where there was no success.
    """
    c = worth.size
    out = flows[:c].sum(axis=1)
    gone = np.where(out > 0, out, 1.0)
    visits = np.linalg.inv(np.eye(c) - flows[:c, :c] / gone[:, None])
    expected = visits @ (worth / gone)
    begun = flows[c, :c].sum()
    begin = flows[c, :c] / (begun or 1.0)
    lost = (begin @ visits) * expected / np.diag(visits)
    whole = float(begin @ expected)
    return np.asarray(lost / whole if whole else np.zeros(c))


def shapley_values(worth: npt.ArrayLike) -> Floats:
    """Return what each player adds on average over all orders of joining (Shapley 1953).

    Parameters
    ----------
    worth
        Shape (2^n,), n up to ten: what each set of players is worth, at the number whose bits they are:
        worth[0] nobody, worth[1] player 0, worth[2] player 1, worth[3] both of them, and so on.

    Returns
    -------
    numpy.ndarray
        Shape (n,). They add up to the worth of all less the worth of nobody.

    Raises
    ------
    PlanError
        If there are more than ten players.
    AnswerError
        If `worth` is not a power of two of finite numbers.

    Examples
    --------
    >>> shapley_values([0, 10, 20, 60])
    array([25., 35.])
    """
    v = floats("worth", worth)
    n = v.size.bit_length() - 1
    if v.size < 1 or v.size != 1 << n:
        raise AnswerError(
            _("worth has {count:,} values; it needs one for each set of players: 2, 4, 8 ...").format(
                count=v.size
            )
        )
    crowded(n)
    sets = np.arange(v.size)
    size = np.array([s.bit_count() for s in range(v.size)])
    weight = np.array([math.factorial(s) * math.factorial(n - s - 1) for s in range(n)]) / math.factorial(n)
    values = np.empty(n)
    for player in range(n):
        without = sets[(sets >> player) & 1 == 0]
        values[player] = weight[size[without]] @ (v[without | (1 << player)] - v[without])
    return values


def crowded(players: int) -> None:
    """Raise a PlanError if there are too many players for exact Shapley values."""
    if players > PLAYERS_MOST:
        raise PlanError(
            _("measure"),
            _("exact Shapley values of {count} channels look at {sets:,} sets of channels.").format(
                count=players, sets=1 << players
            ),
            _("Put channels together until there are {most} at most, or choose another model.").format(
                most=PLAYERS_MOST
            ),
        )
