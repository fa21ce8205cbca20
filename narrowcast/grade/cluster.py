"""Boxes on other machines: submissions go to Dask workers, what came out of them comes back here.

Each worker runs a submission in a sandbox of its own machine, as this one would. Keys, marks and the gradebook never
travel: judges and the one writer stay here.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import narrowcast
from narrowcast.errors import CourseError
from narrowcast.grade.box import Boxes, Job, Limits, Result
from narrowcast.language import gettext as _

__all__ = ["ClusterBoxes", "Parcel", "pack", "run_parcel"]

PATIENCE = 10
"""Seconds in which a scheduler must answer."""


@dataclass(frozen=True)
class Parcel:
    """A job without its folder, and the folder's files."""

    job: Job
    files: dict[str, bytes]


def pack(job: Job) -> Parcel:
    """Return a job as it can travel: with the contents of its folder's regular files."""
    if job.folder is None:
        return Parcel(job, {})
    files = {
        str(file.relative_to(job.folder)): file.read_bytes()
        for file in sorted(job.folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
    }
    return Parcel(replace(job, folder=None), files)


class _Mine(threading.local):
    """The boxes of one thread of a worker."""

    boxes: Boxes | None = None
    asked: tuple[Limits, bool] | None = None


_mine = _Mine()


def _boxes(limits: Limits, require_sandbox: bool) -> Boxes:
    if _mine.boxes is None or _mine.asked != (limits, require_sandbox):
        if _mine.boxes is not None:
            _mine.boxes.close()
        _mine.boxes = Boxes(1, limits, require_sandbox=require_sandbox)
        _mine.asked = (limits, require_sandbox)
        atexit.register(_mine.boxes.close)
    return _mine.boxes


def run_parcel(parcel: Parcel, limits: Limits, require_sandbox: bool) -> Result:
    """Run a submission in a sandbox of this machine; called on a worker."""
    folder = Path(tempfile.mkdtemp(prefix="narrowcast-parcel-"))
    try:
        for name, data in parcel.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        job = replace(parcel.job, folder=folder)
        [result] = _boxes(limits, require_sandbox).run([job])
        return replace(result, job=parcel.job)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _level(limits: Limits, require_sandbox: bool) -> tuple[str, str]:
    return narrowcast.__version__, _boxes(limits, require_sandbox).warning


class ClusterBoxes:
    """Boxes on the workers of a Dask cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as "tcp://10.0.0.5:8786".
    limits
        What a submission may take.
    require_sandbox
        Refuse workers that have no sandbox.

    Attributes
    ----------
    slots
        Submissions at a time.
    warning
        What workers without a full sandbox do not protect; empty where all have one.

    Raises
    ------
    CourseError
        If Dask is not installed, the scheduler does not answer, has no workers, or they run another version.
    """

    def __init__(self, address: str, limits: Limits, *, require_sandbox: bool = False) -> None:
        try:
            self._dask: Any = import_module("distributed")  # an extra
        except ImportError as error:
            cure = _('Install it: pip install "narrowcast[cluster]"')
            raise CourseError(_("Grading on a cluster needs Dask, which is not installed."), cure) from error
        self._limits, self._require = limits, require_sandbox
        try:
            self._client = self._dask.Client(address, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            problem = _("The scheduler {address} does not answer: {why}").format(address=address, why=error)
            raise CourseError(
                problem, _("Start one: dask scheduler, and on each machine: dask worker ADDRESS")
            ) from error
        try:
            self.warning = self._look()
            self.slots = max(1, sum(self._client.nthreads().values()))
        except BaseException:
            self.close()
            raise

    def _look(self) -> str:
        """Ask each worker for its version and what its sandbox is worth."""
        try:
            found = self._client.run(_level, self._limits, self._require)
        except CourseError:
            raise
        except Exception as error:  # whatever a worker's import raised
            problem = _("A worker cannot grade: {kind}: {why}").format(kind=type(error).__name__, why=error)
            raise CourseError(problem, _("Install narrowcast on each worker, in this version.")) from error
        if not found:
            raise CourseError(
                _("The scheduler has no workers."), _("Start some, on each machine: dask worker ADDRESS")
            )
        for worker, (version, _warning) in found.items():
            if version != narrowcast.__version__:
                problem = _("The worker {worker} runs narrowcast {theirs}; here it is {ours}.").format(
                    worker=worker, theirs=version, ours=narrowcast.__version__
                )
                raise CourseError(problem, _("Install the same version everywhere: else marks could differ."))
        return next((warning for _version, warning in found.values() if warning), "")

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Yield what came out of each job, in order of completion."""
        waiting, sent = iter(jobs), dict[Any, Job]()
        done = self._dask.as_completed()

        def send() -> None:
            for job in waiting:
                future = self._client.submit(
                    run_parcel, pack(job), self._limits, self._require, pure=False, retries=0
                )
                sent[future] = job
                done.add(future)
                return

        for _place in range(2 * self.slots):
            send()
        while sent:
            future = next(done)
            job = sent.pop(future)
            yield _came_back(future, job)
            send()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the cluster; its workers go on for others."""
        self._client.close()


def _came_back(future: Any, job: Job) -> Result:  # noqa: ANN401 - Dask has no types
    error = future.exception()
    if error is None:
        result: Result = future.result()
        return replace(result, job=job)
    told = _("A worker of the cluster failed: {kind}: {why}").format(kind=type(error).__name__, why=error)
    return Result(job, (), (), "machine", told, 0.0)
