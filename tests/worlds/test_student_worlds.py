"""A market of one's own: bounded, fixed by student and salt, as hard as everybody else's."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.worlds import load_recipe, open_world, world_folder
from narrowcast.worlds.student import BOUNDS, personal_recipe

RECIPES = {name: load_recipe(world_folder(name) / "recipe.toml") for name in ("hcmc-fashion", "soft-drink")}
IDS = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=20)
GOLDEN = [[1154, 10504, 539], [458, 1923, 468], [388, 2394, 270]]
GOLDEN_PRICES = [64120, 117400, 270900, 43680]


def moves(recipe, own):
    """Yield each figure's name, and how far it moved as a share of what it was."""
    for part in ("segments", "channels"):
        for name, thing in getattr(recipe, part).items():
            mine = getattr(own, part)[name]
            for field in type(thing).model_fields:
                before, after = getattr(thing, field), getattr(mine, field)
                if hasattr(before, "value"):
                    yield field, abs(after.value / before.value - 1) if before.value else after.value
                else:
                    assert before == after


@settings(max_examples=150)
@given(st.sampled_from(sorted(RECIPES)), IDS, IDS)
def test_changes_stay_within_their_bounds(name, student, salt):
    own = personal_recipe(RECIPES[name], student, salt)
    for field, moved in moves(RECIPES[name], own):
        # Figures are rounded to four digits, which may carry them a hair over.
        assert moved <= BOUNDS.get(field, 0) + (6e-4 if field in BOUNDS else 0), field
    assert sum(segment.share.value for segment in own.segments.values()) == pytest.approx(1, abs=1e-12)
    assert type(own).model_validate(own.model_dump()) == own  # still a valid recipe
    assert own.market == RECIPES[name].market


def test_shares_at_one_stay_there():
    recipe = RECIPES["hcmc-fashion"]
    search = recipe.channels["search"]
    sure = search.model_copy(update={"precision": search.precision.model_copy(update={"value": 1.0})})
    recipe = recipe.model_copy(update={"channels": {**recipe.channels, "search": sure}})
    assert all(
        personal_recipe(recipe, f"s{i}", "").channels["search"].precision.value <= 1 for i in range(20)
    )


def test_a_student_always_gets_the_same():
    one, other = (open_world("hcmc-fashion", student="s042", customers=500, salt="k") for _turn in range(2))
    assert one.recipe == other.recipe
    pd.testing.assert_frame_equal(one.customers, other.customers)
    assert one.student == "s042"
    assert "student='s042'" in repr(one)


def test_students_and_salts_differ():
    made = [
        open_world("hcmc-fashion", student=s, customers=500, salt=k) for s in ("a", "b") for k in ("x", "y")
    ]
    assert len({world.recipe.model_dump_json() for world in made}) == 4
    assert len({world.seed for world in made}) == 4
    assert len({tuple(world.segments["visits"]) for world in made}) == 4


def test_nobodys_market_has_no_salt():
    one, other = (open_world("hcmc-fashion", customers=500, salt=salt) for salt in ("x", "y"))
    pd.testing.assert_frame_equal(one.events, other.events)


def test_every_student_differs_from_the_public_market():
    public = open_world("hcmc-fashion", customers=500)
    assert open_world("hcmc-fashion", student="s1", customers=500).recipe != public.recipe


def test_a_number_is_as_good_a_student_id_as_its_digits():
    assert (
        open_world("soft-drink", student=42, customers=50).recipe
        == open_world("soft-drink", student="42", customers=50).recipe
    )


def test_vary_keeps_the_owner():
    assert open_world("soft-drink", student="s7", customers=50).vary(clutter=1).student == "s7"


def test_a_students_market_is_pinned():
    """A released assignment must meet the same market when it is marked, months later."""
    own = open_world("hcmc-fashion", student="s042", salt="narrowcast", customers=2_000)
    assert own.segments[["customers", "visits", "orders"]].to_numpy().tolist() == GOLDEN
    assert own.channels["price_per_thousand"].tolist() == GOLDEN_PRICES
