"""All that can be said against the texts before anything is built from them."""

from __future__ import annotations

from narrowcast.author.claims import check_claims, check_marks, read_claims
from narrowcast.author.course import Course, Text
from narrowcast.author.notebook import OPENING
from narrowcast.author.problems import Problems
from narrowcast.author.questions import check_questions
from narrowcast.language import gettext as _

__all__ = ["check_texts"]


def check_texts(course: Course, problems: Problems) -> None:
    """Note every problem of questions, opening cells and claims."""
    for text in course.texts:
        check_questions(text, problems)
        _check_opening(text, problems)
    _check_course_claims(course, problems)


def _check_opening(text: Text, problems: Problems) -> None:
    """Note a notebook without a title, or one that could not be made to speak Vietnamese."""
    file, cells = text.source.file, text.source.cells
    if not cells or cells[0].kind != "markdown" or not cells[0].source.startswith("# "):
        problems.add(
            file, cells[0].line if cells else 1, _("the first cell must begin with the title, `# ...`.")
        )
    if not any(cell.kind == "code" and OPENING.search(cell.source) for cell in cells):
        problems.add(file, 1, _("an opening cell must say {call}; the Vietnamese notebook is made from it."),
                     call='`nc.set_language("en")`')  # fmt: skip


def _check_course_claims(course: Course, problems: Problems) -> None:
    """Note claims that are not taught, tried or asked about; a course without lessons owes none."""
    if not course.lessons:
        return
    claims = read_claims(course.root / "course" / "claims.toml", problems)
    for lesson in course.lessons:
        tasks = [task for task in course.assignments if task.name == lesson.name]
        asked = frozenset(mark.claim for task in tasks for mark in task.marks if mark.deed == "asked")
        check_claims(lesson.source, lesson.marks, asked, claims, problems)
    for text in course.texts:
        asked_here = [mark for mark in text.marks if mark.deed == "asked"]
        check_marks(text.source.file, asked_here, list(claims), problems)
    for task in course.assignments:
        _check_task(task, problems)


def _check_task(task: Text, problems: Problems) -> None:
    """Note marks that an assignment cannot have, and claims that it lists and does not ask about."""
    file, line = task.source.file, task.source.front_line("claims")
    for mark in task.marks:
        if mark.deed != "asked":
            problems.add(
                file, mark.line, _("an assignment asks; only lessons are marked as taught or tried.")
            )
    listed = task.source.front.get("claims", [])
    if not isinstance(listed, list):
        problems.add(file, line, _("`claims:` must be a list of ids."))
        return
    asked = {mark.claim for mark in task.marks}
    for name in (str(name) for name in listed if name not in asked):
        what = _("claim {id} is not marked as {deed}; put {mark} where it is.")
        problems.add(file, line, what, id=name, deed="asked", mark=f"<!-- asked: {name} -->")
