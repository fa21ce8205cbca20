"""The ledger: rows come back as they went in, together or not at all."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import CourseError
from narrowcast.grade.ledger import Finished, Ledger, ledger_path

ROW = Finished(
    "a", "s001", "assignment", "hash", {"q1": {"score": 1.0}}, {"q1": 1.0, "q6": None}, {"q1": 2.0},
    {"q1": 0.01, "#0": 0.5}, {"#0": "timeout"}, [{"kind": "moved"}], "", [1, 2], {"q1": 0.25}, {"q1": 0.5},
    "2026-01-01",
)  # fmt: skip


def test_rows_come_back(tmp_path: Path) -> None:
    with Ledger(ledger_path(tmp_path)) as ledger:
        ledger.keep([ROW, replace(ROW, student="s000"), replace(ROW, assignment="b")])
        assert list(ledger.finished("a")) == [("s000", "assignment"), ("s001", "assignment")]
        assert ledger.finished("a")["s001", "assignment"] == ROW
    with Ledger(ledger_path(tmp_path)) as again:
        assert again.finished("b")["s001", "assignment"].assignment == "b"


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_name_can_be_kept(student: str, notebook: str) -> None:
    one = replace(ROW, student=student, notebook=notebook)
    with Ledger(Path(":memory:")) as ledger:
        try:
            ledger.keep([one])
        except UnicodeEncodeError:  # half a letter is no text of a database
            assert not ledger.finished("a")
        else:
            assert ledger.finished("a") == {(student, notebook): one}


def test_all_or_none(tmp_path: Path) -> None:
    with Ledger(ledger_path(tmp_path)) as ledger:
        ledger.keep([ROW])
        with pytest.raises(ValueError, match="JSON compliant"):
            ledger.keep(
                [replace(ROW, student="s002"), replace(ROW, student="s003", marks={"q": float("nan")})]
            )
        assert list(ledger.finished("a")) == [("s001", "assignment")]
        ledger.keep([replace(ROW, source="other")])
        assert ledger.finished("a")["s001", "assignment"].source == "other"


def test_a_student_is_forgotten(tmp_path: Path) -> None:
    with Ledger(ledger_path(tmp_path)) as ledger:
        ledger.keep([ROW, replace(ROW, student="s002")])
        ledger.forget("a", "s001")
        assert list(ledger.finished("a")) == [("s002", "assignment")]


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    file = ledger_path(tmp_path)
    file.write_text("a letter to a friend, long enough to be no database of any kind" * 100)
    with pytest.raises(CourseError, match="grade again"):
        Ledger(file)


def test_a_row_of_another_time_is_told(tmp_path: Path) -> None:
    with Ledger(ledger_path(tmp_path)):
        pass
    with sqlite3.connect(ledger_path(tmp_path)) as db:
        db.execute("insert into finished values ('a', 's', 'n', '{\"colour\": 1}')")
    with Ledger(ledger_path(tmp_path)) as ledger, pytest.raises(CourseError, match="cannot be used"):
        ledger.finished("a")
