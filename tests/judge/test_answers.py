"""Every kind of question, honest answers of any form, and everything a student may hand in instead."""

from __future__ import annotations

import math
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.errors import CourseError, UnknownName
from narrowcast.judge import Key, Reason, Verdict
from narrowcast.worlds import open_world

NOT_ANSWERED = [None, ..., "", "   ", {"a": ..., "b": None}]
HOSTILE = [
    math.nan,
    math.inf,
    -math.inf,
    10**400,
    -(10**400),
    True,
    False,
    np.True_,
    "0.25",
    "abc",
    b"0.25",
    1j,
    object(),
    [],
    [0.2, 0.3],
    [[0.2, 0.3]],
    (),
    {},
    {"x": 1},
    {1: 2},
    set(),
    np.array([]),
    np.array([0.2, 0.3]),
    np.zeros((2, 2)),
    pd.Series([0.2, 0.3]),
    pd.Series([], dtype=float),
    pd.DataFrame({"a": [1, 2]}),
    pd.Series(["0.25"]),
    pd.NA,
    pd.NaT,
    np.datetime64("2026-01-01"),
    pd.Timestamp("2026-01-01"),
    print,
    float,
    Plan(),
    Flight("social", 5),
    sys,
    range(3),
]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.text(),
    st.integers(),
    st.floats(),
    st.binary(),
    st.complex_numbers(),
    st.decimals(),
    st.recursive(
        st.floats() | st.text() | st.none(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
        max_leaves=6,
    ),
    st.lists(st.floats()).map(np.array),
    st.lists(st.text()).map(lambda x: pd.Series(x, dtype=object)),
)


@pytest.fixture(scope="module")
def truth(key, world):
    return key.question("rate").compute(world)


class TestForm:
    @pytest.mark.parametrize("name", ["rate", "bet", "when", "sort", "half", "spend", "why", "drink"])
    @pytest.mark.parametrize("answer", NOT_ANSWERED, ids=lambda value: type(value).__name__)
    def test_an_untouched_cell_costs_nothing(self, key, world, name, answer):
        verdict = key.judge(name, answer, world)
        assert verdict.reason is Reason.UNANSWERED
        assert verdict.score == 0

    @pytest.mark.parametrize("name", ["rate", "when", "sort", "half", "spend", "drink"])
    @pytest.mark.parametrize("answer", HOSTILE, ids=lambda value: type(value).__name__)
    def test_nothing_hostile_is_an_error_or_worth_a_point(self, key, world, name, answer):
        verdict = key.judge(name, answer, world)
        assert isinstance(verdict, Verdict)
        assert not verdict.score
        assert verdict.message
        assert str(verdict)
        assert verdict._repr_html_()

    @given(answer=ANYTHING)
    def test_nor_is_anything_else(self, key, answer):
        for name in ("rate", "when", "sort", "half", "spend"):
            verdict = key.question(name).form(answer)
            assert isinstance(verdict, Verdict)
            assert str(verdict)

    def test_an_unknown_question_is_told_with_the_nearest(self, key, world):
        with pytest.raises(UnknownName, match=r"Did you mean 'rate'"):
            key.judge("raet", 1, world)
        with pytest.raises(UnknownName, match=r"Allowed: rate, bet"):
            key.judge(["rate"], 1, world)


class TestNumber:
    def test_the_truth_is_right_in_any_honest_form(self, key, world, truth):
        forms = [
            truth,
            float(truth),
            np.float32(truth),
            np.float64(truth),
            np.array(truth),
            np.array([[truth]]),
            pd.Series([truth]),
            [truth],
            (truth,),
            truth * 1.004,
            round(truth, 5),
        ]
        for answer in forms:
            verdict = key.judge("rate", answer, world)
            assert (verdict.score, verdict.reason) == (4, Reason.RIGHT), repr(answer)
            assert verdict.message == "Orders over visits, all segments together."

    def test_a_number_can_be_an_integer(self, key):
        drink = open_world("soft-drink", customers=2_000)
        count = int(drink.segments["orders"].sum())
        for answer in (count, np.int64(count), float(count), pd.Series([count])):
            assert key.judge("drink", answer, drink).score == 1

    def test_a_named_mistake_is_told_and_credited(self, key, world):
        segments = world.segments
        verdict = key.judge("rate", (segments["orders"] / segments["visits"]).mean(), world)
        assert (verdict.score, verdict.reason, verdict.mistake) == (2, Reason.MISTAKE, "M1")
        assert "weight each by its visits" in verdict.message

    def test_any_other_number_gets_the_hint(self, key, world, truth):
        verdict = key.judge("rate", truth * 1.02, world)
        assert (verdict.score, verdict.reason, verdict.message) == (0, Reason.WRONG, "Orders over visits.")

    @pytest.mark.parametrize("percent", [5, 12.3, 100, np.float64(7), pd.Series([9.0])])
    def test_a_percentage_is_recognised(self, key, world, percent):
        verdict = key.judge("rate", percent, world)
        assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)
        assert "divide it by 100" in verdict.message

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (-0.1, "between 0 and 1"),
            (101, "Check the unit: share"),
            (math.nan, "division by zero"),
            (math.inf, "division by zero"),
            ("0.25", "of type str"),
            (True, "of type bool"),
            (np.array([1, 2]), "2 values (shape (2,))"),
            ([], "0 values"),
            (pd.Series([0.1, 0.2]), "until one is left"),
            ([0.1, 0.2], "One number is asked for"),
            (10**400, "inf"),
        ],
    )
    def test_what_is_wrong_with_its_form_is_said(self, key, world, answer, said):
        verdict = key.judge("rate", answer, world)
        assert verdict.reason is Reason.INVALID
        assert said in verdict.message

    def test_the_answer_of_another_market_is_recognised(self, key, world):
        mates = [open_world("hcmc-fashion", student=s, customers=2_000) for s in ("s002", "s003")]
        verdict = key.judge("rate", key.question("rate").compute(mates[1]), world, mates)
        assert (verdict.reason, verdict.score) == (Reason.OTHER_WORLD, 0)
        assert "another student" in verdict.message
        assert key.judge("rate", key.question("rate").compute(mates[1]), world).reason is Reason.WRONG

    def test_a_number_close_to_somebodys_is_no_copy(self, key, world):
        """In a class of forty a wrong number is within half a percent of somebody's: that proves nothing."""
        mates = [open_world("hcmc-fashion", student=s, customers=2_000) for s in ("s002", "s003")]
        answer = key.question("rate").compute(mates[1]) * 1.001
        assert key.judge("rate", answer, world, mates).reason is Reason.WRONG

    @given(st.floats(0, 1))
    def test_a_bet_is_never_wrong(self, key, answer):
        verdict = key.judge("bet", answer, None)
        assert (verdict.reason, verdict.score) == (Reason.BET, 0)
        assert "it was 0.123." in verdict.message
        assert verdict.evidence == {"truth": 0.123456}

    def test_but_a_bet_has_a_form(self, key):
        assert key.judge("bet", 62, None).reason is Reason.INVALID


class TestChoice:
    @pytest.mark.parametrize("answer", ["It Depends", "it depends", "  IT DEPENDS ", np.str_("it depends")])
    def test_case_and_space_do_not_matter(self, key, world, answer):
        assert key.judge("when", answer, world).score == 1

    def test_a_named_mistake(self, key, world):
        verdict = key.judge("when", "always", world)
        assert (verdict.score, verdict.mistake, verdict.message) == (0, "M2", "Aiming has a price.")

    def test_a_wrong_word_gets_the_hint(self, key, world):
        assert key.judge("when", "never", world).message == "Price and precision."

    @pytest.mark.parametrize(
        "answer",
        ["alwys", "depends", 3, ["always"], np.array(["always", "never"]), pd.Series(["always", "x"])],
    )
    def test_no_choice_is_told_with_the_choices(self, key, world, answer):
        verdict = key.judge("when", answer, world)
        assert verdict.reason is Reason.INVALID
        assert "Choose one of: always, never, It Depends" in verdict.message

    def test_the_nearest_choice_is_proposed(self, key, world):
        assert "Did you mean 'always'" in key.judge("when", "alwys", world).message

    RIGHT = {"a": "old", "b": "new", "c": "old", "d": "new"}  # noqa: RUF012

    def test_all_items(self, key, world):
        assert key.judge("sort", self.RIGHT, world).score == 4
        assert key.judge("sort", {k: v.upper() for k, v in self.RIGHT.items()}, world).reason is Reason.RIGHT

    @pytest.mark.parametrize(
        ("change", "score"),
        [
            ({"a": "new"}, 3),
            ({"a": "new", "b": "old"}, 2),
            ({"a": ...}, 3),
            ({"a": None, "b": "", "c": "new"}, 1),
        ],
    )
    def test_each_right_item_earns_its_share(self, key, world, change, score):
        verdict = key.judge("sort", self.RIGHT | change, world)
        assert (verdict.score, verdict.reason) == (score, Reason.PARTLY)
        assert f"Look again at: {', '.join(change)}." in verdict.message

    def test_an_item_left_out_is_wrong(self, key, world):
        assert key.judge("sort", {"a": "old"}, world).score == 1

    def test_all_on_the_wrong_side_has_a_name(self, key, world):
        verdict = key.judge(
            "sort", {k: {"old": "new", "new": "old"}[v] for k, v in self.RIGHT.items()}, world
        )
        assert (verdict.score, verdict.mistake) == (0, "L1")

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (RIGHT | {"e": "old"}, "Choose one of: a, b, c, d"),
            (RIGHT | {"a": "odl"}, "For a: 'odl' is not one of"),
            (RIGHT | {7: "old"}, "Choose one of: a, b, c, d"),
            ("old", "a choice for each of: a, b, c, d"),
            (["old", "new", "old", "new"], "A dictionary is asked for"),
            (RIGHT | {"a": np.array(["old", "new"])}, "For a:"),
            (RIGHT | {"a": ["old"]}, "For a:"),
        ],
    )
    def test_what_is_wrong_with_its_form_is_said(self, key, world, answer, said):
        verdict = key.judge("sort", answer, world)
        assert verdict.reason is Reason.INVALID
        assert said in verdict.message


def right(x, y):
    if y == 0:
        raise ZeroDivisionError
    return x / y


class TestFunction:
    def test_a_right_one(self, key, world):
        assert key.judge("half", right, world).score == 3
        assert (
            key.judge("half", lambda x, y: np.float32(x) / np.float32(y) if y else 1 // 0, world).score == 3
        )

    def test_it_may_print_as_it_likes(self, key, world, capsys):
        def chatty(x, y):
            print("working...")
            print("oh", file=sys.stderr)
            return right(x, y)

        assert key.judge("half", chatty, world).score == 3
        assert capsys.readouterr() == ("", "")

    def test_a_named_mistake(self, key, world):
        def turned(x, y):
            return y / x

        verdict = key.judge("half", turned, world)
        # It fails at (5, 0) and (0, 7) just as the mistake does.
        assert (verdict.score, verdict.mistake) == (0.75, "L2")

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (lambda x, y: 7, "it returned 7; it should return 2"),
            (lambda x, y: None if x == 4 else right(x, y), "returned None"),
            (lambda x, y: str(x / y), "returned '2.0'"),
            (lambda x, y: math.nan, "returned nan"),
            (lambda x, y: [x / y, 0], "returned [2.0, 0]"),
            (lambda x, y: np.array([x, y]), "returned array"),
            (lambda x, y: 10**400, "returned 1000"),
            (lambda x, y: 1 / 0, "raised ZeroDivisionError"),
            (lambda x, y: undefined, "raised NameError"),  # noqa: F821
            (lambda x, y: sys.exit(1), "raised SystemExit"),
            (lambda x, y: (_ for _ in ()).throw(NotImplementedError), "raised NotImplementedError"),
            (
                lambda x, y: x / y if y else 0,
                "Called with x=5, y=0, it returned 0; it should raise an error: y is 0",
            ),
        ],
    )
    def test_a_wrong_one_is_shown_where_it_fails(self, key, world, wrong, said):
        verdict = key.judge("half", wrong, world)
        assert (verdict.score, verdict.reason) == (0, Reason.WRONG)
        assert said in verdict.message
        assert verdict.message.endswith("Divide.")

    def test_an_endless_recursion_ends(self, key, world):
        def again(x, y):
            return again(x, y)

        assert "RecursionError" in key.judge("half", again, world).message

    @pytest.mark.parametrize("wrong", [lambda x: x, lambda: 1, lambda x, y, z: 1, lambda *, x, y: 1])
    def test_wrong_arguments_are_named(self, key, world, wrong):
        verdict = key.judge("half", wrong, world)
        assert verdict.reason is Reason.INVALID
        assert "It must take: x, y." in verdict.message

    @pytest.mark.parametrize("answer", [2.0, right(4, 2), "right", [right]])
    def test_a_called_function_is_recognised(self, key, world, answer):
        verdict = key.judge("half", answer, world)
        assert verdict.reason is Reason.INVALID
        assert "without calling it" in verdict.message

    def test_one_that_changes_its_mind_is_told(self, key, world):
        calls = iter(range(1_000))

        def fickle(x, y):
            return 99 if next(calls) % 3 == 0 else right(x, y)

        assert key.judge("half", fickle, world).score == 0

    def test_an_unfinished_one_costs_nothing(self, key, world):
        assert key.judge("half", lambda x, y: None, world).reason is Reason.UNANSWERED

    def test_one_that_changes_its_input_spoils_nothing(self):
        made = Key("x", world="hcmc-fashion")
        examples = (([1.0, 2.0],), ([5.0],))

        @made.function("total", points=1, takes=("values",), examples=examples)
        def total(world):
            """Their sum."""
            return sum

        def greedy(values):
            got = 0.0
            while values:
                got += values.pop()
            return got

        assert made.judge("total", greedy, None).score == 1
        assert made.judge("total", sum, None).score == 1
        assert examples == (([1.0, 2.0],), ([5.0],))


class TestPlan:
    def judge(self, key, world, *flights, **more):
        return key.judge("spend", Plan("mine", flights, **more), world)

    def test_the_naive_plan_earns_nothing_and_better_ones_something(self, key, world):
        naive = key.question("spend").compute(world)
        assert key.judge("spend", naive, world).score == 0
        verdict = self.judge(key, world, Flight("search", 600_000, to="loyal"), Flight("television", 400_000))
        assert 0 < verdict.score <= 6
        assert verdict.reason in {Reason.RIGHT, Reason.PARTLY}
        assert verdict.evidence["naive"] < verdict.evidence["plan"] <= verdict.evidence["best"]
        assert verdict.score == pytest.approx(6 * verdict.evidence["share"], abs=0.006)

    def test_the_same_plan_always_gets_the_same(self, key, world):
        one, other = (self.judge(key, world, Flight("search", 600_000, to="loyal")) for _turn in range(2))
        assert one == other

    def test_holdout_and_objective_do_not_matter(self, key, world):
        flight = Flight("search", 600_000, to="loyal")
        assert self.judge(key, world, flight) == self.judge(
            key, world, flight, holdout=0.5, objective="orders"
        )

    def test_one_flight_will_do(self, key, world):
        flight = Flight("search", 600_000, to="loyal")
        assert key.judge("spend", flight, world).score == self.judge(key, world, flight).score

    def test_the_best_known_plan_gets_all(self, key, world):
        from narrowcast.simulate.search import best_found

        best, _worth = best_found(world, 2_000_000, 4, (7_301,))
        verdict = key.judge("spend", best, world)
        assert (verdict.score, verdict.reason) == (6, Reason.RIGHT)
        assert verdict.message.endswith("You found where the next dong does most.")

    def test_a_named_mistake(self, key, world):
        verdict = self.judge(key, world, Flight("social", 2_000_000, to="bargain"))
        assert verdict.mistake == "M3"
        assert "largest segment" in verdict.message

    @pytest.mark.parametrize(
        ("plan", "said"),
        [
            (Plan(flights=[Flight("television", 2_000_001)]), "costs 2,000,001; the budget is 2,000,000"),
            (Plan(flights=[Flight("social", 1, to="trend", offer="trend")]), "leave out a special edition"),
            (Plan(flights=[Flight("television", 5)], weeks=5), "runs 5 weeks. It must run 4"),
            (Plan(flights=[Flight("niche", 5, to="youth")]), "There is no channel 'niche'"),
            (Plan(flights=[Flight("social", 5, to="youth")]), "There is no segment 'youth'"),
            (Plan(flights=[Flight("television", 5, to="trend")]), "cannot aim"),
            ([Flight("television", 5)], "A plan is asked for"),
            (Plan, "A plan is asked for"),
        ],
    )
    def test_what_cannot_run_is_told(self, key, world, plan, said):
        verdict = key.judge("spend", plan, world)
        assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)
        assert said in verdict.message

    def test_a_plan_that_was_tampered_with_is_checked_afresh(self, key, world):
        plan = Plan(flights=[Flight("search", 600_000, to="loyal", message=Message("loyal"), offer=Offer())])
        object.__setattr__(plan.flights[0], "spend", -(10**9))
        assert key.judge("spend", plan, world).reason is Reason.INVALID
        object.__setattr__(plan.flights[0], "spend", 600_000)
        object.__setattr__(plan.flights[0].message, "fit", 50.0)
        assert key.judge("spend", plan, world).reason is Reason.INVALID

    def test_nothing_spent_is_a_plan(self, key, world):
        verdict = key.judge("spend", Plan(), world)
        assert verdict.evidence["plan"] == 0


class TestWritten:
    @pytest.mark.parametrize("answer", ["Broadcast is not dead, because 62% ...", "x" * 100_000, 5])
    def test_a_person_reads_it(self, key, world, answer):
        verdict = key.judge("why", answer, world)
        assert (verdict.score, verdict.reason) == (None, Reason.BY_HAND)
        assert "Evidence: two numbers." in verdict.message


class TestKey:
    def test_points_add_up(self, key):
        assert key.points == 4 + 0 + 1 + 4 + 3 + 6 + 4 + 1
        assert key.worlds == ("hcmc-fashion", "soft-drink")

    def test_two_questions_of_one_name_are_refused(self):
        made = Key("x", world="hcmc-fashion")
        made.number("q1")(lambda world: 1)
        with pytest.raises(CourseError, match=r"two questions 'q1'"):
            made.choice("q1", options=("a",))

    def test_a_key_needs_a_world(self):
        with pytest.raises(CourseError, match=r"names no world"):
            Key("x")

    @pytest.mark.parametrize("credit", [-0.1, 1.5])
    def test_credit_is_a_share(self, credit):
        made = Key("x", world="hcmc-fashion")
        question = made.number("q1")(lambda world: 1)
        with pytest.raises(ValueError, match=r"share from 0 to 1"):
            question.mistake("M1", credit=credit)

    def test_messages_hold_every_text(self, key):
        texts = {text for _name, text in key.messages()}
        assert {
            "Most bet too high.",
            "Divide.",
            "Evidence: two numbers.",
            "Every one is on the wrong side.",
        } <= texts
        assert "" not in texts
