"""Whatever valid JSON a real notebook is turned into: every check runs once, in order, with its own text."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_intake import TEMPLATE, checked, solved

from narrowcast.grade.intake import read_submission
from narrowcast.grade.intake.arranging import rising

NAMES = [*TEMPLATE.slots, "q99", "", "Δ"]
FIELDS = ["cell_type", "source", "metadata", "id", "outputs", "attachments", "execution_count"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(st.characters(exclude_categories=[]))
    | st.just(""),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FIELDS, "nbgrader", "x"]), inner)
    ),
    max_leaves=6,
)
KINDS = st.sampled_from(["code", "markdown", "raw", "heading", "poem"])
SOURCES = st.sampled_from(["", "x = 1", "\ud800", TEMPLATE.slots["q2"].source]) | st.lists(JSON, max_size=3)


WAYS = ["delete", "copy", "swap", "insert", "turn", "name", "text", "field", "about"]


def shuffle(draw: st.DrawFn, cells: list[Any], way: str, at: int) -> None:
    other = draw(st.integers(0, len(cells) - 1))
    if way == "delete":
        del cells[at : at + draw(st.integers(1, 6))]
    elif way == "copy":
        cells.insert(other, copy.deepcopy(cells[at]))
    elif way == "swap":
        cells[at], cells[other] = cells[other], cells[at]
    elif way == "insert":
        cells.insert(at, draw(JSON))


def change(draw: st.DrawFn, cell: dict[str, Any], way: str) -> None:
    if way == "turn":
        cell["cell_type"] = draw(KINDS | JSON)
    elif way == "name":
        cell["metadata"] = {
            "nbgrader": {"grade_id": draw(st.sampled_from(NAMES) | JSON), "grade": draw(JSON)}
        }
    elif way == "text":
        cell["source"] = draw(SOURCES)
    elif way == "field":
        cell[draw(st.sampled_from(FIELDS))] = draw(JSON)
    elif way == "about" and isinstance(cell.get("metadata"), dict):
        about = {key: draw(JSON) for key in draw(st.sets(st.sampled_from(["points", "locked", "solution"])))}
        old = cell["metadata"].get("nbgrader")
        cell["metadata"]["nbgrader"] = {**(old if isinstance(old, dict) else {}), **about}


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    notebook: dict[str, Any] = copy.deepcopy(solved())
    cells = notebook["cells"]
    for _step in range(draw(st.integers(1, 10))):
        if not cells:
            break
        at, way = draw(st.integers(0, len(cells) - 1)), draw(st.sampled_from(WAYS))
        if way in WAYS[:4]:
            shuffle(draw, cells, way, at)
        elif isinstance(cells[at], dict):
            change(draw, cells[at], way)
    for key in draw(st.sets(st.sampled_from(["metadata", "nbformat", "nbformat_minor"]))):
        notebook[key] = draw(JSON)
    return notebook


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "assignment.ipynb"


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(notebook=mutated())
def test_every_mutation_of_a_notebook_can_be_marked(place: Path, notebook: dict[str, Any]) -> None:
    place.write_text(json.dumps(notebook))
    checked(read_submission(place, TEMPLATE))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    notebook=JSON | st.dictionaries(st.sampled_from(["cells", "worksheets", "nbformat", "metadata"]), JSON)
)
def test_any_json_is_read(place: Path, notebook: object) -> None:
    place.write_text(json.dumps(notebook))
    checked(read_submission(place, TEMPLATE))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(json.dumps(solved()))), damage=st.binary(max_size=30))
def test_any_damage_to_the_bytes_is_read(place: Path, cut: int, damage: bytes) -> None:
    data = json.dumps(solved()).encode()
    place.write_bytes(data[:cut] + damage + data[cut + len(damage) :][: cut % 3 * 10_000])
    checked(read_submission(place, TEMPLATE))


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(len(TEMPLATE.cells))))
def test_no_order_of_the_cells_loses_an_answer(place: Path, order: list[int]) -> None:
    notebook = solved()
    notebook["cells"] = [notebook["cells"][at] for at in order]
    place.write_text(json.dumps(notebook))
    intake = checked(read_submission(place, TEMPLATE))
    before = sorted("".join(cell["source"]) for cell in solved()["cells"])
    assert sorted(cell["source"] for cell in intake.notebook["cells"]) == before
    assert intake.untouched == ("q1-answer", "q3-answer", "q4-answer", "q5-answer")


@given(st.permutations(range(8)))
def test_as_few_cells_as_can_be_are_moved(numbers: list[int]) -> None:
    chosen = rising(numbers)
    assert [number for number in numbers if number in chosen] == sorted(chosen)
    longest = [1] * len(numbers)
    for at in range(len(numbers)):
        longest[at] += max((longest[one] for one in range(at) if numbers[one] < numbers[at]), default=0)
    assert len(chosen) == max(longest)
