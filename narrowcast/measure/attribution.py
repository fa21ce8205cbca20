"""Who gets the credit for an order: seven models, and the truth beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure.games import PLAYERS_MOST, crowded, removal_effects, shapley_values
from narrowcast.measure.given import Floats, floats
from narrowcast.measure.paths import TIMED, Paths
from narrowcast.measure.touchlog import NONE

__all__ = ["MODELS", "attribution", "attribution_table", "credit"]

MODELS = (*TIMED, "markov", "shapley")
"""Names of the seven models."""


def attribution(paths: Paths, model: str = "last") -> pd.DataFrame:
    """Divide all orders among the channels.

    ==========  =========================================================================================
    first       the first touch takes all
    last        the last touch takes all
    linear      each touch takes the same
    time_decay  a touch counts half as much for each half-life that it is older
    position    40 % to the first touch, 40 % to the last, 20 % to those between; two share alike
    markov      in proportion to what is lost without the channel (`removal_effects`)
    shapley     what the channel adds on average over all sets of channels (`shapley_values`)
    ==========  =========================================================================================

    Shapley's game is that of Zhao, Mahboobi and Bagheri (2018): a set of channels is worth the orders of
    the journeys that needed no other channel. So an order is shared alike by the different channels
    before it; journeys without an order play no part, as they do under markov.

    None of the seven knows what would have happened without the campaign: see `attribution_table`.

    Parameters
    ----------
    paths
        Journeys of a market, added up.
    model
        One of `MODELS`.

    Returns
    -------
    pandas.DataFrame
        Index channel, with "(none)" for orders without a touch as the last row; conversions, value
        (money) and share (of all conversions). Conversions add up to all orders.

    Raises
    ------
    UnknownName
        If there is no such model.
    PlanError
        If more than ten channels come before orders and the model is shapley.
    """
    if model not in MODELS:
        raise UnknownName(kind=_("attribution model"), given=model, allowed=MODELS)
    if not isinstance(paths, Paths):
        problem = _("The paths are of the type {kind!r}.").format(kind=type(paths).__name__)
        raise AnswerError(problem, _("Count them first: Paths.of(touches)."))
    if model in TIMED:
        dealt = paths.credits[TIMED.index(model)]
    elif model == "markov":
        dealt = _markov(paths)
    else:
        dealt = _shapley(paths)
    both = np.vstack([dealt, paths.untouched])
    frame = pd.DataFrame(
        both, index=pd.Index([*paths.channels, NONE], name="channel"), columns=["conversions", "value"]
    )
    total = paths.conversions
    return frame.assign(share=frame["conversions"] / total if total else 0.0)


def credit(
    touches: pd.DataFrame,
    model: str = "last",
    kinds: Sequence[str] = ("open", "click"),
    window: float = 4,
    half_life: float = 1,
    channels: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Divide the orders of a log of touches among the channels.

    `attribution` of `Paths.of`: see there for what goes in and what comes out.
    """
    return attribution(Paths.of(touches, kinds, window, half_life, channels), model)


def attribution_table(paths: Paths, truth: pd.Series[float]) -> pd.DataFrame:
    """Put the seven models beside what each channel caused.

    Parameters
    ----------
    paths
        Journeys of a market, added up.
    truth
        Index channel: orders that would not have come without it. A channel left out caused 0.

    Returns
    -------
    pandas.DataFrame
        Rows "truth" and the seven models; a column for each channel, "(none)" (in the row "truth": the
        orders that no channel caused), and "error": how many orders a model credits wrongly, the sum
        over channels of |credit - truth|. Where more than ten channels come before orders, the row
        "shapley" is empty, and the table's ``attrs["note"]`` says why.

    Raises
    ------
    UnknownName
        If the truth is about a channel that the paths do not know.
    AnswerError
        If the truth is no Series of finite numbers.
    """
    if not isinstance(truth, pd.Series):
        problem = _("The truth is of the type {kind!r}.").format(kind=type(truth).__name__)
        raise AnswerError(problem, _("Give a Series: orders that each channel caused, by its name."))
    caused = pd.Series(floats("truth", truth.to_numpy()), index=truth.index).drop(NONE, errors="ignore")
    for name in caused.index[~caused.index.isin(paths.channels)]:
        raise UnknownName(kind=_("channel"), given=name, allowed=paths.channels)
    if not caused.index.is_unique:
        raise AnswerError(_("The truth names a channel twice."), _("Give each once."))
    caused = caused.reindex(list(paths.channels), fill_value=0.0)
    rows = {"truth": pd.concat([caused, pd.Series({NONE: paths.conversions - caused.sum()})])}
    for model in MODELS:
        if model == "shapley" and _touched(paths).size > PLAYERS_MOST:
            rows[model] = pd.Series(np.nan, index=[*paths.channels, NONE])
        else:
            rows[model] = attribution(paths, model)["conversions"]
    table = pd.DataFrame(rows).T.rename_axis(index="model", columns="channel")
    off = table[list(paths.channels)].sub(caused).abs().sum(axis=1, skipna=False)
    table = table.assign(error=off)
    if table.loc["shapley"].isna().any():
        table.attrs["note"] = _("not reckoned: {count} channels come before orders, more than {most}").format(
            count=_touched(paths).size, most=PLAYERS_MOST
        )
    return table


def _markov(paths: Paths) -> Floats:
    """Return conversions and value, shape (c, 2): the totals in proportion to the removal effects."""
    c = len(paths.channels)
    dealt = np.zeros((c, 2))
    for column, worth in enumerate((paths.flows[:c, c], paths.worth)):
        effects = removal_effects(paths.flows, worth)
        if effects.sum():
            dealt[:, column] = effects / effects.sum() * paths.credits[0, :, column].sum()
    return dealt


def _touched(paths: Paths) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the numbers of the channels that come before any order."""
    met = np.bitwise_or.reduce(paths.sets.index.to_numpy(dtype=np.int64), initial=0)
    return np.array([c for c in range(len(paths.channels)) if (int(met) >> c) & 1], dtype=np.int64)


def _shapley(paths: Paths) -> Floats:
    """Return conversions and value, shape (c, 2), by exact Shapley values of the sets of channels."""
    players = _touched(paths)
    crowded(players.size)
    masks = paths.sets.index.to_numpy(dtype=np.int64)
    packed = np.zeros(masks.size, dtype=np.int64)  # the same sets, numbered by the players alone
    for bit, channel in enumerate(players):
        packed |= ((masks >> channel) & 1) << bit
    dealt = np.zeros((len(paths.channels), 2))
    for column, name in enumerate(("conversions", "value")):
        worth = np.bincount(packed, weights=paths.sets[name], minlength=1 << players.size)
        for bit in range(players.size):  # add to each set what its subsets without this player are worth
            halves = worth.reshape(-1, 2, 1 << bit)
            halves[:, 1] += halves[:, 0]
        dealt[players, column] = shapley_values(worth)
    return dealt
