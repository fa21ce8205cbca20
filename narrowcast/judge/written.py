"""Questions whose answer a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["Written"]


@dataclass
class Written(Question):
    """A text that a person marks, by a rubric."""

    rubric: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.kind = "written"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the rubric."""
        return super().public() | {"rubric": list(self.rubric)}

    def messages(self) -> list[str]:
        """Return every text that a person reads, the rubric included."""
        return [*super().messages(), *self.rubric]

    def parse(self, item: Item, world: World | None = None) -> Item:  # noqa: ARG002
        """Return the answer as it is: no machine reads it."""
        return item

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401, ARG002
        """Return False: no machine says whether a text is right."""
        return False

    def compare(self, value: Any, world: World, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ANN401, ARG002
        """Say that a person will read it, and by what rubric."""
        points = "\n".join(f"· {in_course(line)}" for line in self.rubric)
        return self.verdict(None, Reason.BY_HAND, _("A person reads this, by this rubric:") + "\n" + points)
