"""Regions on a real Dask cluster: the same bits, whoever runs them and whoever dies."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator
from functools import reduce
from operator import add
from types import SimpleNamespace
from typing import Any

import distributed
import pytest
from bit_examples import differences, everything, market

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import PlanError
from narrowcast.simulate import Outcome, cluster, run, simulate
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.cluster import spread
from narrowcast.simulate.region import run_region
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import World

CUSTOMERS = 62_000  # 13 regions, the last of them smaller


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers of one thread, each a process of its own."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as workers,
        distributed.Client(workers) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def world() -> World:
    return market(CUSTOMERS)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return everything(CUSTOMERS)


@pytest.fixture(scope="module")
def alone(world: World, plan: Plan) -> Outcome:
    return simulate(world, plan, 3, threads=1)


def idle(client: Any, seconds: float = 20) -> bool:
    """Return whether nothing is left to be run before long."""
    for _try in range(int(seconds / 0.05)):
        if not client.futures and not any(client.processing().values()):
            return True
        time.sleep(0.05)
    return False


class TestSameBits:
    @pytest.mark.parametrize("where", ["two threads", "five threads", "two workers", "two workers again"])
    def test_of_everything(self, alone, world, plan, client, where):
        spot = {"threads": 2 if "two" in where else 5} if "threads" in where else {"client": client}
        other = simulate(world, plan, 3, **spot)
        assert other.is_complete
        assert differences(alone.part, other.part) == []
        assert differences(alone.census, other.census) == []
        assert alone.kpis().equals(other.kpis())
        assert alone.channels(by_flight=True).equals(other.channels(by_flight=True))
        assert alone.customers.equals(other.customers)

    def test_the_plan_does_everything(self, alone):
        """Else the same bits would say little: every counter of the flights but one has moved."""
        counted = alone.channels(by_flight=True)
        moved = counted.select_dtypes("number").sum() > 0
        for name in (
            "contacts", "bounced", "opened", "clicked", "leads", "unsubscribed", "complaints", "orders",
            "tracked_orders", "shares", "told", "paid", "lawless", "acquired",
        ):  # fmt: skip
            assert moved[name], name
        assert (counted.loc[["click>phone", "visit>sms", "email@fashion-lovers"], "contacts"] > 0).all()
        assert 0 < alone.held_out.sum() < alone.held_out.size

    def test_of_sums_alone(self, world, plan, client, alone):
        sums = simulate(world, plan, 3, client=client, people=False)
        assert sums.part.customers is None
        assert differences(sums.part, simulate(world, plan, 3, threads=2, people=False).part) == []
        assert sums.expected == alone.expected

    def test_when_a_worker_is_killed_half_way(self, world, plan, client, alone):
        parts, shared = spread(client, world, plan, 3, world.regions, keep=True)
        whole = next(parts)
        victim = next(iter(client.run(os.getpid).values()))
        os.kill(victim, signal.SIGKILL)  # with tasks under way, and results that nobody fetched yet
        whole = reduce(add, parts, whole)
        assert differences(alone.part, whole) == []
        assert differences(alone.census, shared) == []
        assert victim not in client.run(os.getpid).values()

    def test_of_some_regions(self, world, plan, client):
        some = world.regions[2:11:3]
        parts, _shared = spread(client, world, plan, 8, some, keep=False)
        layout = lay_out(world, plan, 8)
        for region, part in zip(some, parts, strict=True):
            assert differences(part, run_region(layout, region, keep=False)) == []

    def test_of_a_market_that_is_not_kept_in_memory(self, world, plan, alone, monkeypatch):
        """What a worker does for a market too large for its memory: people are drawn with each region."""
        monkeypatch.setattr(cluster, "IN_MEMORY", 0)
        cluster._open.cache_clear()
        cluster._lay_out.cache_clear()
        region, order = world.regions[1], pickle.dumps((plan, alone.census, 3))
        (part,) = cluster._run(pickle.dumps(world), order, [region], keep=True)
        assert not cluster._open(pickle.dumps(world)).is_drawn
        cluster._open.cache_clear()
        cluster._lay_out.cache_clear()
        assert part.customers is not None
        for name, columns in part.customers.items():
            assert (columns[0] == alone.part.customers[name][1]).all()


class TestManners:
    def test_few_tasks_are_under_way(self, world, plan, client):
        parts, _shared = spread(client, world, plan, 0, world.regions, keep=False)
        most = 0
        for _part in parts:
            most = max(most, len(client.futures))
        assert 0 < most <= 8  # four for each of two threads, however large the market
        assert idle(client)

    def test_whoever_stops_early_cancels_the_rest(self, world, plan, client):
        parts, _shared = spread(client, world, plan, 0, world.regions, keep=False)
        next(parts)
        assert client.futures
        parts.close()
        assert idle(client)

    def test_an_interrupted_run_keeps_what_is_finished(self, world, plan, client, alone, monkeypatch):
        step, steps = Bar.step, []

        def interrupting(bar: Bar) -> None:
            steps.append(step(bar))
            if len(steps) == 5:
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(Bar, "step", interrupting)
        outcome = simulate(world, plan, 3, client=client)
        monkeypatch.undo()
        assert outcome.part.regions in {tuple(range(4)), tuple(range(5))}
        assert not outcome.is_complete
        assert idle(client)
        assert (outcome.totals["orders"] == alone.totals["orders"][: outcome.held_out.size]).all()

    def test_the_run_without_a_campaign_goes_to_the_cluster_too(
        self, world, plan, client, alone, monkeypatch
    ):
        outcome, here = simulate(world, plan, 3, client=client), alone.kpis()
        monkeypatch.setattr(run, "in_threads", None)  # whoever calls it fails
        assert outcome.kpis().equals(here)

    def test_a_market_goes_out_without_its_people(self, world):
        assert world.is_drawn
        assert len(pickle.dumps(world)) < 300_000

    @pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:8786", 4, object(), True])
    def test_what_is_no_client(self, world, plan, wrong):
        with pytest.raises(PlanError, match=r"no Dask client.*distributed\.Client\("):
            simulate(world, plan, client=wrong)

    def test_a_client_that_is_closed_or_hangs_up(self, world, plan):
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0", silence_logs=50
        ) as workers:
            client = distributed.Client(workers)
            parts, _shared = spread(client, world, Plan(), 0, world.regions, keep=False)
            next(parts)
            client.close()
            with pytest.raises(PlanError, match=r"did not finish.*closed"):
                list(parts)
        with pytest.raises(PlanError, match=r"not connected.*closed"):
            simulate(world, plan, client=client)

    def test_an_asynchronous_client(self, world, plan, client, monkeypatch):
        monkeypatch.setattr(type(client), "asynchronous", True)
        with pytest.raises(PlanError, match="asynchronous"):
            simulate(world, plan, client=client)

    def test_dask_is_an_extra(self, world, plan, monkeypatch):
        monkeypatch.setitem(sys.modules, "distributed", None)
        with pytest.raises(PlanError, match=r'pip install "narrowcast\[cluster\]"'):
            simulate(world, plan, client="anything")

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (distributed.KilledWorker("a task", SimpleNamespace(address="tcp://there"), 3), "did not finish"),
            (OSError("the line is dead."), "the line is dead. Look at"),
            (ModuleNotFoundError("No module named 'narrowcast'"), "Install the same Narrowcast"),
        ],
    )
    def test_a_cluster_that_fails_says_so(self, world, plan, client, monkeypatch, error, said):
        def fails(*_given: object) -> None:
            raise error

        monkeypatch.setattr(distributed.Future, "result", fails)
        with pytest.raises(PlanError, match=said):
            simulate(world, Plan(flights=[Flight("social", 1)]), 99, client=client)
