"""What a channel caused is what is lost without it, and models do not know it."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from bit_examples import market
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import PlanError, UnknownName
from narrowcast.measure import MODELS, NONE, Paths, channel_meanings
from narrowcast.simulate import Outcome, credit, simulate
from narrowcast.simulate.credit import truth
from narrowcast.simulate.region import run_region
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import open_world

FLIGHTS = [
    Flight("television", 2_000_000),
    Flight("search", 400_000),
    Flight("email", 200_000),
    Flight("email", 100_000, to="trend"),
    Flight("viral", 200_000),
    Flight("referral", 300_000, reward=30_000),
]


@pytest.fixture(scope="module")
def done(every) -> Outcome:
    return simulate(every, Plan(flights=FLIGHTS, weeks=6, holdout=0.1), 5)


def _orders(world, flights, outcome):
    plan = replace(outcome.plan, flights=flights)
    return simulate(world, plan, outcome.seed).kpis()["orders"]


class TestTruth:
    def test_it_is_the_plan_run_again_without_some_of_it(self, every, done):
        table = truth(done)
        assert list(table.index) == ["television", "search", "email", "referral", "viral"]
        nothing = done.baseline.kpis()["orders"]
        for channel, row in table.iterrows():
            others = [f for f in FLIGHTS if f.channel != channel]
            assert row["removal"] == done.kpis()["orders"] - _orders(every, others, done)
            mine = [f for f in FLIGHTS if f.channel == channel]
            assert row["alone"] == _orders(every, mine, done) - nothing

    def test_shapley_adds_up_to_what_the_plan_caused(self, done):
        table = truth(done)
        assert table["shapley"].sum() == pytest.approx(done.kpis()["incremental_orders"], abs=1e-9)
        assert (table["sampling_error"] == 0).all()
        assert (table["standard_error"] > 0).all()

    def test_of_one_channel_all_three_are_one(self, every):
        run = simulate(every, Plan(flights=[Flight("television", 3_000_000)], weeks=4), 2)
        row = truth(run).loc["television"]
        caused = run.kpis()["incremental_orders"]
        assert caused > 0
        assert row["removal"] == row["alone"] == row["shapley"] == caused

    @settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 10**6), st.integers(1, 4_000_000), st.integers(1, 4_000_000))
    def test_of_two_channels_shapley_is_the_mean_of_both(self, every, seed, one, other):
        """With two, a channel joins first as often as last."""
        run = simulate(
            every, Plan(flights=[Flight("television", one), Flight("radio", other)], weeks=3), seed
        )
        table = truth(run)
        assert table["shapley"].to_numpy() == pytest.approx(
            table[["removal", "alone"]].mean(axis=1).to_numpy()
        )
        assert table["shapley"].sum() == pytest.approx(run.kpis()["incremental_orders"], abs=1e-9)

    def test_a_sample_of_joinings_comes_near_and_adds_up(self, every, done, monkeypatch):
        exact = truth(done)
        monkeypatch.setattr(credit, "EXACT", 2)
        sampled = truth(done)
        assert sampled["shapley"].sum() == pytest.approx(exact["shapley"].sum(), abs=1e-9)
        assert sampled["sampling_error"].max() > 0
        gap = (sampled["shapley"] - exact["shapley"]).abs()
        assert (gap <= 5 * sampled["sampling_error"] + 0.5).all()
        assert (sampled["standard_error"] >= sampled["sampling_error"]).all()
        again = simulate(every, done.plan, done.seed)
        assert truth(again).equals(sampled)

    def test_many_channels(self, every):
        names = ("television", "social", "search", "display", "email", "radio", "viral")
        run = simulate(every, Plan(flights=[Flight(name, 300_000) for name in names], weeks=2), 1)
        table = truth(run)
        assert len(table) == 7
        assert table["shapley"].sum() == pytest.approx(run.kpis()["incremental_orders"], abs=1e-9)

    def test_no_run_is_made_twice(self, done, monkeypatch):
        before = truth(done)
        monkeypatch.setattr(credit, "run_region", None)
        assert truth(done).equals(before)

    def test_a_run_that_was_stopped_is_compared_with_its_own_regions(self):
        world = market(6_000)
        layout = lay_out(world, Plan(flights=FLIGHTS, weeks=2), 1)
        part = run_region(layout, world.regions[0], keep=True)
        run = Outcome(world, layout.plan, 1, part, layout.census)
        assert truth(run)["shapley"].sum() == pytest.approx(run.kpis()["incremental_orders"], abs=1e-9)

    def test_a_plan_without_money_has_no_channel(self, every):
        with pytest.raises(PlanError, match=r"spends nothing.*Give a flight money"):
            truth(simulate(every, Plan()))


class TestLuck:
    """Another seed tells another truth; the standard error says how much another."""

    @pytest.mark.parametrize(
        ("world", "flights"),
        [
            ("hcmc-fashion", (("television", 3_000_000), ("search", 900_000))),
            ("farm-box", (("television", 1_000_000), ("referral", 300_000))),
        ],
        ids=["alone", "by friends"],
    )
    def test_the_interval_covers_the_mean_over_seeds(self, world, flights):
        """Where friends carry orders on, too: counted person by person, the error there would be half of it."""
        market = open_world(world, customers=2_000)
        plan = Plan(flights=[Flight(*flight) for flight in flights], weeks=6)
        tables = [truth(simulate(market, plan, seed)) for seed in range(40)]
        found, error = (np.array([t[column] for t in tables]) for column in ("shapley", "standard_error"))
        covered = np.abs(found - found.mean(axis=0)) <= 2.12 * error
        assert (covered.mean(axis=0) >= 0.9).all()  # of 40 intervals of 95 %, for each channel
        assert np.sqrt((error**2).mean(axis=0)) == pytest.approx(found.std(axis=0, ddof=1), rel=0.25)

    @pytest.mark.parametrize(("customers", "seeds"), [(6_000, 8), (20_000, 4), (100_000, 1)])
    def test_the_more_regions_the_fewer_seeds_and_the_error_is_the_same(self, customers, seeds, monkeypatch):
        """Orders that come by themselves, a thousand a market: their error is the root of a thousand."""
        world = market(customers)
        run = simulate(world, Plan(flights=[Flight("television", 1_000)], weeks=1), 1, people=False)
        dice, regions, asked = np.random.default_rng(1), len(world.regions), []

        def drawn(_outcome, sets, lucks):
            asked.append(len(lucks))
            each = dice.poisson(1_000 / regions, (len(lucks), len(sets), regions)).astype(float)
            return each * np.array([len(some) for some in sets])[None, :, None]  # no channel, no orders

        monkeypatch.setattr(credit, "_worth", drawn)
        errors = [truth(run)["standard_error"].iloc[0] for _time in range(200)]
        assert set(asked) == {1, 1 + seeds}
        assert np.mean(np.square(errors)) == pytest.approx(1_000, rel=0.06)

    def test_attribution_does_without_further_seeds(self, every, monkeypatch):
        run = simulate(every, Plan(flights=[Flight("television", 500_000)], weeks=2), 1)
        monkeypatch.setattr(credit, "seed_from", None)
        assert run.attribution()["truth"].notna().all()


@pytest.fixture(scope="module")
def run(every) -> Outcome:
    """Channels to click on, one without a click, and one with codes."""
    flights = [
        Flight("television", 3_000_000),
        Flight("social", 3_000_000),
        Flight("search", 3_000_000),
        Flight("email", 2_000_000),
        Flight("affiliate", 600_000),
        Flight("referral", 900_000, reward=60_000),
    ]
    return simulate(every, Plan(flights=flights, weeks=12), 3)


class TestCounts:
    """One channel's orders, counted in four ways."""

    def test_what_is_tracked_is_what_the_log_has(self, run):
        log = run.touches()
        orders = log[log["type"] == "order"].groupby("channel", observed=False)
        table = run.channels()
        assert table["tracked_orders"].tolist() == orders["count"].sum()[table.index].tolist()
        assert table["tracked_revenue"].tolist() == orders["value"].sum()[table.index].tolist()
        visits = log[log["type"] == "visit"].groupby("channel", observed=False)["count"].sum()
        assert table["visits"].tolist() == visits[table.index].tolist()

    def test_each_order_after_a_click_has_a_touch_and_no_click_is_needed_for_one(self, run):
        table, last = run.channels(), run.attribution("last")["conversions"]
        touched = last.drop(NONE).sum()
        assert 0 < table["orders"].sum() < touched < run.kpis()["orders"]
        assert (table["orders"] <= table["visits"]).all()
        assert table.loc["television", "tracked_orders"] == 0 < last["television"]

    def test_a_cookie_that_is_never_deleted_keeps_what_came_at_once(self, every, remake):
        """The only way out is a click on another channel in the same week: with one channel there is none."""
        plan = Plan(flights=[Flight("search", 9_000_000)], weeks=12)
        safe = {"search": {"cookie_loss": 0.0}}
        kept, lost = (
            simulate(world, plan, 3).channels().loc["search"]
            for world in (remake(every, channels=safe), every)
        )
        assert kept["orders"] < kept["tracked_orders"]
        assert lost["tracked_orders"] < kept["tracked_orders"]
        assert lost["orders"] == kept["orders"]

    def test_every_column_is_told(self, run):
        meanings = channel_meanings()
        assert list(meanings.index) == list(run.channels().columns)
        assert meanings.str.len().min() > 5
        assert meanings.is_unique


class TestAttribution:
    @pytest.mark.parametrize("model", MODELS)
    def test_every_model_deals_out_all_orders(self, done, model):
        table = done.attribution(model)
        assert list(table) == ["conversions", "value", "share", "truth", "removal", "alone"]
        assert table["conversions"].sum() == pytest.approx(done.kpis()["orders"])
        assert table["value"].sum() == pytest.approx(done.kpis()["revenue"])
        assert table["truth"].sum() == pytest.approx(done.kpis()["orders"])
        assert table.loc[NONE, "truth"] == done.baseline.kpis()["orders"]

    def test_all_stand_beside_the_truth(self, done):
        table = done.attribution("all")
        assert list(table.index) == ["truth", *MODELS]
        assert table.loc["truth", "error"] == 0
        assert (table.loc["truth"].drop([NONE, "error"]) == truth(done)["shapley"]).all()
        for model in MODELS:
            assert table.loc[model, "email"] == done.attribution(model).loc["email", "conversions"]

    def test_an_empty_row_says_why(self, done, monkeypatch):
        assert "note" not in done.attribution("all")
        module = import_module("narrowcast.measure.attribution")  # measure has a function of that name
        monkeypatch.setattr(module, "PLAYERS_MOST", 2)
        table = done.attribution("all")
        assert table.loc["shapley"].drop("note").isna().all()
        assert "more than 2" in table.loc["shapley", "note"]
        assert (table["note"].drop("shapley") == "").all()
        pytest.importorskip("matplotlib").use("Agg")
        axes = done.plot.attribution()
        assert "Shapley" not in [label.get_text() for label in axes.get_xticklabels()]
        assert "Shapley: not reckoned" in axes.get_xlabel()

    def test_parts_of_the_log_are_added_up(self, done):
        whole = Paths.of(done.touches(), channels=list(truth(done).index))
        parts = credit._paths(done)
        assert parts.conversions == whole.conversions
        assert np.array_equal(parts.credits, whole.credits)

    @pytest.mark.parametrize("wrong", ["lost", "", None, 3, "ALL"])
    def test_an_unknown_model_is_told_with_those_there_are(self, done, wrong):
        with pytest.raises(UnknownName, match=r"attribution model.*first, last.*all"):
            done.attribution(wrong)


class TestLies:
    def test_a_channel_that_does_nothing_is_credited_all_the_same(self, every, remake):
        """It persuades nobody and nobody clicks: taking it away changes no order, yet it stands on the way to many."""
        world = remake(
            every,
            attention={"clutter": 0},
            channels={"display": {"persuasion": 0, "click": 0}},
        )
        flights = [Flight("display", 3_000_000), Flight("television", 1_000_000)]
        run = simulate(world, Plan(flights=flights, weeks=6), 1)
        row = truth(run).loc["display"]
        assert (row == 0).all()
        for model in MODELS:
            assert run.attribution(model).loc["display", "conversions"] > 1

    def test_the_last_touch_overrates_search(self, every, remake):
        """People meet the advertisement on their way to an order that television caused, or that nothing did."""
        search = {"persuasion": 0, "click": 0.002, "traffic": 3}
        world = remake(every, channels={"search": search, "television": {"persuasion": 1.5}})
        flights = [Flight("television", 1_500_000), Flight("search", 1_000_000)]
        table = simulate(world, Plan(flights=flights, weeks=8), 1).attribution("last")
        assert table.loc["search", "conversions"] > 3 * table.loc["search", "truth"] > 0
        shares = table.drop(NONE)[["conversions", "truth"]]
        shares /= shares.sum()
        assert shares.loc["search", "conversions"] > shares.loc["search", "truth"] + 0.1
        assert shares.loc["television", "conversions"] < shares.loc["television", "truth"] - 0.1

    def test_the_last_touch_overrates_retargeting(self, every, remake):
        """Mail to those who came already takes the credit for orders that they were going to make."""
        world = remake(every, channels={"email": {"persuasion": 0.1, "click": 0.002}})
        flights = [Flight("television", 1_500_000), Flight("email", 400_000, after="visit", within=4)]
        row = simulate(world, Plan(flights=flights, weeks=8), 1).attribution("last").loc["email"]
        assert row["conversions"] > 3 * max(row["truth"], 1)
