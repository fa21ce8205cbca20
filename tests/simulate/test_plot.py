"""Pictures show the numbers, keep within their paper, and tell nothing by colour alone."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import AnswerError, PlanError, UnknownName
from narrowcast.language import speaking
from narrowcast.simulate import Outcome, simulate
from narrowcast.simulate.credit import truth
from narrowcast.simulate.draw import _apart, readable

mpl.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")

PICTURES = ("weekly", "funnel", "channels", "attribution", "lift", "segments", "returns")


@pytest.fixture(scope="module")
def done(every) -> Outcome:
    flights = [
        Flight("television", 2_000_000),
        Flight("search", 400_000),
        Flight("email", 200_000),
        Flight("phone", 600_000, after="open"),
        Flight("referral", 300_000, reward=30_000),
    ]
    return simulate(every, Plan("New year", flights, weeks=12, holdout=0.2), 5)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


CURVES = pd.DataFrame(
    {
        "channel": ["television"] * 4 + ["search"] * 4,
        "spend": [0, 1e6, 2e6, 3e6, 0, 5e5, 1e6, 1.5e6],
        "value": [0, 2e6, 1.5e6, -4e5, 0, 1e6, 2e6, 2.5e6],
    }
)


def picture(outcome, name, axes=None):
    return outcome.plot.returns(CURVES, axes) if name == "returns" else getattr(outcome.plot, name)(axes)


class TestEveryPicture:
    @pytest.mark.parametrize("inches", [7, 3.9])
    @pytest.mark.parametrize("name", PICTURES)
    def test_nothing_runs_off_the_paper(self, done, name, inches):
        figure, axes = plt.subplots(figsize=(inches, 3.9), layout="constrained")
        assert picture(done, name, axes) is axes
        figure.canvas.draw()
        paper = figure.bbox
        unseen = []  # Matplotlib keeps the numbers of an axis beyond its ends, and does not draw them
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, sorted(axes.get_ylim()))):
            ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            unseen += [label for at, label in ticks if not low <= at <= high or not axis.get_visible()]
        shown = [t for t in axes.findobj(mpl.text.Text) if t.get_text().strip() and t not in unseen]
        assert len(shown) > 5
        for text in shown:
            box = text.get_window_extent()
            assert box.x0 >= paper.x0 - 1, text.get_text()
            assert box.x1 <= paper.x1 + 1, text.get_text()
            assert box.y0 >= paper.y0 - 1, text.get_text()
            assert box.y1 <= paper.y1 + 1, text.get_text()

    @pytest.mark.parametrize("name", PICTURES)
    def test_it_is_described_in_words_with_numbers(self, done, name):
        axes = picture(done, name)
        said = axes.get_label()
        assert any(letter.isdigit() for letter in said)
        assert len(said) > 40
        assert axes.get_figure().get_label() == said
        assert axes.get_title(loc="left")

    @pytest.mark.parametrize("name", PICTURES)
    def test_it_speaks_vietnamese(self, done, name):
        with speaking("vi"):
            assert picture(done, name).get_title(loc="left")

    @pytest.mark.parametrize("name", ["weekly", "attribution", "returns"])
    def test_lines_differ_by_more_than_colour(self, done, name):
        lines = [line for line in picture(done, name).lines if line.get_marker() not in ("None", "", None)]
        looks = {}
        for line in lines:
            looks.setdefault(line.get_color(), set()).add(line.get_marker())
        assert len(looks) > 1
        markers = [frozenset(some) for some in looks.values()]
        assert len(set(markers)) == len(markers)

    def test_a_plan_that_did_nothing(self, every):
        idle = simulate(every, Plan(weeks=3, holdout=0.3))
        for name in ("weekly", "funnel", "segments", "lift"):
            assert picture(idle, name).get_title(loc="left")
        for name in ("channels", "attribution"):
            with pytest.raises(PlanError, match="spends nothing"):
                picture(idle, name)

    def test_one_week(self, every):
        short = simulate(every, Plan(flights=[Flight("television", 500_000)], weeks=1))
        for name in ("weekly", "funnel", "segments", "channels", "attribution"):
            assert picture(short, name).get_title(loc="left")


class TestNumbers:
    def test_called_it_draws_the_weeks(self, done):
        axes = done.plot()
        assert axes is done.plot(axes)
        weekly = done.weekly()
        first, second = done.plot().lines
        assert (first.get_ydata() == weekly["orders"]).all()
        assert (second.get_ydata() == weekly["orders_without"]).all()
        assert f"{done.kpis()['incremental_orders']:+,.0f} orders" in axes.get_title(loc="left").replace(
            "\n", " "
        )

    def test_bars_of_the_funnel_are_people(self, done):
        axes, table = done.plot.funnel(), done.funnel()
        assert [bar.get_width() for bar in axes.patches] == table["people"].tolist()
        full = [part.get_paths()[0].get_extents().x1 for part in axes.collections]
        assert full == table["through"].tolist()
        assert f"{table.loc['advocate', 'through']:,.0f} of them through all stages" in axes.get_label()
        assert all(bar.get_hatch() for bar in axes.patches)  # who came otherwise is told by more than colour

    def test_bars_of_channels_are_what_they_caused(self, done):
        axes = done.plot.channels()
        each = done.kpis()["margin"] / done.kpis()["orders"]
        names = [label.get_text() for label in axes.get_yticklabels()]
        drawn = {names[round(bar.get_y() + bar.get_height() / 2)]: bar.get_width() for bar in axes.patches}
        for name, orders in truth(done)["shapley"].items():
            assert drawn[name] == pytest.approx(orders * each)
        lines = axes.collections[0].get_segments()
        assert [line[0][0] for line in lines] == pytest.approx(
            done.channels()["cost"].reindex(names).tolist()
        )

    def test_attribution_begins_with_the_truth(self, done):
        axes = done.plot.attribution()
        table = done.attribution("all")
        for label, channel in enumerate(truth(done).index):
            of_channel = axes.lines[3 * label : 3 * label + 3]
            assert of_channel[2].get_ydata()[0] == table.loc["truth", channel]
            assert of_channel[1].get_ydata().tolist() == table[channel].iloc[1:].tolist()

    def test_segments_add_up(self, done):
        bars = done.plot.segments().patches
        frame = done.by("segment")
        whole = [a.get_width() + b.get_width() for a, b in zip(bars[:3], bars[3:], strict=True)]
        assert whole == pytest.approx((frame["orders"] / frame["customers"] * 1_000).tolist())

    def test_lift_needs_a_holdout(self, every):
        with pytest.raises(PlanError):
            simulate(every, Plan(flights=[Flight("television", 100_000)])).plot.lift()

    def test_lift_shows_interval_and_truth(self, done):
        lift = done.lift()
        axes = done.plot.lift()
        assert axes.lines[0].get_xdata() == pytest.approx([1_000 * lift.low, 1_000 * lift.high])
        assert "truth" in " ".join(text.get_text() for text in axes.texts)


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """Curves of 36 flights, the later the better."""
    return pd.concat(
        CURVES.iloc[:4].assign(channel=f"channel/segment {k:02}", value=CURVES["value"] * (1 + k / 40))
        for k in range(36)
    )


class TestReturns:
    @pytest.mark.parametrize(
        "wrong",
        [
            None,
            [1, 2],
            CURVES.iloc[:0],
            CURVES.drop(columns="spend"),
            CURVES.drop(columns="channel"),
            CURVES.assign(value="much"),
        ],
    )
    def test_what_cannot_be_drawn(self, done, wrong):
        with pytest.raises(AnswerError, match="channel, spend and value"):
            done.plot.returns(wrong)

    def test_its_title_names_the_best(self, done):
        assert (
            done.plot.returns(CURVES.sample(frac=1, random_state=1))
            .get_title(loc="left")
            .startswith("search")
        )

    def test_curves_on_two_grounds_are_apart(self, done):
        both = pd.concat([CURVES.assign(on="nothing"), CURVES.assign(on="the plan")])
        assert len([line for line in done.plot.returns(both).lines if len(line.get_xdata()) == 4]) == 4

    def drawn(self, axes):
        return [line for line in axes.lines if len(line.get_xdata()) == 4]

    def test_of_many_lines_the_best_six_are_drawn(self, done, many):
        axes = done.plot.returns(many)
        assert len(self.drawn(axes)) == 6
        named = {text.get_text().replace("\n", " ") for text in axes.texts}
        assert named == {f"channel/segment {k:02}" for k in range(30, 36)}
        assert "6 of 36 lines" in axes.get_xlabel()

    def test_others_can_be_chosen(self, done, many):
        assert len(self.drawn(done.plot.returns(many, show=9))) == 9
        axes = done.plot.returns(many, show=["channel/segment 03", "channel/segment 20"])
        assert len(self.drawn(axes)) == 2
        assert "of 36" not in done.plot.returns(many, show=50).get_xlabel()

    @pytest.mark.parametrize("wrong", [0, -1, True, 2.5, "six", None, []])
    def test_what_cannot_be_shown(self, done, many, wrong):
        with pytest.raises(AnswerError, match="how many of the best"):
            done.plot.returns(many, show=wrong)

    def test_a_line_that_is_not_there(self, done, many):
        with pytest.raises(UnknownName, match="channel/segment 03"):
            done.plot.returns(many, show=["channel/segment 3"])

    @pytest.mark.parametrize("show", [6, 12, 36])
    @pytest.mark.parametrize("inches", [7, 3.9])
    def test_labels_touch_neither_each_other_nor_the_title(self, done, many, inches, show):
        figure, axes = plt.subplots(figsize=(inches, 3.9), layout="constrained")
        done.plot.returns(many, axes, show=show)
        figure.canvas.draw()
        boxes = [mpl.text.Text.get_window_extent(text) for text in axes.texts]
        assert boxes
        boxes.append(
            axes.title.get_window_extent() if axes.title.get_text() else axes._left_title.get_window_extent()
        )
        boxes.sort(key=lambda box: box.y0)
        for lower, upper in pairwise(boxes):
            assert lower.y1 <= upper.y0 + 1


class TestMistakes:
    @pytest.mark.parametrize("name", PICTURES)
    @pytest.mark.parametrize("wrong", [5, "x", [1]])
    def test_axes_that_are_none(self, done, name, wrong):
        with pytest.raises(AnswerError, match=r"plt\.subplots"):
            picture(done, name, wrong)


class TestSeason:
    def test_the_weeks_are_dated_and_tet_is_marked(self, done):
        axes = done.plot.weekly()
        assert "2026-01-01" in axes.get_xlabel()
        assert "season" in axes.get_xlabel()
        assert [text.get_text() for text in axes.texts].count("Tet") == 1
        (patch,) = axes.patches
        middle = (
            patch.get_x() + patch.get_width() / 2
        )  # the week of 17 to 23 February, a week's point its middle
        assert middle == pytest.approx(0.5 + (47 + 3.5) / 7)

    def test_other_weeks_have_no_tet(self, every):
        axes = simulate(every, Plan(weeks=3)).plot.weekly()
        assert "Tet" not in [text.get_text() for text in axes.texts]


class TestLetters:
    @given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.floats(0.1, 1e5))
    def test_labels_keep_clear_of_each_other(self, heights, gap):
        given_, places = np.array(heights), _apart(np.array(heights), gap)
        order = np.argsort(given_, kind="stable")
        assert (np.diff(places[order]) >= gap * (1 - 1e-9) - 1e-6).all()
        assert places.mean() == pytest.approx(given_.mean(), abs=1e-3)  # none is favoured
        if len(heights) > 1 and np.diff(given_[order]).min() >= gap * 1.001 + 1e-6:
            assert places == pytest.approx(given_)  # none is moved without need

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (0, "0"), (7, "7"), (0.25, "0.25"), (950, "950"), (9_990, "9,990"), (10_000, "10k"), (12_345, "12.3k"),
            (999_999, "1M"), (1_234_567, "1.23M"), (-2_500_000, "-2.5M"), (3.4e9, "3.4bn"),
        ],
    )  # fmt: skip
    def test_numbers_as_people_say_them(self, value, said):
        assert readable(value) == said
