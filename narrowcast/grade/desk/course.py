"""A course as nbgrader is configured for it: folders, gradebook, what late work costs."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.grade.book import Penalty
from narrowcast.language import gettext as _

__all__ = ["Course"]

CONFIG = "nbgrader_config.py"


@dataclass(frozen=True)
class Course:
    """One course root of nbgrader, read with its own configuration and the person's.

    Attributes
    ----------
    root
        The folder that holds nbgrader_config.py.
    directory
        nbgrader's `CourseDirectory`.
    config
        All that was configured, for nbgrader's classes.
    """

    root: Path
    directory: Any
    config: Any

    @classmethod
    def at(cls, folder: Path, url: str = "") -> Course:
        """Read a course.

        Parameters
        ----------
        folder
            The course root, or a folder that holds it under the name "assignments".
        url
            Another gradebook than the configured one.

        Raises
        ------
        CourseError
            If there is no course, or its configuration cannot be read.
        """
        from nbgrader.apps import NbGrader  # noqa: PLC0415 - a second of import

        root = _root(folder)
        app = NbGrader()
        with _working_in(root):  # it looks for its configuration in the working directory
            try:
                app.initialize([])
                directory = app.coursedir
                directory.root = str(Path(directory.root).resolve())
                if url:
                    directory.db_url = url
                return cls(root, directory, app.config)
            except (Exception, SystemExit) as error:  # a configuration is code, and may do anything
                problem = _("{file} cannot be read: {why}.").format(file=root / CONFIG, why=error)
                raise CourseError(problem, _("Mend it; `nbgrader --version` reads it too.")) from error

    @property
    def url(self) -> str:
        """Address of the gradebook."""
        return str(self.directory.db_url)

    @property
    def course_id(self) -> str:
        """Nbgrader's name of the course."""
        return str(self.directory.course_id)

    @property
    def source(self) -> str:
        """Name of the folder of the instructor's version."""
        return str(self.directory.source_directory)

    @property
    def submitted(self) -> str:
        """Name of the folder of what was handed in."""
        return str(self.directory.submitted_directory)

    @property
    def autograded(self) -> str:
        """Name of the folder of what was graded."""
        return str(self.directory.autograded_directory)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return where one step of one submission lies."""
        return Path(self.directory.format_path(step, student, assignment))

    def students(self, assignment: str) -> list[str]:
        """Return who has handed in, sorted; those whom the configuration leaves out are left out."""
        known = {"nbgrader_step": self.submitted, "assignment_id": assignment}
        wanted = re.compile(
            self.directory.format_path(self.submitted, "(?P<student>[^/]+)", assignment, escape=True)
        )
        excluded = set(filter(None, str(self.directory.student_id_exclude or "").split(",")))
        pattern = self.directory.directory_structure.format(
            student_id="*", **{name: glob.escape(value) for name, value in known.items()}
        )
        found = set()
        for folder in Path(self.directory.root).glob(pattern):
            match = wanted.fullmatch(str(folder))
            if match and not folder.is_symlink() and match["student"] not in excluded:
                found.add(match["student"])
        return sorted(found)

    def penalty(self) -> Penalty:
        """Return what a late submission costs, by the plug-in that the configuration names."""
        from nbgrader.preprocessors import AssignLatePenalties  # noqa: PLC0415

        assign = AssignLatePenalties(config=self.config)
        assign.init_plugin()
        penalty: Penalty = assign.plugin_inst.late_submission_penalty
        return penalty

    def stubs(self) -> tuple[str, str]:
        """Return what stands in the students' version where a solution stood: in code, and in a text."""
        from nbgrader.preprocessors import ClearSolutions  # noqa: PLC0415

        clear = ClearSolutions(config=self.config)
        return str(clear.code_stub["python"]), str(clear.text_stub)

    def kept(self, assignment: str) -> frozenset[str]:
        """Return the files of an assignment that students may bring along changed (`Autograde.exclude_overwriting`)."""
        return frozenset(self.config.get("Autograde", {}).get("exclude_overwriting", {}).get(assignment, []))

    def cell_seconds(self) -> float | None:
        """Return the configured time limit of a cell; None where there is none."""
        timeout = self.config.get("Execute", {}).get("timeout", 30)
        return float(timeout) if timeout and timeout > 0 else None


def _root(folder: Path) -> Path:
    for root in (folder, folder / "assignments"):
        if (root / CONFIG).is_file():
            return root.resolve()
    problem = _("There is no course in {folder}: no {file} in it.").format(folder=folder, file=CONFIG)
    raise CourseError(problem, _("Go to the course's folder, or name it with --course."))


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
