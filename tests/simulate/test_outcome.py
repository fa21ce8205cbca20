"""What a campaign did: against nothing done, against a holdout, and told customer by customer."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import PlanError, UnknownName
from narrowcast.measure import KPIS
from narrowcast.simulate import compare, simulate
from narrowcast.simulate.search import best_found, possible_flights, worth
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

    def test_it_is_not_paid_for(self, done):
        assert done.cost == pytest.approx(PLAN.budget * (1 - done.held_out.mean()), abs=1)

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
            assert promised.std() < realised.std() / 2
        profit = np.array([run.kpis()["incremental_profit"] - run.expected_profit for run in runs])
        assert abs(profit.mean()) < 4 * profit.std() / math.sqrt(len(runs))


class TestExplain:
    @pytest.fixture
    def people(self, done):
        """A few customers of every kind: held out and not, met and not, buyers and advocates."""
        table = done.customers
        kinds = [
            table["arm"] == "holdout",
            table["contacts"] == 0,
            table["noticed"] > 1,
            table["orders"] > 0,
            (table["arm"] == "holdout") & (table["orders"] > 0),
            table["advocate"],
            table["visits"] > table["orders"],
        ]
        return [row for kind in kinds for row in table[kind].head(4).itertuples()]

    def test_it_agrees_with_the_table(self, done, people):
        assert len(people) > 20
        for row in people:
            story = done.explain(row.customer_id)
            assert story.startswith(f"{row.customer_id} belongs to the segment {row.segment}.")
            assert ("holdout" in story) == (row.arm == "holdout")
            assert sum(map(int, re.findall(r"(\d+) contacts?;", story))) == row.contacts
            assert sum(map(int, re.findall(r"they noticed (\d+)", story))) == row.noticed
            bought = [int(m.replace(",", "")) for m in re.findall(r"bought for ([\d,]+)", story)]
            assert len(bought) == row.orders
            assert sum(bought) == row.revenue
            assert story.count("they came") == row.visits
            assert ("told their friends" in story) == row.advocate
            assert story.count("Week ") == 4

    def test_somebody_of_a_later_region(self):
        world = open_world("soft-drink", customers=5_100)
        outcome = simulate(world, Plan(flights=[Flight("television", 9_000_000)]), 1)
        row = outcome.customers.iloc[5_050]
        story = outcome.explain(row["customer_id"])
        assert sum(map(int, re.findall(r"(\d+) contacts?;", story))) == row["contacts"]

    @pytest.mark.parametrize(
        "wrong",
        [
            "C0002000",
            "C1",
            "c0000001",
            "0000001",
            "C-000001",
            "",
            None,
            17,
            "C00000001",
            "C" + "9" * 5_000,
            "C٠٠٠٠٠٠١",
        ],
    )
    def test_an_unknown_customer_is_told_with_those_there_are(self, done, wrong):
        with pytest.raises(UnknownName, match=r"Allowed: C0000000, C0001999"):
            done.explain(wrong)


class TestSimulate:
    @pytest.mark.parametrize("seed", [-1, 0.5, "1", None, True, [1], math.nan])
    def test_a_bad_seed_is_refused(self, fashion, seed):
        with pytest.raises(PlanError, match=r"step launch: seed is .* whole number"):
            simulate(fashion, Plan(), seed)

    @pytest.mark.parametrize("threads", [0, -1, "2", None, 1.5, True])
    def test_bad_threads_are_refused(self, fashion, threads):
        with pytest.raises(PlanError, match=r"step launch: threads is"):
            simulate(fashion, Plan(), threads=threads)

    def test_arguments_the_wrong_way_round(self, fashion):
        with pytest.raises(
            PlanError, match=r"a Plan and a World. It needs a world and a plan, in this order"
        ):
            simulate(Plan(), fashion)
        with pytest.raises(PlanError, match=r"given a World and a list"):
            simulate(fashion, FLIGHTS)

    def test_a_plan_of_another_world_is_refused(self, drink):
        with pytest.raises(UnknownName, match=r"social"):
            simulate(drink, PLAN)


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
            ((Plan("a"), "b"), "'b' is no plan"),
            (([Plan("a"), Plan("b")],), "is no plan"),
            ((Plan("a"), None), "None is no plan"),
        ],
    )
    def test_what_cannot_be_compared(self, fashion, plans, said):
        with pytest.raises(PlanError, match=said):
            compare(fashion, *plans)


class TestSearch:
    def test_every_way_to_spend(self, fashion, drink):
        assert len(possible_flights(fashion)) == 1 + 3 * 3
        assert possible_flights(drink)[0] == ("television", None)

    def test_it_beats_an_equal_split_and_keeps_to_the_budget(self, fashion):
        budget = 2_000_000
        found, value = best_found(fashion, fashion, budget, 4, (1, 2))
        naive = Plan(flights=[Flight(c, budget / 10, to=s) for c, s in possible_flights(fashion)])
        assert found.budget <= budget
        assert value == worth(fashion, found, (1, 2)) > worth(fashion, naive, (1, 2))
