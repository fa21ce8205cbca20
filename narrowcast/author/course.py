"""Everything that is written for the course, read once: lessons, assignments and their keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from narrowcast.author.claims import Mark, without_marks
from narrowcast.author.keys import KeyFacts, read_key
from narrowcast.author.problems import Problems
from narrowcast.author.text import Cell, Source, read_source
from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["Course", "Text", "read_course"]


@dataclass(frozen=True)
class Text:
    """A lesson or an assignment.

    Parameters
    ----------
    kind
        Which of the two.
    source
        Front matter and cells, without the marks of claims.
    marks
        Those marks.
    key
        Its key; None for a lesson without one, and where it does not load.
    """

    kind: Literal["lesson", "assignment"]
    source: Source
    marks: tuple[Mark, ...]
    key: KeyFacts | None

    @property
    def name(self) -> str:
        """Name of the folder it stands in: the name of the lesson."""
        return self.source.file.parent.name

    @property
    def title(self) -> str:
        """Title as it stands in the front matter."""
        return str(self.source.front.get("title", ""))

    def in_words_of(self, say: Callable[[Cell], str]) -> tuple[Cell, ...]:
        """Return the cells, each with the source that `say` makes of it."""
        return tuple(replace(cell, source=say(cell)) for cell in self.source.cells)


@dataclass(frozen=True)
class Course:
    """All texts under a root, in the order of their folders."""

    root: Path
    lessons: tuple[Text, ...]
    assignments: tuple[Text, ...]

    @property
    def texts(self) -> tuple[Text, ...]:
        """Lessons, then assignments."""
        return self.lessons + self.assignments


def read_course(root: Path, problems: Problems) -> Course:
    """Read every text below `root`.

    Raises
    ------
    CourseError
        If `root` holds no course at all.
    """
    if not (root / "course").is_dir() and not (root / "assignments").is_dir():
        raise CourseError(
            _("{folder} holds no course: it has neither course/ nor assignments/.").format(folder=root),
            _("Run it in the folder of the course, or name that folder."),
        )
    lessons = [_read("lesson", file, problems) for file in _files(root, "course", "lesson.md", problems)]
    tasks = [
        _read("assignment", file, problems) for file in _files(root, "assignments", "assignment.md", problems)
    ]
    return Course(root, tuple(filter(None, lessons)), tuple(filter(None, tasks)))


def _files(root: Path, floor: str, name: str, problems: Problems) -> list[Path]:
    """Return the texts of a floor; a folder with a key and no text is a problem."""
    files = sorted((root / floor).glob(f"*/{name}"))
    for key in sorted((root / floor).glob("*/key.py")):
        if not key.with_name(name).is_file():
            problems.add(key.with_name(name), 1, _("the file is missing; its key stands beside it."))
    return files


def _read(kind: Literal["lesson", "assignment"], file: Path, problems: Problems) -> Text | None:
    source = read_source(file, problems)
    key_file = file.with_name("key.py")
    key = read_key(key_file, problems) if kind == "assignment" or key_file.is_file() else None
    if source is None:
        return None
    cells, marks = [], []
    for cell in source.cells:
        rest, found = without_marks(cell)
        marks += found
        if rest is not None:
            cells.append(rest)
    _check_front(kind, source, problems)
    return Text(kind, replace(source, cells=tuple(cells)), tuple(marks), key)


def _check_front(kind: str, source: Source, problems: Problems) -> None:
    title = source.front.get("title")
    if not isinstance(title, str) or not title.strip():
        problems.add(source.file, source.front_line("title"), _("the front matter needs a `title`, a text."))
    kernel = source.front.get("kernelspec")
    if kernel is not None and (not isinstance(kernel, dict) or kernel.get("name") != "python3"):
        problems.add(
            source.file, source.front_line("kernelspec"), _("the kernelspec's name must be python3.")
        )
    points = source.front.get("points")
    numeric = isinstance(points, int | float) and not isinstance(points, bool) and points >= 0
    if kind == "assignment" and not numeric:
        problems.add(
            source.file, source.front_line("points"), _("the front matter needs `points`, a number.")
        )
