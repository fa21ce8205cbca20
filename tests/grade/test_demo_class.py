"""`narrowcast demo-class`: every mark is the one that the student should get."""

from __future__ import annotations

import csv
import json
import re

import pytest
from classroom import NAME, REPOSITORY

from narrowcast.grade.roster import roster
from narrowcast.grade.story import stories
from narrowcast.judge import load_key

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]

IDS = [f"s{number:03d}" for number in range(1, 13)]
SHOULD = {  # q1, q2, q3, q4; q5 from, to; q6 (None waits for a person)
    "s001": (2, 2, 2, 4, 5.4, 6, None),
    "s002": (2, 2, 2, 4, 5.4, 6, None),
    "s003": (2, 1, 1, 3, 2, 5, None),
    "s004": (2, 1, 1, 1, 5.4, 6, None),
    "s005": (0, 0.5, 1, 1, 0, 0, None),
    "s006": (2, 0, 0.5, 1, 0, 0, None),
    "s007": (2, 0, 0, 2, 0, 0, None),
    "s008": (1, 2, 0, 0, 0, 0, 0),
    "s009": (2, 2, 0, 4, 5.4, 6, None),
    "s010": (2, 2, 1, 0, 2, 5, None),
    "s011": (2, 2, 0, 4, 5.4, 6, None),
    "s012": (0, 0, 0, 0, 0, 0, 0),
}


def cells(notebook):
    return {cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in notebook.cells}


def shown(notebook, question):
    """Return what the check of a question showed."""
    outputs = cells(notebook)[question].outputs
    return "\n".join(one.data["text/plain"] for one in outputs if one.output_type == "display_data")


def test_twelve_of_twelve(demo):
    assert demo.code == 0, demo.said + demo.complained
    assert demo.said.rstrip().splitlines()[-1] == "12 of 12 marks as expected"
    assert "✗" not in demo.said
    assert demo.complained == ""
    assert "INFO" not in demo.said, "what nbgrader says goes into its log"
    assert "Feedback released" in (demo.root / "nbgrader.log").read_text(encoding="utf-8")


def test_the_table_shows_each_student_with_story_and_marks(demo):
    for student, story in zip(
        roster(12), stories(REPOSITORY / "assignments" / NAME, IDS, "narrowcast"), strict=True
    ):
        assert student.id in demo.said
        assert student.name in demo.said
        assert story.title.split(";")[0].split(":")[0] in demo.said
    assert str(demo.root) in demo.said


def test_the_gradebook_holds_the_marks(demo):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{demo.assignments / 'gradebook.db'}") as gradebook:
        found = {}
        for submission in gradebook.assignment_submissions(NAME):
            grades = {one.name: one for one in submission.notebooks[0].grades}
            assert {name: one.max_score for name, one in grades.items()} == {
                "q1": 2, "q2": 2, "q3": 2, "q4": 4, "q5": 6, "q6": 4}  # fmt: skip
            assert not any(grades[name].needs_manual_grade for name in ("q1", "q2", "q3", "q4", "q5"))
            found[submission.student_id] = {
                name: None if one.needs_manual_grade else one.score for name, one in grades.items()
            }
        names = {
            student.id: (student.last_name, student.first_name, student.email)
            for student in gradebook.students
        }
    assert sorted(found) == IDS
    for student, (q1, q2, q3, q4, low, high, q6) in SHOULD.items():
        marks = found[student]
        assert (marks["q1"], marks["q2"], marks["q3"], marks["q4"], marks["q6"]) == (q1, q2, q3, q4, q6), (
            student
        )
        assert low <= marks["q5"] <= high, student
    assert names == {
        student.id: (student.last_name, student.first_name, student.email) for student in roster(12)
    }


def test_every_named_mistake_of_the_key_is_met_and_named(demo):
    key = load_key(demo.assignments / NAME / "key.py")
    graded = [demo.graded(student) for student in IDS]
    for question in key.questions.values():
        for mistake in question.mistakes:
            told = [shown(notebook, question.name) for notebook in graded]
            assert any(mistake.message in one and f"[{mistake.code}]" in one for one in told), (
                f"{question.name}: nobody makes {mistake.code}: {mistake.message}"
            )


def test_a_check_ends_in_a_plain_float_and_is_silent_on_stderr(demo):
    for student in IDS:
        for name, cell in cells(demo.graded(student)).items():
            outputs = cell.get("outputs", [])
            assert not [one for one in outputs if one.output_type == "stream" and one.name == "stderr"], (
                student,
                name,
            )
            if re.fullmatch("q[1-5]", name) and not any(one.output_type == "error" for one in outputs):
                results = [one.data["text/plain"] for one in outputs if one.output_type == "execute_result"]
                assert [str(float(result)) for result in results] == results, (student, name)
                assert len(results) == 1


def test_honest_answers_get_the_same_marks_however_they_are_written(demo):
    first, second = demo.graded("s001"), demo.graded("s002")
    for question in ("q1", "q2", "q3", "q4", "q5"):
        assert cells(first)[f"{question}-answer"].source != cells(second)[f"{question}-answer"].source
        assert shown(first, question).startswith(f"✓ {question}: Right")
        assert shown(second, question).startswith(f"✓ {question}: Right")


def test_form_and_copying_are_told(demo):
    assert "divide it by 100" in shown(demo.graded("s006"), "q2")
    assert "the budget is 20,000,000" in shown(demo.graded("s006"), "q5")
    for question in ("q2", "q3"):
        assert "Right, but in another market" in shown(demo.graded("s007"), question)
    assert "No answer yet" in shown(demo.graded("s012"), "q4")


def test_an_endless_loop_costs_its_cell(demo):
    names = cells(demo.graded("s011"))
    assert "CellTimeout" in {one.get("ename") for one in names["q3-answer"].outputs}
    assert "No answer" in shown(demo.graded("s011"), "q3")
    assert "Right" in shown(demo.graded("s011"), "q4")


def test_deleted_cells_are_back_or_cost_their_own_points(demo):
    names = cells(demo.graded("s009"))
    assert names["q2"].source == 'nc.check("q2", conversion_rate).mark()'
    assert "Right" in shown(demo.graded("s009"), "q2")
    assert names["q3-answer"].source == ""
    (page,) = (demo.root / "students/s009" / NAME / "feedback").glob("*/assignment.html")
    assert "The cell q2 was missing; it was put back." in page.read_text(encoding="utf-8")
    handed_in = json.loads(
        (demo.assignments / "submitted/s009" / NAME / "assignment.ipynb").read_text(encoding="utf-8")
    )
    assert not {"q2", "q3-answer"} & {
        c["metadata"].get("nbgrader", {}).get("grade_id") for c in handed_in["cells"]
    }


def test_submissions_went_through_the_exchange(demo):
    inbound = [
        folder.name.split("+")[0] for folder in (demo.assignments / "exchange/narrowcast/inbound").iterdir()
    ]
    assert sorted(inbound) == IDS
    for student in IDS:
        assert (demo.assignments / "submitted" / student / NAME / "timestamp.txt").is_file()


def test_nothing_of_the_key_is_released(demo):
    outbound = demo.assignments / "exchange/narrowcast/outbound" / NAME
    assert {file.name for file in outbound.iterdir()} == {"assignment.ipynb", "questions.json"}
    text = "".join(file.read_text(encoding="utf-8") for file in outbound.iterdir())
    assert "SOLUTION" not in text
    key = load_key(demo.assignments / NAME / "key.py")
    for question in key.questions.values():
        assert not [mistake.code for mistake in question.mistakes if mistake.message in text]


def test_feedback_names_the_mistake_and_no_more(demo):
    from html import unescape

    from narrowcast.worlds import open_world

    (page,) = (demo.root / "students/s003" / NAME / "feedback").glob("*/assignment.html")
    text = unescape(page.read_text(encoding="utf-8"))
    assert "You averaged the rates of the segments" in text
    assert "1 of 2 points · M1" in text
    key = load_key(demo.assignments / NAME / "key.py")
    made = {"q2": "M1", "q3": "M1", "q4": "L8"}
    others = [
        mistake.message
        for question in key.questions.values()
        for mistake in question.mistakes
        if made.get(question.name) != mistake.code
    ]
    assert not [message for message in others if message in text]
    world = open_world("hcmc-fashion", student="s003", salt="narrowcast")
    for question, digits in (("q2", 6), ("q3", 4)):
        truth = abs(float(key.question(question).compute(world)))
        assert f"{truth:.{digits}g}".rstrip("0") not in text, question
    for other in set(IDS) - {"s003"}:
        assert other not in text


def test_feedback_loads_nothing_from_outside(demo):
    (page,) = (demo.root / "students/s003" / NAME / "feedback").glob("*/assignment.html")
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", text)


def test_marks_are_exported(demo):
    with (demo.assignments / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == IDS
    assert float(rows["s001"]["score"]) == pytest.approx(16, abs=0.6)
    assert float(rows["s008"]["score"]) == 3
    assert {row["max_score"] for row in rows.values()} == {"20.0"}
    assert rows["s001"]["last_name"] == roster(12)[0].last_name
