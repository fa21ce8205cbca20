"""Warnings of flights in which nothing can happen: what they wait for never comes, or their bid wins nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from plan_examples import plans

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.campaigns.bidding import least_bid
from narrowcast.campaigns.following import in_vain

CALLS = {after: Flight("phone", 100_000, after=after) for after in ("open", "click", "lead", "visit")}
MAIL = Flight("email", 1_000)


def told(fashion, *flights, weeks=4):
    plan = Plan("a plan", flights, weeks)
    found = list(in_vain(plan, fashion))
    assert {one.problem for one in found} <= set(plan.check(fashion)["problem"])
    for one in found:
        assert (one.step, one.severity) == ("channels", "warning")
        assert one.cure
    plan.fits(fashion)
    return [one.problem for one in found]


@pytest.mark.parametrize(
    ("after", "others"),
    [
        ("open", []),
        ("open", [Flight("social", 1_000), Flight("sms", 1_000)]),  # an SMS is no e-mail
        ("open", [Flight("email", 0)]),
        ("open", [Flight("email", 1_000, files="fashion-lovers")]),  # other people's
        ("click", []),
        ("click", [Flight("television", 1_000)]),  # nothing to click
        ("lead", []),
        ("lead", [Flight("search", 1_000, bid=1)]),  # not shown
        ("lead", [CALLS["open"]]),  # waits itself, in vain
    ],
)
def test_what_nothing_leads_to_is_told(fashion, after, others):
    problems = told(fashion, CALLS[after], *others)
    assert any(one.startswith(f"{after}>phone follows those who") for one in problems)


@pytest.mark.parametrize(
    ("after", "others"),
    [
        ("open", [MAIL]),
        ("open", [Flight("email", 1_000, "trend", files=["fashion-lovers", "house"])]),
        ("open", [Flight("email", 1_000, "trend", after="visit")]),
        ("click", [Flight("social", 1_000)]),
        ("lead", [Flight("search", 1_000)]),
        ("lead", [MAIL]),
        ("visit", []),  # customers come anyway
    ],
)
def test_what_something_leads_to_is_not(fashion, after, others):
    assert told(fashion, CALLS[after], *others) == []


def test_a_flight_does_not_lead_to_itself(fashion):
    assert len(told(fashion, Flight("email", 1_000, after="open"))) == 1


def test_strangers_do_not_come_by_themselves(fashion):
    call = Flight("phone", 100_000, after="visit", files="fashion-lovers")
    (problem,) = told(fashion, call, Flight("social", 1_000))
    assert "the strangers of its files" in problem
    assert told(fashion, call, Flight("email", 1_000, files="fashion-lovers")) == []


def test_a_chain_lives_and_dies_with_its_beginning(fashion):
    chain = [Flight("email", 1_000, "trend", after="click"), Flight("phone", 1_000, "trend", after="open")]
    assert len(told(fashion, *chain)) == 2
    assert told(fashion, *chain, Flight("social", 1_000)) == []


@pytest.mark.parametrize(("weeks", "schedule"), [(1, None), (3, [1, 0, 0])])
def test_nothing_follows_in_the_first_week(fashion, weeks, schedule):
    (problem,) = told(fashion, Flight("phone", 100_000, after="visit", schedule=schedule), weeks=weeks)
    assert "no money after the first week" in problem


class TestBid:
    def test_below_the_least_it_is_told_with_the_least(self, fashion):
        (problem,) = told(fashion, Flight("search", 5_000_000, bid=1))
        assert problem == "search bids 1 for a click; with less than 800 nothing is shown."
        assert told(fashion, Flight("search", 5_000_000, bid=799))
        assert told(fashion, Flight("search", 5_000_000, bid=800)) == []
        assert told(fashion, Flight("search", 5_000_000)) == []

    def test_a_better_advertisement_needs_less(self, fashion):
        channel = fashion.recipe.channels["search"]
        bids = [least_bid(Flight("search", 1, message=Message(form=form)), channel) for form in (0, 0.5, 1)]
        assert bids == [1_600, 800, 534]


def test_a_misspelt_channel_may_be_the_one_that_leads_there(fashion):
    frame = Plan(flights=[CALLS["open"], Flight("emial", 1)]).check(fashion)
    assert not frame["problem"].str.contains("follows those").any()


@settings(max_examples=60)
@given(plans())
def test_any_plan_is_answered(fashion, plan):
    assert all(problem.severity == "warning" for problem in in_vain(plan, fashion))
