"""A market as a text: every number of a world, with its unit and where it comes from.

A recipe is a TOML file; what may stand in it is in `narrowcast.worlds.ingredients`, `media` and `trade`.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from narrowcast.errors import RecipeError, UnknownName, nearest
from narrowcast.language import gettext as _
from narrowcast.worlds.figures import Figure, Part, Positive, Shares
from narrowcast.worlds.ingredients import (
    MOST_CUSTOMERS,
    Advocacy,
    Attention,
    Circles,
    Currency,
    History,
    Locale,
    Market,
    Response,
    Segment,
)
from narrowcast.worlds.media import PRICED_IN, Channel
from narrowcast.worlds.trade import (
    Benchmark,
    Business,
    Campaign,
    Competitor,
    ContactFile,
    Dirt,
    Leads,
    Persona,
    Product,
    Referral,
    Trap,
)

__all__ = ["MOST_CUSTOMERS", "Channel", "Figure", "Recipe", "Segment", "Trap", "load_recipe"]

_TOLD = 3
"""Further fields that a complaint names."""

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Recipe(Part):
    """A whole world, as its file says it."""

    name: str = Field(pattern=NAME)
    title: str
    story: str
    locale: Locale
    currency: Currency
    licence: str
    market: Market
    attention: Attention
    response: Response
    advocacy: Advocacy
    circles: Circles
    households: Shares
    """Share of households with 1, 2, 3 ... people."""
    history: History
    dirt: Dirt
    exchange: dict[Currency, Positive] = Field(default_factory=dict)
    """What the smallest unit of another currency is worth, in the smallest unit of the world's."""
    segments: dict[str, Segment] = Field(min_length=2, max_length=120)
    personas: dict[str, Persona] = Field(min_length=1)
    channels: dict[str, Channel] = Field(min_length=1)
    products: dict[str, Product] = Field(min_length=1)
    competitors: dict[str, Competitor] = Field(min_length=1)
    benchmarks: dict[str, Benchmark] = Field(min_length=1)
    files: dict[str, ContactFile] = Field(min_length=1, max_length=15)
    campaigns: dict[str, Campaign] = Field(default_factory=dict)
    referral: Referral | None = None
    leads: Leads | None = None
    business: Business | None = None
    traps: list[Trap] = Field(min_length=1)

    @model_validator(mode="after")
    def _shares_add_up(self) -> Recipe:
        total = sum(segment.share.value for segment in self.segments.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(_("the shares of the segments add up to {total}, not 1").format(total=total))
        sizes = sum(self.households.values)
        if abs(sizes - 1) > 1e-6:
            raise ValueError(_("the shares of the households add up to {total}, not 1").format(total=sizes))
        if sum(file.kind == "house" for file in self.files.values()) != 1:
            raise ValueError(_("there is not exactly one house file"))
        return self

    @model_validator(mode="after")
    def _names_are_known(self) -> Recipe:
        for name, persona in self.personas.items():
            _known(f"personas.{name}.segment", _("segment"), persona.segment, self.segments)
        for name, campaign in self.campaigns.items():
            if campaign.segment is not None:
                _known(f"campaigns.{name}.segment", _("segment"), campaign.segment, self.segments)
        for name, segment in self.segments.items():
            if segment.pays_in not in (None, self.currency):
                _known(f"segments.{name}.pays_in", _("currency"), segment.pays_in, self.exchange)
        for name, channel in self.channels.items():
            for field in ("price_per_thousand", "rival_strength"):
                _our_money(f"channels.{name}.{field}", getattr(channel, field), self.currency)
        if self.business is not None:
            for name in self.segments:
                _known("business.employees", _("segment"), name, self.business.employees)
        return self

    def currency_of(self, segment: str) -> str:
        """Return the currency in which a segment pays."""
        return self.segments[segment].pays_in or self.currency

    def rate_of(self, segment: str) -> float:
        """Return what the smallest unit of a segment's currency is worth in the world's."""
        currency = self.currency_of(segment)
        return 1.0 if currency == self.currency else self.exchange[currency].value


class _Unknown(ValueError):  # noqa: N818 - within this module; RecipeError is what leaves it
    """A name that stands nowhere else in the recipe, or money of another, and the field that holds it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def _known(field: str, kind: str, name: object, allowed: dict[str, Any]) -> None:
    if name not in allowed:
        raise _Unknown(field, str(UnknownName(kind=kind, given=name, allowed=allowed)))


def _our_money(field: str, price: Figure, currency: str) -> None:
    """Complain about a price of the catalogue in a market with other money."""
    if currency != PRICED_IN and price.unit.startswith(f"{PRICED_IN} "):
        problem = _("it is left to the catalogue, in {theirs}; the market's money is {ours}").format(
            theirs=PRICED_IN, ours=currency
        )
        raise _Unknown(field, problem)


def _say(error: ValidationError, file: Path) -> RecipeError:
    """Turn pydantic's first complaint into ours: the file, the field, the problem, the cure."""
    every = error.errors()
    # A misspelt field is missing too: tell of the spelling.
    first = next((one for one in every if one["type"] == "extra_forbidden"), every[0])
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, _Unknown):
        return RecipeError(file, cause.field, str(cause))
    cure = ""
    if first["type"] == "extra_forbidden":
        problem = _("there is no such field.")
        close = nearest(first["loc"][-1], _fields_beside(first["loc"]))
        cure = _("Did you mean {names}?").format(names=", ".join(map(repr, close))) if close else ""
    elif first["type"] == "missing":
        problem, cure = _("it is missing."), _("Add it.")
    else:
        problem = (str(cause) if cause is not None else str(first["msg"])).rstrip(".") + "."
    others = list(dict.fromkeys(_field(one) for one in every if _field(one) != _field(first)))
    if others:
        more = _("Also wrong: {fields}.").format(fields=", ".join(others[:_TOLD]))
        cure = f"{cure} {more}" + (" …" if len(others) > _TOLD else "")
    return RecipeError(file, _field(first), problem, cure.strip())


def _field(error: ErrorDetails) -> str:
    return ".".join(str(part) for part in error["loc"]) or _("(whole file)")


def _fields_beside(location: tuple[int | str, ...]) -> list[str]:
    """Return the fields that may stand where one is not known, by walking down the models to it."""
    model: type[BaseModel] | None = Recipe
    for part in location[:-1]:
        if model is not None and part in model.model_fields:
            model = _model_in(model.model_fields[str(part)].annotation)
        # a name of the author's own (a segment's) or a place in a list: the model stays
    return list(model.model_fields) if model is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any annotation
    """Return the first model inside an annotation such as ``dict[str, Segment]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)


@lru_cache(maxsize=16)
def _read(text: str) -> Recipe:
    """Return the recipe that a text holds; it cannot be changed, so who reads the same text shares it."""
    return Recipe.model_validate(tomllib.loads(text))


def load_recipe(file: Path) -> Recipe:
    """Read a recipe.

    Raises
    ------
    RecipeError
        If the file is missing, is not TOML, or a field is missing, unknown or out of range.
    """
    try:
        text = file.read_text(encoding="utf-8")
        return _read(text)
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
