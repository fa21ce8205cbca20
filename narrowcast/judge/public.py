"""The public part of a key: enough to say whether an answer has the right form, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.judge.choice import Choice
from narrowcast.judge.functions import FunctionQuestion
from narrowcast.judge.plans import PlanQuestion
from narrowcast.judge.questions import Number, Question
from narrowcast.judge.tables import TableQuestion
from narrowcast.judge.text import Text
from narrowcast.judge.written import Written
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["PublicKey", "load_public"]

_KINDS: dict[str, type[Question]] = {
    "number": Number, "choice": Choice, "text": Text, "table": TableQuestion, "function": FunctionQuestion,
    "plan": PlanQuestion, "written": Written,
}  # fmt: skip


class PublicKey:
    """Questions without their truth; mirrors what `Key` offers to a worksheet."""

    def __init__(self, data: Mapping[str, Any], path: Path) -> None:
        try:
            self.name: str = data["name"]
            self.worlds = tuple(data["worlds"])
            self.salt: str = data.get("salt", "")
            self.questions = {name: _question(name, fields) for name, fields in data["questions"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise CourseError(
                _("{path}: {field} is missing or wrong.").format(path=path, field=error),
                _("Fetch the assignment again."),
            ) from error


def _question(name: str, fields: Mapping[str, Any]) -> Question:
    kept = {k: v for k, v in fields.items() if k not in {"kind", "points"} and v is not None}
    if "between" in kept:
        kept["between"] = tuple(kept["between"])
    return _KINDS[fields["kind"]](name, fields["points"], _no_truth, "", **kept)


def _no_truth(_world: World) -> None:
    """Stand where a truth stands in a real key: it is not here."""
    raise CourseError(
        _("The answers are not in reach."), _("This question is judged when the assignment is graded.")
    )


def load_public(path: Path) -> PublicKey:
    """Read the public part of a key.

    Raises
    ------
    CourseError
        If the file cannot be read or a field is missing or wrong.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        problem = _("{path} cannot be read: {why}").format(path=path, why=error)
        raise CourseError(problem, _("Fetch the assignment again.")) from error
    if not isinstance(data, dict):
        raise CourseError(
            _("{path} is no table of questions.").format(path=path), _("Fetch the assignment again.")
        )
    return PublicKey(data, path)
