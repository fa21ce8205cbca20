"""The page as `nbgrader generate_feedback` writes it, for notebooks that stock nbgrader has graded."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from classroom import REPOSITORY, environment
from feedback_kit import about, answer, check, code, notebook, prose, written

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]

HIDDEN = """\
assert double(1) == 2
### BEGIN HIDDEN TESTS
assert double(21) == 42, f"hidden: expected 42, got {double(21)}"
### END HIDDEN TESTS"""

JUDGED = """\
from narrowcast.judge import Reason, Verdict
from narrowcast.language import set_language

set_language("{language}")
Verdict("q2", 1.0, 2, Reason.MISTAKE, "{told}", "M1").mark()"""


def source(language: str, told: str) -> dict:
    stub = "### BEGIN SOLUTION\nreturn 2 * x\n    ### END SOLUTION"
    return notebook(
        prose("# Small\n\n## q1. Double (3 points)"),
        answer("q1", f"def double(x):\n    {stub}"),
        check("q1", HIDDEN, points=3),
        prose("## q2. A rate (2 points)"),
        answer("q2", "rate = ...\n### BEGIN SOLUTION\nrate = 1\n### END SOLUTION"),
        check("q2", JUDGED.format(language=language, told=told), points=2),
        prose("## q6. Essay"),
        written("q6", "Write here."),
    )


ANSWERS = {
    "ann": {"q1-answer": "def double(x):\n    return 2 * x", "q2-answer": "rate = 0.25", "q6": "Mine."},
    "bob": {
        "q1-answer": "def double(x):\n    print(In[-1])\n    return 2",
        "q2-answer": (
            "from IPython.display import HTML, display\n"
            "display(HTML('<script>alert(1)</script><b>✓ q2: Right (2 of 2 points)</b>'))\n"
            "print(In)\nopen('/'.join(['', 'nowhere', 'of', 'this', 'machine.csv']))"
        ),
    },
}


def nbgrader(folder: Path, *arguments: str) -> str:
    settings = environment(JUPYTER_CONFIG_DIR=str(folder / ".jupyter"), NARROWCAST_LANGUAGE="en")
    command = [sys.executable, "-m", "nbgrader", *arguments]
    ran = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, timeout=200, check=False
    )
    assert ran.returncode == 0, f"nbgrader {' '.join(arguments)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout + ran.stderr


def hand_in(root: Path, assignment: str, student: str) -> None:
    released = json.loads((root / "release" / assignment / "assignment.ipynb").read_text())
    for cell in released["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = ANSWERS[student].get(name, cell["source"])
    folder = root / "submitted" / student / assignment
    folder.mkdir(parents=True)
    (folder / "assignment.ipynb").write_text(json.dumps(released))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a small assignment in two languages, released, handed in, graded and given back."""
    root = tmp_path_factory.mktemp("course") / "assignments"
    root.mkdir()
    shutil.copy(REPOSITORY / "assignments" / "nbgrader_config.py", root)
    for name, language, told in (
        ("small", "en", "Weight the rates."),
        ("small-vi", "vi", "Hãy lấy trọng số."),
    ):
        file = root / "source" / name / "assignment.ipynb"
        file.parent.mkdir(parents=True)
        made = source(language, told)
        made["metadata"] = {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
        file.write_text(json.dumps(made))
        nbgrader(root, "generate_assignment", name)
        for student in ANSWERS if name == "small" else ("ann",):
            hand_in(root, name, student)
        nbgrader(root, "autograde", name)
        nbgrader(root, "generate_feedback", name)
    return root


def page(root: Path, student: str, assignment: str = "small") -> str:
    return (root / "feedback" / student / assignment / "assignment.html").read_text(encoding="utf-8")


def part(html: str, name: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").find(id=f"part-{name}").get_text(" ").split())


def test_a_student_reads_marks_verdict_and_answer(course):
    html = page(course, "ann")
    assert "✓ Right 3 of 3 points" in part(html, "q1")
    assert "✗ Not quite 1 of 2 points · M1 Weight the rates." in part(html, "q2")
    assert "rate = 0.25" in BeautifulSoup(html, "html.parser").find(id="part-q2").get_text()
    assert "Your teacher still has to mark this" in part(html, "q6")
    assert "4 of 9 points so far" in " ".join(BeautifulSoup(html, "html.parser").header.get_text(" ").split())


def test_vietnamese_whatever_the_process_speaks(course):
    html = page(course, "ann", "small-vi")
    assert '<html lang="vi">' in html
    assert "Hãy lấy trọng số." in part(html, "q2")
    assert "[M1]" not in part(html, "q2")


def test_hidden_tests_forgeries_and_paths_stay_out(course):
    html = page(course, "bob")
    assert "A check that your notebook does not show has not passed." in part(html, "q1")
    for secret in (
        "HIDDEN",
        "expected 42",
        "double(21)",
        "(21)",
        str(course),
        "/nowhere",
        "<script",
        "Traceback",
    ):
        assert secret not in html
    heads = [
        head.get_text(" ", strip=True) for head in BeautifulSoup(html, "html.parser").select(".verdict .head")
    ]
    assert not [head for head in heads if "Right" in head]
    assert "FileNotFoundError" in part(html, "q2")


def test_nothing_is_fetched_and_nothing_runs(course):
    for student in ANSWERS:
        soup = BeautifulSoup(page(course, student), "html.parser")
        assert not soup.find_all(["script", "link", "iframe"])
        assert all(tag["src"].startswith("data:") for tag in soup.find_all(src=True))


def test_a_later_mark_and_comment_stand_in_the_next_page(course):
    change = """
import sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "narrowcast") as book:
    grade = book.find_grade("q6", "assignment", "small", "ann")
    grade.manual_score, grade.needs_manual_grade = 3.5, False
    book.find_comment("q6", "assignment", "small", "ann").manual_comment = "Clear & <short>."
    book.db.commit()
"""
    subprocess.run([sys.executable, "-c", change], cwd=course, env=environment(), check=True, timeout=60)
    nbgrader(course, "generate_feedback", "small", "--student", "ann", "--force")
    said = part(page(course, "ann"), "q6")
    assert "3.5 of 4 points Marked by your teacher." in said
    assert "Your teacher writes Clear & <short>." in said


def test_the_formgraders_button_writes_the_same_page(course):
    before = page(course, "bob")
    press = """
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.initialize([])
told = NbGraderAPI(app.coursedir, parent=app).generate_feedback("small", "bob", force=True)
assert told["success"], told
"""
    subprocess.run([sys.executable, "-c", press], cwd=course, env=environment(), check=True, timeout=100)
    assert page(course, "bob") == before


def test_cells_of_another_kind_do_no_harm(course, tmp_path):
    """A task of nbgrader's, a raw cell, output of an unknown kind, a cell without a name."""
    from feedback_kit import mark
    from feedback_kit import page as made

    task = {**prose("Draw it."), "metadata": about("t1", task=True, points=2)}
    odd = code(
        "x", [{"output_type": "display_data", "data": {"application/x-odd": {"a": 1}}, "metadata": {}}]
    )
    raw = {"cell_type": "raw", "metadata": {}, "source": "<script>1</script>", "id": "r"}
    html = made(tmp_path, prose("## t1"), raw, task, odd, marks={"t1": mark(1, 2, auto=None, manual=1.0)})
    assert "1 of 2 points" in part(html, "t1")
    assert "<script" not in html
