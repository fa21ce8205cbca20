"""Texts, tables and functions: what counts as the same, and what is said where it is not."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import CourseError
from narrowcast.judge import Key, Reason

SHOPS = pd.DataFrame(
    {"shop": ["Hanoi", "Huế", "Đà Nẵng"], "orders": [120, 30, 50], "rate": [0.25, 0.5, None]}
)


@pytest.fixture(scope="module")
def kinds() -> Key:
    key = Key("95-kinds", world="hcmc-fashion")
    key.text("shop", points=1, hints=("Whose market is it?",))(lambda world: ("Mây Fashion", "Mây"))
    key.text("loose", points=1, accents=False)(lambda world: "Đà Nẵng")
    key.text("pattern", points=1)(lambda world: re.compile(r"(paid )?search"))
    table = key.table("shops", points=2, columns=("shop", "orders", "rate"), hints=("Group by shop.",))(
        lambda world: SHOPS
    )
    table.mistake("T1", credit=0.5)(per_thousand)
    key.table("ranked", points=1, columns=("shop", "orders"), ordered=True)(lambda world: SHOPS)
    key.table("counts", points=1, columns=("shop", "orders"))(lambda world: SHOPS.set_index("shop")["orders"])
    return key


def per_thousand(world):
    """You gave orders in thousands."""
    return SHOPS.assign(orders=SHOPS["orders"] / 1_000)


class TestText:
    @pytest.mark.parametrize(
        "answer", ["mây fashion", "  MÂY   Fashion ", "Ma\u0302y", ["Mây"], pd.Series(["Mây"])]
    )
    def test_case_space_and_composition_do_not_matter(self, kinds, answer):
        assert kinds.judge("shop", answer, None).score == 1

    @pytest.mark.parametrize("answer", ["May", "Fashion", "Mây Fashion!"])
    def test_accents_do(self, kinds, answer):
        verdict = kinds.judge("shop", answer, None)
        assert (verdict.reason, verdict.message) == (Reason.WRONG, "Whose market is it?")

    def test_unless_the_key_says_so(self, kinds):
        assert all(kinds.judge("loose", answer, None).score for answer in ("da nang", "Đà Nẵng", "DA NẴNG"))

    @pytest.mark.parametrize(
        ("answer", "score"), [("Paid  Search", 1), ("search", 1), ("search!", 0), ("x search", 0)]
    )
    def test_a_pattern_fits_the_whole(self, kinds, answer, score):
        assert kinds.judge("pattern", answer, None).score == score

    @pytest.mark.parametrize(
        ("answer", "said"),
        [(5, "A text is asked for"), ("x" * 201, "201 characters"), ({"a": 1}, "of type dict")],
    )
    def test_what_is_no_text_is_told(self, kinds, answer, said):
        verdict = kinds.judge("shop", answer, None)
        assert verdict.reason is Reason.INVALID
        assert said in verdict.message


class TestTable:
    @pytest.mark.parametrize(
        "answer",
        [
            SHOPS, SHOPS[::-1], SHOPS[["rate", "shop", "orders"]], SHOPS.set_index("shop"), SHOPS.assign(more=1),
            SHOPS.astype({"orders": "float64", "shop": "category"}),
            SHOPS.astype({"rate": "Float64", "orders": "Int16"}),
            SHOPS.to_dict("list"), SHOPS.to_dict("records"), pa.table(SHOPS),
            SHOPS.convert_dtypes(dtype_backend="pyarrow"),
            SHOPS.assign(orders=SHOPS["orders"] * 1.001, shop=[" hanoi", "HUẾ", "Đà Nẵng "]),
            SHOPS.rename(columns={"shop": "shop "}),
        ],
        ids=range(13),
    )  # fmt: skip
    def test_any_honest_form_is_right(self, kinds, answer):
        assert kinds.judge("shops", answer, None).reason is Reason.RIGHT

    @given(st.permutations(range(3)), st.permutations(["shop", "orders", "rate"]))
    def test_the_order_of_rows_and_columns_does_not_matter(self, kinds, rows, columns):
        assert kinds.judge("shops", SHOPS.iloc[rows][columns], None).score == 2

    def test_unless_the_key_says_so(self, kinds):
        assert kinds.judge("ranked", SHOPS, None).score == 1
        assert kinds.judge("ranked", SHOPS[::-1], None).reason is Reason.WRONG

    @pytest.mark.parametrize(
        "answer", [SHOPS.set_index("shop")["orders"], {"Huế": 30, "Hanoi": 120, "Đà Nẵng": 50}]
    )
    def test_values_by_name_are_a_table_of_two_columns(self, kinds, answer):
        assert kinds.judge("counts", answer, None).score == 1

    def test_a_named_mistake(self, kinds):
        verdict = kinds.judge("shops", SHOPS.assign(orders=SHOPS["orders"] / 1_000), None)
        assert (verdict.score, verdict.mistake) == (1, "T1")

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (SHOPS.assign(orders=[120, 31, 50]), "Row 2 (Huế): orders is 31, and should not be."),
            (SHOPS.assign(orders=["120", "30", "50"]), "orders is '120'"),
            (SHOPS.assign(rate=0.25), "Row 2 (Huế): rate is 0.25"),
            (SHOPS[:2], "has 2 rows; it should have 3"),
            (SHOPS.assign(shop=["Hanoi", "Hanoi", "Huế"]), "a row for Hanoi, which should not be there"),
        ],
    )
    def test_the_first_difference_is_told_but_not_what_is_right(self, kinds, answer, said):
        verdict = kinds.judge("shops", answer, None)
        assert (verdict.reason, verdict.score) == (Reason.WRONG, 0)
        assert said in verdict.message
        assert verdict.message.endswith("Group by shop.")
        assert "30" not in verdict.message.replace("is 30", "") or "31" in verdict.message

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (SHOPS.drop(columns="rate"), "no column 'rate'"),
            (SHOPS.rename(columns={"orders": "order"}), "Rename 'order'?"),
            ({"shop": ["a"], "orders": [1, 2], "rate": [1]}, "differ in length"),
            (5, "A table is asked for, with the columns: shop, orders, rate"),
            ([1, 2], "A table is asked for"),
            (pd.DataFrame({"shop": range(200_000), "orders": 0, "rate": 0}), "too large to be judged"),
        ],
        ids=range(6),
    )
    def test_what_is_no_such_table_is_told(self, kinds, answer, said):
        verdict = kinds.judge("shops", answer, None)
        assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)
        assert said in verdict.message

    def test_a_table_needs_columns(self):
        with pytest.raises(CourseError, match="columns are"):
            Key("x", world="hcmc-fashion").table("t", columns=("a",), by=("b",))(lambda world: None)


def rises(inputs, outputs):
    return all(low <= high for low, high in pairwise(outputs))


def generated(luck, world):
    return [(float(value),) for value in luck.uniform(1, 9, 6).round(3)]


@pytest.fixture(scope="module")
def functions() -> Key:
    key = Key("94-functions", world="hcmc-fashion")
    question = key.function("twice", points=2, takes=("x",), examples=((1,), (2,)), generated=generated)
    question(lambda world: lambda x: 2 * x)
    free = key.function(
        "any", points=2, takes=("x",), examples=((1,), (2,), (5,)), properties={"It rises with x.": rises}
    )
    free(lambda world: None)
    key.function("pair", points=1, takes=("x",), examples=((1,), (2,)))(
        lambda world: lambda x: {"x": [x, x / 3]}
    )
    return key


class TestFunction:
    @pytest.fixture
    def key(self, functions):
        return functions

    def test_inputs_are_generated_for_each_market_and_stay_the_same(self, key, world):
        from narrowcast.worlds import open_world

        question, other = key.question("twice"), open_world("hcmc-fashion", student="s002", customers=2_000)
        assert question.inputs(world) == question.inputs(world)
        assert question.inputs(world)[:2] == question.inputs(other)[:2] == [[1], [2]]
        assert question.inputs(world)[2:] != question.inputs(other)[2:]
        assert len(question.inputs(world)) == 8

    def test_who_knows_the_examples_by_heart_is_found_out(self, key, world):
        assert key.judge("twice", lambda x: 2 * x, world).score == 2
        verdict = key.judge("twice", lambda x: {1: 2, 2: 4}.get(x, 0), world)
        assert (verdict.score, verdict.reason) == (0, Reason.WRONG)
        assert "it returned 0; it should return" in verdict.message

    def test_inputs_that_were_given_out_cannot_be_spoiled(self, key, world):
        key.question("twice").inputs(world).clear()
        assert len(key.question("twice").inputs(world)) == 8

    def test_properties_decide_where_there_is_no_one_truth(self, key):
        assert key.judge("any", lambda x: x**3, None).score == 2
        verdict = key.judge("any", lambda x: -x, None)
        assert (verdict.score, verdict.reason) == (0, Reason.WRONG)
        assert "It does not hold: It rises with x." in verdict.message
        assert key.judge("any", lambda x: "x" if x > 1 else 1, None).score == 0
        assert ("any", "It rises with x.") in key.messages()

    def test_lists_and_dictionaries_are_compared_part_by_part(self, key):
        assert key.judge("pair", lambda x: {"x": (x, x / 3)}, None).score == 1
        assert key.judge("pair", lambda x: {"x": [x, x / 2]}, None).score == 0
        assert key.judge("pair", lambda x: {"x": [x]}, None).score == 0

    def test_who_is_interrupted_is_called_no_more(self, key):
        calls = []

        def slow(x):
            calls.append(x)
            raise KeyboardInterrupt

        verdict = key.judge("twice", slow, None)
        assert len(calls) == 1
        assert "it did not come back in time" in verdict.message

    def test_results_must_fit_the_inputs(self, key, world):
        question = key.question("twice")
        short = question.plain(lambda x: 2 * x, world, [[1], [2]])
        assert question.judge_plain(short, world).reason is Reason.INVALID
        assert question.judge_plain(question.plain(lambda x: 2 * x), world).reason is Reason.INVALID

    def test_an_error_whose_text_lies_is_carried(self, key):
        class Odd(Exception):  # noqa: N818
            def __str__(self):
                raise RuntimeError

            __repr__ = __str__

        def fails(x):
            raise Odd(Odd())

        assert "it raised Odd" in key.judge("twice", fails, None).message
