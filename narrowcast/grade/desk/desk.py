"""The desk: a class goes over it, submission by submission, with one writer at its end.

Boxes run what students wrote, judges read what came out, and this process alone writes: the gradebook first, then
the notebook, then the ledger's row. Whatever has a row is finished; a run that was cut short is taken up where it
was by running it again.
"""

from __future__ import annotations

import os
import queue
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from narrowcast.errors import CourseError
from narrowcast.grade.book import Book
from narrowcast.grade.box import Job, Result
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.files import OURS, fresh_folder, gather, put_in_place, write_notebook
from narrowcast.grade.desk.handing import Waiting
from narrowcast.grade.desk.judging import Finding, Judges
from narrowcast.grade.desk.submission import Submission
from narrowcast.grade.intake import Intake, read_submission
from narrowcast.grade.ledger import Finished, Ledger
from narrowcast.language import gettext as _
from narrowcast.language import speaking
from narrowcast.worlds import open_world

__all__ = ["Desk", "Graded", "Left", "Runner", "Told", "of_machine"]

AHEAD = 4
"""Students whose markets are drawn before their submissions are run."""

TRIES = 3
"""How often a submission is judged alone when the judge is killed over it."""


@dataclass(frozen=True)
class Graded:
    """A submission is finished; one row a notebook."""

    student: str
    rows: Sequence[Finished]


@dataclass(frozen=True)
class Left:
    """A submission could not be finished, through no fault of its student's."""

    student: str
    why: str


Told = Graded | Left


class Runner(Protocol):
    """Whatever runs jobs: boxes on this machine, or on a cluster's."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Yield what came out of each job, in order of completion."""


@dataclass(frozen=True)
class _Ready:
    """A submission has nothing to be run."""

    student: str


@dataclass(frozen=True)
class _Judged:
    student: str
    future: Future[Finding]


@dataclass(frozen=True)
class _Failure:
    """The thread that feeds the boxes cannot go on."""

    error: BaseException


class Desk:
    """One run over a class.

    Parameters
    ----------
    course, assignment, book, ledger
        What is graded, and where it is written.
    runner, judges
        Who runs and who judges; judges are None where the assignment has no key.
    places
        How many submissions may lie on the desk at a time: more than twice what the runner runs at once.
    tell
        Called with each submission that is finished or left.
    """

    def __init__(
        self, course: Course, assignment: Assignment, book: Book, ledger: Ledger, *,
        runner: Runner, judges: Judges | None, places: int, tell: Callable[[Told], None],
    ) -> None:  # fmt: skip
        self.course, self.assignment, self.book, self.ledger = course, assignment, book, ledger
        self.runner, self.judges, self.tell = runner, judges, tell
        self._open: dict[str, Submission] = {}
        self._happened: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._room = threading.Semaphore(places)
        self._judging = 0
        self._suspects: deque[str] = deque()
        self._alone = False
        self._stopped = threading.Event()

    def grade(self, waiting: Sequence[Waiting]) -> None:
        """Grade what waits; return when each is finished or left.

        Raises
        ------
        CourseError
            If the gradebook or the disk cannot be written to. What is finished stays.
        """
        self._todo = {one.student for one in waiting}
        feeder = threading.Thread(target=self._feed, args=(waiting,), name="feeder", daemon=True)
        feeder.start()
        try:
            while self._todo:
                self._go_on(self._happened.get())
        finally:
            self._stopped.set()
            self._room.release()  # a feeder that waits sees that it is over

    def _feed(self, waiting: Sequence[Waiting]) -> None:
        try:
            for result in self.runner.run(self._jobs(waiting)):
                self._happened.put(result)
        except BaseException as error:  # noqa: BLE001 - it is raised where people are told
            self._happened.put(_Failure(error))

    def _jobs(self, waiting: Sequence[Waiting]) -> Iterator[Job]:
        for one, drawn in zip(waiting, self._drawn(one.student for one in waiting), strict=True):
            self._room.acquire()
            if self._stopped.is_set():
                return
            try:
                with speaking(self.assignment.language):  # what is mended is told to the student
                    submission = self._read(one)
                inputs = self._inputs(one.student)
            except Exception as error:  # what is wrong with one submission costs nobody else
                if getattr(error, "errno", None) in OURS:
                    raise
                self._happened.put(Left(one.student, _unprepared(error)))
                continue
            submission.drawn = drawn
            self._open[one.student] = submission
            if not submission.intakes:
                self._happened.put(_Ready(one.student))
            yield from submission.jobs(inputs)

    def _drawn(self, students: Iterable[str]) -> Iterator[tuple[bytes, ...]]:
        """Yield what judges drew of each student's markets, some students ahead."""
        ahead: deque[Future[tuple[bytes, ...]]] = deque()
        rest = iter(students)
        while True:
            ahead.extend(map(self._draw, islice(rest, AHEAD - len(ahead))))
            if not ahead:
                return
            one = ahead.popleft()
            # Where a judge was killed over it, the box draws for itself, and the judge says what is wrong.
            yield one.result() if one.exception() is None else ()

    def _draw(self, student: str) -> Future[tuple[bytes, ...]]:
        nothing: Future[tuple[bytes, ...]] = Future()
        nothing.set_result(())
        try:
            return self.judges.draw(student) if self.judges is not None else nothing
        except RuntimeError:  # the pool is broken, and will be made anew
            return nothing

    def _read(self, one: Waiting) -> Submission:
        """Read what was handed in and lay out its files."""
        target = self.course.folder(self.course.autograded, one.student, self.assignment.name)
        left_out = gather(target, one.folder, self.assignment.folder, self.course.kept(self.assignment.name))
        known = {f"{name}.ipynb" for name in self.assignment.templates}
        one.student.encode()  # what no gradebook can hold
        next(
            one.folder.iterdir(), None
        )  # a folder that cannot be looked into is not one in which nothing lies
        found = sorted({*one.folder.glob("*.ipynb"), *one.folder.glob("*.ipynb.*")})  # browsers add ".txt"
        twins = [path for path in found if path.name not in known]
        intakes: dict[str, Intake] = {}
        for name, template in self.assignment.templates.items():
            file = one.folder / f"{name}.ipynb"
            there = os.path.lexists(file)
            if there or twins:
                intake = read_submission(file, template, twins)
                if there or intake.file != file:  # else no other notebook stands for it: it was not handed in
                    intakes[name] = intake
        return Submission(
            self.assignment,
            one.student,
            fresh_folder(target),
            one.source,
            one.timestamp,
            intakes,
            tuple(left_out),
        )

    def _inputs(self, student: str) -> Mapping[str, Any]:
        """Return what the functions asked for are called with."""
        key, setting, inputs = self.assignment.key, self.assignment.setting, {}
        if key is None or setting is None:
            return {}
        for name, question in key.questions.items():
            if question.kind == "function":
                world = open_world(question.world or key.worlds[0], student=student, salt=setting.salt)
                inputs[name] = question.inputs(world)
        return inputs

    def _go_on(self, what: object) -> None:
        match what:
            case Result():
                self._came_back(what)
            case _Ready(student=student):
                self._judge(student)
            case _Judged(student=student, future=future):
                self._was_judged(student, future)
            case Left(student=student, why=why):
                self._leave(student, why)
            case _Failure(error=error):
                raise of_machine(error) from error
        self._judge_suspects()

    def _came_back(self, result: Result) -> None:
        student = result.job.student
        submission = self._open.get(student)
        if submission is None:  # another notebook of it was left
            return
        if result.problem in {"machine", "sandbox"}:
            self._leave(student, result.told)
            return
        submission.results[result.job.notebook] = result
        if submission.has_run:
            self._judge(student)

    def _judge(self, student: str) -> None:
        if self.judges is None:
            self._finish(student, Finding({}, {}))
        elif self._suspects or self._alone:
            self._suspects.append(student)
        else:
            self._ask(student)

    def _ask(self, student: str) -> None:
        if self.judges is None:
            return
        self._judging += 1
        try:
            future = self.judges.judge(self._open[student].case())
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._happened.put(_Judged(student, done)))

    def _judge_suspects(self) -> None:
        """After a judge was killed, judge those who were before it one by one: one of them may have done it."""
        if not self._judging:
            self._alone = bool(self._suspects)
            if self._suspects:
                self._ask(self._suspects.popleft())

    def _was_judged(self, student: str, future: Future[Finding]) -> None:
        self._judging -= 1
        error = future.exception()
        if error is None:
            self._finish(student, future.result())
        elif isinstance(error, BrokenExecutor):
            self._judge_again(student)
        else:
            told = _("The key could not judge this submission: {kind}: {why}")
            self._leave(student, told.format(kind=type(error).__name__, why=error))

    def _judge_again(self, student: str) -> None:
        submission = self._open[student]
        submission.tries += 1
        if not self._judging and self.judges is not None:
            self.judges.again()
        if submission.tries > TRIES:
            told = _("The judge was ended {times} times over this submission; is there enough memory?")
            self._leave(student, told.format(times=submission.tries))
        else:
            self._suspects.append(student)

    def _finish(self, student: str, finding: Finding) -> None:
        submission = self._open[student]
        try:
            with speaking(self.assignment.language):
                rows, entry, notebooks = submission.graded(finding)
        except Exception as error:  # noqa: BLE001 - what is wrong with one submission costs nobody else
            self._leave(student, _unprepared(error))
            return
        target = self.course.folder(self.course.autograded, student, self.assignment.name)
        self.book.write(entry)
        try:
            for name, notebook in notebooks.items():
                write_notebook(target, name, notebook)
            put_in_place(target)
        except OSError as error:
            if error.errno in OURS:
                raise of_machine(error) from error
            self._leave(student, str(error))
            return
        self.ledger.keep(rows)
        self._close(student)
        self.tell(Graded(student, rows))

    def _leave(self, student: str, why: str) -> None:
        if student in self._todo:
            target = self.course.folder(self.course.autograded, student, self.assignment.name)
            shutil.rmtree(fresh_folder(target), ignore_errors=True)
            self._close(student)
            self.tell(Left(student, why))

    def _close(self, student: str) -> None:
        self._open.pop(student, None)
        self._todo.discard(student)
        self._room.release()


def of_machine(error: BaseException) -> BaseException:
    """Return an error as a person is told of it: trouble of the machine with what to do."""
    if not isinstance(error, OSError | MemoryError | BrokenExecutor):
        return error
    problem = _("This machine cannot go on: {why}.").format(why=error or type(error).__name__)
    room = not isinstance(error, OSError) or error.errno in OURS
    cure = (
        _("Make room, then grade again: what is finished stays.")
        if room
        else _("Put that right, then grade again: what is finished stays.")
    )
    return CourseError(problem, cure)


def _unprepared(error: Exception) -> str:
    if isinstance(error, OSError):
        return str(error)
    told = _("This submission could not be graded: {kind}: {why}")
    return told.format(kind=type(error).__name__, why=error)
