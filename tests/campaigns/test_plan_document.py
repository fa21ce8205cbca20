"""A plan as a text: what is written is read back, and nothing else gets in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_examples import plans

from narrowcast.campaigns import Flight, Plan
from narrowcast.campaigns.document import MOST_BYTES, VERSION
from narrowcast.errors import PlanError


def document(**plan):
    return {"format": "narrowcast-plan", "version": VERSION, "plan": plan}


def read(**plan):
    return Plan.from_json(json.dumps(document(**plan)))


@settings(max_examples=150)
@given(plans())
def test_what_is_written_is_read_back(plan):
    again = Plan.from_json(plan.to_json())
    assert again == plan
    assert hash(again) == hash(plan)
    assert again.to_json() == plan.to_json()


def test_through_a_file(tmp_path):
    plan = Plan("Tết", [Flight("email", 5, "trend", files="house", schedule=[1, 0.1, 2, 3])])
    plan.save(tmp_path / "plan.json")
    assert Plan.load(tmp_path / "plan.json") == plan
    assert "Tết" in (tmp_path / "plan.json").read_text("utf-8")


def test_what_is_left_out_takes_its_default():
    assert read() == Plan()
    assert read(flights=[{"channel": "social", "spend": 5}]) == Plan(flights=[Flight("social", 5)])


@pytest.mark.parametrize(
    ("plan", "step", "where"),
    [
        ({"budget": 5}, None, "no field 'budget'"),
        (
            {"flights": [{"channel": "a", "spend": 1, "chanel": 2}]},
            "channels",
            r"flights\[0\]: .*mean 'channel'",
        ),
        ({"flights": [{"channel": "a"}]}, "channels", "spend is missing"),
        ({"flights": [{"channel": 5, "spend": 1}]}, "channels", r"flights\[0\].channel: 5 is not a text"),
        ({"flights": [{"channel": "a", "spend": "1"}]}, "channels", "not a number"),
        ({"flights": [{"channel": "a", "spend": 1.5}]}, "channels", "not a number"),
        ({"flights": [{"channel": "a", "spend": True}]}, "channels", "not a number"),
        ({"flights": [{"channel": "a", "spend": None}]}, "channels", "not a number"),
        ({"flights": [{"channel": "a", "spend": 10**16}]}, "channels", "outside"),
        (
            {"flights": [{"channel": "a", "spend": 1}, {"channel": "search", "spend": 1, "bid": -3}]},
            "channels",
            r"flights\[1\]: flight search: bid is -3",
        ),
        (
            {"flights": [{"channel": "a", "spend": 1, "message": {"fit": 2}}]},
            "message",
            r"flights\[0\].message: fit is 2",
        ),
        ({"flights": [{"channel": "a", "spend": 1, "consented": 1}]}, "channels", "not true or false"),
        ({"flights": [{"channel": "a", "spend": 1, "hours": [1, 2, 3]}]}, "channels", "must have 2 members"),
        ({"flights": [{"channel": "a", "spend": 1, "message": "trend"}]}, "channels", "no Message"),
        (
            {"flights": [{"channel": "a", "spend": 1, "after": "bought"}]},
            "channels",
            r"flights\[0\].after: .*no event",
        ),
        ({"flights": {"channel": "a"}}, "channels", "no list"),
        ({"flights": ["a"]}, "channels", "no Flight"),
        ({"flights": [{"channel": "a", "spend": 1}] * 2}, "channels", "twice"),
        ({"name": 5}, "objectives", "not a text"),
        ({"weeks": 4.0}, "launch", "not a number"),
        ({"weeks": 60}, "launch", "from 1 to 52"),
        ({"objective": "fame"}, "objectives", "objective: .*no objective 'fame'"),
        ({"holdout": "0.1"}, "measure", "not a number"),
        ({"lawful": "no"}, "launch", "not true or false"),
        ({"target": None}, "target", "None is no Target"),
        ({"file": {"house": True, "rented": []}}, "file", "no field 'rented'"),
        ({"launch": {"checklist": [["a", 1]]}}, "launch", "not true or false"),
        ({"__class__": "os.system"}, None, "no field"),
    ],
)
def test_what_is_no_plan_is_refused_with_step_and_place(plan, step, where):
    begins = "^The plan's file: " if step is None else f"^Your plan, step {step}: "
    with pytest.raises(PlanError, match=f"{begins}.*{where}"):
        read(**plan)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plan",
        "null",
        "[]",
        "5",
        '"x"',
        "{}",
        json.dumps({"format": "narrowcast-plan"}),
        json.dumps({"format": "other", "version": 1, "plan": {}}),
        json.dumps(document() | {"version": 2}),
        json.dumps(document() | {"version": True}),
        json.dumps(document() | {"version": "1"}),
        json.dumps(document() | {"more": 1}),
        '{"format": "narrowcast-plan", "version": 1, "plan": {"holdout": NaN}}',
        '{"format": "narrowcast-plan", "version": 1, "plan": {"holdout": -Infinity}}',
        '{"format": "narrowcast-plan", "version": 1, "plan": {"holdout": 1e999}}',
        '{"format": "narrowcast-plan", "version": 1, "plan": {"most": ' + "9" * 5_000 + "}}",
        '{"format": "narrowcast-plan", "version": 1, "plan": {"name": "a", "name": "b"}}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 400_000 + "]" * 400_000,
        " " * (MOST_BYTES + 1),
        '"' + "ế" * (MOST_BYTES // 2) + '"',
        "cos\nsystem\n(S'true'\ntR.",
        b"{}",
        None,
        5,
        {"format": "narrowcast-plan"},
    ],
    ids=lambda text: f"{type(text).__name__} {str(text)[:20]!r}",
)
def test_hostile_texts_are_refused_politely(text):
    with pytest.raises(PlanError) as caught:
        Plan.from_json(text)
    assert len(str(caught.value)) < 1_000
    assert caught.value.step is None or "1e999" in str(text)  # no step of a plan, but what should hold one


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["flights", "name", "weeks", "target", "segments", "launch", "hours",
                                         "channel", "spend", "odd"]), inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_is_a_plan_or_a_plan_error(inside):
    text = json.dumps({"format": "narrowcast-plan", "version": 1, "plan": inside})
    try:
        plan = Plan.from_json(text)
    except PlanError:
        return
    assert Plan.from_json(plan.to_json()) == plan


class TestFiles:
    @pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00" * 10, b" " * (MOST_BYTES + 5), b"{}"])
    def test_bad_contents(self, tmp_path, content):
        (tmp_path / "plan.json").write_bytes(content)
        with pytest.raises(PlanError):
            Plan.load(tmp_path / "plan.json")

    @pytest.mark.parametrize("path", ["nowhere/plan.json", "", ".", "\0", 5, None, "x" * 5_000])
    def test_bad_paths(self, tmp_path, monkeypatch, path):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(PlanError):
            Plan.load(path)
        with pytest.raises(PlanError):
            Plan().save(path)

    def test_what_was_there_stays_when_writing_fails(self, tmp_path, monkeypatch):
        file = tmp_path / "plan.json"
        Plan("first").save(file)
        monkeypatch.setattr("narrowcast.campaigns.document.written", lambda _plan: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Plan("second").save(file)
        assert Plan.load(file).name == "first"

    @pytest.mark.parametrize("ask", [Plan.load, Plan().save], ids=["load", "save"])
    def test_a_folder_is_told_with_a_file_in_it(self, tmp_path, ask):
        with pytest.raises(PlanError, match=r"is a folder\. Name a file in it, such as '.*plan\.json'\.$"):
            ask(tmp_path)

    @pytest.mark.parametrize("ask", [Plan.load, Plan().save], ids=["load", "save"])
    @pytest.mark.parametrize("path", [5, None, ["plan.json"], b"plan.json"])
    def test_what_is_no_path_is_told(self, ask, path):
        with pytest.raises(PlanError, match=r'is no name of a file\. Write one, such as "plan\.json"\.$'):
            ask(path)

    def test_a_missing_file_and_a_missing_folder_are_told(self, tmp_path):
        with pytest.raises(
            PlanError, match=r"^The plan's file: there is no file '.*none\.json'\. Look at the name again"
        ):
            Plan.load(tmp_path / "none.json")
        with pytest.raises(PlanError, match=r"there is no folder '.*none'\. Make it, or take another"):
            Plan().save(tmp_path / "none" / "plan.json")

    def test_what_one_may_not_touch_is_told(self, tmp_path, monkeypatch):
        file = tmp_path / "plan.json"
        Plan().save(file)

        def forbid(*_args, **_kwargs):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbid)
        monkeypatch.setattr(Path, "write_text", forbid)
        with pytest.raises(PlanError, match=r"you may not read '.*plan\.json'\. Ask whose file it is"):
            Plan.load(file)
        with pytest.raises(
            PlanError, match=r"you may not write '.*plan\.json'\. Write it to a folder of your own"
        ):
            Plan().save(file)

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (bytes(range(256)), "holds no text. Give a file that plan.save(...) wrote."),
            (
                "ế".encode() * MOST_BYTES,
                "is longer than 1,000,000 bytes. Give a file that plan.save(...) wrote.",
            ),
            (b"{\n  hello", "it is not JSON: line 2, character 3. Write one with plan.to_json()."),
        ],
        ids=["rubbish", "huge", "no JSON"],
    )
    def test_contents_are_told_in_words_of_ours(self, tmp_path, content, word):
        (tmp_path / "plan.json").write_bytes(content)
        with pytest.raises(PlanError) as caught:
            Plan.load(tmp_path / "plan.json")
        assert str(caught.value).endswith(word)

    def test_nothing_of_pythons_own_gets_out(self, tmp_path):
        (tmp_path / "plan.json").write_bytes(b"\xff")
        for ask in (Plan.load, Plan().save):
            for path in (tmp_path, tmp_path / "a" / "b", tmp_path / "plan.json" / "c", "\0", "x" * 5_000, 5):
                with pytest.raises(PlanError) as caught:
                    ask(path)
                assert not re.search(r"Errno|codec|PosixPath|embedded|expected str", str(caught.value))
                assert len(str(caught.value)) < 1_000
