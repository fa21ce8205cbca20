"""What a flight says beyond channel and money: each field keeps to its range, and says so."""

from __future__ import annotations

import math
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.errors import NarrowcastError, PlanError, UnknownName

BAD = {
    "files": [5, {"house": 1}, b"house", None, ["a"] * 101, count()],
    "consented": [1, 0, "yes", None, math.nan],
    "after": ["bought", "", 5, ["open"]],
    "within": [0, 53, 1.5, math.nan, "2", True, None, 10**5000],
    "schedule": ["12", 5, {1: 2}, [-1, 2], [0, 0], [math.nan, 1], [True, 1], [], [1] * 53, count()],
    "bid": [-1, math.nan, "5", True, 1e16],
    "reward": [-1, math.inf, None, "5"],
    "cap": [0, -1, 1.5, 1001, "3", True, math.inf],
    "hours": [9, "9-17", (9,), (9, 17, 18), (17, 9), (9, 9), (-1, 5), (8, 25), (8.5, 9), ("8", "9"), {8: 9}],
}


@pytest.mark.parametrize(
    ("field", "value"),
    [(f, v) for f, values in BAD.items() for v in values],
    ids=lambda v: v if isinstance(v, str) else type(v).__name__,
)
def test_a_bad_value_is_refused(field, value):
    with pytest.raises((PlanError, UnknownName)):
        Flight("email", 5, **{field: value})


def test_the_complaint_names_field_range_and_step():
    with pytest.raises(
        PlanError, match=r"step channels: flight email: within is 53; it must be a whole number from 1 to 52"
    ):
        Flight("email", 5, within=53)
    with pytest.raises(UnknownName, match=r"no event 'opened'. Did you mean 'open'"):
        Flight("email", 5, after="opened")
    with pytest.raises(
        PlanError, match=r"step launch: flight phone: hours is \(17, 9\).*Write hours=\(9, 17\)"
    ):
        Flight("phone", 5, hours=(17, 9))


def test_equal_values_make_equal_flights():
    made = {
        Flight("email", 5, files=files, schedule=schedule, hours=hours, cap=cap, consented=yes)
        for files, schedule, hours, cap, yes in [
            (["b", "a"], [1, 2], [9, 17], 3, True),
            (("a", "b", "a"), np.array([1.0, 2.0]), np.array([9, 17]), np.int64(3), np.True_),
            ((f for f in "ba"), (1, 2.0), (9.0, 17), 3.0, True),
        ]
    }
    assert len(made) == 1
    assert made.pop().files == ("a", "b")


def test_one_file_needs_no_list():
    assert Flight("email", 5, files="house").files == ("house",)


@pytest.mark.parametrize(
    ("flight", "name"),
    [
        (Flight("email", 1, "trend"), "email/trend"),
        (Flight("phone", 1, "trend", after="open"), "open>phone/trend"),
        (Flight("email", 1, files=["b", "a"]), "email@a+b"),
    ],
)
def test_names_tell_flights_apart(flight, name):
    assert flight.name == name


def test_the_same_people_may_be_met_from_two_files():
    plan = Plan(flights=[Flight("email", 1, "trend"), Flight("email", 1, "trend", files="bought")])
    assert len(plan.flights) == 2


class TestMessageForm:
    @pytest.mark.parametrize("field", ["form", "incentive"])
    @pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, "0.5", None, True])
    def test_a_bad_share_is_refused(self, field, value):
        with pytest.raises(PlanError, match=rf"step message: {field} is .* number from 0 to"):
            Message(**{field: value})

    @pytest.mark.parametrize("field", ["personal", "prewritten"])
    @pytest.mark.parametrize("value", [1, "True", None])
    def test_a_yes_is_a_yes(self, field, value):
        with pytest.raises(PlanError, match=r"must be True or False"):
            Message(**{field: value})

    def test_an_incentive_leaves_something_to_pay(self):
        assert Message(incentive=0.9).incentive == 0.9
        with pytest.raises(PlanError, match=r"from 0 to 0.9"):
            Message(incentive=0.91)


@given(st.text())
def test_any_text_is_a_name_that_can_be_written_to_a_file(name):
    Flight(name, 1).channel.encode("utf-8")


def test_half_a_letter_is_no_trap():
    assert Flight("\ud800", 1).channel == "?"


@given(
    st.dictionaries(
        st.sampled_from([*BAD, "to"]), st.none() | st.integers() | st.floats() | st.text(max_size=3)
    )
)
def test_nothing_but_our_own_error_comes_out(fields):
    try:
        flight = Flight("email", 5, **fields)
    except NarrowcastError:
        return
    hash(flight)


class Rude:
    def __repr__(self):
        raise RuntimeError

    def __str__(self):
        raise RuntimeError


def test_a_thing_that_cannot_be_shown_is_named_by_its_kind():
    with pytest.raises(PlanError, match="Rude"):
        Flight("email", Rude())
    with pytest.raises(PlanError, match="channel is Rude; it must be a text"):
        Flight(Rude(), 5)
