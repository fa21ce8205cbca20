"""The log tells all that the outcome counts, once, and in an order in which it can have happened."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bit_examples import everything, market

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import DataError, PlanError
from narrowcast.simulate import Outcome, log, simulate
from narrowcast.simulate.engine.arrays import COUNTED, FLIGHT_SUMS, TYPES
from narrowcast.simulate.log import touches
from narrowcast.simulate.region import run_region
from narrowcast.simulate.run import flights_of, lay_out

SIZE = 6_000

COUNTS = {
    "contact": "contacts",
    "bounce": "bounced",
    "open": "noticed",
    "machine_open": "machine_opens",
    "click": "clicked",
    "lead": "leads",
    "unsubscribe": "unsubscribed",
    "complaint": "complaints",
    "visit": "visits",
    "order": "tracked_orders",
    "share": "shares",
}


@pytest.fixture(scope="module")
def done() -> Outcome:
    return simulate(market(SIZE), everything(SIZE), 3)


@pytest.fixture(scope="module")
def rows(done) -> pd.DataFrame:
    return touches(done)


@pytest.fixture(scope="module")
def first_region(done) -> Outcome:
    """What is there of the run after one region."""
    layout = lay_out(done.world, done.plan, done.seed)
    part = run_region(layout, done.world.regions[0], keep=True)
    return Outcome(done.world, done.plan, done.seed, part, done.census)


class TestSums:
    @pytest.mark.parametrize("kind", COUNTS)
    def test_of_each_flight_and_week(self, done, rows, kind):
        names = [flight.name for flight in flights_of(done)]
        some = rows[rows["type"] == kind]
        logged = some.pivot_table(
            index="week", columns="flight", values="count", aggfunc="sum", observed=False
        )
        logged = logged.reindex(index=range(1, done.plan.weeks + 1), columns=names, fill_value=0)
        counted = done.part.flights[:, :, FLIGHT_SUMS.index(COUNTS[kind])]
        assert (logged.to_numpy() == counted).all()
        assert counted.sum() > 0

    def test_of_money(self, done, rows):
        orders = rows[rows["type"] == "order"]
        assert orders["value"].sum() == done.kpis()["revenue"]
        credited = done.part.flights[:, :, FLIGHT_SUMS.index("tracked_revenue")].sum()
        assert orders.loc[orders["flight"].notna(), "value"].sum() == credited > 0
        assert (rows.loc[rows["type"] != "order", "value"] == 0).all()

    def test_of_each_week(self, done, rows):
        own = rows[
            ~((rows["type"] == "share") & rows["flight"].notna())
        ]  # passing a flight on is not advocacy
        weekly = own.pivot_table(index="week", columns="type", values="count", aggfunc="sum", observed=False)
        pairs = {
            "contact": "contacts",
            "open": "noticed",
            "visit": "visits",
            "order": "orders",
            "share": "advocated",
        }
        for kind, name in (pairs | {"told": "told"}).items():
            assert (weekly[kind].to_numpy() == done.part.weekly[:, COUNTED.index(name)]).all()

    def test_of_each_customer(self, done, rows):
        customers = done.customers.set_index("customer_id")
        mine = rows[rows["customer_id"].str.startswith("C")]
        by = mine.pivot_table(
            index="customer_id", columns="type", values="count", aggfunc="sum", observed=False
        )
        by = by.reindex(customers.index, fill_value=0).fillna(0)
        for kind, name in {
            "contact": "contacts",
            "open": "noticed",
            "visit": "visits",
            "order": "orders",
        }.items():
            assert (by[kind] == customers[name]).all()
        revenue = mine.groupby("customer_id")["value"].sum().reindex(customers.index, fill_value=0)
        assert (revenue == customers["revenue"]).all()


class TestShape:
    def test_columns(self, done, rows):
        assert list(rows) == ["customer_id", "week", "day", "type", "channel", "flight", "count", "value"]
        assert list(rows["type"].cat.categories) == list(TYPES)
        assert set(rows["flight"].cat.categories) == {f.name for f in done.plan.flights}
        assert rows["week"].between(1, done.plan.weeks).all()
        assert set(rows["day"]) == set(range(7))
        assert (rows["count"] >= 1).all()
        assert rows.drop(columns=["channel", "flight"]).notna().all(axis=None)

    def test_channel_is_the_flights(self, done, rows):
        channel = {flight.name: flight.channel for flight in done.plan.flights}
        assert (rows["flight"].map(channel).dropna() == rows["channel"].dropna()).all()
        assert (rows["flight"].isna() == rows["channel"].isna()).all()

    def test_one_persons_rows_stand_together_in_time(self, rows):
        person = rows["customer_id"]
        starts = person != person.shift()
        assert starts.sum() == person.nunique()
        moment = rows["week"] * 7 + rows["day"]
        assert (moment.diff()[~starts] >= 0).all()

    def test_a_plan_that_does_nothing_leaves_visits(self, done):
        rows = touches(done.baseline)
        assert set(rows["type"]) == {"visit", "order", "share", "told"}
        assert rows["channel"].isna().all()


class TestDays:
    def test_a_flight_has_one_day_a_week_with_a_person(self, rows):
        met = rows[rows["type"].isin(["contact", "open", "click", "bounce", "unsubscribe", "lead"])]
        assert (met.groupby(["customer_id", "week", "flight"], observed=True)["day"].nunique() == 1).all()

    def test_what_led_to_something_comes_before_it(self, rows):
        """A click follows its contact, a visit of one's own accord all that met one that week, an order its visit."""
        at = rows.reset_index(drop=True).reset_index(names="row")
        by = ["customer_id", "week", "flight"]
        clicks = at[at["type"] == "click"].merge(at[at["type"] == "open"], on=by, suffixes=("", "_before"))
        assert len(clicks) == (at["type"] == "click").sum()
        assert (clicks["row"] > clicks["row_before"]).all()
        own = at[(at["type"] == "visit") & at["flight"].isna()]
        latest = at[at["type"].isin(["contact", "told"])].groupby(["customer_id", "week"])["row"].max()
        before = own.join(latest.rename("met"), on=["customer_id", "week"]).dropna(subset="met")
        assert len(before) > 100
        assert (before["row"] > before["met"]).all()
        visits = at[at["type"] == "visit"].groupby(["customer_id", "week", "day"])["row"].min()
        orders = at[at["type"] == "order"].join(visits.rename("came"), on=["customer_id", "week", "day"])
        assert (orders["came"] < orders["row"]).all()

    def test_days_are_even(self, rows):
        days = rows.loc[rows["type"] == "contact"].drop_duplicates(["customer_id", "week", "flight"])["day"]
        counts = np.bincount(days, minlength=7)
        expected = counts.sum() / 7
        assert ((counts - expected) ** 2 / expected).sum() < 22.5  # chi-square with 6 degrees at 0.1 %

    def test_another_flight_moves_no_day(self, done, rows):
        """With the luck of a run in common, a flight meets the same people on the same days beside other flights."""
        one = next(f for f in done.plan.flights if f.channel == "television")
        alone = touches(simulate(done.world, Plan(flights=[one], weeks=done.plan.weeks, holdout=0.2), 3))
        columns = ["customer_id", "week", "day", "type", "count"]
        both = [t[(t["type"] == "contact") & (t["flight"] == one.name)][columns] for t in (alone, rows)]
        assert both[0].reset_index(drop=True).equals(both[1].reset_index(drop=True))


class TestStrangers:
    def test_they_are_told_apart_and_keep_their_id(self, done, rows):
        file = next(f for f in done.plan.flights if f.files)
        met = rows[(rows["flight"] == file.name) & (rows["type"] == "contact")]
        strangers = met[met["customer_id"].str.fullmatch(r"X\d{10}")]
        assert len(strangers) == len(met) > 100
        plan = Plan(flights=[file], weeks=done.plan.weeks, lawful=False)
        alone = touches(simulate(done.world, plan, 3))
        again = alone[(alone["type"] == "contact") & alone["customer_id"].str.startswith("X")]
        assert set(again["customer_id"]) == set(strangers["customer_id"])
        bought = rows[(rows["type"] == "order") & rows["customer_id"].str.startswith("X")]
        assert bought["customer_id"].nunique() == done.part.strangers[4]


class TestSame:
    def test_threads_change_nothing(self, done, rows):
        for threads in (1, 2, 3):
            assert touches(done, threads=threads).equals(rows)

    def test_a_run_that_was_stopped_has_the_log_of_what_is_done(self, rows, first_region):
        part = touches(first_region)
        assert 0 < len(part) < len(rows)
        assert part.equals(rows.iloc[: len(part)])


class TestFile:
    def test_it_holds_the_same_and_says_how_much(self, done, rows, tmp_path):
        summary = done.touches(tmp_path / "log.parquet")
        assert pd.read_parquet(tmp_path / "log.parquet").equals(rows)
        assert [p.name for p in tmp_path.iterdir()] == ["log.parquet"]
        by = rows.groupby("type", observed=False)
        assert (summary["rows"] == by.size()).all()
        assert (summary["count"] == by["count"].sum()).all()
        assert (summary["value"] == by["value"].sum()).all()

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
    def test_half_a_file_is_no_file(self, done, tmp_path, monkeypatch, error):
        (tmp_path / "log.parquet").write_bytes(b"before")
        whole = log.tables

        def broken(outcome, threads=None):
            yield next(whole(outcome, threads))
            raise error

        monkeypatch.setattr(log, "tables", broken)
        with pytest.raises((DataError, KeyboardInterrupt)):
            touches(done, tmp_path / "log.parquet")
        assert [p.name for p in tmp_path.iterdir()] == ["log.parquet"]
        assert (tmp_path / "log.parquet").read_bytes() == b"before"

    def test_bad_places(self, done, tmp_path):
        cases = {
            "is a folder": tmp_path,
            "There is no folder": tmp_path / "none" / "log.parquet",
            "is no name of a file": 7,
            "no name": "",
            "name of a file": "a\0b",
        }
        for said, path in cases.items():
            with pytest.raises(DataError, match=said):
                touches(done, path)

    def test_a_log_too_large_for_memory_goes_to_a_file(self, done, tmp_path, monkeypatch):
        monkeypatch.setattr(log, "ROWS_MOST", 1_000)
        with pytest.raises(PlanError, match=r"1,000 are held in memory at most. Write it to a file"):
            touches(done)
        assert touches(done, str(tmp_path / "log.parquet"))["rows"].sum() > 1_000

    def test_the_bound_holds(self, done, rows):
        assert len(rows) <= log._rows_most(done)

    def test_a_flight_of_no_money_is_not_there(self, every):
        plan = Plan(flights=[Flight("television", 2_000_000), Flight("radio", 0)], weeks=2)
        assert list(simulate(every, plan).touches()["flight"].cat.categories) == ["television"]
