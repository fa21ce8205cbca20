"""A plan is checked where it is written: every hostile value gets an answer that names the step."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Message, Offer, Plan, Supplier, Target
from narrowcast.campaigns.numbers import MOST_MONEY
from narrowcast.campaigns.plan import MOST_FLIGHTS
from narrowcast.errors import NarrowcastError, PlanError, UnknownName
from narrowcast.worlds import open_world

NO_NUMBERS = [
    math.nan,
    math.inf,
    -math.inf,
    "5",
    "",
    None,
    True,
    False,
    np.True_,
    np.float64("nan"),
    [5, 6],
    (),
    {},
    np.array([1, 2]),
    np.array([]),
    pd.Series([1.0, 2.0]),
    pd.NA,
    pd.NaT,
    1j,
    Decimal("NaN"),
    object(),
    b"5",
    print,
]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.binary(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
    st.decimals(),
    st.fractions(),
    st.floats(width=32).map(np.float32),
    st.integers(-(2**63), 2**63 - 1).map(np.int64),
    st.lists(st.floats()).map(np.array),
    st.lists(st.floats()).map(lambda x: pd.Series(x, dtype=float)),
)


@pytest.fixture(scope="module")
def world():
    return open_world("hcmc-fashion", customers=100)


class TestMoney:
    @pytest.mark.parametrize("spend", NO_NUMBERS, ids=lambda value: type(value).__name__)
    def test_what_is_no_number_is_refused(self, spend):
        with pytest.raises(
            PlanError, match=r"(?s)step channels: flight social: spend is .* not an amount of money"
        ):
            Flight("social", spend)

    @pytest.mark.parametrize("spend", [-1, -0.5, -1e300, MOST_MONEY + 1, 1e16, 10**400, -(10**400)])
    def test_what_is_out_of_range_is_refused(self, spend):
        with pytest.raises(
            PlanError, match=r"spend is .* is outside 0 to 1,000,000,000,000,000. Give an amount in between"
        ):
            Flight("social", spend)

    @pytest.mark.parametrize(
        "spend",
        [
            5,
            5.0,
            4.6,
            np.int32(5),
            np.float32(5),
            np.float64(5),
            np.array(5),
            np.array([5.2]),
            pd.Series([5]),
        ],
    )
    def test_any_number_is_accepted_and_rounded_to_a_dong(self, spend):
        flight = Flight("social", spend)
        assert flight.spend == 5
        assert type(flight.spend) is int

    @pytest.mark.parametrize("spend", [0.4, 0.5, 0.999, 5e-324, np.float32(0.25), np.array([0.1])])
    def test_a_part_of_a_dong_is_refused_not_cut_to_nothing(self, spend):
        with pytest.raises(
            PlanError,
            match=r"step channels: flight social: spend is .* less than the smallest coin.* Give 1 or more",
        ):
            Flight("social", spend)
        with pytest.raises(PlanError, match=r"step channels: most is .* smallest coin"):
            Plan(most=spend)
        with pytest.raises(PlanError, match=r"step organisation: fee is .* smallest coin"):
            Supplier("A", fee=spend)

    @pytest.mark.parametrize("spend", [0, MOST_MONEY, -0.0])
    def test_the_ends_belong_to_the_range(self, spend):
        assert Flight("social", spend).spend == spend

    @pytest.mark.parametrize("spend", [Fraction(1, 2), Decimal(5)])
    def test_exotic_numbers_are_refused_politely(self, spend):
        with pytest.raises(PlanError):
            Flight("social", spend)


class TestMessage:
    @pytest.mark.parametrize(
        "fit", [*NO_NUMBERS, -0.01, 1.01, 10**400], ids=lambda value: type(value).__name__
    )
    def test_a_bad_fit_is_refused(self, fit):
        with pytest.raises(PlanError, match=r"(?s)step message: fit is .* from 0 to 1"):
            Message("trend", fit=fit)

    @pytest.mark.parametrize("fit", [0, 1, 0.5, np.float32(0.5), np.int64(1), np.float64(0.25)])
    def test_any_number_from_0_to_1_will_do(self, fit):
        assert Message("trend", fit=fit).fit == fit

    @pytest.mark.parametrize("to", [5, ["trend"], True, b"trend", 0.5])
    def test_a_segment_is_a_name(self, to):
        with pytest.raises(PlanError, match=r"is no segment"):
            Message(to)
        with pytest.raises(PlanError, match=r"is no segment"):
            Offer(to)

    def test_it_cannot_be_changed(self):
        with pytest.raises(AttributeError):
            Message("trend").fit = 0  # type: ignore[misc]


class TestFlight:
    def test_the_message_follows_the_aim(self):
        assert Flight("social", 1, to="trend").message == Message("trend")
        assert Flight("social", 1).message == Message(None)
        assert Flight("social", 1, to="trend").offer == Offer(None)

    def test_a_name_stands_for_a_message_or_an_offer(self):
        flight = Flight("social", 1, to="trend", message="loyal", offer="bargain")
        assert (flight.message, flight.offer) == (Message("loyal"), Offer("bargain"))

    @pytest.mark.parametrize("wrong", [5, Offer("trend"), ["trend"], True])
    def test_nothing_else_does(self, wrong):
        with pytest.raises(PlanError, match=r"Write nc.Message\(...\) or the name of a segment"):
            Flight("social", 1, message=wrong)

    @pytest.mark.parametrize("wrong", [5, Message("trend"), ["trend"]])
    def test_nor_for_an_offer(self, wrong):
        with pytest.raises(PlanError, match=r"Write nc.Offer\(...\)"):
            Flight("social", 1, offer=wrong)

    def test_its_name(self):
        assert (Flight("social", 1, to="trend").name, Flight("television", 1).name) == (
            "social/trend",
            "television",
        )


class TestPlan:
    @pytest.mark.parametrize(
        "weeks", [*NO_NUMBERS, 0, -1, 53, 1.5, 10**400], ids=lambda value: type(value).__name__
    )
    def test_bad_weeks_are_refused(self, weeks):
        with pytest.raises(PlanError, match=r"(?s)step launch: weeks is .* from 1 to 52"):
            Plan(weeks=weeks)

    @pytest.mark.parametrize("weeks", [1, 52, 4.0, np.int64(4), np.float32(4)])
    def test_whole_weeks_will_do(self, weeks):
        assert type(Plan(weeks=weeks).weeks) is int

    @pytest.mark.parametrize("holdout", [*NO_NUMBERS, -0.1, 0.91, 20], ids=lambda value: type(value).__name__)
    def test_a_bad_holdout_is_refused(self, holdout):
        with pytest.raises(PlanError, match=r"(?s)step measure: holdout is .* from 0 to 0.9"):
            Plan(holdout=holdout)

    @pytest.mark.parametrize("holdout", [0, 0.9, 0.2, np.float32(0.2)])
    def test_a_share_will_do(self, holdout):
        assert Plan(holdout=holdout).holdout == holdout

    @pytest.mark.parametrize("objective", ["proft", "PROFIT", "", None, 3, ["profit"], np.array(["a", "b"])])
    def test_an_unknown_objective_is_named(self, objective):
        with pytest.raises(UnknownName, match=r"Allowed: profit, orders, advocates, recognition"):
            Plan(objective=objective)

    @pytest.mark.parametrize(
        "flights", [None, "social", 5, {"social": 5}, ["social"], [None], [Plan()], pd.DataFrame({"a": [1]})]
    )
    def test_flights_are_flights(self, flights):
        with pytest.raises(PlanError, match=r"flights must be a list of nc.Flight\(...\)"):
            Plan(flights=flights)

    def test_one_flight_a_list_and_a_generator_will_do(self):
        flight = Flight("social", 5)
        made = [Plan(flights=given) for given in (flight, [flight], (f for f in [flight]))]
        assert {plan.flights for plan in made} == {(flight,)}

    def test_the_same_flight_twice_is_refused(self):
        with pytest.raises(
            PlanError, match=r"social/trend stands there twice. Put the money of both into one"
        ):
            Plan(flights=[Flight("social", 1, to="trend"), Flight("social", 2, to="trend", message="loyal")])
        Plan(flights=[Flight("social", 1, to="trend"), Flight("social", 2, to="loyal"), Flight("social", 3)])

    def test_too_many_flights_are_refused(self):
        flights = [Flight("social", 1, to=f"s{i}") for i in range(MOST_FLIGHTS + 1)]
        with pytest.raises(PlanError, match=r"65 flights are more than 64"):
            Plan(flights=flights)
        assert len(Plan(flights=flights[1:]).flights) == 64

    def test_budget_and_editions(self):
        plan = Plan(
            flights=[
                Flight("social", 3, to="trend", offer="trend"),
                Flight("search", 4, offer="trend"),
                Flight("display", 5, offer="bargain"),
            ]
        )
        assert plan.budget == 12
        assert plan.editions == ("bargain", "trend")
        assert Plan().budget == 0

    def test_a_plan_can_be_a_key(self):
        assert len({Plan(flights=[Flight("social", 5)]), Plan(flights=[Flight("social", 5.0)])}) == 1

    def test_a_plan_that_begins_with_its_flights_is_told_where_they_belong(self):
        for first in ([Flight("social", 5)], (Flight("social", 5),), Flight("social", 5), []):
            with pytest.raises(
                PlanError, match=r'first argument is the name.* Write nc.Plan\("my plan", \[...'
            ):
                Plan(first)

    def test_of_a_list_the_member_that_is_no_flight_is_told(self):
        with pytest.raises(PlanError, match=r"flights\[1\] is 'search'"):
            Plan(flights=[Flight("social", 5), "search"])


@pytest.mark.parametrize("name", [None, 5, True, ["odd"], b"odd", math.nan, Offer()])
def test_a_name_is_a_text(name):
    made = {
        "channel": lambda: Flight(name, 1),
        "name": lambda: Plan(name),
        "files": lambda: Flight("email", 1, files=[name]),
        "segments": lambda: Target([name]),
        "job": lambda: Supplier("A", name),
    }
    for field, make in made.items():
        with pytest.raises(PlanError, match=f"{field} is .*; it must be a text"):
            make()


class TestWhichFlight:
    """Of sixteen flights, the complaint says which, and of its fields, which."""

    @pytest.mark.parametrize("field", ["bid", "reward", "spend"])
    def test_money_is_told_by_field_and_flight(self, field):
        fields = {"spend": 1} | {field: -3}
        with pytest.raises(
            PlanError, match=rf"step channels: flight search/trend: {field} is -3, .* outside 0"
        ):
            Flight("search", to="trend", **fields)

    def test_the_plans_own_money_is_told_by_field(self):
        with pytest.raises(PlanError, match="step channels: most is -3, "):
            Plan(most=-3)

    def test_other_steps_keep_their_step(self):
        with pytest.raises(PlanError, match=r"step launch: flight phone: hours is \(17, 9\)"):
            Flight("phone", 5, hours=(17, 9))
        with pytest.raises(PlanError, match="step target: flight phone: to is 5"):
            Flight("phone", 5, 5)

    def test_a_long_name_is_cut(self):
        with pytest.raises(PlanError) as caught:
            Flight("x" * 2_000, -1)
        assert len(str(caught.value)) < 300


class TestFits:
    @pytest.mark.parametrize(
        ("flight", "near"),
        [
            (Flight("socail", 1), "'social'"),
            (Flight("TV", 1), "Allowed: television, social, search, display"),
            (Flight("social", 1, to="trendy"), "'trend'"),
            (Flight("social", 1, message="loyals"), "'loyal'"),
            (Flight("social", 1, offer="bargains"), "'bargain'"),
            (Flight("social", 1, to=""), "Allowed: bargain, loyal, trend"),
            (Flight("niche", 1, to="youth"), "Allowed: television"),
        ],
    )
    def test_an_unknown_name_is_told_with_the_nearest(self, world, flight, near):
        with pytest.raises(UnknownName) as caught:
            Plan(flights=[flight]).fits(world)
        assert near in str(caught.value)

    def test_a_broadcast_channel_cannot_aim(self, world):
        with pytest.raises(
            PlanError, match=r"step target: television reaches everybody; .* 'trend'. Leave out to="
        ):
            Plan(flights=[Flight("television", 1, to="trend")]).fits(world)

    def test_but_it_can_speak_to_somebody(self, world):
        Plan(flights=[Flight("television", 1, message="trend", offer="trend")]).fits(world)


@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_nothing_but_our_own_error_comes_out(first, second, third, fourth):
    for make in (
        lambda: Flight(first, second, to=third, message=fourth),
        lambda: Flight("social", 5, message=first, offer=second),
        lambda: Message(first, second),
        lambda: Plan(first, second, third, fourth),
        lambda: Plan(weeks=first, holdout=second, objective=third),
    ):
        try:
            made = make()
        except NarrowcastError:
            continue
        hash(made)
