"""Plain nbgrader notebooks of other courses: hidden tests, release versions, and what nbgrader itself would do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from narrowcast.errors import CourseError
from narrowcast.grade.intake import Template, read_submission
from narrowcast.grade.intake.clearing import handed_out

FILES = Path(nbgrader.__file__).parent / "tests" / "apps" / "files"
CODE, TEXT = "# YOUR CODE HERE\nraise NotImplementedError()", "YOUR ANSWER HERE"
PLAIN = [
    "test",
    "test-with-output",
    "submitted-unchanged",
    "test-hidden-tests",
    "side-effects",
    "infinite-loop",
]

needs_files = pytest.mark.skipif(
    not FILES.is_dir(), reason="nbgrader's test files are not here: pip install nbgrader"
)


def hidden_notebook(check: str = "") -> dict[str, Any]:
    answer = {"grade": False, "solution": True, "locked": False, "grade_id": "a", "schema_version": 3}
    test = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": "t",
        "points": 2,
        "schema_version": 3,
    }
    cells = [
        {"source": "x = 0\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "metadata": {"nbgrader": answer}},
        {"source": check or TESTS, "metadata": {"nbgrader": test}},
    ]
    cells = [{**cell, "cell_type": "code", "outputs": [], "execution_count": None} for cell in cells]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


TESTS = "assert x\n### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS\nassert x > 0"


def write(path: Path, notebook: dict[str, Any]) -> Path:
    path.write_text(json.dumps(notebook))
    return path


def test_hidden_tests_are_run_and_their_absence_is_no_change(tmp_path: Path) -> None:
    template = Template.read(write(tmp_path / "a.ipynb", hidden_notebook()), code_stub=CODE, text_stub=TEXT)
    assert template.slots["a"].source == f"x = 0\n{CODE}"
    student = hidden_notebook("assert x\nassert x > 0")
    intake = read_submission(write(tmp_path / "b.ipynb", student), template)
    assert (intake.repairs, intake.notebook["cells"][1]["source"]) == ((), TESTS)
    student["cells"][1]["source"] = "assert x"
    intake = read_submission(write(tmp_path / "b.ipynb", student), template)
    assert [repair.kind for repair in intake.repairs] == ["changed"]
    assert intake.notebook["cells"][1]["source"] == TESTS


def test_the_gradebooks_text_of_a_check_wins(tmp_path: Path) -> None:
    source = write(tmp_path / "a.ipynb", hidden_notebook("### AUTOTEST x"))
    template = Template.read(source, code_stub=CODE, text_stub=TEXT, texts={"t": "assert x == 1", "a": "no"})
    assert [slot.source for slot in template.cells] == [f"x = 0\n{CODE}", "assert x == 1"]


def test_what_is_hidden_is_cut_as_nbgrader_cuts_it() -> None:
    notebook = nbformat.from_dict(hidden_notebook())
    cleared, _resources = ClearHiddenTests().preprocess(notebook, {})
    assert handed_out(TESTS) == cleared.cells[1].source


def test_a_release_version_is_taken_as_it_is(tmp_path: Path) -> None:
    released = hidden_notebook("assert x")
    released["cells"][0]["source"] = "x = ..."
    template = Template.read(write(tmp_path / "a.ipynb", released))
    assert template.slots["a"].source == "x = ..."
    assert read_submission(tmp_path / "a.ipynb", template).untouched == ("a",)


@pytest.mark.parametrize(
    "broken", ["### BEGIN SOLUTION\nx", "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION"]
)
def test_a_solution_without_an_end_is_told(tmp_path: Path, broken: str) -> None:
    notebook = hidden_notebook()
    notebook["cells"][0]["source"] = broken
    with pytest.raises(CourseError, match="cannot be taken out"):
        Template.read(write(tmp_path / "a.ipynb", notebook), code_stub=CODE, text_stub=TEXT)


def test_two_cells_of_one_name_are_told(tmp_path: Path) -> None:
    notebook = hidden_notebook()
    notebook["cells"] *= 2
    with pytest.raises(CourseError, match="'a'"):
        Template.read(write(tmp_path / "a.ipynb", notebook))


@needs_files
@pytest.mark.parametrize("name", PLAIN)
def test_an_honest_plain_notebook_is_left_alone(tmp_path: Path, name: str) -> None:
    source = FILES / f"{name}.ipynb"
    template = Template.read(source, code_stub=CODE, text_stub=TEXT)
    notebook = nbformat.read(source, as_version=4)
    released, _resources = ClearHiddenTests().preprocess(ClearSolutions().preprocess(notebook, {})[0], {})
    intake = read_submission(write(tmp_path / "a.ipynb", released), template)
    nbformat.validate(intake.notebook)
    MetadataValidator().validate_nb(nbformat.from_dict(intake.notebook))
    assert (intake.repairs, intake.quarantined, intake.written) == ((), "", ())
    wanted = [cell.source for cell in nbformat.read(source, as_version=4).cells]
    for cell, original, shown in zip(intake.notebook["cells"], wanted, released.cells, strict=True):
        about = cell["metadata"].get("nbgrader", {})
        assert cell["source"] == (original if about.get("grade") and not about["solution"] else shown.source)


@needs_files
def test_a_check_that_was_commented_out_comes_back() -> None:
    template = Template.read(FILES / "submitted-unchanged.ipynb", code_stub=CODE, text_stub=TEXT)
    intake = read_submission(FILES / "submitted-grade-cell-changed.ipynb", template)
    assert "assert a == 1" in [cell["source"] for cell in intake.notebook["cells"]]
    assert ("changed", "bar") in {(one.kind, one.cell) for one in intake.repairs}
