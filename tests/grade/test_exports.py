"""Exports for learning platforms, through nbgrader's own plug-in interface."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from report_class import DUE, NAME, POINTS, add_assignment, environment, submit

from narrowcast.errors import CourseError, UnknownName
from narrowcast.grade.exports import CanvasExportPlugin, MoodleExportPlugin
from narrowcast.grade.ledger import Finished
from narrowcast.grade.report.order import natural

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

PEOPLE = {
    "s001": ("=cmd|' /C calc'!A0", "An", "an@example.org", "4711"),
    "s002": ("Trần", "Bình", "binh@example.org", None),
    "s003": ("Lê", "Chi", "chi@example.org", None),
    "s004": (None, None, None, None),
}


@pytest.fixture
def address(gradebook: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(gradebook, tmp_path)}"


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook, made once: making one takes nbgrader a second and more."""
    environment()
    path = tmp_path_factory.mktemp("marks") / "gradebook.db"
    url = f"sqlite:///{path}"
    with Gradebook(url, "marketing") as book:
        add_assignment(book)
        add_assignment(book, "02-other")
        for student, (last, first, email, lms) in PEOPLE.items():
            book.add_student(student, last_name=last, first_name=first, email=email, lms_user_id=lms)
        full = dict[str, float | None](POINTS)
        submit(book, Finished(NAME, "s001", "assignment", marks={**full, "q2": 0.3333}), DUE)
        submit(
            book, Finished(NAME, "s002", "assignment", marks={**full, "q6": None}), DUE
        )  # to be marked by hand
        submit(book, Finished(NAME, "s003", "assignment", marks=full), datetime(2026, 3, 9))
        late = book.find_submission_notebook("assignment", NAME, "s003")
        late.late_submission_penalty = 2.5
        for comment in late.comments:
            comment.manual_comment = "Well <done>"
        book.db.commit()
    return path


@pytest.fixture
def export(address: str, tmp_path: Path) -> Iterator[Callable[..., list[list[str]]]]:
    with Gradebook(address, "marketing") as book:

        def run(kind: type, **settings: Any) -> list[list[str]]:
            place = tmp_path / "out.csv"
            plugin = kind(to=str(place))
            for name, value in settings.items():
                setattr(plugin, name, value)
            plugin.export(book)
            return list(csv.reader(StringIO(place.read_text(encoding="utf-8"), newline="")))

        yield run


def test_canvas_finds_its_columns(export: Callable[..., list[list[str]]]) -> None:
    head, most, *rows = export(CanvasExportPlugin)
    # What Canvas's importer asks of a header and of the row of maxima.
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME, "02-other"]
    assert "Points Possible" in most[0]
    assert most[5:] == ["20", "20"]
    assert len({len(row) for row in (head, most, *rows)}) == 1
    assert {row[3]: row[1] for row in rows} == {"s001": "4711", "s002": "", "s003": "", "s004": ""}


def test_marks_are_rounded_late_ones_lowered_and_open_ones_left_out(
    export: Callable[..., list[list[str]]],
) -> None:
    rows = {row[3]: row[5:] for row in export(CanvasExportPlugin)[2:]}
    assert rows == {"s001": ["18.33", ""], "s002": ["", ""], "s003": ["17.5", ""], "s004": ["", ""]}
    rows = {row[3]: row[5:] for row in export(CanvasExportPlugin, missing="zero")[2:]}
    assert rows["s004"] == ["0", "0"]
    assert rows["s002"] == ["", "0"]  # it was handed in: no zero


def test_marks_are_nobody_elses_business(export: Callable[..., list[list[str]]], tmp_path: Path) -> None:
    export(CanvasExportPlugin)
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


def test_questions_are_counted_as_a_person_counts() -> None:
    names = ["q10", "q2", "q1", "q2a", "essay", ""]
    assert sorted(names, key=natural) == ["", "essay", "q1", "q2", "q2a", "q10"]


def test_a_name_is_no_formula(export: Callable[..., list[list[str]]]) -> None:
    names = {row[3]: row[0] for row in export(CanvasExportPlugin)[2:]}
    assert names["s001"].startswith("'=cmd")
    assert names["s004"] == "s004"


def test_only_what_is_asked_for(export: Callable[..., list[list[str]]]) -> None:
    head, _most, *rows = export(
        CanvasExportPlugin, assignment=[NAME], student=["s003"], login="email", section="A"
    )
    assert head[5:] == [NAME]
    assert rows == [["Lê, Chi", "", "", "chi@example.org", "A", "17.5"]]
    with pytest.raises(UnknownName, match="02-other"):
        export(CanvasExportPlugin, assignment=["03"])


def test_moodle_knows_students_by_address(export: Callable[..., list[list[str]]]) -> None:
    head, *rows = export(MoodleExportPlugin, assignment=[NAME])
    assert head == ["ID number", "Email address", NAME, f"{NAME} feedback"]
    by_address = {row[1]: row for row in rows}
    assert by_address["chi@example.org"][2] == "17.5"
    assert "q5: 6/6" in by_address["chi@example.org"][3]
    assert by_address["binh@example.org"][2] == ""
    assert "q6: ✎/4" in by_address["binh@example.org"][3]


SHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\r\n"
    'Participant 81,"Chi, Lê",CHI@example.org,Submitted,-,20.00,-,\r\n'
    "Participant 82,=Bình,binh@example.org,Submitted,-,20.00,-,\r\n"
    "Participant 83,Nobody,nobody@example.org,-,-,20.00,-,mine\r\n"
)


def test_a_worksheet_is_filled_in_and_else_as_it_was(
    export: Callable[..., list[list[str]]], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_bytes(b"\xef\xbb\xbf" + SHEET.encode())
    before = list(csv.reader(StringIO(SHEET, newline="")))
    head, chi, binh, nobody = export(MoodleExportPlugin, assignment=[NAME], worksheet=str(sheet))
    assert head == before[0]
    assert [chi[4], chi[0], chi[1]] == ["17.5", "Participant 81", "Chi, Lê"]
    assert "q1: 2/2" in chi[7]
    assert [binh, nobody] == before[2:]


def test_a_wrong_worksheet_is_told(export: Callable[..., list[list[str]]], tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    with pytest.raises(CourseError, match="Download it anew"):
        export(MoodleExportPlugin, assignment=[NAME], worksheet=str(sheet))
    sheet.write_text("")
    with pytest.raises(CourseError, match="Download it anew"):
        export(MoodleExportPlugin, assignment=[NAME], worksheet=str(sheet))
    sheet.write_text("a,b\r\n1,2\r\n")
    with pytest.raises(UnknownName, match="Email address"):
        export(MoodleExportPlugin, assignment=[NAME], worksheet=str(sheet))
    with pytest.raises(CourseError, match="--assignment"):
        export(MoodleExportPlugin, worksheet=str(sheet))


@pytest.mark.nbgrader
def test_nbgrader_exports_with_it(address: str, tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = {address!r}\n"
    )
    command = [sys.executable, "-m", "nbgrader", "export", "--to", "canvas.csv"]
    command += ["--exporter", "narrowcast.grade.exports.CanvasExportPlugin"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "18.33" in (tmp_path / "canvas.csv").read_text(encoding="utf-8")
