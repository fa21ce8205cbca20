"""Step 4, file: whose addresses are used, the firm's own or purchased ones."""

from __future__ import annotations

from dataclasses import dataclass

from narrowcast.campaigns.numbers import flag, many, text
from narrowcast.campaigns.steps import Step

__all__ = ["Files"]


@dataclass(frozen=True)
class Files:
    """The contact files of the plan.

    Parameters
    ----------
    house
        Whether the firm's own file is used.
    purchased
        Names of the purchased files. Choosing one chooses the people too: target and file are then one
        choice (prospecting).
    """

    house: bool = True
    purchased: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "house", flag(Step.FILE, "house", self.house))
        names = many(Step.FILE, "purchased", self.purchased, lambda name: text(Step.FILE, "purchased", name))
        object.__setattr__(self, "purchased", tuple(sorted(set(names))))
