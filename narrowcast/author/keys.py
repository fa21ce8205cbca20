"""What the builder needs of an answer key: its questions, what is public of them, and its messages."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.author.problems import Problems
from narrowcast.errors import NarrowcastError
from narrowcast.language import gettext as _

__all__ = ["KeyFacts", "read_key"]


@dataclass(frozen=True)
class KeyFacts:
    """A key as the builder sees it; it holds no truths.

    Parameters
    ----------
    file
        The `key.py`.
    public
        What travels with the released notebook.
    questions
        For each question's id its public part; `kind` and `points` are always there.
    messages
        Question id and text, for each text of the key that is shown to a student.
    """

    file: Path
    public: dict[str, Any]
    questions: Mapping[str, Mapping[str, Any]]
    messages: tuple[tuple[str, str], ...]

    def points(self, question: str) -> float:
        """Return the points of a question, a whole number where it is one."""
        points = float(self.questions[question]["points"])
        return int(points) if points.is_integer() else points


def read_key(file: Path, problems: Problems) -> KeyFacts | None:
    """Load a key; None, with a problem noted, if there is none or it does not load."""
    from narrowcast.judge import load_key  # noqa: PLC0415 - the floor below is opened when it is needed

    if not file.is_file():
        problems.add(file, 1, _("the key is missing; every question's points and truth stand there."))
        return None
    try:
        key = load_key(file)
        public = dict(key.public())
        messages = tuple((str(question), str(text)) for question, text in key.messages())
    except NarrowcastError as error:
        problems.add(file, _line_in(file, error), str(error))
        return None
    except Exception as error:  # noqa: BLE001 - a key is a program: whatever it raises is the author's to see
        what = f"{type(error).__name__}: {error}"
        problems.add(file, _line_in(file, error), _("the key does not load: {what}"), what=what)
        return None
    return KeyFacts(file, public, dict(public["questions"]), messages)


def _line_in(file: Path, error: BaseException) -> int:
    """Return the last line of the key that the error, or what caused it, passed through."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename) == file:
        return error.lineno or 1
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file
    ]
    if lines and lines[-1]:
        return lines[-1]
    return _line_in(file, error.__cause__) if error.__cause__ else 1
