"""The report on an invented class: what is found, what the page and the tables hold, and hostile texts in them."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from report_class import MISTAKES, NAME, POINTS, make_course

from narrowcast.cli.report import report_command
from narrowcast.errors import CourseError, UnknownName
from narrowcast.grade.ledger import Ledger, ledger_path
from narrowcast.grade.receipts import receive
from narrowcast.grade.report import Findings, findings_of, page, write_report
from narrowcast.grade.report.advice import item_told
from narrowcast.grade.report.harmless import harmless, table_text
from narrowcast.language import speaking

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_course(tmp_path_factory.mktemp("class") / "course")
    (root / "submitted" / "s040" / NAME).mkdir(parents=True)  # handed in, and never graded
    (root / "submitted" / "s040" / NAME / "assignment.ipynb").write_text("{}")
    receive(root, NAME)
    return root


@pytest.fixture(scope="module")
def findings(course: Path) -> Findings:
    return findings_of(course, NAME)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_who_handed_in(findings: Findings) -> None:
    standing = findings.standing
    assert len(standing.graded) == 38
    assert [one.student for one in standing.ungraded] == ["s040"]
    assert [one.student for one in standing.missing] == ["s039"]
    assert list(findings.quarantined) == ["s021"]
    assert findings.receipts["s040"]


def test_marks_are_the_gradebooks_and_the_text_waits(findings: Findings) -> None:
    assert findings.points == POINTS
    assert len(findings.by_hand["q6"]) == 38
    assert set(findings.by_hand) == {"q6"}
    assert findings.numbers.items["q6"].why == "unmarked"


def test_manual_marks_count(tmp_path: Path) -> None:
    root = make_course(tmp_path, count=14, marked=True)
    before = findings_of(root, NAME)
    assert not before.by_hand
    with Gradebook(f"sqlite:///{root}/gradebook.db", "marketing") as book:
        grade = book.find_grade("q6", "assignment", NAME, "s001")
        grade.manual_score = 4.0
        book.db.commit()
        after = findings_of(root, NAME, book)
    marks = {one.student: one.marks for one in after.standing.graded}
    assert marks["s001"] is not None
    assert marks["s001"]["q6"] == 4.0


def test_mistakes_are_counted_from_the_verdicts(course: Path, findings: Findings) -> None:
    with Ledger(ledger_path(course)) as ledger:
        rows = ledger.finished(NAME).values()
    made = sum(verdict["reason"] == "mistake" for row in rows for verdict in row.verdicts.values())
    assert sum(len(one.students) for one in findings.mistakes) == made > 0
    counts = [len(one.students) for one in findings.mistakes]
    assert counts == sorted(counts, reverse=True)
    assert {one.code for one in findings.mistakes} <= {
        code for known in MISTAKES.values() for code, *_ in known
    }


def test_hints_name_whom_they_are_about(findings: Findings) -> None:
    seen = {(one.kind, one.students) for one in findings.flags}
    assert ("other_world", ("s006", "s018")) in seen
    assert ("similar", ("s022", "s023")) in seen
    assert ("quarantined", ("s021",)) in seen
    assert ("repair", ("s004",)) in seen
    assert len([one for one in findings.flags if one.kind == "similar"]) == 1


def test_a_class_is_one_whatever_language_it_hands_in(course: Path, tmp_path: Path) -> None:
    """s006 gave what was right for s018; s018 handed in the Vietnamese version, with the code of s003."""
    root = shutil.copytree(course, tmp_path / "course")
    with Ledger(ledger_path(root)) as ledger:
        rows = ledger.finished(NAME)
        moved = replace(
            rows["s018", "assignment"], assignment=f"{NAME}-vi", prints=rows["s003", "assignment"].prints
        )
        ledger.forget(NAME, "s018")
        ledger.keep([moved])
    flags = findings_of(root, NAME).flags
    (elsewhere,) = [flag for flag in flags if flag.kind == "other_world"]
    assert elsewhere in findings_of(course, NAME).flags
    assert "s018" in elsewhere.told
    assert any(set(flag.students) == {"s003", "s018"} for flag in flags if flag.kind == "similar")
    assert all("s018" not in flag.students[:1] for flag in flags if flag.kind != "similar")


def test_a_figure_in_a_message_makes_no_other_mistake(course: Path, tmp_path: Path) -> None:
    root = shutil.copytree(course, tmp_path / "course")
    with Ledger(ledger_path(root)) as ledger:
        rows = list(ledger.finished(NAME).values())
        made = [row for row in rows if row.verdicts["q2"]["mistake"] == "M1"]
        assert len(made) > 2
        for number, row in enumerate(made[1:]):
            said = {**row.verdicts["q2"], "message": f"You got {number} of 9. Weight each by its visits."}
            ledger.keep([replace(row, verdicts={**row.verdicts, "q2": said})])
    (found,) = [one for one in findings_of(root, NAME).mistakes if (one.question, one.code) == ("q2", "M1")]
    assert len(found.students) == len(made)


def test_a_question_that_few_have_a_mark_in_is_not_called_hard(tmp_path: Path) -> None:
    root = make_course(tmp_path, count=14)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "marketing") as book:
        for student in ("s001", "s002"):
            grade = book.find_grade("q6", "assignment", NAME, student)
            grade.manual_score, grade.needs_manual_grade = 0.0, False
        book.db.commit()
    item = findings_of(root, NAME).numbers.items["q6"]
    assert (item.count, item.difficulty) == (2, 0.0)
    assert item_told(item) == ""
    assert item_told(replace(item, why="")) == "hard"


def test_times_tell_who_ran_out_of_it(findings: Findings) -> None:
    by_cell = {one.cell: one for one in findings.times}
    assert by_cell["q5"].timeouts == ("s009", "s031")
    assert by_cell["#0"].errors == 1
    assert by_cell["q4"].middle <= by_cell["q4"].longest


def test_the_page_loads_nothing_and_its_policy_holds(findings: Findings) -> None:
    html = page(findings).replace("&#39;", "'")
    assert "<script" not in html
    assert " style=" not in html  # the policy would refuse it
    assert not re.search(r"(?:src|href)=", html)
    assert "default-src 'none'" in html
    for told in ("Cronbach's alpha is", "hints, not verdicts", "s023", "Mark q6 by hand for 38 students"):
        assert told in html


def test_names_and_messages_are_made_harmless(findings: Findings) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    member = replace(findings.standing.graded[0], name=evil)
    standing = replace(findings.standing, graded=[member, *findings.standing.graded[1:]])
    flags = [replace(findings.flags[0], told=evil, item=evil)]
    html = page(replace(findings, standing=standing, flags=flags, assignment=evil))
    assert "<script" not in html
    assert "<img" not in html


def test_a_gradebook_alone_gives_a_report(tmp_path: Path) -> None:
    found = findings_of(make_course(tmp_path, count=12, ledger=False, marked=True), NAME)
    assert not found.judged
    assert not found.flags
    html = page(found)
    assert "not graded by" in html
    assert found.numbers.alpha.value is not None


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_tiny_class_is_told_why_there_are_no_correlations(tmp_path: Path, count: int) -> None:
    found = findings_of(make_course(tmp_path, count=count), NAME)
    html = page(found).replace("&#39;", "'")
    assert "fewer than ten students" in html
    assert len(found.standing.missing) == 2


def test_the_report_speaks_vietnamese(findings: Findings) -> None:
    with speaking("vi"):
        html = page(findings)
    assert '<html lang="vi">' in html
    assert "Độ phân biệt" in html
    assert "Discrimination" not in html


def test_tables_hold_everybody(findings: Findings, tmp_path: Path) -> None:
    written = {path.name: path for path in write_report(findings, tmp_path / "deep" / "report")}
    students = table(written["students.csv"].read_text(encoding="utf-8"))
    assert len(students) == 40
    by_id = {row["student"]: row for row in students}
    assert by_id["s039"]["status"] == "missing"
    assert by_id["s040"]["status"] == "ungraded"
    assert by_id["s040"]["versions"] == "1"
    assert by_id["s006"]["flags"] == "other_world"
    assert by_id["s018"]["flags"] == "", "whose market it fits has done nothing"
    assert by_id["s001"]["q6"] == ""
    items = table(written["items.csv"].read_text(encoding="utf-8"))
    assert [row["item"] for row in items] == list(POINTS)
    assert sum(int(row["mistake"]) for row in items) == sum(len(one.students) for one in findings.mistakes)
    assert not written["report.html"].stat().st_mode & 0o077  # nobody else's business


@given(st.text(max_size=30), st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", " =", "\n+", "＝"]))
def test_no_text_becomes_a_formula(text: str, start: str) -> None:
    cell = harmless(start + text)
    assert not cell.lstrip(" \u00a0\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert next(iter(csv.reader(StringIO(table_text([start + text, "x"], []), newline="")))) == [cell, "x"]


@pytest.mark.parametrize("text", [";=1", "a; =1", "b,-2+3", "|@x", "a\t+1"])
def test_no_formula_begins_within_where_lists_are_separated_otherwise(text: str) -> None:
    parts = re.split(r"[;,|\t]\s*", harmless(text))
    assert not any(part.startswith(("=", "+", "-", "@")) for part in parts)


def test_numbers_stay_numbers() -> None:
    assert [harmless(one) for one in (-1.0, 2.50, 3, None, 1e-9)] == ["-1", "2.5", "3", "", "0"]


def test_what_is_not_there_is_told(course: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=NAME):
        findings_of(course, "02-other")
    with pytest.raises(CourseError, match="no gradebook"):
        findings_of(course, NAME, url=f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(CourseError, match="--course"):
        findings_of(tmp_path, NAME)


def test_a_place_that_cannot_be_written_is_told(findings: Findings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="--out"):
        write_report(findings, tmp_path / "file")


def test_the_command(course: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        report_command(), [NAME, "--course", str(course), "--out", str(tmp_path)], standalone_mode=False
    )
    assert ran.exception is None
    assert (tmp_path / "report.html").is_file()
    ran = CliRunner().invoke(
        report_command(), [NAME, "--course", str(course), "--json"], standalone_mode=False
    )
    told: dict[str, Any] = json.loads(ran.output)
    assert told["missing"] == ["s039"]
    assert len(told["graded"]) == 38


@pytest.fixture(scope="module")
def address(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write the report; return its address."""
    return write_report(findings, tmp_path_factory.mktemp("report"))[0].as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_is_accessible_and_fits_a_phone(
    browser: Any, axe: Callable[[Any], list[str]], address: str, dark: bool
) -> None:
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    complaints: list[str] = []
    plain = context.new_page()
    plain.on("console", lambda said: complaints.append(said.text))
    plain.goto(address)
    assert plain.evaluate("document.documentElement.scrollWidth") <= 360
    assert not complaints  # the policy lets all of it through
    context.close()
    # The rules are a script, which the page's own policy refuses.
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    reader = context.new_page()
    reader.goto(address)
    assert axe(reader) == []
    context.close()


def test_a_report_replaces_the_one_before(course: Path, tmp_path: Path) -> None:
    """A report replaces an earlier one, and leaves no half file."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    (copy / "nbgrader_config.py").write_text(
        (course / "nbgrader_config.py").read_text().replace(str(course), str(copy))
    )
    for _again in range(2):
        write_report(findings_of(copy, NAME), copy / "report")
    names = sorted(path.name for path in (copy / "report").iterdir())
    assert names == ["cells.csv", "flags.csv", "items.csv", "mistakes.csv", "report.html", "students.csv"]
