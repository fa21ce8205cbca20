"""`narrowcast demo-class`: a class of invented students, taken through nbgrader, with its marks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from narrowcast.campaigns import Plan
from narrowcast.grade.folder import ClassFolder, make_folder
from narrowcast.grade.marks import BY_HAND, Line, marks_table
from narrowcast.grade.roster import Student, roster
from narrowcast.grade.running import run_loop
from narrowcast.grade.story import ASSIGNMENT, WORLD, Story, flights_of, stories
from narrowcast.judge import Key, load_key
from narrowcast.judge.places import class_salt
from narrowcast.language import gettext as _
from narrowcast.worlds import open_world

__all__ = ["demo_class"]

WORKERS = 2
"""Submissions graded at a time; each runs a kernel of its own."""


def demo_class(
    course: Path, directory: Path, *, students: int = 12, console: Console | None = None
) -> list[Line]:
    """Make a class, grade it, print the marks beside what each should get.

    Parameters
    ----------
    course
        The course to take the assignment from: the folder that holds course/ and assignments/.
    directory
        Where to leave the class, a course of its own. A demo class that lies there is replaced.
    students
        How many, 1 or more; twelve have a story each.
    console
        Where to speak; None is the terminal.

    Returns
    -------
    list of Line
        Each student's marks, given and as they should be.

    Raises
    ------
    CourseError
        If the course lacks something, the folder is not ours, or nbgrader fails for the whole class.
    """
    console = console or Console(highlight=False)
    folder = make_folder(course, directory, ASSIGNMENT)
    key = load_key(folder.assignments / ASSIGNMENT / "key.py")
    salt = class_salt(folder.assignments)
    people = roster(students)
    told = stories(course / "assignments" / ASSIGNMENT, [student.id for student in people], salt)
    with ThreadPoolExecutor(1) as judge:  # the judge works while nbgrader does
        plans = judge.submit(lambda: [_plan_marks(key, *one, salt) for one in zip(people, told, strict=True)])
        given = run_loop(folder, _script(folder, people, told), console)
        lines = [
            Line.of(student, story, given.marks.get(student.id, {}), plan)
            for student, story, plan in zip(people, told, plans.result(), strict=True)
        ]
    _show(lines, given.problems, folder, console)
    return lines


def _script(folder: ClassFolder, people: Sequence[Student], told: Sequence[Story]) -> dict[str, Any]:
    """Return what the loop has to do, as plain data."""
    return {
        "assignment": ASSIGNMENT,
        "students_folder": str(folder.students),
        "export": str(folder.marks),
        "workers": WORKERS,
        "students": [
            {**asdict(student), "answers": dict(story.answers), "without": list(story.without)}
            for student, story in zip(people, told, strict=True)
        ],
    }


def _plan_marks(key: Key, student: Student, story: Story, salt: str) -> float:
    """Return what the judge gives for the plan of q5, without a notebook between."""
    if story.spending is None:
        return 0.0
    plan = Plan("mine", flights_of(story.spending))
    return key.judge("q5", plan, open_world(WORLD, student=student.id, salt=salt)).score or 0.0


def _show(lines: Sequence[Line], problems: Sequence[str], folder: ClassFolder, console: Console) -> None:
    right = sum(line.right for line in lines)
    console.print(marks_table(lines))
    for problem in problems:
        console.print(problem, style="bold red", soft_wrap=True)
    console.print(_("{sign} waits for a person: q6 is marked by hand, by its rubric.").format(sign=BY_HAND))
    console.print(_("The course is in {folder}.").format(folder=folder.root), soft_wrap=True)
    console.print(
        _("To see it in the formgrader: cd {folder} && {command} start").format(
            folder=folder.root, command=Path(sys.executable).with_name("narrowcast")
        ),
        soft_wrap=True,
    )
    console.print()
    style = "bold green" if right == len(lines) else "bold red"
    console.print(_("{right} of {all} marks as expected").format(right=right, all=len(lines)), style=style)
