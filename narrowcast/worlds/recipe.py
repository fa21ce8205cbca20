"""A market as a text: every number of a world, with its unit and where it comes from.

A recipe is a TOML file. A number is written ``{ value = 0.3, unit = "share", source = "teaching" }``;
"teaching" says that it was chosen so that the lesson can be seen, not measured anywhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from narrowcast.errors import RecipeError, nearest
from narrowcast.language import gettext as _

__all__ = ["MOST_CUSTOMERS", "Channel", "Figure", "Recipe", "Segment", "Trap", "load_recipe"]

MOST_CUSTOMERS = 5_000_000
"""More than this does not fit a notebook's memory."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Part):
    """One number of a market."""

    value: float = Field(allow_inf_nan=False, strict=True)  # a text or a truth value is no number
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)


def _within(low: float, high: float) -> Callable[[Figure], Figure]:
    def check(figure: Figure) -> Figure:
        if not low <= figure.value <= high:
            raise ValueError(
                _("{value} is outside {low} to {high}").format(value=figure.value, low=low, high=high)
            )
        return figure

    return check


Share = Annotated[Figure, AfterValidator(_within(0.0, 1.0))]
Positive = Annotated[Figure, AfterValidator(_within(1e-12, 1e15))]
NotNegative = Annotated[Figure, AfterValidator(_within(0.0, 1e15))]
Weight = Annotated[Figure, AfterValidator(_within(-100.0, 100.0))]
Place = Annotated[float, Field(strict=True, ge=-100, le=100, allow_inf_nan=False)]


class Market(_Part):
    """The market as a whole."""

    customers: Annotated[Figure, AfterValidator(_within(1, MOST_CUSTOMERS))]
    clutter: NotNegative
    """Messages of all brands that a person meets in a week."""
    fragmentation: NotNegative
    """How far apart the groups' interests lie: 0 is one mass, 1 is as the recipe draws them."""
    noise: Positive
    """Standard deviation of a person's interests around the group's, in either direction."""
    breadth: Positive
    """How far from its aim a message still speaks to people."""
    exposure_shape: Positive
    """Shape k of the Gamma that spreads media use over people; small is uneven."""


class Attention(_Part):
    """The attention line: logit P(notice) = intercept + match * fit - clutter * log(1 + messages)."""

    intercept: Weight
    match: Weight
    clutter: NotNegative


class Response(_Part):
    """From a visit to an order."""

    offer_match: Weight
    order_spread: NotNegative
    edition_cost: NotNegative


class Advocacy(_Part):
    """Buyers who speak for the brand."""

    intercept: Weight
    match: Weight
    friends: NotNegative
    homophily: Share
    persuasion: NotNegative
    retention: Share


class Segment(_Part):
    """A group of customers with interests in common."""

    title: str
    description: str
    share: Share
    centre: tuple[Place, Place]
    """Where the group's interests lie in the plane, at fragmentation 1."""
    order_value: Positive
    margin_rate: Share
    visit_rate: Share
    """Chance of a visit in a week without any campaign."""
    conversion: Share
    """Chance that a visit becomes an order, product for everybody."""
    visits_per_year: Positive
    female: Share
    age: Positive
    age_spread: Positive
    email_consent: Share
    phone_consent: Share
    mobile: Share
    provinces: dict[str, Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]]
    """Share of the group in each named province; what is left lies in the others."""

    @field_validator("provinces")
    @classmethod
    def _leave_room(cls, provinces: dict[str, float]) -> dict[str, float]:
        total = sum(provinces.values())
        if total > 1 + 1e-9:
            raise ValueError(_("the shares add up to {total}, more than 1").format(total=total))
        return provinces


class Channel(_Part):
    """A way to reach people, and its price."""

    title: str
    kind: Literal["broadcast", "narrowcast"]
    price_per_thousand: Positive
    reach: Share
    precision: Share
    """Of the contacts bought for a segment, the share that meets it."""
    persuasion: NotNegative
    retention: Share
    half_saturation: Positive
    exponent: Positive


class Trap(_Part):
    """Something that misleads; for the instructor."""

    title: str
    description: str


class Recipe(_Part):
    """A whole world, as its file says it."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    story: str
    locale: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    licence: str
    market: Market
    attention: Attention
    response: Response
    advocacy: Advocacy
    segments: dict[str, Segment] = Field(min_length=2)
    channels: dict[str, Channel] = Field(min_length=1)
    traps: list[Trap] = Field(default_factory=list)

    @model_validator(mode="after")
    def _shares_add_up(self) -> Recipe:
        total = sum(segment.share.value for segment in self.segments.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(_("the shares of the segments add up to {total}, not 1").format(total=total))
        return self


def _say(error: ValidationError, file: Path) -> RecipeError:
    """Turn pydantic's first complaint into ours: the file, the field, the problem, the cure."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or _("(whole file)")
    cure = ""
    if first["type"] == "extra_forbidden":
        close = nearest(first["loc"][-1], _fields_beside(first["loc"]))
        cure = _("There is no such field.")
        if close:
            cure += " " + _("Did you mean {names}?").format(names=", ".join(map(repr, close)))
    elif first["type"] == "missing":
        cure = _("Add it.")
    count = len(error.errors())
    if count > 1:
        cure += " " + _("({count} problems in all.)").format(count=count)
    return RecipeError(file, field, first["msg"], cure.strip())


def _fields_beside(location: tuple[int | str, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "market": Market, "attention": Attention, "response": Response, "advocacy": Advocacy,
        "segments": Segment, "channels": Channel, "traps": Trap,
    }  # fmt: skip
    if len(location) == 1:
        return list(Recipe.model_fields)
    return list(models.get(str(location[0]), Figure).model_fields)


def load_recipe(file: Path) -> Recipe:
    """Read a recipe.

    Raises
    ------
    RecipeError
        If the file is missing, is not TOML, or a field is missing, unknown or out of range.
    """
    try:
        text = file.read_text(encoding="utf-8")
        return Recipe.model_validate(tomllib.loads(text))
    except FileNotFoundError as error:
        raise RecipeError(file, _("(whole file)"), _("there is no such file."), _("Restore it.")) from error
    except OSError as error:
        raise RecipeError(
            file, _("(whole file)"), _("it cannot be read: {why}.").format(why=error)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError(file, _("(whole file)"), _("it is not TOML: {why}.").format(why=error)) from error
    except ValidationError as error:
        raise _say(error, file) from error
