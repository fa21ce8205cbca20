"""Outside: a submission, run again without the cell that killed it, until all is run that can be."""

from __future__ import annotations

import time

from narrowcast.grade.box.attempt import Attempt, Ran
from narrowcast.grade.box.job import CellResult, Handed, Job, Limits, Result
from narrowcast.grade.box.outputs import Outputs, error_output
from narrowcast.grade.box.parcel import Parcel, made
from narrowcast.grade.box.worker import Trouble, Worker
from narrowcast.language import gettext as _
from narrowcast.language import speaking

__all__ = ["run_job"]

ROUNDS = 6
"""Times that a submission is run again after one of its cells killed it."""


def run_job(worker: Worker, job: Job, limits: Limits) -> Result:
    """Run a submission; trouble of ours is told apart, and tried once more."""
    began = time.monotonic()
    told = ""
    try:
        parcel = made(job, limits)
    except OSError as error:
        return _nothing(job, limits, str(error), began)
    for _try in range(2):
        try:
            return _finished(job, limits, parcel, worker, began)
        except (Trouble, OSError) as error:
            told = str(error)
            worker.stop()
        except Exception as error:  # noqa: BLE001 - whatever it said in there, it costs nobody else
            told = f"{type(error).__name__}: {error}"
            worker.stop()
    return _nothing(job, limits, told, began)


def _finished(job: Job, limits: Limits, parcel: Parcel, worker: Worker, began: float) -> Result:
    worker.start()
    cells: dict[int, Ran] = {}
    skip: set[int] = set()
    until = time.monotonic() + limits.seconds
    problem = ""
    for _round in range(1 + ROUNDS):
        attempt = Attempt(worker, parcel, limits, skip, until)
        attempt.run()
        for position, ran in attempt.cells.items():
            cells.setdefault(position, ran)  # what a cell did first is what counts
        problem = attempt.problem
        if not problem or problem == "seconds":
            break
        if attempt.at is None:
            raise Trouble(worker.complaint())
        skip.add(attempt.at)
    late = problem == "seconds"
    return _result(job, limits, parcel, cells, began, "timeout" if late else "")


def _result(
    job: Job, limits: Limits, parcel: Parcel, cells: dict[int, Ran], began: float, problem: str
) -> Result:
    with speaking(job.language):
        told = []
        if problem:
            told.append(_reason("seconds", limits))
        if parcel.left:
            names = ", ".join(parcel.left[:10])
            told.append(_("Left out, too large or not to be read: {names}").format(names=names))
        results = [_cell(job, limits, position, cells.get(position)) for position in range(len(job.cells))]
    answers = [
        Handed(job.cells[position].index, question, data)
        for position, ran in sorted(cells.items())
        for question, data in ran.answers
    ]
    seconds = time.monotonic() - began
    return Result(job, tuple(results), tuple(answers), problem, " ".join(told), seconds)


def _cell(job: Job, limits: Limits, position: int, ran: Ran | None) -> CellResult:
    index = job.cells[position].index
    if ran is None:
        return CellResult(index, [error_output("Skipped", _reason("skipped", limits))], 0.0, "skipped")
    ran.outputs.note()
    ended_early = ran.problem in {"timeout", "memory", "died"} or (
        ran.problem == "output" and not ran.outputs.cut
    )
    if ended_early and not _says(ran.outputs, ran.problem):
        names = {
            "timeout": "CellTimeout",
            "memory": "MemoryError",
            "died": "DeadCell",
            "output": "TooMuchOutput",
        }
        ran.outputs.list.append(error_output(names[ran.problem], _reason(ran.problem, limits)))
    return CellResult(index, ran.outputs.list, ran.seconds, ran.problem)


def _says(outputs: Outputs, problem: str) -> bool:
    """Return whether the cell itself said what went wrong."""
    return problem == "memory" and any(output.get("ename") == "MemoryError" for output in outputs.list)


def _reason(problem: str, limits: Limits) -> str:
    if problem == "timeout":
        told = _("This cell was stopped: it took longer than {seconds:g} seconds.")
        return told.format(seconds=limits.cell_seconds)
    if problem == "seconds":
        told = _("This notebook was stopped: it took longer than {seconds:g} seconds.")
        return told.format(seconds=limits.seconds)
    if problem == "memory":
        told = _("This cell was stopped: it took more than {size} MB of memory.")
        return told.format(size=limits.memory >> 20)
    if problem == "output":
        return _("This cell was stopped: it put out far too much.")
    if problem == "died":
        return _("This cell ended the Python process that ran it.")
    return _("This cell was not run: the cells before it took the time there was.")


def _nothing(job: Job, limits: Limits, why: str, began: float) -> Result:
    with speaking(job.language):
        told = _("The machine could not run this notebook: {why}").format(why=why)
        cells = [_cell(job, limits, position, None) for position in range(len(job.cells))]
    return Result(job, tuple(cells), (), "machine", told, time.monotonic() - began)
