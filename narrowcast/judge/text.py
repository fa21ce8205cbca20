"""Questions whose answer is a word or a short text that a machine can compare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.judge.answers import normal
from narrowcast.judge.questions import Question
from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["Text"]


@dataclass
class Text(Question):
    """A short text; case, spaces and the way accents are coded make no difference.

    Its truth, and each mistake's answer, is a text, several texts of which each will do, or a compiled pattern
    (`re.compile`), which must fit the whole text in its normal form: lower case, single spaces.

    Attributes
    ----------
    accents
        Whether accents count: "Mây" is not "May".
    longest
        Characters that an answer may have, 1 to 2,000.
    """

    accents: bool = True
    longest: int = 200

    def __post_init__(self) -> None:
        self.kind = "text"
        if not 1 <= self.longest <= 2_000:
            raise ValueError(f"longest is {self.longest}; it is a number from 1 to 2,000")

    def public(self) -> dict[str, Any]:
        """Return what a student may see: how long an answer may be, and whether accents count."""
        return super().public() | {"accents": self.accents, "longest": self.longest}

    def parse(self, item: Item, world: World | None = None) -> str:  # noqa: ARG002
        """Return the answer in its normal form."""
        while item.what == "list" and item.size == 1 and item.whole:
            item = item.members[0]
        if item.what != "text":
            problem = _("Your answer is {value!r}, of type {kind}.").format(value=item.said(), kind=item.kind)
            raise AnswerError(problem, _("A text is asked for, in quotation marks."))
        if max(item.size, len(item.value)) > self.longest:
            problem = _("Your answer has {size:,} characters.").format(size=max(item.size, len(item.value)))
            raise AnswerError(problem, _("It may have {most:,}.").format(most=self.longest))
        return normal(item.value, accents=self.accents)

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a text is one of those accepted."""
        accepted = truth if isinstance(truth, Iterable) and not isinstance(truth, str) else (truth,)
        return any(self._fits(value, one) for one in accepted)

    def _fits(self, value: str, one: object) -> bool:
        if isinstance(one, re.Pattern):
            return one.fullmatch(value) is not None
        return value == normal(str(one), accents=self.accents)
