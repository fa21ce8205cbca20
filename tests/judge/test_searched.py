"""The plans that a class is measured by are searched once, lie beside the key, and hold for their market alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from narrowcast.errors import CourseError
from narrowcast.judge import load_key
from narrowcast.judge.searched import plans_bytes, read_plans
from narrowcast.language import speaking
from narrowcast.simulate import search
from narrowcast.simulate.search import plan_found
from narrowcast.worlds import open_world

HERE = Path(__file__).parents[2] / "assignments" / "01-rules-flipped"
BUDGET, WEEKS = 20_000_000, 4


@pytest.fixture
def afresh():
    """Nothing was searched before, and nothing of this is known afterwards."""

    def forget() -> None:
        for clear in (search.plan_found.cache_clear, search.searched.cache_clear, search._KNOWN.clear):
            clear()

    forget()
    yield
    forget()


@pytest.fixture
def beside(tmp_path):
    """Return the folder of a key and its plans."""
    for name in ("key.py", "plans.json"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def test_who_loads_the_key_need_not_search(beside, afresh):
    load_key(beside / "key.py")
    taken = plan_found(open_world("hcmc-fashion", student="an", salt="x"), BUDGET, WEEKS)
    assert search.searched.cache_info().misses == 0
    (beside / "plans.json").unlink()
    search._KNOWN.clear()
    plan_found.cache_clear()
    load_key(beside / "key.py")
    assert (
        plan_found(open_world("hcmc-fashion", student="an", salt="x"), BUDGET, WEEKS).flights == taken.flights
    )
    assert search.searched.cache_info().misses == 1


def test_what_was_written_is_no_witness_for_itself(beside, afresh):
    listed = json.loads((beside / "plans.json").read_text(encoding="utf-8"))
    for flight in listed[0]["plan"]["plan"]["flights"]:
        flight["spend"] = 1
    (beside / "plans.json").write_text(json.dumps(listed), encoding="utf-8")
    key = load_key(beside / "key.py")
    assert search._KNOWN
    with speaking("vi"):
        assert plans_bytes(key) == (HERE / "plans.json").read_bytes()


def test_a_plan_for_another_market_budget_or_time_is_left_aside(afresh):
    (known,) = read_plans(HERE / "plans.json").items()
    (digest, budget, weeks, craft), plan = known
    others = [("another", budget, weeks, craft), (digest, 9, weeks, craft), (digest, budget, 9, craft)]
    search.know_plans(dict.fromkeys([*others, (digest, budget, weeks, True)], plan))
    world = open_world("hcmc-fashion", student="an", salt="x", customers=2_000)
    search.everybodys_plan(world, 1_000_000, 2)
    assert search.searched.cache_info().misses == 1


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"digest": "x"}]', '{"plan": {}}', "[[]]", "\x00"])
def test_a_file_that_is_not_ours_is_told(beside, content):
    (beside / "plans.json").write_text(content, encoding="utf-8")
    with pytest.raises(CourseError, match=r"plans\.json holds no plans .*Delete it"):
        load_key(beside / "key.py")
