"""Where to read again: sections of the lesson, named beside the key by question and by mistake.

`read.toml` lies beside `key.py`. It holds the English titles of the lesson's sections::

    lesson = "01-rules-flipped"

    [q2]
    any = "First, the books"
    M1 = "First, the books"

`any` goes with whatever was wrong; a mistake's own line comes before it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from narrowcast.errors import CourseError
from narrowcast.judge.places import VIETNAMESE
from narrowcast.language import gettext as _
from narrowcast.language import in_course

__all__ = ["Passage", "Reading"]

UP = "../../../../"
"""From assignments/feedback/STUDENT/ASSIGNMENT, and as well from my-work/ASSIGNMENT/feedback/TIME, to the course."""

_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
_MINUTES = re.compile(r"\s*\(\d+ (?:minutes?|phút)\)$")


@dataclass(frozen=True)
class Passage:
    """A section of a lesson.

    Attributes
    ----------
    title
        In the language of the page.
    lesson
        The lesson's own title.
    link
        From the page to the notebook; empty where the course has none.
    """

    title: str
    lesson: str
    link: str


class Reading:
    """The passages of one assignment.

    Parameters
    ----------
    root
        nbgrader's course root; the lessons lie beside it, in course/.
    assignment
        Its folder's name; an ending "-vi" names the translation.
    language
        "en" or "vi".

    Raises
    ------
    CourseError
        If read.toml cannot be read.
    """

    def __init__(self, root: Path, assignment: str, language: str) -> None:
        self._file = root / assignment.removesuffix(VIETNAMESE) / "read.toml"
        self._plan = _read(self._file)
        self._course = root.parent / "course"
        self._language = language

    def passage(self, question: str, mistake: str = "") -> Passage | None:
        """Return where to read again after an answer, or None where nobody has said it."""
        entry = self._plan.get(question)
        if not isinstance(entry, Mapping):
            return None
        title = entry.get(mistake) or entry.get("any")
        return self._find(str(title)) if title else None

    def _find(self, title: str) -> Passage:
        lesson = str(self._plan.get("lesson", ""))
        folder = self._course / lesson
        english = _headings(folder / "lesson.ipynb")
        name = f"lesson.{self._language}.ipynb" if self._language != "en" else "lesson.ipynb"
        spoken = _headings(folder / name)
        place = next((at for at, one in enumerate(english) if _MINUTES.sub("", one) == title), None)
        if place is None or not spoken:
            return Passage(in_course(title), lesson, "")  # the lesson is not here; its words are
        if len(spoken) != len(english):  # the translation lags behind
            name, spoken = "lesson.ipynb", english
        link = f"{UP}course/{quote(lesson)}/{name}#{quote(spoken[place].replace(' ', '-'))}"
        return Passage(_MINUTES.sub("", spoken[place]), spoken[0], link)


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem = _("{path} cannot be read: {why}").format(path=file, why=error)
        cure = _('It holds lesson = "..." and, for each question, the titles of sections.')
        raise CourseError(problem, cure) from error


def _headings(file: Path) -> tuple[str, ...]:
    return _headings_at(file, file.stat().st_mtime_ns) if file.is_file() else ()


@lru_cache(maxsize=32)
def _headings_at(file: Path, _changed: int) -> tuple[str, ...]:
    """Return the headings of a notebook, in order; none where it is none."""
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(heading for text in texts for heading in _HEADING.findall(text))
