"""A run is a function of market, plan and seed: nothing else moves a bit of it."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from dataclasses import fields, replace
from functools import reduce
from itertools import islice, product
from operator import add
from pathlib import Path

import numpy as np
import pytest
from bit_examples import differences, digest, everything, market
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate import Outcome, region, simulate
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import FLIGHT_SUMS, SLOTS
from narrowcast.simulate.ground import ground_of, strangers_of
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.parts import Part
from narrowcast.simulate.region import census_of, run_region
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import World
from narrowcast.worlds.population import draw_population

CUSTOMERS = 22_000  # five regions, the last of them smaller
ARRIVAL = {"alive", "past", "agreed"}
"""What depends on how long ago somebody came; the first customers of a larger market came earlier."""

HELPERS = Path(__file__).parent


@pytest.fixture(scope="module")
def world() -> World:
    return market(CUSTOMERS)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return everything(CUSTOMERS)


@pytest.fixture(scope="module")
def layout(world: World, plan: Plan) -> Layout:
    return lay_out(world, plan, 5)


@pytest.fixture(scope="module")
def parts(layout: Layout) -> list[Part]:
    return [run_region(layout, some, keep=True) for some in layout.world.regions]


def undrawn(world: World) -> World:
    """Return the market as another process gets it: nobody is drawn yet."""
    copy: World = pickle.loads(pickle.dumps(world))
    assert not copy.is_drawn
    return copy


class TestRegions:
    @given(order=st.permutations(range(5)), many=st.integers(1, 5))
    @settings(max_examples=6)
    def test_none_depends_on_which_others_are_run(self, layout, parts, order, many):
        for number in order[:many]:
            again = run_region(layout, layout.world.regions[number], keep=True)
            assert differences(again, parts[number]) == []

    def test_together_they_are_the_run(self, world, plan, parts):
        assert differences(simulate(world, plan, 5, threads=2).part, reduce(add, parts)) == []

    def test_people_drawn_with_their_region_are_those_of_the_market(self, world):
        assert world.population.size == CUSTOMERS  # drawn at once
        files = ("fashion-lovers",)
        for some in (world.regions[0], world.regions[-1]):
            assert differences(ground_of(world, some), ground_of(undrawn(world), some)) == []
            one, other = (strangers_of(w, some, *files) for w in (world, undrawn(world)))
            assert differences(one, other) == []
            one, other = (census_of(w, some, files) for w in (world, undrawn(world)))
            assert differences(one, other) == []

    def test_and_live_the_same_lives(self, world, layout, parts):
        elsewhere = Layout(undrawn(world), layout.plan, layout.census, layout.seed)
        assert differences(run_region(elsewhere, world.regions[3], keep=True), parts[3]) == []

    @given(start=st.integers(0, 21_000), many=st.integers(1, 1_000))
    @settings(max_examples=10)
    def test_any_slice_of_the_people_can_be_drawn_alone(self, world, start, many):
        some = draw_population(world.recipe, many, world.past.seed, start)
        for field in fields(some):
            whole = getattr(world.population, field.name)
            assert np.array_equal(getattr(some, field.name), whole[start : start + many])

    def test_a_run_leaves_no_trace(self, world, plan):
        """The market and the layout are as before: a second run is the first."""
        before = digest(census_of(world, world.regions[0]))
        assert digest(simulate(world, plan, 5).part) == digest(simulate(world, plan, 5).part)
        assert digest(census_of(world, world.regions[0])) == before


class TestMarketSize:
    @pytest.mark.parametrize("size", [10_000, 500_000])
    def test_people_are_the_same_but_for_when_they_came(self, world, size):
        other = market(size)
        for number in (0, 1):
            one, two = (ground_of(w, w.regions[number]) for w in (world, other))
            assert {n for n in one.people.dtype.names if differences(one.people[n], two.people[n])} <= ARRIVAL
            for name in ("ties", "listed", "exposure", "reachable", "circle"):
                assert differences(getattr(one, name), getattr(two, name)) == [], name
            one, two = (strangers_of(w, w.regions[number], "fashion-lovers") for w in (world, other))
            assert differences(one, two) == []

    def test_the_same_people_with_the_same_money_each_live_the_same_lives(self, world):
        """A region alone, told that its market is twice as large, with twice the money and twice the census."""
        some = world.regions[0]
        plan = Plan(
            flights=[Flight("television", 4_000_000), Flight("social", 2_000_000, to="trend")], weeks=5
        )
        twice = replace(plan, flights=[Flight(f.channel, 2 * f.spend, f.to) for f in plan.flights])
        once = lay_out(world, plan, 2)
        larger = Layout(world, twice, once.census + once.census, 2)
        assert differences(run_region(once, some, keep=True), run_region(larger, some, keep=True)) == []


class TestSeeds:
    def test_another_seed_is_another_luck(self, world, plan):
        runs = [simulate(world, plan, seed).part for seed in (0, 1, 2**63)]
        assert len({digest(run.weekly) for run in runs}) == 3
        assert len({digest(run.held) for run in runs}) == 3

    def test_another_market_seed_is_other_people(self, plan):
        one, other = market(CUSTOMERS), market(CUSTOMERS, seed=1)
        assert differences(one.population.noise, other.population.noise)
        assert digest(simulate(one, plan, 5).part.weekly) != digest(simulate(other, plan, 5).part.weekly)

    def test_a_larger_holdout_holds_the_smaller(self, world, plan):
        small, large = (simulate(world, replace(plan, holdout=share), 5) for share in (0.1, 0.4))
        assert (small.held_out <= large.held_out).all()
        assert small.held_out.mean() == pytest.approx(0.1, abs=0.01)

    def test_flights_do_not_move_each_others_luck(self, world):
        """Contacts of a flight are the same whatever else is bought."""
        social = Flight("social", 20_000_000, to="trend")
        others = [
            Flight("television", 9_000_000),
            Flight("social", 5_000_000, to="loyal"),
            Flight("display", 10**6),
        ]
        alone = simulate(world, Plan(flights=[social]), 4)
        among = simulate(world, Plan(flights=[*others, social]), 4)
        place = [f.name for f in Layout(world, among.plan, among.census, 4).flights].index(social.name)
        contacts = FLIGHT_SUMS.index("contacts")
        assert np.array_equal(alone.part.flights[:, 0, contacts], among.part.flights[:, place, contacts])


class TestSlots:
    def test_every_flight_has_draws_of_its_own(self, world, layout):
        recipe, slots = world.recipe, []
        kinds = product(recipe.channels, [None, *recipe.segments], [None, "open", "click", "lead", "visit"])
        flights = [Flight(channel, 1_000, to, after=after) for channel, to, after in kinds]
        chosen = [("fashion-lovers",), ("house",), ("fashion-lovers", "house")]
        flights += [
            Flight("email", 1_000, files=files, after=after) for files in chosen for after in (None, "visit")
        ]
        every = iter(flights)
        while some := list(islice(every, 60)):
            laid = Layout(world, Plan(flights=some), layout.census, 0)
            slots += laid.table(1.0)["slot"].tolist()
        assert len(set(slots)) == len(flights)
        assert min(slots) > 0
        assert max(slots) + 1 < 2**24  # shifted by eight bits, they still fit a word of the counter

    def test_purposes_do_not_run_into_flights(self):
        assert len(set(SLOTS.values())) == len(SLOTS)
        assert all(0 < slot < 2**8 for slot in SLOTS.values())


SCRIPT = """
import pickle, sys
import numpy as np
import warnings
warnings.simplefilter("error", RuntimeWarning)  # overflow, among others
from bit_examples import digest, everything, market
from narrowcast.simulate import simulate
customers, weeks, pure = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "pure"
if pure:  # the interpreter finds a record's fields by name where NumPy makes it a record
    from narrowcast.simulate.engine import tally, weeks as engine
    record = lambda a: a.view(np.recarray) if getattr(a, "dtype", np.dtype(int)).names else a
    records = lambda a: type(a)(*map(record, a)) if isinstance(a, tuple) else record(a)
    for module, name in ((engine, "live"), (tally, "tally")):
        read = getattr(module, name)
        assert not hasattr(read, "py_func"), "it is compiled after all"
        setattr(module, name, lambda *given, read=read: read(*map(records, given)))
part = simulate(market(customers), everything(customers, weeks), 7, threads=1).part
sys.stdout.buffer.write(pickle.dumps(part) if pure else digest(part).encode())
"""


def elsewhere(customers: int, weeks: int, how: str = "compiled", **environment: str) -> bytes:
    """Return what a fresh process makes of a run."""
    paths = os.pathsep.join([str(HELPERS), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths, **environment}
    call = [sys.executable, "-c", SCRIPT, str(customers), str(weeks), how]
    ran = subprocess.run(call, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


class TestProcesses:
    @pytest.mark.parametrize("hashes", ["0", "20260101"])
    def test_the_order_of_sets_and_hashes_is_irrelevant(self, hashes):
        here = digest(simulate(market(6_000), everything(6_000), 7).part)
        assert elsewhere(6_000, 6, PYTHONHASHSEED=hashes).decode() == here

    def test_the_compiler_does_what_the_text_says(self):
        """The engine, interpreted line by line, counts the same; sums of floats are the same but for rounding."""
        compiled = simulate(market(40), everything(40, weeks=6), 7, threads=1).part
        read = pickle.loads(elsewhere(40, 6, "pure", NUMBA_DISABLE_JIT="1"))
        assert compiled.weekly[:, 3].sum() > 10  # something happens
        rounded = {"expected", "totals", "strangers"}  # the interpreter multiplies some of 32 bits by 32
        for field in fields(Part):
            one, other = (getattr(part, field.name) for part in (compiled, read))
            if field.name in rounded:
                np.testing.assert_allclose(one, other, rtol=1e-6)
            else:
                assert differences(one, other) == [], field.name


@pytest.fixture(scope="module")
def stopped(world, plan) -> Outcome:
    """A run on two threads that a person stops while it goes on."""
    step, steps = Bar.step, []

    def interrupting(bar: Bar) -> None:
        steps.append(step(bar))
        if len(steps) == 3:
            signal.raise_signal(signal.SIGINT)

    lay_out(world, plan, 5)  # the census has a bar of its own
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bar, "step", interrupting)
        return simulate(world, plan, 5, threads=2)


class TestInterrupted:
    def test_it_holds_what_was_finished(self, stopped, parts):
        assert not stopped.is_complete
        assert stopped.part.regions == (0, 1, 2)
        assert differences(stopped.part, reduce(add, parts[:3])) == []
        assert "3 of 5 regions" in repr(stopped)

    def test_the_run_without_a_campaign_is_of_the_same_people(self, stopped, world):
        assert stopped.baseline.part.regions == (0, 1, 2)
        whole = simulate(world, Plan(weeks=stopped.plan.weeks), 5)
        for name, counted in stopped.baseline.totals.items():
            assert np.array_equal(counted, whole.totals[name][: counted.size]), name

    def test_every_question_has_an_answer(self, stopped):
        people, orders = 15_000, int(stopped.totals["orders"].sum())
        assert stopped.kpis().notna().all()
        assert stopped.kpis()["orders"] == stopped.weekly()["orders"].sum() > orders  # with strangers' orders
        for split in ("segment", "arm", "advocate"):
            assert stopped.by(split)["customers"].sum() == people
            assert stopped.by(split)["orders"].sum() == orders
        assert stopped.weekly()["visits"].sum() == stopped.part.weekly[:, 2].sum()
        assert stopped.funnel().notna().any(axis=None)
        assert len(stopped.customers) == people
        assert stopped.states().shape == (stopped.plan.weeks, people)
        lift = stopped.lift("orders")
        assert lift.treated + lift.held_out == people
        assert lift.low <= lift.estimate <= lift.high
        assert 0 < stopped.cost < stopped.plan.cost(stopped.world)

    def test_before_anything_is_finished_it_is_simply_interrupted(self, world, plan, monkeypatch):
        def interrupted(*_given: object, **_more: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(region, "run_region", interrupted)
        for threads in (1, 2):
            with pytest.raises(KeyboardInterrupt):
                simulate(world, plan, 5, threads=threads)
