"""Numbers as a recipe writes them: each with its unit and where it comes from.

A number is written ``{ value = 0.3, unit = "share", source = "teaching" }``, a row of numbers
``{ values = [1.0, 0.8], unit = "share", source = "teaching" }``. "teaching" says that it was chosen so
that the lesson can be seen, not measured anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from narrowcast.language import gettext as _

__all__ = ["Figure", "NotNegative", "Part", "Place", "Positive", "Series", "Share", "Weight", "within"]

Plain = Annotated[float, Field(strict=True, allow_inf_nan=False)]  # a text or a truth value is no number


_LEAST = 1e-12
"""What is above nothing is at least so much."""


class Part(BaseModel):
    """A part of a recipe: nothing in it that is not known, and nothing that changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Part):
    """One number of a market."""

    value: Plain
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Series(Part):
    """A row of numbers of a market that belong together."""

    values: tuple[Plain, ...] = Field(min_length=1)
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)


def _bounded(value: float, low: float, high: float) -> None:
    if value < low == _LEAST:
        raise ValueError(_("{value} is not above 0").format(value=value))
    if not low <= value <= high:
        raise ValueError(_("{value} is outside {low} to {high}").format(value=value, low=low, high=high))


def within(low: float, high: float) -> Callable[[Figure], Figure]:
    """Return a check that a figure lies between two bounds, for a field's annotation."""

    def check(figure: Figure) -> Figure:
        _bounded(figure.value, low, high)
        return figure

    return check


def _all_within(low: float, high: float) -> Callable[[Series], Series]:
    def check(series: Series) -> Series:
        for value in series.values:
            _bounded(value, low, high)
        return series

    return check


Share = Annotated[Figure, AfterValidator(within(0.0, 1.0))]
Positive = Annotated[Figure, AfterValidator(within(_LEAST, 1e15))]
NotNegative = Annotated[Figure, AfterValidator(within(0.0, 1e15))]
Weight = Annotated[Figure, AfterValidator(within(-100.0, 100.0))]
Place = Annotated[float, Field(strict=True, ge=-100, le=100, allow_inf_nan=False)]
Shares = Annotated[Series, AfterValidator(_all_within(0.0, 1.0))]
Factors = Annotated[Series, AfterValidator(_all_within(0.0, 100.0))]
