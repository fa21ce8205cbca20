"""A market's tables as a notebook sees them."""

from __future__ import annotations

import pandas as pd
import pytest

from narrowcast.errors import UnknownName
from narrowcast.worlds import open_world, world_names
from narrowcast.worlds.tables import tables_of


@pytest.fixture(scope="module", params=world_names())
def world(request):
    return open_world(request.param, customers=600)


def test_every_table_has_its_frame(world):
    assert world.tables == list(tables_of(world.recipe))
    for name in world.tables:
        frame = world.table(name)
        table = tables_of(world.recipe)[name]
        assert list(frame) == table.schema(hidden=False).names
        assert len(frame) > 0
        pd.testing.assert_frame_equal(getattr(world, name), frame)


def test_latent_columns_come_when_they_are_asked_for(world):
    assert "caused_by" not in world.orders
    assert "caused_by" in world.table("orders", hidden=True)


def test_logs_are_sorted_by_time(world):
    for name in ("orders", "events", "touches"):
        assert world.table(name)["ts"].is_monotonic_increasing


def test_types_are_those_that_students_expect(world):
    people = world.customers
    assert isinstance(people["segment"].dtype, pd.CategoricalDtype)
    assert pd.api.types.is_datetime64_any_dtype(people["birth_date"])
    assert people["email_consent"].dtype == bool
    assert people["name"].dtype == "str"
    assert world.orders["revenue"].dtype == "int64"


def test_what_a_notebook_does_to_a_frame_stays_there(world):
    people = world.customers
    people["name"] = "nobody"
    people.loc[:, "birth_date"] = pd.Timestamp("2000-01-01")
    del people["segment"]
    assert "segment" in world.customers
    assert not (world.customers["name"] == "nobody").any()
    assert world.customers["birth_date"].nunique() > 1


def test_a_table_that_is_not_there_is_named_with_those_that_are():
    shop = open_world("soft-drink", customers=50)
    with pytest.raises(UnknownName, match=r"companies.*customers"):
        _firms = shop.companies
    with pytest.raises(UnknownName, match=r"Did you mean 'orders'"):
        shop.table("order")


def test_segments_count_what_the_log_holds(world):
    events = world.events.merge(world.customers[["customer_id", "segment"]])
    counted = events.groupby(["segment", "type"], observed=False).size().unstack()
    table = world.segments
    assert (table["visits"] == counted["visit"]).all()
    assert (table["orders"] == counted["order"]).all()
    assert (table["customers"] == world.customers["segment"].value_counts().loc[table.index]).all()


def test_a_varied_market_keeps_its_past(world):
    other = world.vary(clutter=10)
    pd.testing.assert_frame_equal(other.orders, world.orders)
    pd.testing.assert_frame_equal(other.segments, world.segments)


def test_a_customers_orders_do_not_depend_on_who_came_later_in_their_region():
    few, many = (open_world("farm-box", customers=n).past.block(0) for n in (300, 301))
    assert few.segment.tolist() == many.segment.tolist()[:300]


@pytest.mark.parametrize("customers", [1, 2, 5])
@pytest.mark.parametrize("name", world_names())
def test_the_smallest_markets_open(name, customers):
    tiny = open_world(name, customers=customers, seed=3)
    assert tiny.segments["customers"].sum() == customers
    assert len(tiny.customers) == customers
    assert len(tiny.orders) >= customers
