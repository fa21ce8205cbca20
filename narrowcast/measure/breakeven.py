"""When aiming pays: the precision at which a narrowcast is worth its price."""

from __future__ import annotations

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import number

__all__ = ["breakeven"]


def breakeven(price_ratio: float, lift_match: float, lift_mismatch: float) -> float:
    """Return the precision at which a dong of narrowcast does as much as a dong of broadcast.

    A contact that meets the right person lifts orders `lift_match` times as much as a broadcast
    contact, one that misses `lift_mismatch` times as much, and it costs `price_ratio` times as much.
    With precision p the gain per dong is (p * lift_match + (1 - p) * lift_mismatch) / price_ratio;
    setting it to 1 gives ::

        p = (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)

    Parameters
    ----------
    price_ratio
        Price a thousand of the narrowcast over that of the broadcast, above 0.
    lift_match, lift_mismatch
        Lift per contact on the right and on the wrong person, over the broadcast's lift per contact.

    Returns
    -------
    float
        The break-even precision. Above 1: no precision is enough. Below 0: any precision will do.

    Raises
    ------
    AnswerError
        If an input is not a finite number, `price_ratio` is not above 0, or `lift_match` is not
        above `lift_mismatch` (then aiming better does not help, and there is no such precision).

    Examples
    --------
    >>> round(breakeven(2, 3, 0.4), 3)
    0.615
    """
    price_ratio = number("price_ratio", price_ratio)
    lift_match = number("lift_match", lift_match)
    lift_mismatch = number("lift_mismatch", lift_mismatch)
    if price_ratio <= 0:
        raise AnswerError(_("price_ratio is {value}; a price is above 0.").format(value=price_ratio))
    if lift_match <= lift_mismatch:
        problem = _(
            "lift_match is {match} and lift_mismatch {mismatch}: meeting the right person does not lift more."
        )
        cure = _("Without a gain from aiming there is no break-even precision.")
        raise AnswerError(problem.format(match=lift_match, mismatch=lift_mismatch), cure)
    return (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)
