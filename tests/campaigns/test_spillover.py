"""Word of mouth in an experiment: when a plan's check advises to hold out whole circles of friends."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_examples import plans

from narrowcast.campaigns import Flight, Measurement, Plan
from narrowcast.campaigns.spillover import MUCH, echo, spillover
from narrowcast.worlds import open_world, world_names

TELEVISION = Flight("television", 100_000)
REFERRAL = Flight("referral", 100_000, reward=5_000)


@pytest.fixture(scope="module")
def farm():
    return open_world("farm-box", customers=100)


def advice(plan, world):
    frame = plan.check(world)
    return frame[frame["cure"].str.contains("circle")]


def test_friends_who_talk_much_are_a_warning_of_the_last_step(farm):
    frame = advice(Plan(flights=[TELEVISION], weeks=8, holdout=0.2), farm)
    assert [str(step) for step in frame["step"]] == ["measure"]
    assert frame["severity"].tolist() == ["warning"]
    assert f"misses about {echo(farm, 8):.0%}" in frame["problem"].iloc[0]
    assert 'Measurement(unit="circle")' in frame["cure"].iloc[0]


def test_what_buyers_hand_on_is_named_whatever_the_market(fashion, farm):
    (problem,) = advice(Plan(flights=[Flight("email", 100), REFERRAL], holdout=0.2), fashion)["problem"]
    assert problem.startswith("referral: ")
    both = advice(Plan(flights=[TELEVISION, REFERRAL, Flight("qr", 9_000)], weeks=8, holdout=0.2), farm)
    assert both["problem"].str.startswith("referral, qr: ").tolist() == [True, False]


@pytest.mark.parametrize(
    "plan",
    [
        Plan(flights=[TELEVISION, REFERRAL], weeks=8),
        Plan(flights=[TELEVISION, REFERRAL], weeks=8, holdout=0.2, measurement=Measurement(unit="circle")),
        Plan(flights=[TELEVISION], weeks=1, holdout=0.2),  # over before friends have heard
        Plan(weeks=8, holdout=0.2),
        Plan(flights=[Flight("television", 0), Flight("referral", 0)], weeks=8, holdout=0.2),
    ],
    ids=["no holdout", "circles", "a week", "no flight", "no money"],
)
def test_there_is_no_advice_where_it_would_not_help(farm, plan):
    assert advice(plan, farm).empty


def test_the_first_lesson_has_no_word_of_mouth_to_warn_of():
    shop = open_world("hcmc-fashion", customers=100)
    assert advice(
        Plan(flights=[Flight("social", 100), Flight("search", 100)], weeks=4, holdout=0.3), shop
    ).empty


def test_markets_are_told_apart():
    """Where the box is bought weekly and spoken of at every gate, friends carry much; where dresses are sold, none."""
    much = {name for name in world_names() if echo(open_world(name, customers=100), 8) >= MUCH}
    assert much == {"farm-box", "soft-drink"}


@given(st.integers(1, 51))
def test_more_weeks_let_more_friends_answer(farm, weeks):
    short, long = echo(farm, weeks), echo(farm, weeks + 1)
    assert 0 <= short < long < 0.2


def test_who_persuades_nobody_or_has_no_friends_has_no_echo(farm):
    for figure in ("persuasion", "friends"):
        advocacy = farm.recipe.advocacy
        silent = advocacy.model_copy(
            update={figure: getattr(advocacy, figure).model_copy(update={"value": 0.0})}
        )
        quiet = type(farm)(
            farm.recipe.model_copy(update={"advocacy": silent}), farm.population, 0, past=farm.past
        )
        assert echo(quiet, 8) == pytest.approx(0, abs=1e-12)


def test_a_draft_whose_unit_cannot_be_read_is_told_that_alone(farm):
    draft = Plan.draft(farm).fill("channels", flights=[TELEVISION]).fill("launch", weeks=8)
    for unit, advised in (("person", True), ("circel", False)):
        found = draft.fill("measure", holdout=0.2, unit=unit).problems()
        assert found["cure"].str.contains('unit="circle"').any() == advised


@settings(max_examples=60)
@given(plans())
def test_any_plan_is_answered(fashion, plan):
    for problem in spillover(plan, fashion):
        assert problem.severity == "warning"
        assert "nan" not in problem.problem
    assert math.isfinite(echo(fashion, plan.weeks))
