"""Seven models of attribution: worked examples, and what must hold of any log of touches."""

from __future__ import annotations

import functools
import operator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.errors import AnswerError, PlanError, UnknownName
from narrowcast.measure import (
    MODELS,
    NONE,
    Paths,
    attribution,
    attribution_table,
    credit,
    path_table,
)

COLUMNS = ["customer_id", "week", "day", "type", "channel", "value"]


def log(*paths):
    """One customer a path: a touch a day in week 1, then an order in week 2 for "a b $"."""
    rows = []
    for number, path in enumerate(paths):
        customer = f"C{number:07d}"
        for day, step in enumerate(path.split()):
            if step == "$":
                rows.append((customer, 2, 0, "order", "", 100))
            else:
                rows.append((customer, 1, day, "click", step, 0))
    return pd.DataFrame(rows, columns=COLUMNS)


def conversions(touches, model, **more):
    return credit(touches, model, **more)["conversions"].to_dict()


class TestWorkedExamples:
    JOURNEY = log("a b b c $")

    @pytest.mark.parametrize(
        ("model", "given_"),
        [
            ("first", {"a": 1, "b": 0, "c": 0}),
            ("last", {"a": 0, "b": 0, "c": 1}),
            ("linear", {"a": 1 / 4, "b": 1 / 2, "c": 1 / 4}),
            ("position", {"a": 0.4, "b": 0.2, "c": 0.4}),
            ("shapley", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
            ("markov", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        ],
    )
    def test_one_journey(self, model, given_):
        assert conversions(self.JOURNEY, model) == pytest.approx(given_ | {NONE: 0})

    @pytest.mark.parametrize("half_life", [0.5, 1, 3])
    def test_a_touch_a_half_life_older_counts_half(self, half_life):
        touches = log("old new $")
        touches.loc[touches["channel"] == "new", "week"] += 1
        touches.loc[touches["channel"] == "new", "day"] = 0
        touches.loc[touches["type"] == "order", "week"] = 3
        found = conversions(touches, "time_decay", half_life=half_life)
        assert found["old"] / found["new"] == pytest.approx(0.5 ** (1 / half_life))

    def test_a_half_life_of_minutes_is_the_last_touch(self):
        found = conversions(self.JOURNEY, "time_decay", half_life=0.001)
        assert found == pytest.approx(conversions(self.JOURNEY, "last"))

    def test_two_touches_share_alike_by_position(self):
        assert conversions(log("a b $"), "position") == {"a": 0.5, "b": 0.5, NONE: 0}

    def test_markov_by_hand(self):
        """Without b half of the journeys that start at a still end in an order; without a, none."""
        found = conversions(log("a b a b b a $", "a b b a a $", "a a $"), "markov")
        assert found == pytest.approx({"a": 2, "b": 1, NONE: 0})

    def test_markov_knows_those_who_did_not_buy(self):
        bought, not_bought = ["a $", "b $"], ["a"] * 8
        alike = conversions(log(*bought), "markov")
        assert alike["a"] == alike["b"]
        assert conversions(log(*bought, *not_bought), "markov") == pytest.approx(alike)
        # where both share a journey, the many who stopped at a make it the weaker link
        mixed = log("a b $", "b $", *not_bought)
        assert conversions(mixed, "markov")["a"] < conversions(mixed, "markov")["b"]

    def test_value_follows_the_orders_that_brought_it(self):
        touches = log("a $", "b $")
        touches.loc[touches["customer_id"] == "C0000001", "value"] = 900
        for model in MODELS:
            assert credit(touches, model)["value"].to_dict() == pytest.approx({"a": 100, "b": 900, NONE: 0})

    def test_orders_without_a_touch_are_nobodys(self):
        touches = log("a $", "$", "$")
        for model in MODELS:
            found = credit(touches, model)
            assert found.loc[NONE].to_dict() == pytest.approx(
                {"conversions": 2, "value": 200, "share": 2 / 3}
            )


class TestJourneys:
    def test_the_window_ends_with_its_last_day(self):
        touches = log("a $")
        for days, hit in ((27, True), (28, True), (29, False)):
            touches.loc[1, ["week", "day"]] = [1 + days // 7, days % 7]
            assert conversions(touches, "last", window=4)["a"] == hit

    def test_a_touch_of_the_same_day_comes_before_the_order(self):
        touches = log("a $")
        touches.loc[1, ["week", "day"]] = [1, 0]
        assert conversions(touches, "last")["a"] == 1

    def test_a_touch_after_the_order_has_no_part_in_it(self):
        touches = log("a $")
        touches.loc[0, "week"] = 3
        assert conversions(touches, "last") == {"a": 0, NONE: 1}

    def test_customers_do_not_share_touches(self):
        touches = log("a", "$")
        assert conversions(touches, "first") == {"a": 0, NONE: 1}

    def test_a_touch_counts_for_each_order_in_its_window(self):
        touches = pd.concat([log("a $"), log("a $").iloc[1:].assign(week=3)])
        assert conversions(touches, "last") == {"a": 2, NONE: 0}

    def test_opens_and_clicks_are_touches_and_the_rest_is_not(self):
        touches = log("a b c $")
        touches["type"] = ["contact", "open", "machine_open", "order"]
        assert conversions(touches, "linear") == {"a": 0, "b": 1, "c": 0, NONE: 0}
        assert conversions(touches, "last", kinds="contact")["a"] == 1
        assert conversions(touches, "last", kinds=["machine_open", "contact"])["c"] == 1

    def test_a_row_may_stand_for_several_events(self):
        touches = log("a b $").assign(count=[3, 1, 2])
        assert conversions(touches, "linear") == pytest.approx({"a": 1.5, "b": 0.5, NONE: 0})
        assert attribution(Paths.of(touches), "last")["value"].sum() == 100

    def test_paths_are_counted(self):
        touches = log("a b b a $", "a b a $", "b", "$")
        table = path_table(touches)
        assert table.to_dict("index") == {
            "a > b > a": {"people": 2, "conversions": 2, "value": 200},
            "b": {"people": 1, "conversions": 0, "value": 0},
        }

    def test_a_pause_or_an_order_parts_journeys_that_led_to_nothing(self):
        touches = log("a b c")
        assert path_table(touches).index.tolist() == ["a > b > c"]
        touches["week"] = [1, 2, 9]
        assert sorted(path_table(touches).index) == ["a > b", "c"]
        bought = pd.concat([log("a $ "), log("b").assign(week=4)])
        assert path_table(bought)["people"].to_dict() == {"a": 1, "b": 1}

    def test_path_tables_add_up(self):
        one, other = log("a b $", "a"), log("a b $", "b $")
        both = pd.concat([path_table(one), path_table(other)]).groupby("path").sum()
        whole = path_table(pd.concat([one, other.assign(customer_id=other["customer_id"] + "x")]))
        pd.testing.assert_frame_equal(both.sort_index(), whole.sort_index())


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 12),
        st.integers(0, 6),
        st.sampled_from(["open", "click", "order", "visit", "contact"]),
        st.sampled_from("abcd"),
        st.integers(0, 1_000),
    ),
    max_size=60,
)


def frame(events):
    touches = pd.DataFrame(events, columns=COLUMNS)
    return touches.assign(
        customer_id=touches["customer_id"].map("C{}".format),
        channel=pd.Categorical(touches["channel"], categories=list("abcde")),
        type=touches["type"].astype("category"),
    )


class TestWhatMustHold:
    @given(EVENTS, st.sampled_from(MODELS), st.floats(0.2, 12))
    def test_credits_add_up_to_all_orders(self, events, model, window):
        touches = frame(events)
        orders = touches[touches["type"] == "order"]
        found = credit(touches, model, window=window)
        assert found["conversions"].sum() == pytest.approx(len(orders))
        assert found["value"].sum() == pytest.approx(orders["value"].sum())
        assert found["share"].sum() == pytest.approx(1 if len(orders) else 0)
        assert (found >= -1e-9).all(axis=None)

    @given(EVENTS, st.sampled_from(MODELS))
    def test_a_channel_that_nobody_met_gets_nothing(self, events, model):
        assert credit(frame(events), model).loc["e"].tolist() == [0, 0, 0]

    @given(EVENTS)
    def test_all_models_agree_on_what_nobody_can_claim(self, events):
        paths = Paths.of(frame(events))
        assert len({float(attribution(paths, m).at[NONE, "conversions"]) for m in MODELS}) == 1

    @given(EVENTS, st.integers(1, 4))
    def test_parts_of_a_market_add_up(self, events, parts):
        touches = frame(events)
        part = touches["customer_id"].str[1:].astype(int) % parts
        summed = functools.reduce(operator.add, (Paths.of(touches[part == i]) for i in range(parts)))
        whole = Paths.of(touches)
        assert (summed.conversions, summed.value) == (whole.conversions, whole.value)
        for model in MODELS:
            pd.testing.assert_frame_equal(attribution(summed, model), attribution(whole, model))

    @given(EVENTS, st.randoms(use_true_random=False))
    @settings(max_examples=30)
    def test_it_does_not_matter_in_which_order_customers_stand(self, events, random):
        touches = frame(events)
        names = [f"C{i}" for i in range(6)]
        other = dict(zip(names, random.sample(names, 6), strict=True))
        moved = touches.assign(customer_id=touches["customer_id"].map(other))
        moved = moved.sort_values("customer_id", kind="stable")
        for model in MODELS:
            pd.testing.assert_frame_equal(credit(touches, model), credit(moved, model))

    @given(EVENTS, st.permutations("abcde"))
    @settings(max_examples=30)
    def test_channels_may_change_names(self, events, names):
        touches, other = frame(events), dict(zip("abcde", names, strict=True))
        moved = touches.assign(channel=touches["channel"].map(other).astype("category"))
        for model in MODELS:
            one, two = credit(touches, model), credit(moved, model, channels=list("abcde"))
            pd.testing.assert_series_equal(
                one["conversions"].rename(index=other).sort_index(),
                two["conversions"].sort_index(),
                check_names=False,
            )

    @given(EVENTS)
    @settings(max_examples=30)
    def test_the_table_of_paths_tells_the_same(self, events):
        touches = frame(events)
        table = path_table(touches)
        paths = Paths.of(touches)
        assert table["conversions"].sum() == pytest.approx(paths.conversions - paths.untouched[0])
        assert table["people"].sum() == pytest.approx(paths.flows[-1].sum())
        starts = table.groupby(table.index.str.split(" > ").str[0])["conversions"].sum()
        first = attribution(paths, "first")["conversions"].drop(NONE)
        assert starts.reindex(first.index, fill_value=0).tolist() == pytest.approx(first.tolist())


def slow(touches, window, half_life):
    """The five models that deal out, order by order and in plain Python."""
    channels = sorted(set(touches["channel"]) - {""})
    found = {model: dict.fromkeys(channels, 0.0) for model in MODELS[:5]}
    day = touches["week"] * 7 + touches["day"]
    for index, order in touches[touches["type"] == "order"].iterrows():
        mine = touches[
            (touches["customer_id"] == order["customer_id"]) & touches["type"].isin(["open", "click"])
        ]
        ages = (day[index] - day[mine.index]) / 7
        mine = mine[(ages >= 0) & (ages <= window)]
        steps = [mine["channel"][i] for i in sorted(mine.index, key=lambda i: (day[i], i))]
        old = sorted(ages[mine.index], reverse=True)
        n = len(steps)
        ends = [1.0] if n == 1 else [0.5, 0.5] if n == 2 else [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4]
        decayed = [0.5 ** (age / half_life) for age in old]
        for place, channel in enumerate(steps):
            found["first"][channel] += place == 0
            found["last"][channel] += place == n - 1
            found["linear"][channel] += 1 / n
            found["time_decay"][channel] += decayed[place] / sum(decayed)
            found["position"][channel] += ends[place]
    return found


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_a_loop_over_orders_finds(seed):
    rng, n = np.random.default_rng(seed), 250
    touches = pd.DataFrame(
        {
            "customer_id": rng.integers(0, 12, n).astype(str),
            "week": rng.integers(1, 13, n),
            "day": rng.integers(0, 7, n),
            "type": rng.choice(["open", "click", "order", "visit"], n),
            "channel": rng.choice(list("abc"), n),
        }
    )
    paths, expected = Paths.of(touches, window=3, half_life=2), slow(touches, 3, 2)
    for model, loop in expected.items():
        assert attribution(paths, model)["conversions"].drop(NONE).to_dict() == pytest.approx(loop), model


class TestTheTruthBesideThem:
    PATHS = Paths.of(log("a b $", "b $", "$", "a"))

    def test_table(self):
        table = attribution_table(self.PATHS, pd.Series({"b": 0.5}))
        assert table.index.tolist() == ["truth", *MODELS]
        assert table.columns.tolist() == ["a", "b", NONE, "error"]
        assert table.loc["truth"].to_dict() == {"a": 0, "b": 0.5, NONE: 2.5, "error": 0}
        assert table.loc["last"].to_dict() == {"a": 0, "b": 2, NONE: 1, "error": 1.5}
        assert table.loc["first", "error"] == pytest.approx(1 + 0.5)
        assert table.drop(columns="error").sum(axis=1).tolist() == pytest.approx([3] * 8)

    def test_eleven_channels_leave_shapleys_row_empty(self):
        paths = Paths.of(log(" ".join("abcdefg") + " $", " ".join("hijk") + " $"))
        table = attribution_table(paths, pd.Series(dtype=float))
        assert table.loc["shapley"].isna().all()
        assert table.drop(index="shapley").notna().all(axis=None)
        assert "11 channels" in table.attrs["note"]

    @pytest.mark.parametrize(
        ("truth", "error", "said"),
        [
            (pd.Series({"c": 1.0}), UnknownName, "channel 'c'"),
            ({"a": 1}, AnswerError, "Series"),
            (pd.Series({"a": np.nan}), AnswerError, "finite"),
            (pd.Series({"a": "many"}), AnswerError, "truth"),
            (pd.Series([1.0, 2.0], index=["a", "a"]), AnswerError, "twice"),
        ],
    )
    def test_a_truth_that_does_not_fit_is_told(self, truth, error, said):
        with pytest.raises(error, match=said):
            attribution_table(self.PATHS, truth)


class TestHostile:
    GOOD = log("a b $", "b")

    @pytest.mark.parametrize(
        ("change", "error", "said"),
        [
            ({"week": 0}, AnswerError, "week"),
            ({"week": 10**12}, AnswerError, "week"),
            ({"week": 1.5}, AnswerError, "week"),
            ({"week": np.nan}, AnswerError, "week"),
            ({"week": "one"}, AnswerError, "week"),
            ({"day": 7}, AnswerError, "day"),
            ({"day": -1}, AnswerError, "day"),
            ({"count": 0}, AnswerError, "count"),
            ({"count": 10**9}, AnswerError, "count"),
            ({"value": -1}, AnswerError, "value"),
            ({"value": np.inf}, AnswerError, "value"),
            ({"value": "much"}, AnswerError, "value"),
            ({"customer_id": None}, AnswerError, "customer_id"),
            ({"channel": NONE}, AnswerError, "none called"),
        ],
    )
    def test_a_column_that_cannot_be_is_told(self, change, error, said):
        with pytest.raises(error, match=said):
            Paths.of(self.GOOD.assign(**change))

    @pytest.mark.parametrize("column", ["customer_id", "channel"])
    def test_lists_are_no_names(self, column):
        with pytest.raises(AnswerError, match=column):
            Paths.of(self.GOOD.assign(**{column: [[1]] * len(self.GOOD)}))

    @pytest.mark.parametrize("column", COLUMNS[:5])
    def test_a_missing_column_is_named(self, column):
        with pytest.raises(AnswerError, match=f"lacks {column}"):
            Paths.of(self.GOOD.drop(columns=column))

    @pytest.mark.parametrize(
        ("more", "error", "said"),
        [
            ({"window": 0}, AnswerError, "window"),
            ({"window": "4"}, AnswerError, "window"),
            ({"window": 1e9}, AnswerError, "window"),
            ({"half_life": 0}, AnswerError, "half_life"),
            ({"half_life": np.nan}, AnswerError, "half_life"),
            ({"kinds": "clicks"}, UnknownName, "Did you mean 'click'"),
            ({"kinds": ["order"]}, UnknownName, "order"),
            ({"kinds": 5}, UnknownName, "type of touch"),
            ({"channels": ["a"]}, UnknownName, "channel 'b'"),
            ({"channels": "ab"}, AnswerError, "list of names"),
            ({"channels": 5}, AnswerError, "list of names"),
            ({"channels": ["a", "b", "a"]}, AnswerError, "Give each once"),
            ({"channels": [f"c{i}" for i in range(63)]}, AnswerError, "62"),
        ],
    )
    def test_a_setting_that_cannot_be_is_told(self, more, error, said):
        with pytest.raises(error, match=said):
            Paths.of(self.GOOD, **more)

    @pytest.mark.parametrize("wrong", [None, "touches", [1, 2], {"week": 1}])
    def test_no_table(self, wrong):
        with pytest.raises(AnswerError, match="DataFrame"):
            Paths.of(wrong)

    def test_an_unknown_model_is_told_with_the_nearest(self):
        with pytest.raises(UnknownName, match="Did you mean 'time_decay'"):
            attribution(Paths.of(self.GOOD), "time-decay")

    def test_paths_must_be_counted_first(self):
        with pytest.raises(AnswerError, match=r"Paths\.of"):
            attribution(self.GOOD, "last")

    def test_eleven_channels_are_too_many_for_shapley_alone(self):
        paths = Paths.of(log(" ".join("abcdefg") + " $", " ".join("hijk") + " $"))
        with pytest.raises(PlanError, match=r"11 channels.*choose another model"):
            attribution(paths, "shapley")
        assert attribution(paths, "markov")["conversions"].sum() == pytest.approx(2)

    def test_parts_counted_differently_do_not_add(self):
        one = Paths.of(self.GOOD)
        for other in (Paths.of(self.GOOD, window=2), Paths.of(log("a c $"))):
            with pytest.raises(AnswerError, match="same channels="):
                one + other
        with pytest.raises(TypeError):
            one + 1

    @pytest.mark.parametrize("model", MODELS)
    def test_nothing_at_all(self, model):
        empty = self.GOOD.iloc[:0]
        assert credit(empty, model, channels=["a"]).to_numpy().tolist() == [[0, 0, 0], [0, 0, 0]]
        assert path_table(empty).empty

    @pytest.mark.parametrize("model", MODELS)
    def test_touches_without_orders_and_orders_without_touches(self, model):
        assert credit(log("a b", "b a b"), model)["conversions"].sum() == 0
        assert credit(log("$", "$"), model).loc[NONE, "conversions"] == 2

    def test_the_table_given_stays_as_it_was(self):
        before = self.GOOD.copy(deep=True)
        Paths.of(self.GOOD)
        pd.testing.assert_frame_equal(self.GOOD, before)

    def test_sixty_two_channels_fit(self):
        names = [f"c{i:02d}" for i in range(62)]
        touches = log(" ".join(names[:7]) + " $", f"{names[-1]} $")
        touches["channel"] = pd.Categorical(touches["channel"], categories=[*names, ""])
        found = credit(touches, "shapley")
        assert found.loc[names[-1], "conversions"] == pytest.approx(1)
        assert found["conversions"].sum() == pytest.approx(2)
