"""FlipLab: feel how the rules of marketing flipped from broadcast to narrowcast.

>>> import narrowcast as nc
>>> lab = nc.FlipLab(world="hcmc-fashion")
>>> lab.settings["precision"]
0.7
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.language import speaking
from narrowcast.simulate.flip import DISTANCES, DRAWN, FlipResult, FlipSettings, FlipSide, flip
from narrowcast.widgets.base import Widget, number, script, style
from narrowcast.widgets.messages import fliplab_messages
from narrowcast.worlds import World, open_world

__all__ = ["LIMITS", "WORLDS", "FlipLab"]

WORLDS = ("hcmc-fashion", "soft-drink")
CUSTOMERS = 6_000
SEED = 2
EXTENT = 3.5
"""Half the width of a map, in units of interest: the same in every market, so that alike looks alike."""
SCALE = 4_096
"""Positions travel as whole numbers, so many to a unit of interest."""
FAR = 9.0
"""Stands for an infinite break-even: JSON has none."""

LIMITS: dict[str, tuple[float, float, float]] = {
    "fragmentation": (0.0, 1.5, 0.05),
    "clutter": (0.0, 300.0, 5.0),
    "fit": (0.0, 1.0, 0.05),
    "price_ratio": (0.5, 5.0, 0.1),
    "precision": (0.0, 1.0, 0.01),
}
"""Lowest, highest and step of each slider; Python holds to them whatever a browser sends."""

_MOST_REQUESTS = 2**31


@lru_cache(maxsize=len(WORLDS))
def _world(name: str) -> World:
    return open_world(name, customers=CUSTOMERS)


class FlipLab(Widget):
    """Old rules beside new rules, on the same people with the same money.

    Parameters
    ----------
    world
        "hcmc-fashion" or "soft-drink".
    language
        "en" or "vi"; by default the language in force.

    Raises
    ------
    UnknownName
        If there is no such world or language.
    """

    _esm = script("fliplab")
    _css = style("fliplab")
    reader_sets: ClassVar[frozenset[str]] = frozenset({"settings", "bets"})

    settings = traitlets.Dict().tag(sync=True)
    """The market's name, the five dials, and the number of the request; see `LIMITS`."""
    bets = traitlets.Dict().tag(sync=True)
    """By world: side and guess of the reader's bet, and what came out."""
    result = traitlets.Dict().tag(sync=True)
    """What both rules did, as JSON."""
    people = traitlets.Bytes().tag(sync=True)
    """The people drawn: int16 x, y each; then for either side a byte a person, week after week."""
    limits = traitlets.Dict().tag(sync=True)
    worlds: traitlets.List[Any] = traitlets.List().tag(sync=True)
    currency = traitlets.Unicode("VND").tag(sync=True)

    def __init__(self, world: str = "hcmc-fashion", language: str | None = None) -> None:
        if world not in WORLDS:
            raise UnknownName(kind=_("world of FlipLab"), given=world, allowed=WORLDS)
        # Traitlets shows a validator the new value already under the trait's name: what stood before is kept here.
        self._kept_settings: dict[str, Any] = {"world": world, **asdict(FlipSettings())}
        self._kept_bets: dict[str, Any] = {}
        super().__init__(
            language=language, limits={k: list(v) for k, v in LIMITS.items()}, worlds=list(WORLDS)
        )
        with speaking(self.language):
            self.messages = fliplab_messages()
        self.settings = {"world": world}

    @traitlets.validate("settings")
    def _settings_within_limits(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a known world, each dial a number within its limits, a whole request number; nothing else."""
        given, before = proposal["value"], self._kept_settings
        world = given.get("world")
        kept: dict[str, Any] = {
            "world": world if isinstance(world, str) and world in WORLDS else before["world"],
            "request": int(number(given.get("request"), 0, _MOST_REQUESTS, 1, 0)),
        }
        for name, limits in LIMITS.items():
            kept[name] = number(given.get(name), *limits, otherwise=before[name])
        self._kept_settings = kept
        return kept

    @traitlets.validate("bets")
    def _bets_are_bets(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        """Keep by known world a side and a guessed share; what came out, Python alone says."""
        kept: dict[str, Any] = {}
        for world in WORLDS:
            bet = proposal["value"].get(world)
            if world in self._kept_bets:
                kept[world] = self._kept_bets[world]  # a bet placed stands
            elif isinstance(bet, dict) and self.result["settings"]["world"] == world:
                side = bet.get("side")
                if not isinstance(side, str) or side not in {"old", "new"}:
                    continue
                kept[world] = {
                    "side": side,
                    "guess": number(bet.get("guess"), 0.0, 1.0, 0.01, otherwise=0.5),
                    "breakeven": self.result["breakeven"],
                    "winner": self.result["winner"],
                }
        self._kept_bets = kept
        return kept

    @traitlets.observe("settings")
    def _simulate(self, _change: object) -> None:
        dials = {name: self.settings[name] for name in LIMITS}
        world = _world(self.settings["world"])
        answer = flip(world, FlipSettings(**dials), SEED)
        with speaking(self.language):
            titles = dict(world.segments["title"])
        with self.hold_sync():
            self.people = _people(answer)
            self.result = _figures(answer, self.settings, titles)


def _people(answer: FlipResult) -> bytes:
    places = np.clip(np.round(answer.positions * SCALE), -32_768, 32_767).astype("<i2")
    return places.tobytes() + answer.old.states.tobytes() + answer.new.states.tobytes()


def _figures(answer: FlipResult, settings: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    def side(done: FlipSide) -> dict[str, Any]:
        return {
            "reached": done.reached, "noticed": done.noticed, "orders": round(done.orders, 1),
            "cost": done.cost, "profit": round(done.profit),
            "lights": [[round(float(x), 3), round(float(y), 3)] for x, y in done.aims],
        }  # fmt: skip

    return {
        "request": settings["request"],
        "settings": {name: value for name, value in settings.items() if name != "request"},
        "customers": answer.customers, "weeks": answer.weeks, "spend": answer.spend,
        "drawn": int(answer.people.size), "one_in": answer.one_in, "sample": min(answer.customers, DRAWN),
        "extent": EXTENT, "glow": [round(float(p), 3) for p in answer.attention], "glow_reach": float(DISTANCES[-1]),
        "segments": [
            {"title": titles[name], "x": round(float(x), 3), "y": round(float(y), 3)}
            for name, (x, y) in zip(answer.segments, answer.centres, strict=True)
        ],
        "old": side(answer.old), "new": side(answer.new),
        "lift_match": round(answer.lift_match, 3), "lift_mismatch": round(answer.lift_mismatch, 3),
        "breakeven": round(min(max(answer.breakeven, -FAR), FAR), 3),
        "winner": answer.winner, "advantage": round(answer.advantage, 1),
    }  # fmt: skip
