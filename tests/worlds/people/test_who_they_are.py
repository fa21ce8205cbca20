"""Who the customers are: as the recipe says, and each believable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from narrowcast.errors import RecipeError
from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.people.residences import residences
from narrowcast.worlds.people.traits import (
    OLDEST,
    YOUNGEST,
    acquired_days,
    ages,
    arrivals,
    female,
    locales,
    occupations,
)
from narrowcast.worlds.people.vietnamese import PROVINCES
from narrowcast.worlds.population import REGION_SIZE

MANY = 60_000


def recipe_of(world: str):
    return load_recipe(world_folder(world) / "recipe.toml")


@pytest.fixture(scope="module", params=world_names())
def block(request) -> Block:
    return Blueprint(recipe_of(request.param), MANY, 11).block(0)


def changed(world: str, segment: str, **fields):
    """Return a world's recipe with one segment changed, unchecked as after an author's slip."""
    recipe = recipe_of(world)
    other = recipe.segments[segment].model_copy(update=fields)
    return recipe.model_copy(update={"segments": recipe.segments | {segment: other}})


def figure(recipe, segment: str, field: str, value: float):
    return getattr(recipe.segments[segment], field).model_copy(update={"value": value})


def assert_share(flags, share: float) -> None:
    error = (share * (1 - share) / len(flags)) ** 0.5
    assert abs(np.mean(flags) - share) <= 4.5 * error + 1 / 65_536


def by_segment(block: Block):
    for number, (name, segment) in enumerate(block.recipe.segments.items()):
        yield name, segment, block.segment == number


def test_women_are_as_many_as_the_recipe_says(block):
    for _name, segment, mine in by_segment(block):
        assert_share(female(block)[mine], segment.female.value)


def test_ages_are_normal_between_the_bounds(block):
    for name, segment, mine in by_segment(block):
        mean, spread = segment.age.value, segment.age_spread.value
        low, high = (YOUNGEST - mean) / spread, (OLDEST - mean) / spread
        drawn = ages(block)[mine]
        assert drawn.min() >= YOUNGEST
        assert drawn.max() <= OLDEST
        assert stats.kstest(drawn, stats.truncnorm(low, high, mean, spread).cdf).pvalue > 1e-4, name


def test_nobody_is_moved_onto_a_bound(block):
    counts = np.unique(ages(block), return_counts=True)[1]
    assert counts.max() <= 2  # a pile at 16 would be a crowd born on one day


@pytest.mark.parametrize("age", [3, 15.9, 85.1, 400])
def test_a_mean_age_outside_the_bounds_is_refused(age):
    recipe = recipe_of("soft-drink")
    slip = changed("soft-drink", "youth", age=figure(recipe, "youth", "age", age))
    with pytest.raises(RecipeError, match=r"soft-drink: field segments\.youth\.age: .* outside 16 to 85"):
        ages(Blueprint(slip, 100, 0).block(0))


@pytest.mark.parametrize(("mean", "spread"), [(16, 1e-9), (85, 1e-9), (16, 1e6), (50, 1e6), (85, 30)])
def test_any_spread_leaves_ages_between_the_bounds(mean, spread):
    recipe = recipe_of("soft-drink")
    fields = {
        "age": figure(recipe, "youth", "age", mean),
        "age_spread": figure(recipe, "youth", "age_spread", spread),
    }
    drawn = ages(Blueprint(changed("soft-drink", "youth", **fields), 5_000, 0).block(0))
    assert np.isfinite(drawn).all()
    assert YOUNGEST <= drawn.min() <= drawn.max() <= OLDEST


def test_people_live_where_the_recipe_says(block):
    names, codes = residences(block)
    for _name, segment, mine in by_segment(block):
        lived = np.bincount(codes[mine], minlength=len(names)) / mine.sum()
        at_home = segment.locale == "vi_VN"
        others = {place: people for place, people in PROVINCES.items() if place not in segment.provinces}
        left = 1 - sum(segment.provinces.values())
        for place, got in zip(names, lived, strict=True):
            share = segment.provinces.get(place, 0.0)
            if at_home and place in others:
                share = left * others[place] / sum(others.values())
            error = (share * (1 - share) / mine.sum()) ** 0.5
            assert abs(got - share) <= 4.5 * error + 2 / 65_536, place


def test_a_place_that_vietnam_does_not_have_is_refused():
    slip = changed("hcmc-fashion", "loyal", provinces={"Hà Nộ": 0.5})
    with pytest.raises(
        RecipeError, match=r"segments\.loyal\.provinces: There is no province 'Hà Nộ'.*'Hà Nội'"
    ):
        residences(Blueprint(slip, 100, 0).block(0))


@pytest.mark.parametrize("provinces", [{}, {"Seoul": 0.9}, {"Seoul": 0.5, "Busan": 0.4999}])
def test_shares_abroad_that_do_not_add_up_are_refused(provinces):
    slip = changed("hcmc-fashion", "loyal", locale="ko_KR", provinces=provinces)
    with pytest.raises(
        RecipeError, match=r"segments\.loyal\.provinces: the shares add up to .*Name every place"
    ):
        residences(Blueprint(slip, 100, 0).block(0))


def test_all_of_vietnam_must_add_up_too():
    slip = changed("hcmc-fashion", "loyal", provinces=dict.fromkeys(PROVINCES, 0.01))
    with pytest.raises(RecipeError, match=r"the shares add up to 0\.34, not 1"):
        residences(Blueprint(slip, 100, 0).block(0))


def test_a_province_that_is_named_with_nothing_left_takes_all():
    only = changed("hcmc-fashion", "loyal", provinces={"Huế": 1.0})
    block = Blueprint(only, 2_000, 0).block(0)
    names, codes = residences(block)
    assert {names[code] for code in codes[block.segment == 1]} == {"Huế"}


def test_the_young_learn_and_the_old_rest(block):
    names, codes = occupations(block)
    job, age = np.array(names)[codes], ages(block)
    learning = np.isin(job, ["Học sinh", "Sinh viên", "Pupil", "Student", "고등학생", "대학생"])
    resting = np.isin(job, ["Nghỉ hưu", "Retired", "은퇴"])
    assert not learning[age >= 30].any()
    assert not resting[age < 55].any()
    for of_age, flags, low in ((age < 22, learning, 0.6), (age >= 62, resting, 0.6)):
        if of_age.sum() > 200:
            assert flags[of_age].mean() > low
    if ((age >= 30) & (age < 55)).sum() > 200:
        assert np.unique(job[(age >= 30) & (age < 55)]).size > 40


def test_everybody_works_in_their_own_language(block):
    names, codes = occupations(block)
    job, where = np.array(names)[codes], locales(block)
    hangul = np.array([any("가" <= letter <= "힣" for letter in text) for text in job])
    assert np.array_equal(hangul, where == 2)
    assert not set(job[where == 0]) & set(job[where == 1])


def test_interns_are_young(block):
    names, codes = occupations(block)
    intern = np.char.startswith(np.char.lower(np.array(names)[codes]), "thực tập")
    assert not intern[ages(block) >= 22].any()


def test_customers_come_in_order_over_the_whole_history(block):
    days = acquired_days(block)
    assert (np.diff(days) <= 0).all()
    assert days.min() == 1
    assert days.max() == round(block.recipe.history.weeks.value * 7)


def test_more_come_in_a_busy_season(block):
    calendar = calendar_of(block.recipe)
    came = np.bincount(calendar.days - acquired_days(block), minlength=calendar.days)
    # Number i of n comes at (i + u) / n of the year's busyness: a day is off by one at each end.
    assert np.abs(came - calendar.busy / calendar.days * MANY).max() <= 2


@pytest.mark.parametrize("customers", [1, 2, 3, 7])
def test_a_handful_of_customers_have_days(customers):
    days = acquired_days(Blueprint(recipe_of("soft-drink"), customers, 4).block(0))
    assert days.shape == (customers,)
    assert (days >= 1).all()


def test_ways_are_as_frequent_as_the_recipe_says(block):
    came, shares = arrivals(block), block.recipe.history.acquisition
    alone = (came.sponsor < 0).mean()
    for number, name in enumerate(came.ways):
        if name not in ("direct", "referral"):
            assert_share(came.way == number, shares[name].value)
    # Only the first of a region may have nobody to be brought by.
    wanted = shares["referral"].value if "referral" in shares else 0
    assert_share(came.sponsor >= 0, wanted)
    assert alone >= 1 - wanted - 0.02


def test_who_was_brought_was_brought_by_somebody_earlier(block):
    came, number = arrivals(block), np.arange(block.start, block.stop)
    brought = came.sponsor >= 0
    assert (came.sponsor < number).all()
    assert (came.sponsor[brought] // REGION_SIZE == number[brought] // REGION_SIZE).all()
    if "referral" in came.ways:
        assert np.array_equal(came.way == came.ways.index("referral"), brought)


def test_without_referrals_nobody_is_brought():
    recipe = recipe_of("hcmc-fashion")
    ways = {name: share for name, share in recipe.history.acquisition.items() if name == "search"}
    history = recipe.history.model_copy(update={"acquisition": ways})
    came = arrivals(Blueprint(recipe.model_copy(update={"history": history}), 500, 0).block(0))
    assert (came.sponsor == -1).all()
    assert {came.ways[code] for code in came.way} == {"search"}


@settings(max_examples=20)
@given(st.integers(0, 2**63 - 1), st.integers(0, 5), st.integers(1, 6))
def test_people_do_not_depend_on_their_block(seed, first, regions):
    blueprint = Blueprint(recipe_of("danang-tourism"), 8 * REGION_SIZE, seed)
    whole = blueprint.block(0)
    part = Block(blueprint, 0, first * REGION_SIZE, min((first + regions) * REGION_SIZE, whole.stop))
    rows = slice(part.start, part.stop)
    for draw in (female, ages, locales, acquired_days):
        assert np.array_equal(draw(part), draw(whole)[rows]), draw.__name__
    assert np.array_equal(residences(part)[1], residences(whole)[1][rows])
    assert [occupations(part)[0][i] for i in occupations(part)[1][:99]] == [
        occupations(whole)[0][i] for i in occupations(whole)[1][rows][:99]
    ]
    assert np.array_equal(arrivals(part).sponsor, arrivals(whole).sponsor[rows])
    assert np.array_equal(arrivals(part).way, arrivals(whole).way[rows])
