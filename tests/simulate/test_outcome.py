"""What a campaign did: against nothing done, against a holdout, and told customer by customer."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from narrowcast.campaigns import Flight, Plan
from narrowcast.campaigns.measurement import Measurement
from narrowcast.errors import PlanError, UnknownName
from narrowcast.measure import KPIS
from narrowcast.simulate import compare, region, simulate
from narrowcast.simulate.ground import ground_of
from narrowcast.worlds import open_world

FLIGHTS = [
    Flight("television", 2_000_000),
    Flight("social", 2_000_000, to="trend"),
    Flight("search", 900_000, to="loyal"),
]
PLAN = Plan("campaign", FLIGHTS, holdout=0.3)


@pytest.fixture(scope="module")
def done(fashion):
    return simulate(fashion, PLAN, 1)


class TestTables:
    def test_kpis(self, done):
        figures, table = done.kpis(), done.customers
        assert tuple(figures.index) == KPIS
        for name in ("contacts", "noticed", "visits", "orders", "revenue"):
            assert figures[name] == table[name].sum() == done.weekly()[name].sum()
        assert figures["reached"] == (table["contacts"] > 0).sum()
        assert figures["recognition"] == (table["noticed"] > 0).mean()
        assert figures["advocates"] == table["advocate"].sum()
        assert figures["profit"] == figures["margin"] - figures["cost"]

    def test_incremental_is_what_came_less_what_would_have_come(self, done):
        figures, without = done.kpis(), done.baseline.kpis()
        assert figures["incremental_orders"] == figures["orders"] - without["orders"]
        assert figures["incremental_margin"] == figures["margin"] - without["margin"]
        assert figures["incremental_profit"] == figures["incremental_margin"] - figures["cost"]
        assert figures["lift_per_thousand"] == pytest.approx(
            1_000 * figures["incremental_orders"] / figures["contacts"]
        )

    def test_customers(self, done, fashion):
        table = done.customers
        assert list(table) == [
            "customer_id",
            "segment",
            "arm",
            "contacts",
            "noticed",
            "visits",
            "orders",
            "revenue",
            "advocate",
        ]
        people = fashion.customers
        assert table["customer_id"].tolist() == people["customer_id"].tolist()
        assert table["segment"].tolist() == people["segment"].tolist()

    @pytest.mark.parametrize("column", ["segment", "arm", "advocate"])
    def test_by_adds_up_to_the_whole(self, done, column):
        table, figures = done.by(column), done.kpis()
        assert table["customers"].sum() == 2_000
        for name in ("contacts", "orders", "margin", "incremental_orders", "incremental_margin"):
            assert table[name].sum() == figures[name]

    @pytest.mark.parametrize("column", ["segmnt", "customer_id", "", None, 3, ["segment"]])
    def test_by_anything_else_is_told(self, done, column):
        with pytest.raises(UnknownName, match=r"Allowed: segment, arm, advocate"):
            done.by(column)

    def test_weekly(self, done):
        table = done.weekly()
        assert table.index.tolist() == [1, 2, 3, 4]
        assert (table["orders_without"] == done.baseline.weekly()["orders"]).all()

    def test_tables_are_copies(self, done):
        for make in (done.weekly, done.kpis, lambda: done.by("segment"), lambda: done.customers):
            before, spoilt = make(), make()
            spoilt.iloc[:] = spoilt.iloc[::-1].to_numpy()
            assert make().equals(before)

    def test_repr_and_plot(self, done):
        import matplotlib as mpl

        mpl.use("Agg")
        assert repr(done) == f"<Outcome of 'campaign' in 'hcmc-fashion': {done.kpis()['orders']:,.0f} orders>"
        axes = done.plot()
        assert len(axes.lines) == 2
        assert len({line.get_linestyle() for line in axes.lines}) == 2  # told by more than colour
        assert axes is done.plot(axes)

    def test_channels_add_up_to_the_whole(self, done):
        table, flights, figures = done.channels(), done.channels(by_flight=True), done.kpis()
        assert table.index.tolist() == ["television", "social", "search"]
        assert flights.index.tolist() == ["television", "social/trend", "search/loyal"]
        assert table["contacts"].sum() == flights["contacts"].sum() == figures["contacts"]
        assert table["opened"].sum() == figures["noticed"]
        assert table["cost"].sum() == pytest.approx(figures["cost"], abs=1)
        assert table["cost"].to_numpy() == pytest.approx(done.spent.to_numpy())

    def test_flights_of_a_channel_are_one_row(self, every):
        plan = Plan(
            flights=[Flight("social", 9_000, to="trend"), Flight("social", 9_000), Flight("email", 9_000)]
        )
        outcome = simulate(every, plan, 1)
        flights, table = outcome.channels(by_flight=True), outcome.channels()
        assert table.loc["social", "contacts"] == flights.loc[["social", "social/trend"], "contacts"].sum()
        assert table.index.name == "channel"
        assert flights.index.name == "flight"

    def test_the_funnel_narrows(self, done):
        people = done.funnel().iloc[:, 0].to_numpy(float)
        table = done.customers
        assert people[0] == (table["contacts"] > 0).sum()
        assert (table["orders"] > 0).sum() in people
        assert (table["noticed"] > 0).sum() in people

    def test_nothing_happened_in_no_channel(self, fashion):
        outcome = simulate(fashion, Plan(), 1)
        assert outcome.channels().empty
        assert outcome.spent.empty
        assert outcome.baseline is outcome


class TestPartsOfAMarket:
    """Sums alone, and what is left of a run that was interrupted."""

    def test_sums_are_the_same_without_customers(self, fashion, done):
        sums = simulate(fashion, PLAN, 1, people=False)
        assert sums.kpis().equals(done.kpis())
        assert sums.lift() == done.lift()
        for name in ("totals", "first", "held_out", "customers"):
            with pytest.raises(PlanError, match="kept no customers"):
                getattr(sums, name)

    @pytest.mark.parametrize("threads", [1, 2])
    def test_an_interrupted_run_keeps_what_was_finished(self, monkeypatch, threads):
        world = open_world("hcmc-fashion", customers=20_000)
        whole = simulate(world, PLAN, 1, threads=1)
        real = region.run_region

        def interrupted(layout, where, *, keep):
            if where.number == 2 and layout.plan is PLAN:
                raise KeyboardInterrupt
            return real(layout, where, keep=keep)

        monkeypatch.setattr(region, "run_region", interrupted)
        some = simulate(world, PLAN, 1, threads=threads)
        assert not some.is_complete
        assert "2 of 4 regions" in repr(some)
        assert np.array_equal(some.totals["orders"], whole.totals["orders"][:10_000])
        assert some.baseline.part.regions == some.part.regions == (0, 1)
        without = whole.baseline.totals["orders"][:10_000].sum()
        assert some.kpis()["incremental_orders"] == some.totals["orders"].sum() - without
        assert len(some.customers) == 10_000


class TestHoldout:
    def test_nobody_held_out_is_met(self, done):
        table = done.customers
        assert (table.loc[table["arm"] == "holdout", "contacts"] == 0).all()
        assert (table["arm"] == "holdout").mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 2_000))

    def test_it_is_chosen_before_anything_happens(self, fashion, done):
        other = simulate(fashion, Plan(flights=[Flight("display", 5)], weeks=9, holdout=0.3), 1)
        assert np.array_equal(other.held_out, done.held_out)
        assert not np.array_equal(simulate(fashion, PLAN, 2).held_out, done.held_out)

    def test_it_is_independent_of_who_people_are(self, done, fashion):
        shares = pd.crosstab(fashion.population.segment, done.held_out, normalize="index")[True]
        assert shares.to_numpy() == pytest.approx(0.3, abs=0.1)

    def test_it_is_not_paid_for(self, fashion):
        plan = Plan(flights=FLIGHTS[:2], holdout=0.3)
        outcome = simulate(fashion, plan, 1)
        assert outcome.cost == pytest.approx(plan.budget * (1 - outcome.held_out.mean()), abs=1)

    def test_last_years_orders_narrow_the_interval(self, remake, fashion):
        world = remake(fashion, customers=20_000)
        outcome = simulate(world, Plan(flights=FLIGHTS, weeks=12, holdout=0.5), 1)
        plain, cuped = outcome.lift(), outcome.lift(cuped=True)
        assert cuped.high - cuped.low < 0.95 * (plain.high - plain.low)
        assert cuped.low < plain.estimate < cuped.high

    def test_every_metric_has_a_lift(self, done):
        for metric in ("orders", "revenue", "margin", "visits"):
            table = done.customers if metric != "margin" else None
            lift = done.lift(metric)
            assert lift.low < lift.estimate < lift.high
            if table is not None:
                by_arm = table.groupby("arm")[metric].mean()
                assert lift.estimate == pytest.approx(by_arm["treated"] - by_arm["holdout"])
        for wrong in ("profit", "", None, 3, ["orders"]):
            with pytest.raises(UnknownName, match="Allowed: orders, revenue, margin, visits"):
                done.lift(wrong)

    def test_circles_of_friends_are_held_out_whole(self, fashion):
        plan = Plan(flights=FLIGHTS, holdout=0.3, measurement=Measurement(unit="circle"))
        outcome = simulate(fashion, plan, 1)
        circle = ground_of(fashion, fashion.regions[0]).circle
        share = pd.Series(outcome.held_out).groupby(circle).mean()
        assert set(share) == {0.0, 1.0}
        assert outcome.held_out.mean() == pytest.approx(0.3, abs=0.15)

    def test_without_one_there_is_no_lift(self, fashion):
        with pytest.raises(PlanError, match=r"holdout=0.2"):
            simulate(fashion, Plan(flights=FLIGHTS), 1).lift()

    def test_the_interval_covers_the_truth(self, fashion, remake):
        """The truth is known here: each customer's orders with the campaign and without it."""
        quiet = remake(
            fashion, customers=1_200, advocacy={"persuasion": 0.0}
        )  # no word of mouth between the arms
        flights = [Flight("television", 4_000_000), Flight("social", 4_000_000, to="trend")]
        hits, errors = 0, []
        for seed in range(60):
            held = simulate(quiet, Plan(flights=flights, weeks=2, holdout=0.4), seed)
            everybody = simulate(quiet, Plan(flights=flights, weeks=2), seed)
            truth = everybody.kpis()["incremental_orders"] / 1_200
            lift = held.lift()
            hits += lift.low <= truth <= lift.high
            errors.append(lift.estimate - truth)
        assert hits >= 53
        assert abs(np.mean(errors)) < 4 * np.std(errors) / math.sqrt(60)

    def test_nothing_done_lifts_nothing(self, fashion):
        hits = sum(
            (lift := simulate(fashion, Plan(weeks=2, holdout=0.5), seed).lift()).low <= 0 <= lift.high
            for seed in range(60)
        )
        assert hits >= 53


class TestExpected:
    def test_it_is_what_happens_on_average(self, fashion):
        """The chances promise what the dice give in the mean, with far less noise."""
        plan = Plan(flights=FLIGHTS)
        runs = [simulate(fashion, plan, seed) for seed in range(24)]
        for name in ("orders", "margin"):
            realised = np.array([run.totals[name].sum() for run in runs])
            promised = np.array([run.expected[name] for run in runs])
            gap = realised - promised
            assert abs(gap.mean()) < 4 * gap.std() / math.sqrt(len(runs))
            assert promised.std() < 0.6 * realised.std()
        profit = np.array([run.kpis()["incremental_profit"] - run.expected_profit for run in runs])
        assert abs(profit.mean()) < 4 * profit.std() / math.sqrt(len(runs))


class TestCompare:
    def test_columns_are_the_plans_own_kpis(self, fashion):
        old, new = Plan("old", FLIGHTS[:1]), Plan("new", FLIGHTS[1:])
        table = compare(fashion, old, new, seed=4)
        assert list(table) == ["old", "new", "difference"]
        assert table["old"].equals(simulate(fashion, old, 4).kpis().rename("old"))
        assert (table["difference"] == table["new"] - table["old"]).all()

    def test_the_same_people_with_the_same_luck(self, fashion):
        table = compare(fashion, Plan("a", FLIGHTS), Plan("b", FLIGHTS), seed=4)
        assert (table["difference"] == 0).all()

    def test_three_plans_have_no_difference(self, fashion):
        assert list(compare(fashion, Plan("a"), Plan("b"), Plan("c"))) == ["a", "b", "c"]

    def test_its_columns_are_the_same_in_any_language(self, fashion):
        from narrowcast.language import speaking

        with speaking("vi"):
            assert "difference" in compare(fashion, Plan("a"), Plan("b"))

    @pytest.mark.parametrize(
        ("plans", "said"),
        [
            ((), "nothing to be compared with"),
            ((Plan("a"),), "nothing to be compared with"),
            ((Plan("a"), Plan("a")), "the same name"),
            ((Plan("a"), Plan("difference")), "the same name"),
            ((Plan("a"), Plan("b", weeks=8)), "in the same weeks"),
            ((Plan("a"), "b"), "'b' is no plan"),
            (([Plan("a"), Plan("b")],), "is no plan"),
            ((Plan("a"), None), "None is no plan"),
        ],
    )
    def test_what_cannot_be_compared(self, fashion, plans, said):
        with pytest.raises(PlanError, match=said):
            compare(fashion, *plans)
