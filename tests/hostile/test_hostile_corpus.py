"""The corpus itself: each trick is built as meant."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from corpus import CORPUS, IN_CODE
from harness import NAME, REPOSITORY, Found, complaints, released
from outside import Outside
from trick import FULL, WRONG, Facts, cell_of, notebook_of, written


@pytest.fixture(scope="module")
def sheet():
    return released(REPOSITORY / "assignments" / "source" / NAME / "assignment.ipynb")


@pytest.fixture
def facts(tmp_path):
    words = {"PORT": "1", "TOKEN": "lingers-0", "PIDNS": "pid:[0]"}
    (tmp_path / "submitted" / "honest-a" / NAME).mkdir(parents=True)
    (tmp_path / "submitted" / "honest-a" / NAME / "assignment.ipynb").write_text("{}")
    return Facts(tmp_path, tmp_path, words)


def test_there_are_more_than_two_hundred_each_with_a_name_and_a_reason():
    assert len(CORPUS) >= 200
    assert [name for name, count in Counter(trick.name for trick in CORPUS).items() if count > 1] == []
    assert [name for name, count in Counter(trick.owner for trick in CORPUS).items() if count > 1] == []
    assert [trick.name for trick in CORPUS if len(trick.why) < 5 or "\n" in trick.why] == []


def test_no_trick_may_get_more_than_there_is_and_q2_is_gained_by_known_ones_only():
    for trick in CORPUS:
        assert all(0 <= trick.at_most(name) <= points for name, points in FULL.items()), trick.name
        assert trick.at_most("q2") == 0 or trick.known, trick.name
        assert all(trick.at_most(name) == FULL[name] for name in trick.keep), trick.name


def test_the_code_of_each_trick_stands_in_its_notebook_and_no_fact_is_missing(sheet, facts):
    for trick in IN_CODE:
        notebook = notebook_of(trick, sheet, facts)
        nbformat.validate(nbformat.from_dict(json.loads(json.dumps(notebook))))
        text = cell_of(notebook, "q2-answer")["source"]
        assert facts.fill(trick.code) in text, trick.name
        assert not trick.answer or text.endswith(facts.fill(trick.answer)), trick.name
        sources = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        for word in ("@ROOT@", "@OUTSIDE@", "@PORT@", "@TOKEN@", "@PIDNS@"):
            assert word not in sources, trick.name


def test_each_trick_in_a_file_changes_what_is_handed_in(sheet, facts, tmp_path):
    for number, trick in enumerate(one for one in CORPUS if one.in_file):
        folder = tmp_path / f"folder-{number}"
        folder.mkdir()
        written(trick, sheet, facts, folder)
        plain = json.dumps(notebook_of(trick, sheet, facts)).encode()
        notebook = folder / "assignment.ipynb"
        changed = (
            [one.name for one in folder.iterdir()] != ["assignment.ipynb"]
            or not notebook.is_file()
            or notebook.is_symlink()
        )
        stat = notebook.lstat() if os.path.lexists(notebook) else None
        odd = stat is not None and (stat.st_mtime > 2**32 or stat.st_mode & 0o777 == 0)
        assert changed or odd or notebook.read_bytes() != plain, trick.name
        (folder / "closed").chmod(0o700) if (folder / "closed").is_dir() else None


def test_a_wrong_answer_is_wrong_for_everybody():
    from narrowcast.judge import Reason, load_key
    from narrowcast.worlds import open_world

    key = load_key(REPOSITORY / "assignments" / NAME / "key.py")
    answer = float(WRONG.split("=")[1])
    for student in ("honest-a", *(trick.owner for trick in CORPUS[::40])):
        verdict = key.judge("q2", answer, open_world("hcmc-fashion", student=student, salt="narrowcast"))
        assert verdict.reason is Reason.WRONG


@pytest.mark.parametrize(
    "name",
    [
        "stays-pth",
        "bomb-disk-everywhere",
        "ours-source-written",
        "ends-kill-all",
        "ends-kill-first",
        "ends-kill-group",
        "ends-stop-parent",
        "asks-end-of-its-group",
        "asks-stop-of-its-group",
    ],
)
def test_what_would_harm_this_machine_gives_up_outside_a_sandbox(name):
    trick = next(one for one in CORPUS if one.name == name)
    here = str(Path("/proc/self/ns/pid").readlink())
    code = Facts(REPOSITORY, REPOSITORY, {"PIDNS": here}).fill(trick.code)
    assert code.startswith("\nimport os\nassert os.readlink")
    with pytest.raises(AssertionError, match="shut in"):
        exec("\n".join(code.splitlines()[:3]), {})


MARKS = {"q1": 2.0, "q2": 0.0, "q3": 2.0, "q4": 4.0, "q5": 0.0, "q6": None}


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (None, "lost"),
        (Found({}, why="no"), "lost"),
        (Found({**MARKS, "q2": 0.5}), "at most"),
        (Found({**MARKS, "q1": 2.5}), "at most"),
        (Found({**MARKS, "q5": -1.0}), "at most"),
        (Found({**MARKS, "q6": 1.0}), "at most"),
        (Found({**MARKS, "q3": 0.0}), "lost its marks"),
        (Found({**MARKS, "q4": None}), "lost its marks"),
        (Found(MARKS, said="xCANARY-1x"), "saw"),
        (Found(MARKS, said="LEAK:key"), "saw"),
    ],
)
def test_each_breach_of_the_promise_is_seen(found, word):
    trick = next(one for one in CORPUS if one.name == "reads-key")
    assert complaints(trick, Found(MARKS), ["CANARY-1"]) == []
    assert word in complaints(trick, found, ["CANARY-1"])[0]


def test_what_must_be_told_and_was_not_is_seen():
    trick = next(one for one in CORPUS if one.name == "ends-os-exit")
    assert complaints(trick, Found(MARKS, {"died"}), []) == []
    assert "told" in complaints(trick, Found(MARKS, {"error"}), [])[0]


def test_every_way_out_is_watched(tmp_path):
    outside = Outside(tmp_path / "outside", tmp_path)
    try:
        assert outside.touched() == []
        port, token, door = outside.port, outside.token, tmp_path / "outside" / "door"
        lingering = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(60)  # {token}"])
        with (
            socket.create_connection(("127.0.0.1", port)),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            udp.sendto(b"x", ("127.0.0.1", port))
        for name in (str(door), "\0" + token):
            with socket.socket(socket.AF_UNIX) as link:
                link.connect(name)
        (tmp_path / "outside" / "written").touch()
        expected = ["file", "process", "visit", "visit", "visit", "visit"]
        until = time.monotonic() + 20
        while time.monotonic() < until and sorted(one.split(":")[0] for one in outside.touched()) != expected:
            time.sleep(0.01)
        assert sorted(one.split(":")[0] for one in outside.touched()) == expected
    finally:
        outside.close()
    assert lingering.wait(timeout=20) < 0
