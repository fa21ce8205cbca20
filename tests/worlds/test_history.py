"""Last year's visits and orders agree with each other, with the recipe and with the segments table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from narrowcast.worlds import open_world
from narrowcast.worlds.people import TODAY


def test_the_form_of_the_log(world):
    events = world.events
    assert list(events) == ["event_id", "customer_id", "ts", "type", "campaign_id", "cost", "revenue"]
    assert events["event_id"].tolist() == list(range(len(events)))
    assert events["ts"].is_monotonic_increasing
    assert set(events["type"]) == {"visit", "order"}
    assert not events.isna().any().any()
    assert set(events["customer_id"]) <= set(world.customers["customer_id"])
    assert events["ts"].between(TODAY - pd.Timedelta(days=365), TODAY + pd.Timedelta(minutes=30)).all()


def test_money_is_whole_and_on_orders_alone(world):
    events = world.events
    assert events["revenue"].dtype == np.int64
    assert (events.loc[events["type"] == "visit", "revenue"] == 0).all()
    orders = events.loc[events["type"] == "order", "revenue"]
    assert (orders > 0).all()
    assert (orders % 1_000 == 0).all()
    assert (events["cost"] == 0).all()
    assert (events["campaign_id"] == "organic").all()


def test_every_order_follows_a_visit_of_its_own(world):
    events = world.events
    visits = events[events["type"] == "visit"].groupby("customer_id", observed=True)["ts"].apply(set)
    taken = set()
    for order in events[events["type"] == "order"].itertuples():
        # The order comes 2 to 29 minutes after the visit, always the same lag for a customer.
        lag = pd.Timedelta(minutes=2 + int(order.customer_id[1:]) % 28)
        assert order.ts - lag in visits[order.customer_id]
        taken.add((order.customer_id, order.ts))
    assert taken


def test_nobody_orders_more_often_than_they_come(world):
    counts = world.events.groupby(["customer_id", "type"], observed=False).size().unstack()
    assert (counts["order"] <= counts["visit"]).all()


def test_rates_follow_the_recipe(world):
    table = world.segments
    for name, segment in world.recipe.segments.items():
        row = table.loc[name]
        rate = segment.conversion.value
        assert row["orders"] / row["visits"] == pytest.approx(
            rate, abs=4 * (rate * (1 - rate) / row["visits"]) ** 0.5
        )
        expected = segment.visits_per_year.value * row["customers"]
        assert row["visits"] == pytest.approx(expected, abs=4 * expected**0.5)


def test_order_values_follow_the_recipe(world):
    events = world.events.merge(world.customers[["customer_id", "segment"]])
    mean = (
        events[events["type"] == "order"].groupby("segment", observed=True)["revenue"].agg(["mean", "count"])
    )
    for name, segment in world.recipe.segments.items():
        value = segment.order_value.value
        assert mean.loc[name, "mean"] == pytest.approx(
            value, abs=4 * 0.36 * value / mean.loc[name, "count"] ** 0.5
        )


def test_segments_table_agrees_with_the_log(world):
    events = world.events.merge(world.customers[["customer_id", "segment"]])
    counted = events.groupby(["segment", "type"], observed=False).size().unstack()
    table = world.segments
    assert (table["visits"] == counted["visit"]).all()
    assert (table["orders"] == counted["order"]).all()
    assert (table["customers"] == world.customers["segment"].value_counts().loc[table.index]).all()
    assert table["share"].sum() == pytest.approx(1)
    assert (table["share"] == table["customers"] / 2_000).all()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("customers", [1, 2, 5])
def test_the_smallest_markets_have_a_past(customers, seed):
    tiny = open_world("hcmc-fashion", customers=customers, seed=seed)
    table = tiny.segments
    assert table["customers"].sum() == customers
    assert table[["visits", "orders"]].to_numpy().sum() == len(tiny.events)
    assert list(tiny.events)[-1] == "revenue"


def test_a_customers_past_does_not_depend_on_the_size_of_the_market():
    few = open_world("hcmc-fashion", customers=300).events
    many = open_world("hcmc-fashion", customers=3_000).events
    same = many[many["customer_id"].isin(few["customer_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(few.drop(columns="event_id"), same.drop(columns="event_id"))
