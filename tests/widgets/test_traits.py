"""A reader's browser can send anything: what Python makes of it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowcast.errors import UnknownName
from narrowcast.widgets.base import number, script, style
from narrowcast.widgets.fliplab import LIMITS, FlipLab
from narrowcast.widgets.messages import fliplab_messages

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

BET = st.dictionaries(
    st.sampled_from(["side", "guess", "winner", "breakeven"]), ANYTHING | st.sampled_from(["old", "new"])
)


@pytest.fixture
def lab() -> FlipLab:
    return FlipLab()


def test_starts_with_the_lessons_market(lab):
    assert lab.settings["precision"] == 0.7
    assert lab.settings["price_ratio"] == 2.0
    assert lab.result["settings"]["world"] == "hcmc-fashion"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (0.35, 0.35), (7, 1.0), (-7, 0.0), (10**400, 1.0), (-(10**400), 0.0), (math.inf, 1.0), (0.123456, 0.12),
        (math.nan, 0.7), ("0.2", 0.7), (True, 0.7), (None, 0.7), ([0.2], 0.7), ({"a": 1}, 0.7),
    ],
)  # fmt: skip
def test_a_dial_stays_within_its_limits(lab, sent, kept):
    lab.set_state({"settings": {**lab.settings, "precision": sent}})
    assert lab.settings["precision"] == kept
    assert lab.result["settings"]["precision"] == kept


@pytest.mark.parametrize("world", ["hanoi", "../../etc", 3, None, ["soft-drink"], {"a": 1}])
def test_an_unknown_world_changes_nothing(lab, world):
    lab.set_state({"settings": {**lab.settings, "world": world}})
    assert lab.settings["world"] == "hcmc-fashion"


def test_unknown_keys_are_dropped(lab):
    lab.set_state({"settings": {"evil": "x" * 10**6, "precision": 0.5, "__class__": "x"}})
    assert set(lab.settings) == {"world", "request", *LIMITS}


@pytest.mark.parametrize(
    "name", ["result", "people", "messages", "language", "limits", "worlds", "_esm", "_css"]
)
def test_what_python_says_cannot_be_overwritten(lab, name):
    before = getattr(lab, name)
    lab.set_state({name: "x" if isinstance(before, str) else {} if isinstance(before, dict) else b""})
    assert getattr(lab, name) == before


@pytest.mark.parametrize("sent", ["text", 3, None, [1], True])
def test_settings_that_are_no_settings_are_refused(lab, sent):
    before = dict(lab.settings)
    with pytest.raises(Exception, match="settings"):
        lab.set_state({"settings": sent})
    assert lab.settings == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.dictionaries(st.sampled_from(["world", "request", *LIMITS, "x"]), ANYTHING, max_size=8))
def test_settings_bear_anything(lab, sent):
    kept = FlipLab._settings_within_limits  # the validator alone: the simulation is not what is tried here
    clean = kept(lab, {"value": sent})
    assert set(clean) == {"world", "request", *LIMITS}
    for name, (low, high, _step) in LIMITS.items():
        assert low <= clean[name] <= high
    json.dumps(clean, allow_nan=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.dictionaries(st.sampled_from(["hcmc-fashion", "soft-drink", "x"]), ANYTHING | BET))
def test_bets_bear_anything(lab, sent):
    clean = FlipLab._bets_are_bets(lab, {"value": sent})
    assert set(clean) <= {"hcmc-fashion"}
    for bet in clean.values():
        assert bet["side"] in {"old", "new"}
        assert 0 <= bet["guess"] <= 1
        assert bet["winner"] == lab.result["winner"]


def test_a_bet_placed_stands_and_python_says_what_came_out(lab):
    lab.set_state(
        {"bets": {"hcmc-fashion": {"side": "old", "guess": 0.4, "winner": "old", "breakeven": 0.4}}}
    )
    assert lab.bets["hcmc-fashion"] == {"side": "old", "guess": 0.4, "winner": "new",
                                        "breakeven": lab.result["breakeven"]}  # fmt: skip
    lab.set_state({"bets": {"hcmc-fashion": {"side": "new", "guess": 0.63}}})
    assert lab.bets["hcmc-fashion"]["side"] == "old"
    lab.set_state({"bets": {}})
    assert lab.bets["hcmc-fashion"]["side"] == "old"


def test_the_answer_is_json_and_its_bytes_have_the_promised_size(lab):
    for world in ("hcmc-fashion", "soft-drink"):
        for price in (0.5, 2.0, 5.0):
            lab.settings = {**lab.settings, "world": world, "price_ratio": price}
            json.dumps(lab.result, allow_nan=False)
            people, weeks = lab.result["drawn"], lab.result["weeks"]
            assert len(lab.people) == people * 4 + people * weeks * 2
            assert len(lab.people) < 20_000
            states = np.frombuffer(lab.people[people * 4 :], dtype=np.uint8)
            assert states.max() <= 4


def test_the_answer_carries_the_number_of_its_question(lab):
    lab.set_state({"settings": {**lab.settings, "request": 41}})
    assert lab.result["request"] == 41


@pytest.mark.parametrize("wrong", [{"world": "hanoi-coffee"}, {"language": "fr"}])
def test_a_wrong_name_is_told(wrong):
    with pytest.raises(UnknownName):
        FlipLab(**wrong)


def test_a_number_lands_on_its_step():
    assert number(0.333, 0.0, 1.0, 0.05, otherwise=9) == 0.35
    assert number(61, 0.0, 300.0, 5.0, otherwise=9) == 60.0


def test_the_script_is_one_file_without_imports():
    text = script("fliplab")
    assert "import " not in text.replace("// ", "")
    assert text.count("export default") == 1
    assert "@import" not in style("fliplab")
    assert "http" not in style("fliplab") + text


def test_the_script_asks_for_no_word_that_python_lacks():
    import re

    words = fliplab_messages()
    asked = set(re.findall(r'say\("([a-z_]+)"', script("fliplab")))
    assert asked
    assert asked <= set(words)
    assert all(words.values())
