"""A customer's story agrees with what was counted of them."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from bit_examples import everything, market

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import UnknownName
from narrowcast.language import speaking
from narrowcast.simulate import Outcome, simulate
from narrowcast.simulate.explain import why
from narrowcast.worlds import open_world

SIZE = 6_000
WEEKS = 8


@pytest.fixture(scope="module")
def done() -> Outcome:
    return simulate(market(SIZE), everything(SIZE, WEEKS), 3)


@pytest.fixture(scope="module")
def log(done) -> pd.DataFrame:
    return done.touches()


@pytest.fixture(scope="module")
def people(done, log):
    """A few customers of every kind: held out or not, met or not, buyers, advocates, those who left or complained."""
    table = done.customers
    kinds = [
        table["arm"] == "holdout",
        table["contacts"] == 0,
        table["noticed"] > 1,
        table["orders"] > 1,
        (table["arm"] == "holdout") & (table["orders"] > 0),
        table["advocate"],
        table["visits"] > table["orders"],
        table.index >= 5_500,  # of a later region
    ]
    for kind in ("unsubscribe", "complaint", "lead", "machine_open", "bounce", "share", "told", "click"):
        who = log.loc[log["type"] == kind, "customer_id"]
        kinds += [table["customer_id"].isin(who)]
    return list({row.customer_id: row for kind in kinds for row in table[kind].head(3).itertuples()}.values())


@pytest.fixture(scope="module")
def stories(done, people):
    return {row.customer_id: done.explain(row.customer_id) for row in people}


@pytest.fixture(scope="module")
def numbers(done, people):
    return {row.customer_id: why(done, row.customer_id) for row in people}


def _sum(pattern: str, story: str) -> int:
    return sum(int(found.replace(",", "")) for found in re.findall(pattern, story))


class TestStory:
    def test_it_agrees_with_the_table(self, people, stories):
        assert len(people) > 25
        for row in people:
            story = stories[row.customer_id]
            assert story.startswith(f"{row.customer_id} belongs to the segment {row.segment}.")
            assert ("holdout" in story) == (row.arm == "holdout")
            assert _sum(r"met them with (\d+) contacts?", story) == row.contacts
            assert _sum(r"they noticed (\d+)", story) == row.noticed
            assert len(re.findall(r"They bought for", story)) == row.orders
            assert _sum(r"They bought for ([\d,]+) VND", story) == row.revenue
            assert ("told" in story or "spoke for the brand" in story) >= row.advocate

    def test_it_agrees_with_the_log(self, log, people, stories):
        for row in people:
            story = stories[row.customer_id]
            mine = log[log["customer_id"] == row.customer_id]
            by = mine.groupby("type", observed=False)
            counts = by["count"].sum()
            assert _sum(r"They (?:clicked|answered) (\d+) times?", story) == counts["click"]
            assert _sum(r"(\d+) of which did not arrive", story) == counts["bounce"]
            assert _sum(r"A machine opened (\d+)", story) == counts["machine_open"]
            assert _sum(r"(\d+) friends? told them", story) == counts["told"]
            assert story.count("They left the list") == by.size()["unsubscribe"]
            assert story.count("They complained") == by.size()["complaint"]
            assert story.count("They left their telephone number") == counts["lead"]
            orders = mine[mine["type"] == "order"]
            assert story.count("is credited.") == len(orders)
            assert story.count("no channel is credited.") == orders["flight"].isna().sum()
            visits = mine[mine["type"] == "visit"]
            assert story.count("they came to the shop") == visits["flight"].notna().sum()
            own = story.count("; they came,") + _sum(r"; they came (\d+) times,", story)
            assert own == visits["flight"].isna().sum()
            left = story.count("They left without an order.") + _sum(
                r"without an order all (\d+) times", story
            )
            left += _sum(r"(\d+) more visits? without an order\.", story)
            assert left == row.visits - row.orders

    def test_the_last_line_tells_of_both_worlds(self, done, people, stories):
        names = ("visits", "orders", "revenue")
        for row in people:
            number = int(row.customer_id[1:])
            last = stories[row.customer_id].splitlines()[-1]
            found = re.findall(r"(\d+) visits?, (\d+) orders?(?: worth ([\d,]+))?", last)
            told = [[int((n or "0").replace(",", "")) for n in numbers] for numbers in found]
            assert told == [[int(run.totals[n][number]) for n in names] for run in (done, done.baseline)]
            more = told[0][1] - told[1][1]
            assert (f"brought {more} order" in last) == (more > 0)
            assert (f"cost {-more} order" in last) == (more < 0)
            assert ("changed nothing" in last) == (told[0] == told[1])

    def test_every_week_is_told_once(self, people, stories):
        for row in people:
            lines = stories[row.customer_id].splitlines()[1:-1]
            told = []
            for line in lines:
                found = re.match(r"Weeks? (\d+)(?: to (\d+))?:", line)
                told += range(int(found[1]), int(found[2] or found[1]) + 1)
            assert told == list(range(1, WEEKS + 1))
            assert all(line != after for line, after in pairwise(lines))

    def test_quiet_weeks_are_told_together(self, every):
        run = simulate(every, Plan(weeks=8))
        idle = run.customers.query("visits == 0")["customer_id"]
        heard = set(run.touches()["customer_id"])
        quiet = next(name for name in idle if name not in heard)
        assert run.explain(quiet).splitlines()[1].startswith("Weeks 1 to 8: nothing met them.")

    def test_quiet_weeks_tell_the_chance_at_rest(self, every):
        run = simulate(every, Plan(weeks=8))
        heard = set(run.touches()["customer_id"])
        idle = run.customers.query("visits == 0")["customer_id"]
        told = 0
        for name in [name for name in idle if name not in heard][:20]:
            chances = why(run, name)["p_visit_at_rest"]
            line = run.explain(name).splitlines()[1]
            if chances.max() == 0:
                assert "chance" not in line  # they had dropped out
            else:
                said = list(dict.fromkeys([f"{chances.min():.1%}", f"{chances.max():.1%}"]))
                assert f"was {' to '.join(said)} a week; they did not." in line
                told += 1
        assert told

    def test_visits_in_vain_are_told_once_a_week(self, done, log):
        visits = log[(log["type"] == "visit") & log["flight"].isna()].groupby(["customer_id", "week"]).size()
        for name, _week in visits[visits > 2].index[:10]:
            for line in done.explain(name).splitlines()[1:-1]:
                own = line.count("without an order") - line.count("Following")
                assert own <= 1

    def test_of_a_market_of_two_channels(self):
        world = open_world("soft-drink", customers=5_100)
        run = simulate(world, Plan(flights=[Flight("television", 9_000_000)]), 1)
        row = run.customers.iloc[5_050]
        assert _sum(r"with (\d+) contacts?", run.explain(row["customer_id"])) == row["contacts"]

    def test_in_vietnamese_nothing_breaks(self, done, people):
        with speaking("vi"):
            for row in people[:10]:
                assert row.customer_id in done.explain(row.customer_id)

    @pytest.mark.parametrize(
        "wrong",
        [
            "C0006000", "C1", "c0000001", "0000001", "C-000001", "", None, 17, "C00000001", "C" + "9" * 5_000,
            "C٠٠٠٠٠٠١", "X0000000001",
        ],
    )  # fmt: skip
    def test_an_unknown_customer_is_told_with_those_there_are(self, done, wrong):
        for tell in (done.explain, lambda customer: why(done, customer)):
            with pytest.raises(UnknownName, match=r"Allowed: from C0000000 to C0005999\.$"):
                tell(wrong)


class TestWhy:
    def test_its_sums_are_the_tables(self, people, numbers):
        for row in people:
            table = numbers[row.customer_id]
            weeks, flights = table[table["flight"] == "(all)"], table[table["flight"] != "(all)"]
            assert weeks["week"].tolist() == list(range(1, WEEKS + 1))
            for name in ("contacts", "noticed", "visits", "orders", "revenue"):
                assert weeks[name].sum() == getattr(row, name)
            for name in ("contacts", "delivered", "noticed", "clicked"):
                by_week = flights.groupby("week")[name].sum().reindex(weeks["week"], fill_value=0)
                assert (by_week.to_numpy() == weeks[name].to_numpy()).all()

    def test_chances_are_chances(self, people, numbers):
        for row in people:
            table = numbers[row.customer_id]
            for name in ("match", "p_notice", "p_click", "p_visit", "p_visit_at_rest", "p_order"):
                assert table[name].dropna().between(0, 1).all()
            moved = table["pull"].fillna(0) + table["word_of_mouth"].fillna(0) > 0
            grown = table["p_visit"] >= table["p_visit_at_rest"] - 1e-6
            assert grown[moved].all()

    def test_a_visit_is_as_likely_as_the_model_says(self, people, numbers):
        """For those who have not dropped out the odds at rest grow by what marketing and friends say."""
        for row in people:
            weeks = numbers[row.customer_id].query(
                "flight == '(all)' and p_visit_at_rest > 0 and p_visit < 0.99"
            )
            rest, with_it = (weeks[name] / (1 - weeks[name]) for name in ("p_visit_at_rest", "p_visit"))
            grown = np.exp(weeks["pull"] + weeks["word_of_mouth"])
            assert np.allclose(with_it, rest * grown, rtol=1e-4)
