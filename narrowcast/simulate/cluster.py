"""Regions on a Dask cluster: the tasks that threads share, on other machines, to the same last bit.

A task holds all it needs (some hundred kilobytes: the market without its people, the plan, which regions), so
nothing lies on a cluster that could be lost: where a worker dies, Dask gives its regions to another.
"""

from __future__ import annotations

import functools
import operator
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

from narrowcast.campaigns import Plan
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.census import COUNTED, Census
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.parts import Part
from narrowcast.simulate.region import census_of, run_region
from narrowcast.worlds import Region, World
from narrowcast.worlds.world import IN_MEMORY

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["spread"]

_AT_ONCE = 20
"""Regions in a task, at most: they take a tenth of a second, Dask a millisecond to hand them out."""

_AHEAD = 4
"""Tasks under way for each thread of the cluster: enough that none waits, few enough for any market."""

_one_at_a_time = Lock()


def spread(
    client: Client, world: World, plan: Plan, seed: int, regions: Sequence[Region], *, keep: bool
) -> tuple[Iterator[Part], Census]:
    """Run regions of a market on a cluster.

    Parameters
    ----------
    client
        A connected Dask client.
    world, plan, seed
        As in `narrowcast.simulate.simulate`; already checked against each other.
    regions
        Which blocks of customers, in order.
    keep
        Whether to keep columns by customer.

    Returns
    -------
    iterator of Part
        One a region, in order, as they come in. Whoever stops early cancels what is still to be run.
    Census
        Of the whole market.

    Raises
    ------
    PlanError
        If `client` is none, Dask is not installed, or the cluster fails; the iterator raises it too.
    """
    _check(client)
    market = pickle.dumps(world)
    files = tuple(sorted({name for flight in plan.flights if flight.spend for name in flight.files}))
    seen = COUNTED.setdefault(world, {})
    if files not in seen:
        seen[files] = _census(client, market, files, world.regions)
    order = pickle.dumps((plan, seen[files], seed))
    work = functools.partial(_run, market, order, keep=keep)
    return _in_order(client, work, regions), seen[files]


def _library() -> ModuleType:
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise PlanError(
            _("launch"),
            _("the library Dask, which runs clusters, is not installed."),
            _('Install it: pip install "narrowcast[cluster]"'),
        ) from error
    return distributed


def _check(client: object) -> None:
    """Complain where something is no Dask client that answers."""
    cure = _("Make one: client = distributed.Client(threads_per_worker=1), or leave client= out.")
    if not isinstance(client, _library().Client):
        problem = _("client is a {kind}, which is no Dask client.").format(kind=type(client).__name__)
        raise PlanError(_("launch"), problem, cure)
    if client.asynchronous:
        raise PlanError(_("launch"), _("client is asynchronous; a run waits for its regions."), cure)
    if client.status != "running":
        problem = _("client is not connected to a cluster; it is {status}.").format(status=client.status)
        raise PlanError(_("launch"), problem, cure)


def _census(client: Client, market: bytes, files: tuple[str, ...], regions: Sequence[Region]) -> Census:
    counts: list[Census] = []
    with Bar(_("counting the market"), len(regions)) as bar:
        for one in _in_order(client, functools.partial(_count, market, files), regions):
            counts.append(one)
            bar.step()
    return functools.reduce(operator.add, counts)


def _in_order(
    client: Any,  # noqa: ANN401 - half of Dask's methods have no types
    work: Callable[[Sequence[Region]], list[Part] | list[Census]],
    regions: Sequence[Region],
) -> Iterator[Any]:
    """Yield what `work` makes of each region, in order; some tasks ahead are under way."""
    threads = len(_places(client))
    size = max(1, min(_AT_ONCE, len(regions) // (_AHEAD * max(threads, 1))))
    tasks = (regions[at : at + size] for at in range(0, len(regions), size))
    waiting: deque[Any] = deque()
    number = count()
    try:
        while True:
            with _complaints():
                places = _places(client)
                for some in tasks:
                    # Best to the worker that had them in the run before: it may still know their people.
                    home = places[next(number) % len(places)] if places else None
                    waiting.append(
                        client.submit(work, some, workers=home, allow_other_workers=bool(home), pure=False)
                    )
                    if len(waiting) >= _AHEAD * max(len(places), 1):
                        break
                if not waiting:
                    return
                done = waiting[0].result()
            waiting.popleft()
            yield from done
    finally:
        if waiting and client.status == "running":
            client.cancel(list(waiting))


def _places(client: Any) -> list[str]:  # noqa: ANN401
    """Return the cluster's workers, each as often as it has threads; they may come and go during a run."""
    if client.status in {"closing", "closed"}:
        raise ConnectionError(_("the client was closed"))
    return [worker for worker, threads in sorted(client.nthreads().items()) for _thread in range(threads)]


@contextmanager
def _complaints() -> Iterator[None]:
    """Say in plain words what became of a cluster."""
    distributed = _library()
    lost = (
        distributed.KilledWorker,
        distributed.CancelledError,
        distributed.client.ClosedClientError,
        OSError,
    )
    try:
        yield
    except lost as error:
        problem = _("the cluster did not finish: {error}.").format(error=str(error).rstrip("."))
        cure = _("Look at its workers' memory and logs; without client= the run needs no cluster.")
        raise PlanError(_("launch"), problem, cure) from error
    except ImportError as error:
        problem = _("a machine of the cluster lacks a library: {error}.").format(error=str(error).rstrip("."))
        raise PlanError(_("launch"), problem, _("Install the same Narrowcast on all of them.")) from error


@functools.lru_cache(maxsize=2)
def _open(market: bytes) -> World:
    world: World = pickle.loads(market)  # noqa: S301 - sent by `spread`
    if world.size <= IN_MEMORY:
        _drawn = world.population  # then what is drawn of a region is kept for the next run, too
    return world


@functools.lru_cache(maxsize=2)
def _lay_out(market: bytes, order: bytes) -> Layout:
    plan, census, seed = pickle.loads(order)  # noqa: S301 - sent by `spread`
    return Layout(_open(market), plan, census, seed)


def _count(market: bytes, files: tuple[str, ...], some: Sequence[Region]) -> list[Census]:
    """Count regions: a task of a worker."""
    with _one_at_a_time:
        world = _open(market)
    return [census_of(world, region, files) for region in some]


def _run(market: bytes, order: bytes, some: Sequence[Region], *, keep: bool) -> list[Part]:
    """Run regions: a task of a worker."""
    with _one_at_a_time:
        layout = _lay_out(market, order)
    return [run_region(layout, region, keep=keep) for region in some]
