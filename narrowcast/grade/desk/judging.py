"""Judges: processes that know the key, read plain answers and never run a student's code."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Hashable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from narrowcast.judge import Key, load_key
from narrowcast.judge.places import PLANS
from narrowcast.judge.plans import PlanQuestion
from narrowcast.judge.questions import Question
from narrowcast.language import speaking
from narrowcast.simulate.ground import pasts_in
from narrowcast.simulate.search import Plans, everybodys_plan, know_plans, plan_found, plans_known
from narrowcast.simulate.trials import worth
from narrowcast.worlds import World, open_world
from narrowcast.worlds.drawn import packed, receive
from narrowcast.worlds.past.activity import LAST_YEAR, counted
from narrowcast.worlds.world import let_go

__all__ = ["Case", "Finding", "Judges", "Setting"]

MOST_DRAWN = 50_000
"""Customers of a market up to which it is handed from process to process; larger ones each draws for itself."""
SHORT = 2_000
"""Characters up to which an answer or a truth is kept in the ledger."""


@dataclass(frozen=True)
class Setting:
    """What all judges of an assignment know.

    Attributes
    ----------
    name
        The key's folder name, such as "01-rules-flipped".
    key
        The text of key.py.
    plans
        The text of plans.json beside it; empty where there is none.
    salt
        The class's word.
    language
        What students are spoken to in.
    """

    name: str
    key: bytes
    plans: bytes
    salt: str
    language: str


@dataclass(frozen=True)
class Case:
    """What one student handed in.

    Attributes
    ----------
    student
        Whose it is: decides the market.
    answers
        By question, plain data; a question without an answer is left out.
    elsewhere
        By question, what would have been right for classmates.
    drawn
        What `Judges.draw` drew of the student's markets.
    """

    student: str
    answers: Mapping[str, Any]
    elsewhere: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    drawn: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a judge says: by question, `Verdict.to_json()`, and what would have been right, where that is short."""

    verdicts: dict[str, dict[str, Any]]
    truths: dict[str, Any]


class Judges:
    """A pool of judges; made before the first thread of this process, since they are forked from it.

    Parameters
    ----------
    setting
        What they know.
    workers
        How many.
    """

    def __init__(self, setting: Setting, workers: int) -> None:
        self._setting, self._workers = setting, workers
        _warm(setting)
        gc.freeze()  # what is there by now stays: no collection has to look through it, here or in a judge
        self._pool = self._make("fork")
        self._plans = self._pool.submit(_search)

    def _make(self, method: str) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            self._workers, mp_context=get_context(method), initializer=_sit_down, initargs=(self._setting,)
        )
        pool.submit(_ready).result()
        return pool

    def judge(self, case: Case) -> Future[Finding]:
        """Judge what a student handed in; the future raises what the key raised."""
        judged: Future[Finding] = Future()
        # The plans that the whole class is measured by are being searched: nobody is judged before.
        self._plans.add_done_callback(lambda plans: self._submit(case, plans, judged))
        return judged

    def _submit(self, case: Case, plans: Future[Plans], judged: Future[Finding]) -> None:
        def done(found: Future[Finding]) -> None:
            error = CancelledError() if found.cancelled() else found.exception()
            if error is None:
                judged.set_result(found.result())
            else:
                judged.set_exception(error)

        try:
            self._pool.submit(_judge, case, plans.result()).add_done_callback(done)
        except BaseException as error:  # noqa: BLE001 - raised where the finding is read
            judged.set_exception(error)

    def draw(self, student: str) -> Future[tuple[bytes, ...]]:
        """Draw a student's markets, for whoever asks for them next: the box of the submission, and its judge."""
        return self._pool.submit(_draw, student)

    def again(self) -> None:
        """Make the pool anew, after one of its processes was killed."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._make("spawn")  # by now there are threads, which a fork would tear apart
        if not self._plans.done() or self._plans.exception() is not None:
            self._plans = self._pool.submit(_search)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _warm(setting: Setting) -> None:
    """Do once, before the judges are forked, what each of them would have to do first: look into a market."""
    key = _key(setting)
    for question, world in _asked(key, "nobody", setting.salt):
        _segments = world.segments
        if isinstance(question, PlanQuestion):
            worth(world, question.ours(question.truth(world), world), question.seeds[:1])


def _asked(key: Key, student: str, salt: str) -> Iterator[tuple[Question, World]]:
    """Yield each question and the market of a student that it is asked in."""
    for question in key.questions.values():
        yield question, open_world(question.world or key.worlds[0], student=student, salt=salt)


def _search() -> Plans:
    """Search everybody's market for the plans that a class is measured by, but for those that lie beside the key."""
    for question, world in _asked(_Seat.key, "nobody", _Seat.setting.salt):
        if isinstance(question, PlanQuestion):
            everybodys_plan(world, question.budget, question.weeks, craft=question.craft)
    return plans_known()


def _draw(student: str) -> tuple[bytes, ...]:
    """Draw what both a box and a judge ask of a student's markets, once: its last year, and who lives there."""
    packs: dict[str, bytes] = {}
    lived_in = {q.world or _Seat.key.worlds[0] for q in _Seat.key.questions.values() if q.kind == "plan"}
    for _question, world in _asked(_Seat.key, student, _Seat.setting.salt):
        if world.name not in packs and world.size <= MOST_DRAWN:
            blocks = list(map(world.past.block, range(world.past.blocks)))  # what both draw, they draw once
            parts: dict[Hashable, Any] = {LAST_YEAR: counted(blocks)}
            if world.name in lived_in:
                parts |= {key: past for block in blocks for key, past in pasts_in(block).items()}
            packs[world.name] = packed(world.past, parts)
    return tuple(packs.values())


class _Seat:
    """What a judge's process holds."""

    key: Key
    setting: Setting


def _sit_down(setting: Setting) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the desk, and the desk ends its judges
    os.environ["NARROWCAST_CACHE"] = "off"  # tables that anybody may have written are no truth to judge by
    os.environ["NARROWCAST_THREADS"] = "1"  # the judges themselves share the processors
    _Seat.setting, _Seat.key = setting, _key(setting)


def _key(setting: Setting) -> Key:
    """Return the key, from its text: the file may have changed since the run began."""
    folder = Path(tempfile.mkdtemp(prefix="narrowcast-key-"))
    try:
        file = folder / setting.name / "key.py"
        file.parent.mkdir(parents=True)
        file.write_bytes(setting.key)
        if setting.plans:
            file.with_name(PLANS).write_bytes(setting.plans)
        return load_key(file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ready() -> bool:
    return True


def _judge(case: Case, plans: Plans) -> Finding:
    receive(*case.drawn)
    know_plans(plans)
    seat, verdicts, truths = _Seat, dict[str, dict[str, Any]](), dict[str, Any]()
    worlds: dict[str, World] = {}
    with speaking(seat.setting.language):
        for name, question in seat.key.questions.items():
            if question.kind == "written":
                continue
            market = question.world or seat.key.worlds[0]
            if market not in worlds:
                worlds[market] = open_world(market, student=case.student, salt=seat.setting.salt)
            if name in case.answers:
                elsewhere = case.elsewhere.get(name, ())
                verdict = question.judge_plain(case.answers[name], worlds[market], elsewhere)
                verdicts[name] = verdict.to_json()
            if question.kind in {"number", "choice", "text"} and not case.elsewhere:
                truth = short(question.truth(worlds[market]))
                if truth is not None:
                    truths[name] = truth
    plan_found.cache_clear()
    let_go()  # else a large class's markets would fill the memory
    gc.collect()  # they know themselves; quick, for all that was there before is frozen
    return Finding(verdicts, truths)


def short(value: object) -> Any:  # noqa: ANN401
    """Return a value as JSON holds it, or None where that is long or cannot be."""
    try:
        text = json.dumps(value, allow_nan=False, default=float)
    except (TypeError, ValueError, RecursionError):
        return None
    return json.loads(text) if len(text) <= SHORT else None
