"""Receipts: each version is noted once, by our clock, and nothing is ever taken out."""

from __future__ import annotations

import errno
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from narrowcast.errors import CourseError
from narrowcast.grade import receipts
from narrowcast.grade.intake import hashing
from narrowcast.grade.receipts import receipts_path, receive


def hand_in(root: Path, student: str, text: str = "x", name: str = "a.ipynb", claimed: str = "") -> Path:
    folder = root / "submitted" / student / "ps1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    if claimed:
        (folder / "timestamp.txt").write_text(claimed)
    return folder


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def test_a_submission_is_noted_once(tmp_path: Path) -> None:
    before = now()
    hand_in(tmp_path, "ann", claimed="2020-01-01 00:00:00 UTC\n")
    hand_in(tmp_path, "bob")
    first = receive(tmp_path, "ps1")
    assert [(one.student, one.assignment, one.claimed, one.problem) for one in first] == [
        ("ann", "ps1", "2020-01-01 00:00:00 UTC", ""), ("bob", "ps1", "", ""),
    ]  # fmt: skip
    assert all(before <= one.received <= now() for one in first)
    assert receive(tmp_path, "ps1") == first
    assert receive(tmp_path, "ps2") == []


def test_every_version_gets_a_receipt_and_the_last_is_what_lies_there(tmp_path: Path) -> None:
    for text in ("one", "two", "one"):
        hand_in(tmp_path, "ann", text)
        found = receive(tmp_path, "ps1")
    assert len(found) == 3
    assert found[0].hash == found[2].hash != found[1].hash
    assert [one.received for one in found] == sorted({one.received for one in found})


def test_receipts_outlive_what_was_handed_in(tmp_path: Path) -> None:
    folder = hand_in(tmp_path, "ann")
    before = receive(tmp_path, "ps1")
    (folder / "a.ipynb").unlink()
    folder.rmdir()
    assert receive(tmp_path, "ps1") == before


@pytest.mark.parametrize(
    "statement",
    [
        "delete from receipts", "update receipts set received = '2020-01-01'",
        "insert or replace into receipts select 1, student, assignment, hash, '2020', claimed, problem from receipts",
    ],
)  # fmt: skip
def test_nothing_is_changed_or_taken_out(tmp_path: Path, statement: str) -> None:
    hand_in(tmp_path, "ann")
    before = receive(tmp_path, "ps1")
    with sqlite3.connect(receipts_path(tmp_path)) as db, pytest.raises(sqlite3.IntegrityError, match="never"):
        db.execute(statement)
    assert receive(tmp_path, "ps1") == before


def test_a_clock_that_is_put_back_leaves_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(tmp_path, "ann", "one")
    first = receive(tmp_path, "ps1")[0]

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - timedelta(days=1)

    monkeypatch.setattr(receipts, "datetime", Yesterday)
    hand_in(tmp_path, "ann", "two")
    assert receive(tmp_path, "ps1")[1].received > first.received


def test_names_count_and_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("one")
    folder = hand_in(tmp_path, "ann")
    hashes = [hashing.hash_of(folder)[0]]
    (folder / "a.ipynb").rename(folder / "b.ipynb")
    hashes.append(hashing.hash_of(folder)[0])
    (folder / "link").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    hashes.append(hashing.hash_of(folder)[0])
    assert len(set(hashes)) == 3
    secret.write_text("two")
    assert hashing.hash_of(folder) == (hashes[-1], "")
    (folder / "timestamp.txt").symlink_to(secret)
    assert receive(tmp_path, "ps1")[0].claimed == ""


def test_one_file_cannot_pass_for_two(tmp_path: Path) -> None:
    for name, files in (("p", {"a": "b", "c": ""}), ("q", {"a": "", "c": "b"}), ("r", {"ab": "", "c": ""})):
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    assert len({hashing.hash_of(tmp_path / name)[0] for name in "pqr"}) == 3


def test_odd_names_and_pipes_stop_nobody(tmp_path: Path) -> None:
    folder = hand_in(tmp_path, "ann")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe\n'.ipynb")).write_bytes(b"x")
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "timestamp.txt")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/submitted/\xffodd/ps1"))
    odd.mkdir(parents=True)
    (tmp_path / "submitted" / "file").mkdir()
    (tmp_path / "submitted" / "file" / "ps1").write_text("no folder")
    deep = folder
    for _level in range(60):
        deep /= "d"
    deep.mkdir(parents=True)
    assert [one.student for one in receive(tmp_path, "ps1")] == [
        "\\xffodd".replace("\\x", "\\udc"),
        "ann",
        "file",
    ]


def test_a_tree_that_cannot_be_read_is_told_and_the_class_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = hand_in(tmp_path, "ann"), os.open
    hand_in(tmp_path, "bob")

    def locked(path: os.PathLike[str] | str, *rest: int) -> int:
        if Path(path) == folder / "a.ipynb":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(hashing.os, "open", locked)
    assert [one.problem for one in receive(tmp_path, "ps1")] == ["/a.ipynb: Permission denied", ""]


def test_reading_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = hand_in(tmp_path, "ann", "x" * 100)
    whole, _problem = hashing.hash_of(folder)
    monkeypatch.setattr(hashing, "LARGEST", 50)
    part, problem = hashing.hash_of(folder)
    assert part != whole
    assert "more than" in problem
    monkeypatch.setattr(hashing, "MOST", 1)
    assert "more than 1 files" in hashing.hash_of(folder)[1]


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    hand_in(tmp_path, "ann")
    receipts_path(tmp_path).write_bytes(b"no database at all" * 100)
    with pytest.raises(CourseError, match="cannot be used"):
        receive(tmp_path, "ps1")
