"""Where a notebook stands: in the course, in a class that is being graded, or on somebody's own machine."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["PLANS", "QUESTIONS", "VIETNAMESE", "Place", "class_salt", "find_place", "is_graded"]

VIETNAMESE = "-vi"
"""How the name of an assignment in Vietnamese ends: the same key, other words."""
QUESTIONS = "questions.json"
"""The public part of a key, which travels with a notebook."""
PLANS = "plans.json"
"""Lies beside a key: the plans that were searched for it."""


@dataclass(frozen=True)
class Place:
    """What a notebook can reach from where it stands.

    Attributes
    ----------
    key
        The answer key; None where there is none.
    questions
        The public part of a key, beside the notebook; None where there is none.
    student
        Whose submission this is, when a class is being graded; else None.
    classmates
        Ids of the class's other submissions, when a class is being graded.
    salt
        The class's word.
    """

    key: Path | None
    questions: Path | None
    student: str | None = None
    classmates: tuple[str, ...] = ()
    salt: str = ""


def class_salt(assignments: Path) -> str:
    """Return the class's word, from course.toml in its folder of assignments; empty where there is none."""
    file = assignments / "course.toml"
    if not file.is_file():
        return ""
    try:
        return str(tomllib.loads(file.read_text(encoding="utf-8")).get("salt", ""))
    except (OSError, ValueError) as error:
        problem = _("{path} cannot be read: {why}").format(path=file, why=error)
        raise CourseError(problem, _('It holds one line: salt = "a word of your class".')) from error


def _graded(here: Path) -> tuple[Path, str] | None:
    """Return (course root, student) if `here` is a submission that nbgrader is executing."""
    folder = here.parent.parent  # autograded/STUDENT/ASSIGNMENT
    if folder.name == "autograded" and (folder.parent / "nbgrader_config.py").is_file():
        return folder.parent, here.parent.name
    return None


def is_graded(here: Path) -> bool:
    """Return whether `here` is a submission that nbgrader is executing."""
    return _graded(here.resolve()) is not None


def _classmates(root: Path, assignment: str, student: str) -> tuple[str, ...]:
    folders = sorted(root.glob(f"submitted/*/{assignment}"))
    return tuple(folder.parent.name for folder in folders if folder.parent.name != student)


def find_place(kind: str, name: str, here: Path | None = None) -> Place:
    """Find a worksheet's key or questions, from the folder that a notebook runs in.

    Parameters
    ----------
    kind
        "course" for lessons, "assignments" for assignments.
    name
        Name of the folder; an ending such as "-vi" (a translation) is left out to find the key.
    here
        The notebook's folder; None is the working directory.

    Raises
    ------
    CourseError
        If neither a key nor questions are in reach.
    """
    here = (here or Path.cwd()).resolve()
    base = name.removesuffix(VIETNAMESE)
    graded = _graded(here) if kind == "assignments" else None
    if graded is not None:
        root, student = graded
        key = root / base / "key.py"
        if not key.is_file():
            raise CourseError(
                _("There is no key at {path}.").format(path=key), _("Restore it, then grade again.")
            )
        return Place(key, None, student, _classmates(root, here.name, student), class_salt(root))
    named = os.environ.get("NARROWCAST_COURSE")
    roots = [Path(named)] if named else []
    for folder in (*roots, here, *here.parents):
        for parent in (folder, folder / kind):
            key = parent / base / "key.py"
            if parent.name == kind and key.is_file():
                return Place(key, None, salt=class_salt(parent) if kind == "assignments" else "")
    if (here / QUESTIONS).is_file():
        return Place(None, here / QUESTIONS)
    raise CourseError(
        _(
            "This notebook runs in {folder}, outside its course: {name} has no key and no {questions} here."
        ).format(folder=here, name=name, questions=QUESTIONS),
        _("Put it back into the folder it came in, or set NARROWCAST_COURSE to the course's folder."),
    )
