"""What channels cost adds up to what the campaign cost, whatever the plan pays for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Offer, Plan
from narrowcast.campaigns.files import Files
from narrowcast.campaigns.organisation import Organisation, Supplier
from narrowcast.simulate import simulate
from narrowcast.simulate.costs import beside
from narrowcast.worlds import open_world

CHANNELS = ("email", "phone", "television", "search", "referral", "affiliate")
SENT = ("email", "phone")


@pytest.fixture(scope="module")
def world():
    return open_world("hcmc-fashion", customers=800).with_media("email", "phone", "referral", "affiliate")


@st.composite
def flights(draw, segments):
    channel = draw(st.sampled_from(CHANNELS))
    files = st.sampled_from([(), ("fashion-lovers",), ("house", "fashion-lovers")])
    return Flight(
        channel,
        draw(st.integers(1, 3_000_000)),
        to=draw(st.sampled_from([None, *segments])) if channel not in {"referral", "affiliate"} else None,
        files=draw(files) if channel in SENT else (),
        consented=channel not in SENT,
        offer=Offer(to=draw(st.sampled_from([None, *segments]))),
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_costs_of_channels_add_up_to_the_campaigns(world, data):
    segments = list(world.recipe.segments)
    given_ = data.draw(
        st.lists(flights(segments), min_size=1, max_size=4, unique_by=lambda flight: flight.name)
    )
    money = st.integers(0, 2_000_000)
    suppliers = (
        Supplier("agency", fee=data.draw(money)),
        Supplier("post room", channels=("email", "phone"), fee=data.draw(money)),
    )
    purchased = data.draw(st.sampled_from([(), ("fashion-lovers",)]))
    plan = Plan(
        flights=given_,
        lawful=False,
        weeks=data.draw(st.integers(1, 4)),
        holdout=data.draw(st.sampled_from([0.0, 0.4])),
        file=Files(purchased=purchased),
        organisation=Organisation(suppliers=suppliers),
    )
    if (plan.check(world)["severity"] == "error").any():
        return
    outcome = simulate(world, plan, data.draw(st.integers(0, 9)))
    for table in (outcome.channels(), outcome.channels(by_flight=True)):
        assert table["cost"].sum() == pytest.approx(outcome.cost, abs=1)
        assert (table["beside"] >= 0).all()
    assert outcome.channels(by_flight=True)["beside"].to_numpy() == pytest.approx(beside(outcome).to_numpy())


class TestWhoPays:
    def test_a_file_is_paid_by_the_channel_that_uses_it(self, world):
        plan = Plan(
            flights=[
                Flight("email", 500_000, files=["fashion-lovers"], consented=False),
                Flight("television", 900_000),
            ],
            lawful=False,
        )
        outcome = simulate(world, plan, 1)
        table, file = outcome.channels(), world.recipe.files["fashion-lovers"]
        price = round(file.price.value * round(file.size.value * world.size))
        assert price > 0
        assert table["beside"].to_dict() == {"television": 0.0, "email": price}
        of_email = outcome.spent.drop("television").sum()
        assert table.loc["email", "cost"] == of_email + price
        assert table.loc["email", "cpm"] == pytest.approx(
            1_000 * table.loc["email", "cost"] / table.loc["email", "contacts"]
        )

    def test_an_edition_is_shared_by_money(self, world):
        edition = [
            Flight("television", 900_000, offer=Offer(to="trend")),
            Flight("search", 300_000, offer=Offer(to="trend")),
            Flight("social", 300_000),
        ]
        paid = beside(simulate(world, Plan(flights=edition), 1))
        assert paid["television"] == pytest.approx(3 * paid["search"])
        assert paid["television"] + paid["search"] == pytest.approx(world.edition_cost)
        assert paid["social"] == 0

    def test_a_supplier_of_the_whole_plan_is_shared_by_all(self, world):
        plan = Plan(
            flights=[Flight("television", 100_000), Flight("search", 200_000), Flight("social", 300_000)],
            organisation=Organisation(suppliers=(Supplier("agency", fee=600_000),)),
        )
        paid = beside(simulate(world, plan, 1))
        by_money = paid.sort_values().to_list()
        assert by_money == pytest.approx([100_000, 200_000, 300_000])
        assert all(one < other for one, other in pairwise(by_money))
