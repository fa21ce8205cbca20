"""The corpus itself: each trick is built as meant."""

from __future__ import annotations

import json
import os
from collections import Counter

import nbformat
import pytest
from corpus import CORPUS, IN_CODE
from harness import NAME, REPOSITORY, released
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
        changed = sorted(os.listdir(folder)) != ["assignment.ipynb"] or not notebook.is_file() or notebook.is_symlink()
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


@pytest.mark.parametrize("name", ["ends-kill-all", "ends-kill-first", "ends-kill-group", "ends-stop-parent"])
def test_signals_go_out_only_where_processes_are_shut_in(name):
    trick = next(one for one in CORPUS if one.name == name)
    here = os.readlink("/proc/self/ns/pid")
    code = Facts(REPOSITORY, REPOSITORY, {"PIDNS": here}).fill(trick.code)
    guard = code.split("import signal")[0]
    with pytest.raises(AssertionError):
        exec(guard, {})
