"""What is said and what is offered, and for whom."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Message", "Offer"]


class _Aimed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def __init__(self, to: str | None = None, **fields: object) -> None:
        super().__init__(to=to, **fields)

    to: str | None = None
    """Segment it is made for; None is everybody."""


class Message(_Aimed):
    """What a campaign says.

    Parameters
    ----------
    to
        The segment it speaks to; None is one message for everybody, matched to the market's mean.
    fit
        How well it is made for them, 0 to 1: 0 says what one would say to everybody, 1 speaks to the
        segment's own interests.
    """

    fit: float = Field(default=1.0, ge=0, le=1, allow_inf_nan=False)


class Offer(_Aimed):
    """What a campaign sells.

    Parameters
    ----------
    to
        The segment that a special edition is made for, at a cost of its own (`World.edition_cost`);
        None is the product for everybody.
    """
