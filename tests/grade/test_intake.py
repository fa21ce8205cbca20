"""Whatever a student hands in becomes a notebook that can be run, and each honest answer stays in it."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import NAME, REPOSITORY

from narrowcast.grade.intake import Intake, Template, read_submission
from narrowcast.grade.intake import reading as reading_module
from narrowcast.grade.intake.slimming import TooMuch, slim

SOURCE = REPOSITORY / "assignments" / "source" / NAME / "assignment.ipynb"
TEMPLATE = Template.read(SOURCE, code_stub="# Your code here", text_stub="*Your answer here*")
ANSWER = "conversion_rate = 0.25  # đúng"
Json = dict[str, Any]


def handed_out() -> Json:
    """The notebook as a student opens it."""
    notebook = json.loads(SOURCE.read_text(encoding="utf-8"))
    for cell, slot in zip(notebook["cells"], TEMPLATE.cells, strict=True):
        cell["source"] = slot.handed_out.splitlines(keepends=True)
    return notebook


def named(notebook: Json, name: str) -> Json:
    found = [one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == name]
    assert len(found) == 1
    return found[0]


def solved() -> Json:
    notebook = handed_out()
    named(notebook, "q2-answer")["source"] = [ANSWER]
    named(notebook, "q6")["source"] = "Broadcast is not dead."
    return notebook


def read(folder: Path, content: Json | bytes | str, name: str = "assignment.ipynb") -> Intake:
    data = json.dumps(content, ensure_ascii=False) if isinstance(content, dict) else content
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    return checked(read_submission(folder / "assignment.ipynb", TEMPLATE))


def checked(intake: Intake, template: Template = TEMPLATE) -> Intake:
    """Hold a notebook to what is promised of every one."""
    nbformat.validate(intake.notebook)
    json.dumps(intake.notebook, ensure_ascii=False, allow_nan=False).encode()
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in intake.notebook["cells"]]
    names = [name for name in names if name]
    assert sorted(names) == sorted(template.slots)
    locked = [name for name in names if template.slots[name].locked]
    assert locked == [slot.name for slot in template.slots.values() if slot.locked]
    for name, slot in template.slots.items():
        cell = named(intake.notebook, name)
        assert cell["cell_type"] == slot.kind
        assert cell["metadata"]["nbgrader"].get("points", 0) == slot.points
        if slot.locked:
            assert cell["source"] == slot.source
        check = next((one.name for one in template.cells[slot.place :] if one.role == "check"), None)
        if slot.role == "answer" and check:
            assert names.index(name) < names.index(check)
    return intake


def kinds(intake: Intake) -> set[str]:
    return {repair.kind for repair in intake.repairs}


def texts(intake: Intake) -> list[str]:
    return [cell["source"] for cell in intake.notebook["cells"]]


def test_an_honest_notebook_is_left_alone(tmp_path: Path) -> None:
    intake = read(tmp_path, solved())
    assert (intake.repairs, intake.quarantined) == ((), "")
    assert texts(intake) == ["".join(cell["source"]) for cell in solved()["cells"]]
    assert intake.untouched == ("q1-answer", "q3-answer", "q4-answer", "q5-answer")
    assert intake.written == (ANSWER,)


def test_solutions_never_come_with_the_template() -> None:
    assert "SOLUTION" not in "".join(slot.source for slot in TEMPLATE.cells)
    assert "old" not in TEMPLATE.slots["q1-answer"].source.replace('"old" or "new"', "")


@pytest.mark.parametrize(
    ("encoded", "kind"),
    [
        (lambda text: b"\xef\xbb\xbf" + text.encode(), "encoding"),
        (lambda text: text.encode("utf-16"), "encoding"),
        (lambda text: text.encode("utf-16-le"), "encoding"),
        (lambda text: text.encode("utf-32"), "encoding"),
        (lambda text: text.encode().replace(b'"nbformat"', b'\0\0"nbformat"'), "zeros"),
    ],
)
def test_a_wrong_encoding_is_read(tmp_path: Path, encoded: Callable[[str], bytes], kind: str) -> None:
    intake = read(tmp_path, encoded(json.dumps(solved(), ensure_ascii=False)))
    assert intake.quarantined == ""
    assert kinds(intake) == {kind}
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER


def test_latin_letters_of_one_byte_are_read(tmp_path: Path) -> None:
    notebook = solved()
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).encode("ascii", "ignore").decode()
    named(notebook, "q6")["source"] = "Café, naïve"
    intake = read(tmp_path, json.dumps(notebook, ensure_ascii=False).encode("latin-1"))
    assert named(intake.notebook, "q6")["source"] == "Café, naïve"
    assert "encoding" in kinds(intake)


def test_a_file_that_was_cut_off_keeps_its_whole_cells(tmp_path: Path) -> None:
    text = json.dumps(solved(), indent=1)
    intake = read(tmp_path, text[: text.index("4b4da866")])
    assert intake.quarantined
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER
    assert named(intake.notebook, "q5-answer")["source"] == ""
    assert "q5-answer" in intake.untouched
    assert 'student = ""  # your student id, between the quotation marks' in texts(intake)


def test_a_hole_in_the_middle_costs_its_cell_alone(tmp_path: Path) -> None:
    notebook = solved()
    named(notebook, "q5-answer")["source"] = "my_plan = 1"
    text = json.dumps(notebook)
    hole = text.index('"b328981d"')
    intake = read(tmp_path, text[:hole] + "#####" + text[hole + 5 :])
    assert intake.quarantined
    assert [named(intake.notebook, name)["source"] for name in ("q2-answer", "q5-answer")] == [
        ANSWER,
        "my_plan = 1",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n", b"not json", b"[]", b"null", b"3", b'"cells"', b"{}", b'{"cells": 3}', b'{"cells": [3, null]}',
        b"[" * 100_000, b'{"cells": ' + b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"\xff\xfe\x00\xd8",
        b"\0" * 5000, b'{"cells": [' + b"1" * 6000, bytes(range(256)) * 8,
        b'{"cells": [{"cell_type": "code", "source": ' * 500, b'{"nbformat": 5, "cells": {"a": {}}}',
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_quarantined_and_told(tmp_path: Path, content: bytes) -> None:
    intake = read(tmp_path, content)
    assert intake.quarantined
    names = {slot.name for slot in TEMPLATE.slots.values() if slot.role in {"answer", "written"}}
    assert set(intake.untouched) == names


def test_only_a_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere.ipynb"
    secret.write_text(json.dumps(solved()))
    for number, make in enumerate((Path.mkdir, os.mkfifo, lambda path: path.symlink_to(secret))):
        folder = tmp_path / str(number)
        folder.mkdir()
        make(folder / "assignment.ipynb")
        intake = checked(read_submission(folder / "assignment.ipynb", TEMPLATE))
        assert intake.quarantined
        assert ANSWER not in texts(intake)
    assert checked(read_submission(Path("/dev/zero"), TEMPLATE)).quarantined
    assert checked(read_submission(tmp_path / "no\0name", TEMPLATE)).quarantined


def test_a_machine_in_trouble_is_no_fault_of_a_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> int:
        raise OSError(reading_module.errno.EMFILE, "Too many open files")

    read(tmp_path, solved())
    monkeypatch.setattr(reading_module.os, "open", full)
    with pytest.raises(OSError, match="Too many"):
        read_submission(tmp_path / "assignment.ipynb", TEMPLATE)


def test_a_locked_file_is_quarantined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_given: object) -> int:
        raise PermissionError(reading_module.errno.EACCES, "Permission denied")

    read(tmp_path, solved())
    monkeypatch.setattr(reading_module.os, "open", locked)
    assert (
        "Permission denied" in checked(read_submission(tmp_path / "assignment.ipynb", TEMPLATE)).quarantined
    )


def test_outputs_without_end_are_dropped_while_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_module, "WHOLE", 1 << 16)
    monkeypatch.setattr(reading_module, "KEPT", 1 << 18)
    notebook = solved()
    named(notebook, "q1")["outputs"] = [{"data": {"image/png": 'x]\\"[' * 200_000}, "metadata": {}}]
    intake = read(tmp_path, notebook)
    assert (kinds(intake), intake.quarantined) == ({"large"}, "")
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER
    named(notebook, "q2-answer")["source"] = "x" * (1 << 19)
    assert "too large" in read(tmp_path, notebook).quarantined


def test_slimming_keeps_all_but_the_outputs() -> None:
    text = '{"a": "say \\"outputs\\": [1]", "outputs": [{"x": ["]"]}, []], "outputs" : 3, "b": [1]}'
    assert json.loads(slim(text.encode(), 1000)) == {**json.loads(text), "outputs": 3}
    assert slim(b'{"outputs": [1, [2', 100) == b'{"outputs": ['
    endless = b'"\\' * 1_000_000  # a string without an end is walked through once
    assert slim(endless, len(endless)) == endless
    with pytest.raises(TooMuch):
        slim(b"[" * 100, 1000, tokens=50)
    with pytest.raises(TooMuch):
        slim(b'{"outputs": [' + b"[" * 100, 1000, tokens=50)


def test_old_formats_are_read(tmp_path: Path) -> None:
    old = nbformat.convert(nbformat.from_dict(solved()), 3)
    intake = read(tmp_path, json.dumps(old))
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER
    assert intake.quarantined == ""
    for minor in range(5):
        notebook = solved() | {"nbformat_minor": minor}
        for cell in notebook["cells"]:
            cell.pop("id")
        assert kinds(read(tmp_path, notebook)) == set()
    assert kinds(read(tmp_path, solved() | {"nbformat": 5})) == {"format"}


def test_a_notebook_without_metadata_gets_them_back(tmp_path: Path) -> None:
    notebook = solved()
    del notebook["metadata"], notebook["nbformat"], notebook["nbformat_minor"]
    intake = read(tmp_path, notebook)
    assert intake.notebook["metadata"] == handed_out()["metadata"]
    assert intake.quarantined == ""


def test_not_a_number_in_metadata_harms_nothing(tmp_path: Path) -> None:
    notebook = solved()
    notebook["metadata"]["x"] = float("nan")
    named(notebook, "q1")["metadata"]["nbgrader"]["points"] = float("inf")
    assert kinds(read(tmp_path, notebook)) == {"metadata"}


def test_names_that_were_lost_are_known_by_their_ids(tmp_path: Path) -> None:
    notebook = solved()
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    intake = read(tmp_path, notebook)
    assert (kinds(intake), intake.quarantined) == ({"name"}, "")
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER
    assert len(intake.notebook["cells"]) == len(TEMPLATE.cells)


def test_the_copy_that_was_filled_in_counts(tmp_path: Path) -> None:
    for order in (0, 1):
        notebook = solved()
        filled = named(notebook, "q2-answer")
        at = notebook["cells"].index(filled)
        empty = {**copy.deepcopy(filled), "source": TEMPLATE.slots["q2-answer"].source}
        notebook["cells"].insert(at + order, empty)
        intake = read(tmp_path, notebook)
        assert named(intake.notebook, "q2-answer")["source"] == ANSWER
        assert len(intake.notebook["cells"]) == len(
            TEMPLATE.cells
        )  # an empty copy below would undo the answer
        assert intake.for_student


def test_of_several_answers_the_last_counts_and_none_is_lost(tmp_path: Path) -> None:
    notebook = solved()
    at = notebook["cells"].index(named(notebook, "q2-answer"))
    notebook["cells"].insert(
        at + 1, {**copy.deepcopy(notebook["cells"][at]), "source": "conversion_rate = 2"}
    )
    intake = read(tmp_path, notebook)
    assert named(intake.notebook, "q2-answer")["source"] == "conversion_rate = 2"
    assert ANSWER in texts(intake)


def test_a_deleted_answer_comes_back_empty_and_undoes_nothing(tmp_path: Path) -> None:
    notebook = solved()
    cell = named(notebook, "q2-answer")
    del cell["metadata"]["nbgrader"]
    cell["id"] = "another"
    intake = read(tmp_path, notebook)
    assert named(intake.notebook, "q2-answer")["source"] == ""
    order = texts(intake)
    assert order.index(ANSWER) < order.index(TEMPLATE.slots["q2"].source)
    assert kinds(intake) == {"missing"}


def test_a_text_without_its_name_is_taken_in_its_place(tmp_path: Path) -> None:
    notebook = solved()
    cell = named(notebook, "q6")
    cell["metadata"], cell["id"] = {}, "another"
    intake = read(tmp_path, notebook)
    assert named(intake.notebook, "q6")["source"] == "Broadcast is not dead."
    notebook["cells"].append({**cell, "id": "third", "source": "And a second part."})
    intake = read(tmp_path, notebook)
    assert "q6" not in intake.untouched  # a person has to look
    assert {"Broadcast is not dead.", "And a second part."} <= set(texts(intake))


def test_deleted_checks_come_back_behind_what_they_check(tmp_path: Path) -> None:
    notebook = solved()
    notebook["cells"] = [one for one in notebook["cells"] if not one.get("id", "").startswith("check-")]
    intake = read(tmp_path, notebook)
    assert texts(intake) == ["".join(cell["source"]) for cell in solved()["cells"]]


def test_moved_cells_come_back_and_the_students_order_stays_where_it_can(tmp_path: Path) -> None:
    notebook = solved()
    cells = notebook["cells"]
    cells.insert(0, cells.pop(cells.index(named(notebook, "q2"))))
    intake = read(tmp_path, notebook)
    assert kinds(intake) == {"moved"}
    assert texts(intake) == ["".join(cell["source"]) for cell in solved()["cells"]]
    # An answer that needs another one below it may stand there, as long as its check comes later.
    notebook = solved()
    cells = notebook["cells"]
    cells.insert(9, cells.pop(cells.index(named(notebook, "q4-answer"))))
    assert kinds(read(tmp_path, notebook)) == set()


def test_a_check_goes_to_an_answer_below_it(tmp_path: Path) -> None:
    notebook = solved()
    cells = notebook["cells"]
    at = cells.index(named(notebook, "q2"))
    own = {
        "cell_type": "code",
        "metadata": {},
        "id": "own",
        "outputs": [],
        "execution_count": 1,
        "source": "half = 2",
    }
    cells[at - 1 : at + 1] = [cells[at], own, cells[at - 1]]
    order = texts(read(tmp_path, notebook))
    assert order.index("half = 2") < order.index(ANSWER) < order.index(TEMPLATE.slots["q2"].source)


def test_cells_that_were_turned_are_turned_back(tmp_path: Path) -> None:
    notebook = solved()
    for name, kind in (("q2-answer", "markdown"), ("q2", "markdown"), ("q6", "code"), ("q3", "raw")):
        named(notebook, name)["cell_type"] = kind
    intake = read(tmp_path, notebook)
    assert kinds(intake) == {"turned"}
    assert named(intake.notebook, "q2-answer")["source"] == ANSWER
    assert named(intake.notebook, "q6")["source"] == "Broadcast is not dead."


def test_what_is_locked_comes_back_and_the_student_is_told(tmp_path: Path) -> None:
    notebook = solved()
    named(notebook, "q2")["source"] = "2.0"
    named(notebook, "given-1")["source"] = []
    named(notebook, "q1")["metadata"]["nbgrader"].update(points=99, solution=True, grade="no")
    intake = read(tmp_path, notebook)
    assert {(one.kind, one.cell) for one in intake.repairs} == {
        ("changed", "q2"), ("changed", "given-1"), ("metadata", "q1"),
    }  # fmt: skip
    assert len(intake.for_student) == 2


def test_strange_cells_are_made_plain(tmp_path: Path) -> None:
    notebook = solved()
    strange = [
        {"cell_type": "poem", "source": "x = 1"}, {"cell_type": [], "source": {"a": 1}}, {"source": ["a", 3, "b"]},
        {"cell_type": "code"}, {"cell_type": "heading", "level": 2, "source": "Part"}, "text", None,
        {"cell_type": "heading", "level": [], "source": "Part"}, {"cell_type": "code", "source": "\ud800 \0"},
        {"cell_type": "code", "source": "y", "metadata": {"nbgrader": {"grade_id": "q99", "grade": True}}},
        {"cell_type": "code", "source": "z", "metadata": {"nbgrader": {"grade_id": ["q1"]}}, "attachments": {"a": {}}},
        {"cell_type": "markdown", "source": "m", "attachments": {"a.png": {"image/png": "AAAA", "b": 3}, "c": 1}},
        {"cell_type": "markdown", "source": "n", "id": notebook["cells"][0]["id"], "attachments": []},
        {"cell_type": "markdown", "source": "o", "id": "not valid!"}, {"cell_type": "code", "metadata": 3, "source": 7},
    ]  # fmt: skip
    notebook["cells"] += strange
    intake = read(tmp_path, json.dumps(notebook))
    assert {"x = 1", "ab", "## Part", "# Part", "\ufffd \ufffd", "y", "z"} <= set(texts(intake))
    assert {"kind", "no text", "no cell", "letters", "unknown"} <= kinds(intake)
    picture = next(cell for cell in intake.notebook["cells"] if cell["source"] == "m")
    assert picture["attachments"] == {"a.png": {"image/png": "AAAA"}}


def test_letters_of_two_halves_stay(tmp_path: Path) -> None:
    notebook = solved()
    named(notebook, "q6")["source"] = ["\U0001f600 ok"]
    intake = read(tmp_path, json.dumps(notebook))
    assert (named(intake.notebook, "q6")["source"], intake.repairs) == ("\U0001f600 ok", ())


def twin(folder: Path, content: Json | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_renamed_notebook_is_found(tmp_path: Path) -> None:
    wanted = tmp_path / "assignment.ipynb"
    other = twin(tmp_path, {"cells": [], "nbformat": 4}, "scratch.ipynb")
    empty = twin(tmp_path, handed_out(), "assignment-Copy1.ipynb")
    filled = twin(tmp_path, solved(), "assignment (1).ipynb")
    for _case in ("missing", "empty", "broken"):
        intake = checked(read_submission(wanted, TEMPLATE, [other, empty, filled]))
        assert (intake.file, intake.quarantined, kinds(intake)) == (filled, "", {"renamed"})
        twin(tmp_path, handed_out() if _case == "missing" else b"{", wanted.name)


def test_the_right_name_counts_and_the_other_is_told(tmp_path: Path) -> None:
    wanted = twin(tmp_path, solved(), "assignment.ipynb")
    other = twin(tmp_path, solved(), "assignment-Copy1.ipynb")
    intake = checked(read_submission(wanted, TEMPLATE, [other]))
    assert (intake.file, kinds(intake)) == (wanted, {"extra"})
    assert "assignment-Copy1.ipynb" in intake.for_student[0]


def test_a_notebook_of_something_else_is_quarantined_and_runs_after_all(tmp_path: Path) -> None:
    own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "x = 1"}
    intake = read(tmp_path, {"cells": [own], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert "no cell of this assignment" in intake.quarantined
    assert "x = 1" in texts(intake)
