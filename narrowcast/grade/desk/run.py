"""`narrowcast grade`: from a person's wishes to a graded class."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from narrowcast.errors import CourseError
from narrowcast.grade.book import Book
from narrowcast.grade.box import Boxes, Limits, Nursery, Warmth
from narrowcast.grade.box.seen import is_seen, seen_inside
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.desk import Desk, Graded, Left, Runner, Told, of_machine
from narrowcast.grade.desk.foresight import foresee
from narrowcast.grade.desk.handing import Waiting, waiting_list
from narrowcast.grade.desk.judging import Judges
from narrowcast.grade.desk.second_look import second_look, suspected
from narrowcast.grade.ledger import Ledger, ledger_path
from narrowcast.language import gettext as _

__all__ = ["Audience", "Summary", "Wishes", "grade_class"]


@dataclass(frozen=True)
class Wishes:
    """What a person asked for.

    Attributes
    ----------
    workers
        Submissions run at a time; 0 is one for each processor.
    cell_seconds
        Time limit of a cell, in seconds; None is the one that nbgrader is configured with, else 30.
    seconds
        Time limit of a submission, in seconds; None is four times a cell's, at least 120.
    only
        Students to be graded; empty is everybody.
    force
        Grade what is finished too.
    dry_run
        Say what would be graded, and grade nothing; when submissions were received is noted all the same.
    require_sandbox
        Refuse to run students' code where only limits protect this machine.
    scheduler
        Address of a Dask scheduler; empty is this machine.
    url
        Another gradebook than the configured one.
    """

    workers: int = 0
    cell_seconds: float | None = None
    seconds: float | None = None
    only: tuple[str, ...] = ()
    force: bool = False
    dry_run: bool = False
    require_sandbox: bool = False
    scheduler: str = ""
    url: str = ""


@dataclass
class Summary:
    """What a run came to.

    Attributes
    ----------
    assignment
        Its name.
    waiting
        What was to be graded.
    finished
        How many submissions were finished before.
    graded, left
        What became of those that waited.
    named
        Answers that turned out to be a classmate's.
    """

    assignment: str
    waiting: Sequence[Waiting] = ()
    finished: int = 0
    graded: list[Graded] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    named: int = 0


class Audience(Protocol):
    """Whoever is told how it goes."""

    def warns(self, text: str) -> None:
        """Say what a person should know before."""

    def begins(self, waiting: Sequence[Waiting], finished: int) -> None:
        """Say how much there is to do."""

    def happened(self, told: Told) -> None:
        """Say what became of one submission."""


def grade_class(
    folder: Path, assignment: str, wishes: Wishes, audience: Audience, nursery: Nursery | None = None
) -> Summary:
    """Grade a class.

    Parameters
    ----------
    folder
        The course root of nbgrader, or the folder above it.
    assignment
        Name of the assignment.
    wishes
        What was asked for.
    audience
        Whoever is told how it goes.
    nursery
        Where boxes on this machine come from, if it was begun before; it is closed at the end.

    Returns
    -------
    Summary
        What became of each submission.

    Raises
    ------
    CourseError
        If the class cannot be graded at all, or the gradebook or the disk cannot be written to.
    UnknownName
        If a student of `wishes.only` has not handed in.
    """
    course = Course.at(folder, wishes.url)
    try:
        with _alone(course):
            return _graded(course, assignment, wishes, audience, nursery)
    except OSError as error:
        raise of_machine(error) from error


def _graded(
    course: Course, assignment: str, wishes: Wishes, audience: Audience, nursery: Nursery | None
) -> Summary:
    limits = _limits(course, wishes)
    _apart(course)
    with ExitStack() as stack:
        book = stack.enter_context(Book(course.url, course.course_id, course.penalty()))
        ledger = stack.enter_context(Ledger(ledger_path(course.root)))
        read = Assignment.read(course, book, assignment)
        rows = ledger.finished(assignment)
        shown = f"{limits.cell_seconds} {limits.seconds}"
        waiting = waiting_list(
            course, read, rows, shown, wishes.only, force=wishes.force, graded=book.graded(assignment)
        )
        known = {student for student, _notebook in rows if not wishes.only or student in wishes.only}
        summary = Summary(assignment, waiting, len(known - {one.student for one in waiting}))
        audience.begins(waiting, summary.finished)
        if wishes.dry_run:
            return summary
        if not waiting:  # the run before may have been ended before its second look
            if read.setting is not None and any(suspected(read, ledger)):
                summary.named = second_look(
                    course, read, ledger, stack.enter_context(Judges(read.setting, 1))
                )
            return summary
        workers = min(wishes.workers or os.cpu_count() or 1, max(len(waiting), 1))
        warmth = foresee(read, [one.folder for one in waiting])
        if nursery is not None:
            nursery.warm(warmth)  # while the judges get ready
        # Judges first: they are forked from this process, which has no threads yet.
        judges = stack.enter_context(Judges(read.setting, workers)) if read.setting else None
        runner, slots, warning = _runner(stack, wishes, workers, limits, warmth, nursery)
        if warning:
            audience.warns(warning)

        def tell(told: Told) -> None:
            (summary.graded if isinstance(told, Graded) else summary.left).append(told)  # type: ignore[arg-type]
            audience.happened(told)

        desk = Desk(
            course, read, book, ledger, runner=runner, judges=judges, places=4 * slots + 16, tell=tell
        )
        desk.grade(waiting)
        if judges is not None:
            summary.named = second_look(course, read, ledger, judges)
        return summary


def _apart(course: Course) -> None:
    """Refuse a course that lies where submissions may look.

    Raises
    ------
    CourseError
        If it does.
    """
    if is_seen(course.root, seen_inside()[0]):
        problem = _("{folder} lies among the programs and libraries that submissions may read.")
        cure = _("Move the course elsewhere: there, its keys and marks could be read.")
        raise CourseError(problem.format(folder=course.root), cure)


def _limits(course: Course, wishes: Wishes) -> Limits:
    cell = wishes.cell_seconds or course.cell_seconds() or Limits().cell_seconds
    return replace(Limits(), cell_seconds=cell, seconds=wishes.seconds or max(4 * cell, Limits().seconds))


def _runner(
    stack: ExitStack, wishes: Wishes, workers: int, limits: Limits, warmth: Warmth, nursery: Nursery | None
) -> tuple[Runner, int, str]:
    """Return who runs, how many submissions at a time, and what a person should know of it."""
    if wishes.scheduler:
        from narrowcast.grade.cluster import ClusterBoxes  # noqa: PLC0415 - Dask is an extra

        far = stack.enter_context(
            ClusterBoxes(wishes.scheduler, limits, require_sandbox=wishes.require_sandbox)
        )
        return far, far.slots, far.warning
    boxes = stack.enter_context(
        Boxes(workers, limits, require_sandbox=wishes.require_sandbox, warmth=warmth, nursery=nursery)
    )
    return boxes, workers, boxes.warning


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """Hold other runs off: two writers would do each other's work again."""
    lock = FileLock(course.root / ".narrowcast-grade.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        problem = _("Another `narrowcast grade` is at work in {folder}.").format(folder=course.root)
        raise CourseError(problem, _("Wait until it is done.")) from None
    except OSError as error:
        problem = _("{folder} cannot be written to: {why}.").format(folder=course.root, why=error.strerror)
        raise CourseError(problem, _("Grade where you may write: marks go in there.")) from error
    try:
        yield
    finally:
        lock.release()
