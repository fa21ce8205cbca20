"""Step 2, target: the people at the core of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from narrowcast.campaigns.numbers import many, text
from narrowcast.campaigns.steps import Step

__all__ = ["Target"]


@dataclass(frozen=True)
class Target:
    """Whom the plan is for.

    Parameters
    ----------
    segments
        Names of the core segments; none is everybody.
    personas
        Names of the personas pictured when writing.
    why
        The reason, in a sentence.
    """

    segments: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        for field in ("segments", "personas"):
            names = many(Step.TARGET, field, getattr(self, field), partial(text, Step.TARGET, field))
            object.__setattr__(self, field, tuple(dict.fromkeys(names)))
        object.__setattr__(self, "why", text(Step.TARGET, "why", self.why))
