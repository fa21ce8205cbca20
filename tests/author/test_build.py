"""Notebooks are derived from text: the same bytes each time, and drift is told with its cure."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from narrowcast.author.build import build
from narrowcast.author.catalogue import update
from narrowcast.errors import BuildError, CourseError, UnknownName

SOURCE = "assignments/source/01-small"


def notebook(root: Path, name: str) -> dict:
    return json.loads((root / name).read_text(encoding="utf-8"))


def text_of(made: dict) -> str:
    return "\n".join("".join(cell["source"]) for cell in made["cells"])


def test_english_alone_can_be_built(root: Path) -> None:
    report = build(root, languages=("en",))
    names = {file.relative_to(root).as_posix() for file in report.written}
    assert names == {"course/01-small/lesson.ipynb", f"{SOURCE}/assignment.ipynb", f"{SOURCE}/questions.json"}
    assert build(root, languages=("en",), check=True).surplus == ()


def test_both_languages_are_built(bilingual: Path) -> None:
    build(bilingual)
    english = notebook(bilingual, "course/01-small/lesson.ipynb")
    vietnamese = notebook(bilingual, "course/01-small/lesson.vi.ipynb")
    assert english["metadata"]["language"] == "en"
    assert vietnamese["metadata"]["language"] == "vi"
    assert vietnamese["metadata"]["title"] == "«A small lesson»"
    assert 'nc.set_language("en")' in text_of(english)
    assert 'nc.set_language("vi")' in text_of(vietnamese)
    assert [cell["id"] for cell in english["cells"]] == [cell["id"] for cell in vietnamese["cells"]]
    assert "«your bet, a share»" in text_of(vietnamese)
    assert "- «Then bet.»" in text_of(vietnamese)
    hints = notebook(bilingual, f"{SOURCE}-vi/questions.json")["questions"]["q1"]["hints"]
    assert hints == ["«Orders over visits.»"]
    assert "Ngôn ngữ: Tiếng Việt" in text_of(notebook(bilingual, f"{SOURCE}-vi/assignment.ipynb"))


def test_the_marks_of_claims_are_not_built(root: Path) -> None:
    build(root, languages=("en",))
    for name in ("course/01-small/lesson.ipynb", f"{SOURCE}/assignment.ipynb"):
        assert "S9.1" not in (root / name).read_text(encoding="utf-8")


def test_built_notebooks_are_valid_and_carry_no_output(bilingual: Path) -> None:
    build(bilingual)
    files = sorted(bilingual.rglob("*.ipynb"))
    assert len(files) == 4
    for file in files:
        made = nbformat.read(file, as_version=4)
        nbformat.validate(made)
        MetadataValidator().validate_nb(made)
        assert made.metadata.kernelspec.name == "python3"
        assert all(cell.outputs == [] for cell in made.cells if cell.cell_type == "code")
        assert file.read_bytes().endswith(b"}\n")


def test_an_answer_is_followed_by_its_check(root: Path) -> None:
    build(root, languages=("en",))
    cells = notebook(root, f"{SOURCE}/assignment.ipynb")["cells"]
    grading = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells if cell["metadata"]}
    assert list(grading) == ["given-1", "q1-answer", "q1", "q2"]
    assert "".join(grading["q1"]["source"]) == 'nc.check("q1", rate).mark()'
    flags = ("grade", "solution", "locked")
    marks = {
        name: tuple(cell["metadata"]["nbgrader"][flag] for flag in flags) for name, cell in grading.items()
    }
    assert marks == {"given-1": (False, False, True), "q1-answer": (False, True, False),
                     "q1": (True, False, True), "q2": (True, True, False)}  # fmt: skip
    assert [grading[name]["metadata"]["nbgrader"]["points"] for name in ("q1", "q2")] == [2, 4]


def test_a_question_without_points_is_checked_and_not_graded(root: Path, edit) -> None:
    edit("assignments/01-small/key.py", '"points": 2', '"points": 0')
    edit("assignments/01-small/assignment.md", "points: 6", "points: 4")
    build(root, languages=("en",))
    cells = notebook(root, f"{SOURCE}/assignment.ipynb")["cells"]
    check = next(cell for cell in cells if cell["id"] == "check-q1")["metadata"]["nbgrader"]
    assert (check["grade"], check["locked"], "points" in check) == (False, True, False)


def test_building_again_changes_no_byte_and_no_time(bilingual: Path) -> None:
    first = build(bilingual)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in first.written}
    second = build(bilingual)
    assert second.written == ()
    assert set(second.unchanged) == set(first.written)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in first.written} == before


def test_one_changed_text_rewrites_its_own_notebook_alone(root: Path, edit) -> None:
    build(root, languages=("en",))
    edit("course/01-small/lesson.md", "Then bet.", "Then place a bet.")
    assert [file.name for file in build(root, languages=("en",)).written] == ["lesson.ipynb"]


def test_moving_a_cell_keeps_the_other_ids(root: Path, edit) -> None:
    build(root, languages=("en",))
    before = {cell["id"] for cell in notebook(root, "course/01-small/lesson.ipynb")["cells"]}
    edit("course/01-small/lesson.md", "# A small lesson\n", "# A small lesson\n\n+++\n\nNew.\n\n+++\n")
    build(root, languages=("en",))
    after = {cell["id"] for cell in notebook(root, "course/01-small/lesson.ipynb")["cells"]}
    assert len(before & after) == 2
    assert len(after) == 5


def test_cells_of_the_same_text_have_ids_of_their_own(root: Path, edit) -> None:
    edit("course/01-small/lesson.md", "<!-- tried", "+++\n\nSame.\n\n+++\n\nSame.\n\n<!-- tried")
    build(root, languages=("en",))
    ids = [cell["id"] for cell in notebook(root, "course/01-small/lesson.ipynb")["cells"]]
    assert len(ids) == len(set(ids))


def test_drift_is_told_with_its_cure_and_nothing_is_written(bilingual: Path) -> None:
    build(bilingual)
    drifted = bilingual / "course/01-small/lesson.ipynb"
    drifted.write_text(
        drifted.read_text(encoding="utf-8").replace("Then bet", "Then don't"), encoding="utf-8"
    )
    missing = bilingual / f"{SOURCE}/questions.json"
    missing.unlink()
    for name in (
        f"{SOURCE}/secret.md",
        "course/01-small/lesson.fr.ipynb",
        "course/locale/vi/LC_MESSAGES/x.mo",
    ):
        (bilingual / name).write_text("x", encoding="utf-8")
    before = {file: file.read_bytes() for file in bilingual.rglob("*") if file.is_file()}
    with pytest.raises(BuildError) as caught:
        build(bilingual, check=True)
    told = caught.value.problems
    assert [line.split(":")[0] for line in told] == [
        "course/01-small/lesson.ipynb", f"{SOURCE}/questions.json", f"{SOURCE}/secret.md",
        "course/01-small/lesson.fr.ipynb", "course/locale/vi/LC_MESSAGES/x.mo"]  # fmt: skip
    assert "narrowcast build" in told[0]
    assert "delete" in told[2]
    assert {file: file.read_bytes() for file in bilingual.rglob("*") if file.is_file()} == before


def test_surplus_is_left_for_a_person(root: Path) -> None:
    build(root, languages=("en",))
    stray = root / SOURCE / "notes.txt"
    stray.write_text("mine", encoding="utf-8")
    (root / SOURCE / ".ipynb_checkpoints").mkdir()
    (root / SOURCE / ".ipynb_checkpoints/assignment.ipynb").write_text("{}", encoding="utf-8")
    assert build(root, languages=("en",)).surplus == (stray,)
    assert stray.exists()


def test_a_stale_template_fails_the_check(bilingual: Path, edit) -> None:
    build(bilingual)
    (bilingual / "course/locale/course.pot").unlink()
    with pytest.raises(BuildError, match=r"course\.pot:1: .*narrowcast translate"):
        build(bilingual, check=True)
    update(bilingual)
    build(bilingual, check=True)


def test_no_half_built_file_is_left(root: Path) -> None:
    build(root, languages=("en",))
    assert not list(root.rglob(".*.new"))


def test_a_file_in_the_place_of_a_folder_is_told(root: Path) -> None:
    (root / "assignments/source").write_text("in the way", encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be written"):
        build(root, languages=("en",))


def test_where_no_course_is_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="holds no course"):
        build(tmp_path)


def test_an_unknown_language_is_told_with_those_there_are(root: Path) -> None:
    with pytest.raises(UnknownName, match="en, vi"):
        build(root, languages=("fr",))
