"""Where the course lies on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["FIRST_LESSON", "Place", "find_place"]

FIRST_LESSON = "01-rules-flipped"


@dataclass(frozen=True)
class Place:
    """The folders of one course.

    Parameters
    ----------
    root
        The folder that holds course/, assignments/ and widgets/.
    """

    root: Path

    @property
    def assignments(self) -> Path:
        """The course root of nbgrader."""
        return self.root / "assignments"

    @property
    def widgets(self) -> Path:
        """The gallery: one notebook an app."""
        return self.root / "widgets"

    @property
    def work(self) -> Path:
        """Where the student of this machine works."""
        return self.root / "my-work"

    @property
    def state(self) -> Path:
        """What a run leaves: its record, its logs, the servers' configuration. Ignored by git."""
        return self.root / ".narrowcast"

    def lesson(self, language: str) -> str:
        """Return the address of the first lesson's notebook within the course.

        Parameters
        ----------
        language
            The language that the reader prefers; English where the lesson is not translated.
        """
        folder = f"course/{FIRST_LESSON}"
        translated = f"{folder}/lesson.{language}.ipynb"
        return translated if (self.root / translated).exists() else f"{folder}/lesson.ipynb"


def _is_course(folder: Path) -> bool:
    return (folder / "assignments" / "nbgrader_config.py").is_file() and (folder / "course").is_dir()


def find_place(start: Path | None = None) -> Place:
    """Return the course that a folder belongs to, else the one that this package was installed from.

    Parameters
    ----------
    start
        A folder within the course; the current one if not given.

    Raises
    ------
    CourseError
        If there is no course there.
    """
    here = (start or Path.cwd()).resolve()
    candidates = [here, *here.parents, Path(__file__).resolve().parents[2]]
    for folder in candidates:
        if _is_course(folder):
            return Place(folder)
    raise CourseError(
        _("There is no Narrowcast course in {folder} or above it.").format(folder=here),
        cure=_(
            "Change into your clone of the course (the folder with course/ and assignments/) and try again."
        ),
    )
