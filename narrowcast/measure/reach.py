"""Reach of several channels together, and whom they meet twice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import floats

__all__ = ["combined_reach", "duplication"]


def _shares(shares: Mapping[str, float] | pd.Series[float]) -> pd.Series[float]:
    if not isinstance(shares, Mapping | pd.Series):
        problem = _("The reach of channels was given as {kind!r}.").format(kind=type(shares).__name__)
        raise AnswerError(problem, _("Name them: a dict or a Series, such as {example}.").format(
            example='{"social": 0.4, "email": 0.2}'))  # fmt: skip
    return pd.Series(
        floats("reach", list(shares.values) if isinstance(shares, pd.Series) else list(shares.values()), low=0, high=1),
        index=pd.Index(list(shares.keys()), name="channel"),
    )  # fmt: skip


def combined_reach(shares: Mapping[str, float] | pd.Series[float]) -> float:
    """Return the share of people met by at least one of several channels that know nothing of each other.

    1 - (1 - p_1)(1 - p_2)...: reach does not add up, since some are met twice.

    Parameters
    ----------
    shares
        Reach of each channel, from 0 to 1.

    Raises
    ------
    AnswerError
        If a reach is no share.

    Examples
    --------
    >>> round(combined_reach({"social": 0.4, "email": 0.5}), 2)
    0.7
    """
    return float(1 - np.prod(1 - _shares(shares).to_numpy()))


def duplication(shares: Mapping[str, float] | pd.Series[float]) -> pd.DataFrame:
    """Return the share of people met by both of any two independent channels.

    Parameters
    ----------
    shares
        Reach of each channel, from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row and one column a channel: p_i * p_j; on the diagonal the channel's own reach.

    Raises
    ------
    AnswerError
        If a reach is no share.
    """
    given = _shares(shares)
    both = np.outer(given, given)
    np.fill_diagonal(both, given)
    return pd.DataFrame(both, index=given.index, columns=list(given.index))
