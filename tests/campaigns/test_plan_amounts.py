"""Warnings of money that cannot be spent as the plan says, and of people who are met again and again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from plan_examples import plans

from narrowcast.campaigns import Flight, Measurement, Plan
from narrowcast.campaigns.amounts import OFTEN, addressed, amounts
from narrowcast.worlds import open_world


@pytest.fixture(scope="module")
def shop():
    """Return the market of the usual size, with nobody drawn: what is warned of is reckoned."""
    return open_world("hcmc-fashion").with_media("email", "sms", "phone", "viral")


def told(shop, *flights, weeks=4, **fields):
    plan = Plan("a plan", flights, weeks, **fields)
    frame = plan.check(shop)
    found = list(amounts(plan, shop))
    assert {one.problem for one in found} <= set(frame["problem"])
    for one in found:
        assert (one.step, one.severity) == ("channels", "warning")
        assert one.cure
    return [one.problem for one in found]


def most(problem):
    return int(re.search(r"about ([\d,]+) at most can be spent", problem)[1].replace(",", ""))


class TestMoneyThatStaysUnspent:
    def test_more_than_a_file_takes_is_told_with_the_most(self, shop):
        first, _often = told(shop, Flight("email", 1_000_000_000))
        assert most(first) == 57_000_000  # 11,000 addresses, 21 times a week, 4 weeks, 60 dong
        assert told(shop, Flight("email", most(first), cap=21))[0].startswith("email: about 2")

    def test_the_cap_counts(self, shop):
        (once,) = told(shop, Flight("email", 1_000_000_000, cap=1))
        assert "no more than 1 a week go to each" in once
        assert most(once) == 2_700_000

    def test_weeks_without_money_do_not_count(self, shop):
        (half,) = told(shop, Flight("email", 1_000_000_000, cap=1, schedule=[1, 0, 1, 0]))
        assert most(half) == 1_300_000

    def test_what_follows_something_goes_to_each_once_a_week(self, shop):
        mail = Flight("email", 2_000_000)
        calls = [Flight("phone", spend, after="open") for spend in (5_000_000, 10**12)]
        assert told(shop, mail, calls[0]) == []
        (problem,) = told(shop, mail, calls[1])
        assert "did every week what it waits for" in problem
        assert 200_000_000 < most(problem) < 600_000_000
        (banners,) = told(shop, Flight("display", 10**12, "trend", after="visit"))
        assert most(banners) == pytest.approx(20_000 * 0.17 * 0.8 * 3 * 45, rel=0.2)

    def test_there_are_so_many_searches(self, shop):
        (problem,) = told(shop, Flight("search", 10**15))
        assert "even if everybody clicked" in problem
        assert told(shop, Flight("search", 5_000_000)) == []
        assert told(shop, Flight("search", 10**15, bid=1)) == []  # nothing is shown: told elsewhere


class TestContactsNobodyCanMeet:
    @pytest.mark.parametrize(
        "flight", [Flight("social", 10**15), Flight("television", 10**10), Flight("viral", 10**13, "trend")]
    )
    def test_dozens_a_day_are_told(self, shop, flight):
        (problem,) = told(shop, flight)
        assert re.search(r"buys about [\d,]+ contacts a person and day in week 1; nobody", problem)

    def test_the_cure_is_one(self, shop):
        (problem,) = amounts(Plan(flights=[Flight("social", 10**15)]), shop)
        amount = int(re.search(r"weeks: ([\d,]+) is", problem.cure)[1].replace(",", ""))
        assert told(shop, Flight("social", round(amount * 0.95))) == []
        assert told(shop, Flight("social", round(amount * 1.1)))

    def test_the_week_is_the_schedules(self, shop):
        (problem,) = told(shop, Flight("social", 2_000_000_000, schedule=[1, 0, 5, 1]))
        assert "in week 3" in problem


class TestFrequency:
    @pytest.mark.parametrize("channel", ["email", "sms"])
    def test_more_than_three_a_week_are_told_with_the_figure(self, shop, channel):
        price = shop.recipe.channels[channel].price_per_thousand.value / 1_000
        people = addressed(Flight(channel, 1), shop).sum()
        flights = [Flight(channel, round(people * 4 * often * price)) for often in (2.9, 4.5)]
        assert told(shop, flights[0]) == []
        (problem,) = told(shop, flights[1])
        assert problem.startswith(f"{channel}: about 4.5 a person in week 1; beyond {OFTEN} or so")

    def test_one_crowded_week_is_enough(self, shop):
        assert told(shop, Flight("email", 3_000_000)) == []
        (problem,) = told(shop, Flight("email", 3_000_000, schedule=[1, 1, 9, 1]))
        assert "in week 3" in problem

    def test_flights_to_the_same_people_add_up(self, shop):
        everybody, some = Flight("email", 4_500_000), Flight("email", 800_000, "trend")
        assert told(shop, everybody) == told(shop, some) == []
        (problem,) = told(shop, everybody, some)
        assert problem.startswith("email, email/trend: about 3.")

    def test_other_people_are_other_people(self, shop):
        ours, theirs = Flight("email", 5_000_000), Flight("email", 4_000_000, files="fashion-lovers")
        assert told(shop, ours, theirs) == []

    def test_another_medium_is_another(self, shop):
        assert told(shop, Flight("email", 5_000_000), Flight("sms", 20_000_000)) == []

    def test_a_cap_is_kept_to(self, shop):
        assert not any("a person in week" in one for one in told(shop, Flight("email", 10**9, cap=OFTEN)))


def test_a_plan_as_one_writes_it_is_not_warned_of(shop):
    flights = [
        Flight("search", 5_000_000),
        Flight("email", 2_000_000),
        Flight("phone", 6_000_000, after="open"),
        Flight("television", 6_000_000),
        Flight("social", 2_000_000, "trend"),
    ]
    assert told(shop, *flights, weeks=8) == []


def test_a_draft_without_weeks_is_told_of_its_weeks(shop):
    draft = Plan.draft(shop).fill("channels", flights=[Flight("email", 15_000_000)])
    weeks = {8: False, 4: True, 99: False}
    for number, warned in weeks.items():
        found = draft.fill("launch", weeks=number).problems()["problem"]
        assert found.str.contains("a person in week").any() == warned


class TestHoldoutOfStrangers:
    def problems(self, shop, *flights, holdout=0.1):
        plan = Plan(flights=flights, holdout=holdout, measurement=Measurement(unit="circle"))
        frame = plan.check(shop)
        return list(frame[(frame["step"] == "measure")]["problem"])

    def test_a_purchased_file_is_not_in_the_lift(self, shop):
        bought = [Flight(channel, 1_000, "trend", files="fashion-lovers") for channel in ("email", "sms")]
        (problem,) = self.problems(shop, *bought)
        assert problem.startswith("email/trend@fashion-lovers, sms/trend@fashion-lovers use a purchased file")
        assert "the lift compares customers alone" in problem

    def test_without_either_there_is_nothing_to_say(self, shop):
        bought = Flight("email", 1_000, "trend", files="fashion-lovers")
        assert self.problems(shop, Flight("email", 1_000)) == []
        assert not any("lift" in one for one in self.problems(shop, bought, holdout=0))


@settings(max_examples=60)
@given(plans())
def test_any_plan_is_answered(fashion, plan):
    for problem in amounts(plan, fashion):
        assert problem.severity == "warning"
        assert "nan" not in problem.problem
