"""The course that a demo class leaves behind: a course of its own, in a folder that we may make anew."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.judge.places import PLANS
from narrowcast.language import gettext as _

__all__ = ["ClassFolder", "make_folder"]

MARKER = ".narrowcast-demo-class"
"""Says that the folder is ours: one without it is left alone."""

LEAVE_OUT = (".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class ClassFolder:
    """The folders of a demo class, laid out like any course.

    Parameters
    ----------
    root
        The folder that holds course/, assignments/ and students/.
    """

    root: Path

    @property
    def assignments(self) -> Path:
        """The course root of nbgrader."""
        return self.root / "assignments"

    @property
    def students(self) -> Path:
        """What would be the students' own machines: a folder each."""
        return self.root / "students"

    @property
    def state(self) -> Path:
        """Settings of the programs that run here."""
        return self.root / ".narrowcast"

    @property
    def log(self) -> Path:
        """All that nbgrader said."""
        return self.root / "nbgrader.log"

    @property
    def marks(self) -> Path:
        """The marks as nbgrader exports them."""
        return self.assignments / "grades.csv"


def make_folder(course: Path, directory: Path, assignment: str) -> ClassFolder:
    """Make a course of its own with one assignment, ready for nbgrader.

    Parameters
    ----------
    course
        The course to take it from: the folder that holds course/ and assignments/.
    directory
        Where to make it. A demo class that lies there is replaced.
    assignment
        Name of the assignment's folder.

    Raises
    ------
    CourseError
        If something is missing in the course, or the folder is not ours or cannot be written.
    """
    home = course / "assignments"
    needed = [
        ("nbgrader_config.py", _("Restore it from the repository.")),
        (f"{assignment}/key.py", _("Restore it from the repository: it holds the truths and the points.")),
        (f"source/{assignment}/assignment.ipynb", _("Run `narrowcast build` first.")),
        (f"source/{assignment}/questions.json", _("Run `narrowcast build` first.")),
    ]
    for name, cure in needed:
        if not (home / name).is_file():
            raise CourseError(_("There is no {path}.").format(path=home / name), cure)
    made = ClassFolder(directory.resolve())
    for floor in ("course", "assignments", "widgets"):
        if made.root.is_relative_to((course / floor).resolve()):
            raise CourseError(
                _("{folder} lies among the texts of the course.").format(folder=made.root),
                _("Name a folder elsewhere with --dir."),
            )
    try:
        _clear(made.root)
        _furnish(made, course, assignment)
    except OSError as error:
        problem = _("{folder} cannot be made: {why}.").format(folder=made.root, why=error.strerror or error)
        raise CourseError(problem, _("Name another folder with --dir.")) from error
    return made


def _clear(folder: Path) -> None:
    """Make room for a new class: only an empty folder and one of ours are touched."""
    if folder.exists() and not (folder / MARKER).is_file() and any(folder.iterdir()):
        raise CourseError(
            _("{folder} holds something that no demo class has made.").format(folder=folder),
            _("Name another folder with --dir, or empty this one yourself."),
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).write_text(
        _("Made by `narrowcast demo-class`, which may make it anew.") + "\n", encoding="utf-8"
    )


def _furnish(made: ClassFolder, course: Path, assignment: str) -> None:
    home = course / "assignments"
    (made.root / ".gitignore").write_text("*\n", encoding="utf-8")  # wherever it lies, it is nobody's work
    for folder in (made.students, made.state, made.assignments / "source", made.assignments / assignment):
        folder.mkdir(parents=True)
    kept = ("key.py", PLANS, "read.toml")
    for name in ("nbgrader_config.py", "course.toml", *(f"{assignment}/{one}" for one in kept)):
        if (home / name).is_file():
            shutil.copy(home / name, made.assignments / name)
    source = f"source/{assignment}"
    leave_out = shutil.ignore_patterns(*LEAVE_OUT)
    shutil.copytree(home / source, made.assignments / source, ignore=leave_out)
    for name in ("course", "widgets"):  # so that `narrowcast start` opens all three doors here too
        if (course / name).is_dir():
            shutil.copytree(course / name, made.root / name, ignore=leave_out)
    exchange = made.assignments / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)  # as nbgrader wants it; what is in it is protected by its own modes
