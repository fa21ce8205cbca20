"""Marks for a learning platform, as plug-ins of `nbgrader export`.

::

    nbgrader export --exporter=narrowcast.grade.exports.CanvasExportPlugin --to canvas.csv
    nbgrader export --exporter=narrowcast.grade.exports.MoodleExportPlugin --to moodle.csv

Canvas's layout is that which its importer reads (`lib/gradebook_importer.rb` of canvas-lms): the columns Student, ID,
SIS User ID, SIS Login ID, Section, then one an assignment; a row "Points Possible"; then the students. Moodle's
gradebook import reads any columns and asks what each one means (`grade/import/csv`); its worksheet for offline grading
knows students by an Identifier that Moodle alone can give (`mod/assign/feedback/offline`), so a downloaded worksheet
is filled in. Texts are made harmless for spreadsheets. A mark that a person has yet to give is left empty.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Enum, Unicode

from narrowcast.errors import CourseError, UnknownName
from narrowcast.grade.book import waiting
from narrowcast.grade.report.harmless import harmless, number, table_text
from narrowcast.grade.report.order import natural
from narrowcast.language import gettext as _

__all__ = ["CanvasExportPlugin", "MoodleExportPlugin"]


class _Export(ExportPlugin):  # type: ignore[misc]
    """What both share: which assignments and students, and what each got."""

    missing = Enum(
        ["empty", "zero"], "empty", help="what stands for an assignment that was not handed in: empty or zero"
    ).tag(config=True)

    def _assignments(self, gradebook: Gradebook) -> list[Any]:
        wanted = [str(name) for name in self.assignment]
        found = list(gradebook.assignments)
        for name in wanted:
            if name not in {one.name for one in found}:
                raise UnknownName(kind=_("assignment"), given=name, allowed=[one.name for one in found])
        return [one for one in found if not wanted or one.name in wanted]

    def _students(self, gradebook: Gradebook) -> list[Any]:
        wanted = {str(name) for name in self.student}
        return [one for one in gradebook.students if not wanted or one.id in wanted]

    def _mark(self, gradebook: Gradebook, assignment: str, student: str) -> str:
        """Return the points less what lateness cost; empty while a person has still to mark a part."""
        submission = _submission(gradebook, assignment, student)
        if submission is None:
            return "0" if self.missing == "zero" else ""
        if any(waiting(grade) is None for notebook in submission.notebooks for grade in notebook.grades):
            told = _("{assignment} of {student} has to be marked by hand; its mark is left empty.")
            self.log.warning(told.format(assignment=assignment, student=student))
            return ""
        return number(max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0.0)))

    def _write(self, default: str, text: str) -> None:
        place = Path(self.to or default)
        self.log.info(_("The grades go to {place}.").format(place=place))
        try:
            # Names and marks are nobody else's business; a file that is there keeps its mode.
            place.touch(mode=0o600)
            place.write_bytes(text.encode("utf-8"))
        except OSError as error:
            problem = _("{path} cannot be written: {why}.").format(path=place, why=error.strerror or error)
            raise CourseError(problem, _("Name another file with --to.")) from error


class CanvasExportPlugin(_Export):
    """Canvas's gradebook, to be uploaded there under Grades, Import."""

    login = Enum(
        ["id", "email"],
        "id",
        help="what the SIS Login ID of a student is: nbgrader's student id, or the e-mail address",
    ).tag(config=True)
    section = Unicode("", help="name of the section that stands with every student").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write one row a student, one column an assignment.

        Canvas finds a student by its own ID (nbgrader's `lms_user_id`), then by the login, then by the name.
        """
        assignments = self._assignments(gradebook)
        head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(one.name for one in assignments)]
        most = ["    Points Possible", "", "", "", "", *(number(float(one.max_score)) for one in assignments)]
        rows = [
            [*self._who(one), *(self._mark(gradebook, assignment.name, one.id) for assignment in assignments)]
            for one in self._students(gradebook)
        ]
        self._write("canvas.csv", table_text(head, [most, *rows]))

    def _who(self, student: Any) -> list[str]:  # noqa: ANN401
        name = ", ".join(filter(None, (student.last_name, student.first_name))) or student.id
        login = student.email if self.login == "email" else student.id
        return [name, student.lms_user_id or "", "", login or "", self.section]


class MoodleExportPlugin(_Export):
    """Moodle: a table for the gradebook's import, or a downloaded worksheet for offline grading, filled in.

    The table is uploaded under Grades, Import, CSV file; map "Email address" to the e-mail address, or "ID number" to
    the ID number where it holds what nbgrader calls a student's id.
    """

    worksheet = Unicode(
        "", help="a worksheet for offline grading, as Moodle gives it, to be filled in for one --assignment"
    ).tag(config=True)
    email_column = Unicode("Email address", help="the worksheet's column of addresses").tag(config=True)
    grade_column = Unicode("Grade", help="the worksheet's column of marks").tag(config=True)
    feedback_column = Unicode("Feedback comments", help="the worksheet's column of comments").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write marks and a short feedback.

        Raises
        ------
        CourseError
            If the worksheet cannot be read, lacks a column, or more than one assignment is asked for.
        """
        assignments = self._assignments(gradebook)
        if self.worksheet:
            self._fill_in(gradebook, assignments)
            return
        head = ["ID number", "Email address"]
        head += [part for one in assignments for part in (one.name, f"{one.name} feedback")]
        rows = [
            [student.id, student.email, *self._pairs(gradebook, assignments, student.id)]
            for student in self._students(gradebook)
        ]
        self._write("moodle.csv", table_text(head, rows))

    def _pairs(self, gradebook: Gradebook, assignments: Sequence[Any], student: str) -> Iterator[str]:
        for one in assignments:
            yield self._mark(gradebook, one.name, student)
            yield _feedback(_submission(gradebook, one.name, student))

    def _fill_in(self, gradebook: Gradebook, assignments: Sequence[Any]) -> None:
        if len(assignments) != 1:
            problem = _("A worksheet is for one assignment, and {count} are asked for.").format(
                count=len(assignments)
            )
            raise CourseError(problem, _("Name it with --assignment."))
        name, (head, rows) = assignments[0].name, _read(Path(self.worksheet))
        columns = [self.email_column, self.grade_column]
        for column in columns:
            if column not in head:
                raise UnknownName(kind=_("column of the worksheet"), given=column, allowed=head)
        email, grade = (head.index(column) for column in columns)
        comment = head.index(self.feedback_column) if self.feedback_column in head else None
        known = {str(one.email).strip().casefold(): one.id for one in self._students(gradebook) if one.email}
        for row in rows:
            student = known.get(row[email].strip().casefold())
            mark = self._mark(gradebook, name, student) if student else ""
            if not mark:
                self.log.warning(_("No mark for {email}: the row stays as it is.").format(email=row[email]))
                continue
            row[grade] = mark
            if comment is not None and student:
                row[comment] = harmless(_feedback(_submission(gradebook, name, student)))
        # The rest came from Moodle and goes back as it came: an apostrophe more would make another name of it.
        text = StringIO()
        csv.writer(text, lineterminator="\r\n").writerows([head, *rows])
        self._write("moodle.csv", text.getvalue())


def _submission(gradebook: Gradebook, assignment: str, student: str) -> Any:  # noqa: ANN401 - nbgrader has no types
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None


def _feedback(submission: Any) -> str:  # noqa: ANN401
    """Return points by question and the teacher's comments, as text that is safe in HTML."""
    if submission is None:
        return ""
    parts = []
    for notebook in submission.notebooks:
        for grade in sorted(notebook.grades, key=lambda one: natural(str(one.name))):
            score = waiting(grade)
            points = "✎" if score is None else number(score)
            parts.append(f"{grade.name}: {points}/{number(float(grade.max_score))}")
        parts += [f"{one.name}: {one.manual_comment}" for one in notebook.comments if one.manual_comment]
    return html.escape("; ".join(parts), quote=False)


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        head, *rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, ValueError, csv.Error) as error:
        problem = _("The worksheet {path} cannot be read: {why}.").format(path=path, why=error)
        raise CourseError(problem, _("Download it anew from Moodle: it is a CSV file in UTF-8.")) from error
    return head, [row + [""] * (len(head) - len(row)) for row in rows if row]
