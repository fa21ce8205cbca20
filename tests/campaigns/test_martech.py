"""Tools: what they cover, what is paid twice, and the cheapest set, against every set there is."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import TOOLS, Flight, Plan, Stack, Tool, cheapest, needed_jobs
from narrowcast.campaigns.martech import _BY_MEDIUM, FOUNDATION, JOBS
from narrowcast.errors import PlanError, UnknownName
from narrowcast.worlds.media import Medium

NEEDED = (*FOUNDATION, "email", "social", "analytics")


class TestNeeds:
    def test_the_foundation_is_always_needed(self, fashion):
        assert needed_jobs(Plan(), fashion) == ("analytics", "automation", "contacts", "store")

    def test_channels_ask_for_their_own(self, fashion):
        plan = Plan(flights=[Flight("television", 1), Flight("email", 1), Flight("phone", 1, after="lead")])
        assert set(needed_jobs(plan, fashion)) - {"analytics", *FOUNDATION} == {"email", "calls", "pages"}

    def test_an_unknown_channel_is_told(self, fashion):
        with pytest.raises(UnknownName, match="'email'"):
            needed_jobs(Plan(flights=[Flight("emial", 1)]), fashion)

    @pytest.mark.parametrize("swapped", [True, False])
    def test_swapped_and_other_arguments_are_told(self, fashion, swapped):
        given = (fashion, Plan()) if swapped else (None, "hcmc-fashion")
        kinds = [type(one).__name__ for one in given]
        with pytest.raises(
            PlanError,
            match=rf"needed_jobs\(\) was given a {kinds[0]} and a {kinds[1]}. It needs a plan and a world",
        ):
            needed_jobs(*given)

    def test_media_and_jobs_are_known(self):
        assert set(_BY_MEDIUM) <= set(Medium.__args__)
        assert {job for jobs in _BY_MEDIUM.values() for job in jobs} <= set(JOBS)


class TestStack:
    def test_coverage(self):
        frame = Stack(["Shopfront", "Mail Post", "Journey Full"]).coverage(["email", "store", "contacts"])
        assert dict(frame["covered"]) == {"contacts": False, "email": True, "store": True}
        assert frame.loc["email", "tools"] == "Mail Post, Journey Full"
        assert list(frame["times"]) == [0, 2, 1]

    def test_a_full_platform_makes_two_tools_unnecessary(self):
        stack = Stack(["Shopfront", "Contact Book", "Journey Full", "Mail Post", "Social Board"])
        assert stack.missing(NEEDED) == ()
        assert stack.superfluous(NEEDED) == ("Mail Post", "Social Board")
        assert list(stack.redundancy().index) == ["email", "social"]

    def test_what_goes_can_go_all_together(self):
        twins = Stack([Tool("A", "email", 5), Tool("B", "email", 5)])
        assert len(twins.superfluous(["email"])) == 1

    def test_the_cheap_list_costs_more(self):
        needed = (*NEEDED, "sms", "pages")
        singles = [tool for tool in TOOLS if len(tool.jobs) == 1]
        assert cheapest(needed, singles).cost() > cheapest(needed).cost()
        assert "Journey Full" in [tool.name for tool in cheapest(needed).tools]

    def test_cost_over_months(self):
        stack = Stack([Tool("A", "email", 5, 100), Tool("B", "sms", 2)])
        assert [stack.cost(months) for months in (0, 1, 12)] == [100, 107, 184]

    @pytest.mark.parametrize("months", [-1, 121, 1.5, math.nan, "12", None])
    def test_months_are_months(self, months):
        for ask in (lambda: Stack(TOOLS[:1]).cost(months), lambda: cheapest(["email"], months=months)):
            with pytest.raises(PlanError, match="months is"):
                ask()

    @pytest.mark.parametrize("tools", [5, [5], {"A": 1}, [TOOLS[0], TOOLS[0]], None])
    def test_tools_are_tools(self, tools):
        with pytest.raises(PlanError, match="step organisation"):
            Stack(tools)

    def test_unknown_tools_and_jobs_are_told(self):
        with pytest.raises(UnknownName, match="'Mail Post'"):
            Stack(["Mail Pst"])
        with pytest.raises(UnknownName, match="'email'"):
            Tool("A", ["emails"], 5)

    @pytest.mark.parametrize("cost", [-1, math.nan, "5", None])
    def test_a_price_is_money(self, cost):
        with pytest.raises(PlanError):
            Tool("A", "email", cost)


def test_the_market_has_a_tool_for_every_job():
    assert Stack(TOOLS).missing(JOBS) == ()
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)


def best_by_hand(needed, tools, months):
    sets = (Stack(chosen) for size in range(len(tools) + 1) for chosen in combinations(tools, size))
    return min(((s.cost(months), len(s.tools)) for s in sets if not s.missing(needed)), default=None)


SOME = JOBS[:6]


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(SOME), min_size=1, max_size=4),
            st.integers(0, 10**9),
            st.integers(0, 10**9),
        ),
        min_size=1,
        max_size=7,
    ),
    st.sets(st.sampled_from(SOME)),
    st.integers(0, 36),
)
def test_the_cheapest_is_the_best_of_all_sets(offers, needed, months):
    tools = [
        Tool(f"T{number}", sorted(jobs), cost, setup) for number, (jobs, cost, setup) in enumerate(offers)
    ]
    best = best_by_hand(sorted(needed), tools, months)
    if best is None:
        with pytest.raises(PlanError, match=r"no tool does .*Add a tool"):
            cheapest(needed, tools, months)
        return
    found = cheapest(needed, tools, months)
    assert (found.cost(months), len(found.tools)) == best
    assert not found.missing(needed)


def test_nothing_needed_costs_nothing():
    assert cheapest([]) == Stack()
