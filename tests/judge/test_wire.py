"""What comes out of the place where students' code runs: plain, bounded, and judged as the answer itself would be."""

from __future__ import annotations

import json
import math
from collections import OrderedDict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from unittest.mock import MagicMock

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.judge import Key, Reason, Verdict
from narrowcast.judge.carry import carried
from narrowcast.judge.public import PublicKey
from narrowcast.judge.wire import MOST_BYTES, MOST_DEPTH, opened

NAMES = ("rate", "bet", "when", "sort", "half", "spend", "why", "word", "shops")


def all_kinds() -> Key:
    """Return a key whose truths need no market, a question of each kind but plan."""
    key = Key("98-kinds", world="hcmc-fashion")
    key.number("rate", points=4, unit="share", between=(0, 1))(lambda world: 0.25)
    key.number("bet", unit="share", between=(0, 1), bet=True)(lambda world: 0.1)
    key.choice("when", points=1, options=("always", "never"))(lambda world: "never")
    key.choice("sort", points=2, options={"a": ("old", "new"), "b": ("old", "new")})(
        lambda world: {"a": "old", "b": "new"}
    )
    key.function("half", points=3, takes=("x",), examples=((4,), (3.0,)))(lambda world: lambda x: x / 2)
    key.plan("spend", points=6, budget=2_000_000)(lambda world: Plan(flights=[Flight("television", 5)]))
    key.written("why", points=4, rubric=("Evidence.",))(lambda world: None)
    key.text("word", points=1)(lambda world: "broadcast")
    key.table("shops", points=2, columns=("shop", "orders"))(
        lambda world: {"shop": ["A", "B"], "orders": [1, 2]}
    )
    return key


KEY = all_kinds()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
NODES = st.recursive(
    JSON,
    lambda inner: st.fixed_dictionaries(
        {"is": st.sampled_from(["list", "dict", "table", "text", "number", "time", "plan", "function", "raised", "x"])},
        optional={
            "kind": st.text(max_size=4), "items": st.lists(inner, max_size=3), "keys": st.lists(inner, max_size=3),
            "index": st.lists(inner, max_size=3), "columns": st.lists(inner, max_size=2), "shape": JSON,
            "rows": st.lists(st.lists(inner, max_size=2), max_size=3), "size": st.integers() | st.text(max_size=3),
            "text": st.text(), "value": st.text(), "told": st.sampled_from(["nan", "inf", "9"]), "why": st.text(),
            "results": st.lists(inner, max_size=3), "good": st.booleans(), "name": st.text(max_size=3),
        },
    ),
    max_leaves=12,
)  # fmt: skip


def sent(data):
    """Return data as it arrives: through JSON and back."""
    return json.loads(json.dumps(data, allow_nan=False))


def out(answer):
    return opened(sent({"answer": carried(answer)}))


class Liar:
    """Lies about its class, is equal to everything, and raises wherever it is asked."""

    __class__ = property(lambda self: float)  # type: ignore[assignment]
    __hash__ = None

    def __eq__(self, other):
        return True

    def __repr__(self):
        raise RuntimeError

    __str__ = __float__ = __len__ = __iter__ = __repr__

    def __getattr__(self, name):
        raise MemoryError(name)


class Number(float):
    def __float__(self):
        return 0.99

    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = float.__hash__
    __repr__ = __str__ = lambda self: "0.99"


class Word(str):
    def strip(self, *_args):
        return "never"

    lower = casefold = __str__ = __repr__ = strip

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Table(dict):
    def __getitem__(self, key):
        return "old"

    def get(self, key, default=None):
        return {"a": "old", "b": "new"}[key]

    def items(self):
        return {"a": "old", "b": "new"}.items()

    __iter__ = keys = items


class Meta(type):
    def __instancecheck__(cls, other):
        return True

    __name__ = property(lambda cls: 1 / 0)
    __mro__ = property(lambda cls: (float, object))


class Odd(metaclass=Meta):
    pass


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


LIES = [
    Liar, Odd, lambda: Odd, MagicMock, lambda: Word("x"), lambda: Table(a="new"), lambda: [Liar()] * 3,
    lambda: np.array([Equal()], dtype=object), lambda: pd.Series([Equal()]), lambda: {"a": Liar()},
    lambda: Verdict("rate", 4.0, 4, Reason.RIGHT, ""), lambda: Decimal("sNaN"), lambda: np.ma.masked,
    lambda: np.broadcast_to(np.float64(0.25), (10**6, 10**6)), lambda: np.datetime64("2026-01-01T00:00", "ns"),
    lambda: np.zeros(1, dtype=[("score", float)]), lambda: (x for x in [0.25]), lambda: slice(0, 1),
    lambda: "\ud800", lambda: "0.25\x00",
]  # fmt: skip


class TestNumbers:
    @pytest.mark.parametrize(
        "answer",
        [
            0.25, Decimal("0.25"), Fraction(1, 4), np.float16(0.25), np.float32(0.25), np.longdouble(0.25),
            np.array([[0.25]]), pd.Series([0.25]), pd.Series([0.25], dtype="Float64"), [[0.25]], (0.25,),
            pa.scalar(0.25), pa.scalar(Decimal("0.25")), pa.array([0.25]), pa.chunked_array([[0.25]]),
            pd.Series([0.25], dtype="double[pyarrow]"), pd.Index([0.25]),
        ],
        ids=lambda value: type(value).__name__,
    )  # fmt: skip
    def test_equivalent_right_answers_are_right(self, answer):
        assert KEY.judge("rate", answer, None).reason is Reason.RIGHT

    @pytest.mark.parametrize("answer", ["12.5%", " 12,5 % ", 12.5, Decimal("12.5")])
    def test_percent_where_the_unit_says_so(self, answer):
        key = Key("97-percent", world="hcmc-fashion")
        key.number("p", points=1, unit="percent", between=(0, 100))(lambda world: 12.5)
        assert key.judge("p", answer, None).score == 1
        assert KEY.judge("rate", answer, None).reason is Reason.INVALID

    @pytest.mark.parametrize("answer", [Number(0.5), np.float64(0.5)])
    def test_a_number_is_what_it_is_and_not_what_it_says(self, answer):
        assert out(answer).value == 0.5
        assert KEY.judge("rate", Number(0.25), None).score == 4

    @given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63) + 1, 2**63 - 1))
    def test_nothing_is_lost_on_the_way(self, number):
        assert out(number).value == number
        assert type(out(number).value) is type(number)

    @pytest.mark.parametrize(
        ("answer", "value"),
        [
            (10**400, math.inf), (-(10**400), -math.inf), (10 ** (10**6), math.inf), (2**100, 2.0**100),
            (Decimal("1e9999"), math.inf), (Fraction(10**9999, 3), math.inf),
        ],
        ids=range(6),
    )  # fmt: skip
    def test_what_no_float_can_hold_is_infinite(self, answer, value):
        assert out(answer).value == value
        assert KEY.judge("rate", answer, None).reason is Reason.INVALID


class TestLiars:
    @pytest.mark.parametrize("make", LIES, ids=range(len(LIES)))
    def test_no_lie_is_worth_a_point(self, make):
        answer = make()
        for name in NAMES:
            question = KEY.question(name)
            data = sent(question.plain(answer, None, question.inputs(None)))
            if name not in {"why", "spend"}:
                assert not question.judge_plain(data, None).score, name
            assert question.form_plain(data).reason is not None

    def test_a_mapping_says_what_it_holds(self):
        verdict = KEY.judge("sort", Table(a="new"), None)
        assert verdict.score == 0

    def test_loops_and_depth_end(self):
        loop: list[object] = []
        loop += [loop, loop]
        deep: object = 1
        for _turn in range(50_000):
            deep = [deep]
        for answer in (loop, deep, {"a": loop}):
            data = sent(KEY.question("rate").plain(answer))
            assert KEY.question("rate").judge_plain(data, None).reason is Reason.INVALID

    @pytest.mark.parametrize(
        "answer",
        ["x" * 10**7, ["x" * 10_000] * 10_000, list(range(10**6)), {str(i): i for i in range(10**6)},
         np.zeros(10**7), pd.DataFrame(np.zeros((50_000, 20))), "ờ" * 10**6, b"x" * 10**7],
        ids=lambda value: type(value).__name__,
    )  # fmt: skip
    def test_whatever_comes_out_is_bounded(self, answer):
        for name in NAMES:
            data = KEY.question(name).plain(answer, None, [[1], [2]])
            assert len(json.dumps(data, allow_nan=False, ensure_ascii=False).encode()) < MOST_BYTES
            assert KEY.question(name).judge_plain(data, None).reason in {
                Reason.INVALID, Reason.BY_HAND, Reason.WRONG,
            }  # fmt: skip

    def test_nothing_is_kept_of_what_was_handed_in(self):
        answer = {"a": ["old"]}
        data = KEY.question("sort").plain(answer)
        before = json.dumps(data)
        answer["a"][0] = "new"
        answer["b"] = ["new"]
        assert json.dumps(data) == before


class TestOutside:
    @given(NODES)
    def test_hostile_data_gives_a_verdict_and_no_point(self, node):
        for name in NAMES:
            for data in ({"answer": node}, node):
                verdict = KEY.question(name).judge_plain(data, None)
                assert (
                    Verdict.from_json(json.loads(json.dumps(verdict.to_json(), allow_nan=False))) == verdict
                )

    @pytest.mark.parametrize(
        "data",
        [
            None, [], "x", 5, {}, {"answer": 0.25, "score": 4}, {"answer": math.nan}, {"answer": math.inf},
            {"answer": 10**5000}, {"answer": {"is": "number", "told": "0.25"}}, {"answer": b"x"}, {1: 2},
            {"answer": {"is": ["list"]}}, {"answer": {"is": "list", "items": 5}}, {"answer": {"is": "verdict"}},
            {"answer": {"is": "list", "items": [0.25], "size": 10**400}}, {"answer": {"is": "plan", "text": 5}},
        ],
        ids=range(17),
    )  # fmt: skip
    def test_wrong_shapes_are_invalid(self, data):
        for name in NAMES:
            verdict = KEY.question(name).judge_plain(data, None)
            assert (verdict.reason, verdict.score) == (Reason.INVALID, 0), name

    def test_what_is_too_deep_or_too_large_is_invalid(self):
        deep: object = 0.25
        for _turn in range(MOST_DEPTH + 1):
            deep = {"is": "list", "items": [deep], "size": 1}
        bottomless: list[object] = []
        for _turn in range(100_000):
            bottomless = [bottomless]
        for node in (deep, bottomless, ["x" * 10**6] * 3, [0] * 10**6, {"x" * (3 << 20): 1}):
            assert KEY.question("rate").judge_plain({"answer": node}, None).reason is Reason.INVALID

    @pytest.mark.parametrize(
        "plan",
        [
            '{"spend": NaN}', "{", "", "null", "[" * 100_000, '"' + "x" * 10**6 + '"', '{"format": 1e999}',
            Plan().to_json().replace('"flights": []', '"flights": [{"channel": "social", "spend": 1e308}]'),
            Plan().to_json().replace('"flights": []', '"flights": [{"channel": "social", "spend": NaN}]'),
            Plan().to_json().replace('"flights": []', '"flights": [{"channel": "social", "spend": -5}]'),
            Plan().to_json().replace('"flights": []', '"flights": [{"channel": "\\ud800<b>", "spend": 5}]'),
            Plan().to_json().replace(
                '"flights": []', '"flights": [' + ",".join(['{"channel": "a", "spend": 1}'] * 30_000) + "]"
            ),
            Plan().to_json().replace('"Plan"', '"' + "x" * 100_000 + '"'),
            Plan().to_json().replace('"weeks": 4', '"weeks": ' + "9" * 5_000),
        ],
        ids=range(14),
    )  # fmt: skip
    def test_hostile_plans_are_invalid(self, plan, world):
        verdict = KEY.question("spend").judge_plain({"answer": {"is": "plan", "text": plan}}, world)
        assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)

    def test_a_fault_of_the_key_is_raised(self):
        key = Key("96-broken", world="hcmc-fashion")
        key.number("q", points=1)(lambda world: 1 / 0)
        key.table("t", columns=("a",))(lambda world: "no table")
        with pytest.raises(ZeroDivisionError):
            key.question("q").judge_plain({"answer": 1}, None)
        with pytest.raises(Exception, match="of the key cannot be read"):
            key.judge("t", {"a": [1]}, None)

    def test_classmates_truths_are_looked_at_only_where_they_matter(self):
        def never():
            raise AssertionError
            yield 1.0

        rate = KEY.question("rate")
        assert rate.judge_plain({"answer": 0.25}, None, never()).reason is Reason.RIGHT
        assert rate.judge_plain({"answer": 7}, None, never()).reason is Reason.INVALID
        verdict = rate.judge_plain({"answer": 0.5}, None, iter([0.3, 0.5]))
        assert (verdict.reason, verdict.score) == (Reason.OTHER_WORLD, 0)
        assert rate.is_truth_of({"answer": 0.5}, 0.5)
        assert not rate.is_truth_of({"answer": [1, 2]}, 0.5)
        assert not rate.is_truth_of("x", 0.5)


ANSWERS = st.one_of(
    st.floats(), st.integers(), st.decimals(), st.fractions(), st.text(max_size=20), st.booleans(), st.none(),
    st.lists(st.floats() | st.text(max_size=5), max_size=3), st.dates(), st.datetimes(), st.complex_numbers(),
    st.sampled_from(["old", "never", " NEVER", "Broadcast", {"a": "old"}, {"a": "old", "b": "new"}, ..., 0.25, [0.25],
                     OrderedDict(a="new"), MappingProxyType({"b": "new"}), {"shop": ["B", "A"], "orders": [2, 1]},
                     pd.Series({"A": 1, "B": 2}), lambda x: x / 2, lambda x: x, len, Plan(), Flight("social", 5)]),
    st.lists(st.floats(), max_size=3).map(np.array),
    st.lists(st.integers(), max_size=3).map(lambda x: pd.Series(x, dtype=object)),
)  # fmt: skip


@given(ANSWERS)
def test_both_ways_lead_to_the_same_verdict(answer):
    for name in NAMES:
        question = KEY.question(name)
        if name == "spend":  # running plans takes long: its form is looked at
            assert question.form_plain(sent(question.plain(answer))) == question.form(answer)
            continue
        data = sent(question.plain(answer, None, sent(question.inputs(None))))
        assert question.judge_plain(data, None) == KEY.judge(name, answer, None)


@given(ANSWERS)
def test_the_public_part_of_a_key_carries_the_same(answer):
    public = PublicKey(sent(KEY.public()), None)
    for name in NAMES:
        inputs = KEY.question(name).inputs(None)
        assert public.questions[name].plain(answer, None, inputs) == KEY.question(name).plain(
            answer, None, inputs
        )


@pytest.mark.parametrize("when", [date(2026, 1, 2), datetime(2026, 1, 2), pd.Timestamp("2026-01-02")])
def test_times_keep_their_day(when):
    item = out(when)
    assert (item.what, item.value[:10]) == ("time", "2026-01-02")
