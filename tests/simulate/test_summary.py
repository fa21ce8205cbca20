"""Figures for reading: what they say is what was counted."""

from __future__ import annotations

import pandas as pd
import pytest

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import AnswerError
from narrowcast.language import speaking
from narrowcast.measure import KPIS, kpi_meanings
from narrowcast.simulate import simulate
from narrowcast.simulate.seasons import first_days, season_of, tet_of


@pytest.fixture(scope="module")
def done(fashion):
    plan = Plan("<b>new</b> year", [Flight("television", 2_000_000)], weeks=10, holdout=0.2)
    return simulate(fashion, plan, 1)


class TestSummary:
    def test_it_says_every_figure(self, done):
        table, figures = done.summary(), done.kpis()
        assert tuple(table.index) == (*KPIS, "expected_profit")
        for name in ("contacts", "orders", "cost", "incremental_profit", "value"):
            assert float(table.loc[name, "value"].replace(",", "")) == pytest.approx(figures[name], abs=0.5)
        assert table.loc["recognition", "value"] == f"{figures['recognition']:.1%}"
        assert table.loc["cost", "unit"] == "VND"
        assert table.notna().all(axis=None)

    def test_it_fits_a_terminal_and_has_no_powers_of_ten(self, done):
        with pd.option_context("display.width", 80, "display.max_columns", None):
            text = str(done.summary())
        assert "e+" not in text
        assert "..." not in text
        assert max(map(len, text.splitlines())) <= 80

    def test_meanings_are_of_every_figure(self):
        assert tuple(kpi_meanings().index) == KPIS
        for name in ("value", "future_margin"):
            assert "luck" in kpi_meanings()[name]
        with speaking("vi"):
            assert tuple(kpi_meanings().index) == KPIS

    def test_a_notebook_shows_a_card(self, done):
        card = done._repr_html_()
        assert "&lt;b&gt;new&lt;/b&gt; year" in card
        assert "<b>" not in card
        assert done.summary().loc["incremental_profit", "value"] in card
        assert "holdout" not in repr(done)

    def test_the_card_of_sums_runs_nothing_again(self, fashion, monkeypatch):
        sums = simulate(fashion, Plan(flights=[Flight("television", 90_000)]), 1, people=False)
        monkeypatch.setattr(type(sums), "baseline", property(lambda _self: pytest.fail("it ran again")))
        assert "outcome.summary()" in sums._repr_html_()

    def test_figures_stay_numbers(self, done):
        assert done.kpis().dtype == float
        assert type(done.kpis()) is pd.Series


class TestWeeks:
    def test_they_can_be_dated(self, done):
        plain, dated = done.weekly(), done.weekly(dated=True)
        assert plain.index.tolist() == list(range(1, 11))
        assert dated.index[0] == pd.Timestamp("2026-01-01")
        assert (dated.index[1:] - dated.index[:-1] == pd.Timedelta(days=7)).all()
        assert (plain.to_numpy() == dated.to_numpy()).all()

    def test_a_later_start_begins_later(self, fashion):
        plan = Plan(start=3, weeks=2)
        assert first_days(plan)[0] == pd.Timestamp("2026-01-22")
        whole = season_of(fashion, Plan(weeks=5))
        assert season_of(fashion, plan).tolist() == whole[3:].tolist()
        assert simulate(fashion, plan).weekly()["season"].tolist() == whole[3:].tolist()

    def test_tet_is_found_where_the_market_knows_it(self, fashion):
        assert tet_of(fashion, Plan(weeks=10)) == pytest.approx(1 + 47 / 7)
        assert tet_of(fashion, Plan(weeks=4)) is None
        assert tet_of(fashion, Plan(start=8, weeks=4)) is None
        history = fashion.recipe.history.model_copy(update={"before_tet": None, "in_tet": None})

        class Without:
            recipe = fashion.recipe.model_copy(update={"history": history})

        assert tet_of(Without(), Plan(weeks=10)) is None

    @pytest.mark.parametrize("wrong", ["yes", 1, None, []])
    def test_a_switch_is_true_or_false(self, done, wrong):
        for call in (
            lambda: done.weekly(dated=wrong),
            lambda: done.lift(cuped=wrong),
            lambda: done.channels(by_flight=wrong),
        ):
            with pytest.raises(AnswerError, match="True or False"):
                call()
