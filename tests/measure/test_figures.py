"""A channel's indicators, the business figures beside them, benchmarks, and reach together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import speaking
from narrowcast.measure import (
    BUSINESS,
    CHANNEL_SUMS,
    INDICATORS,
    against_benchmarks,
    business_indicators,
    channel_indicators,
    combined_reach,
    duplication,
    indicator_meanings,
    kpis,
)

SUMS = pd.DataFrame(
    {
        "contacts": [1_000, 50_000],
        "bounced": [100, 0],
        "delivered": [900, 50_000],
        "opened": [180, 12_000],
        "machine_opens": [270, 0],
        "clicked": [36, 500],
        "leads": [9, 0],
        "unsubscribed": [3, 0],
        "complaints": [1, 0],
        "tracked_orders": [4, 10],
        "tracked_revenue": [2_000, 6_000],
        "cost": [500, 4_000],
    },
    index=["mail", "feed"],
)
MEDIA = {"mail": "email", "feed": "social"}
BUSINESS_SUMS = {"orders": 50, "revenue": 40_000, "margin": 8_000, "cost": 10_000, "new_customers": 20}
CAMPAIGN = {
    "contacts": 100, "reached": 90, "recognised": 40, "noticed": 60, "visits": 30, "orders": 9, "revenue": 900,
    "margin": 300, "advocates": 1, "told": 2, "new_customers": 4, "complaints": 3, "consents_lost": 8,
    "future_margin": 500,
}  # fmt: skip
NOTHING = CAMPAIGN | {"orders": 5, "margin": 200, "future_margin": 380, "consents_lost": 2}


class TestChannelIndicators:
    def test_a_sent_medium(self):
        found = channel_indicators(SUMS, MEDIA).loc["mail"]
        expected = {
            "delivery_rate": 0.9, "bounce_rate": 0.1, "open_rate": 0.2, "reported_open_rate": 0.5,
            "click_to_open": 0.2, "click_rate": 0.04, "unsubscribe_rate": 3 / 900, "complaint_rate": 1 / 900,
            "ctr": math.nan, "cpc": 500 / 36, "cpm": 500, "cost_per_lead": 500 / 9, "cost_per_order": 125,
            "roas": 4, "tracked_orders": 4,
        }  # fmt: skip
        assert tuple(found.index) == INDICATORS
        assert found.to_dict() == pytest.approx(expected, nan_ok=True)

    def test_a_bought_medium(self):
        found = channel_indicators(SUMS, pd.Series(MEDIA)).loc["feed"]
        assert found["ctr"] == 0.01
        assert found["cpm"] == 80
        assert math.isnan(found["cost_per_lead"])  # there are none
        assert found[list(INDICATORS[:8])].isna().all()

    def test_nothing_counted_is_nothing_told(self):
        found = channel_indicators(pd.DataFrame(0, index=["mail"], columns=list(CHANNEL_SUMS)), MEDIA)
        assert found.drop(columns="tracked_orders").isna().all(axis=None)

    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_each_has_a_meaning(self, language):
        with speaking(language):
            assert tuple(indicator_meanings().index) == INDICATORS
            assert indicator_meanings().str.len().gt(10).all()

    def test_sums_of_regions_give_the_indicators_of_the_whole(self):
        twice = channel_indicators(SUMS + SUMS, MEDIA).drop(columns="tracked_orders")
        pd.testing.assert_frame_equal(twice, channel_indicators(SUMS, MEDIA).drop(columns="tracked_orders"))

    @pytest.mark.parametrize(
        ("sums", "media", "error", "said"),
        [
            (SUMS.rename(columns={"clicked": "clicks"}), MEDIA, UnknownName, "clicks"),
            (SUMS.assign(cost=-1), MEDIA, AnswerError, "cost"),
            (SUMS.assign(opened=np.nan), MEDIA, AnswerError, "opened"),
            (SUMS.assign(opened="some"), MEDIA, AnswerError, "numbers"),
            (SUMS, {"mail": "email"}, AnswerError, "feed"),
            (SUMS.set_axis(["mail", "mail"]), MEDIA, AnswerError, "one row a channel"),
            (SUMS, None, AnswerError, "media"),
            ({"mail": 1}, MEDIA, AnswerError, "DataFrame"),
        ],
    )
    def test_what_cannot_be_is_told(self, sums, media, error, said):
        with pytest.raises(error, match=said):
            channel_indicators(sums, media)


class TestBenchmarks:
    FOUND = channel_indicators(SUMS, MEDIA)

    def test_one_number_for_all_channels(self):
        table = against_benchmarks(self.FOUND, {"open_rate": 0.25, "cpm": 100, "bounce_rate": 0})
        assert table["channel"].tolist() == ["mail", "mail", "mail", "feed"]
        assert table["ratio"].tolist() == pytest.approx([0.8, 5, math.nan, 0.8], nan_ok=True)
        assert table["better"].tolist() == [False, False, False, True]  # a low price is the better one

    def test_a_number_for_each(self):
        marks = pd.DataFrame({"cpm": [600.0, np.nan], "ctr": [0.5, 0.005]}, index=["mail", "feed"])
        table = against_benchmarks(self.FOUND, marks)
        assert table[["channel", "indicator"]].to_numpy().tolist() == [["mail", "cpm"], ["feed", "ctr"]]
        assert table["better"].all()

    def test_nothing_to_compare_is_an_empty_table(self):
        assert against_benchmarks(self.FOUND, {}).empty

    @pytest.mark.parametrize(
        ("benchmarks", "error", "said"),
        [
            ({"opens": 0.2}, UnknownName, "opens"),
            ({"tracked_orders": 5}, UnknownName, "tracked_orders"),
            (pd.DataFrame({"cpm": [1]}, index=["tv"]), UnknownName, "tv"),
            ({"cpm": "cheap"}, AnswerError, "cpm"),
            ({"cpm": -1}, AnswerError, "cpm"),
            (5, AnswerError, "compared"),
        ],
    )
    def test_what_cannot_be_is_told(self, benchmarks, error, said):
        with pytest.raises(error, match=said):
            against_benchmarks(self.FOUND, benchmarks)


class TestBusiness:
    def test_a_return_of_four_on_advertising_can_lose_money(self):
        found = business_indicators(BUSINESS_SUMS)
        assert tuple(found.index) == BUSINESS
        assert (found["roas"], found["roi"], found["profit"]) == pytest.approx((4, -0.2, -2_000))
        assert (found["cac"], found["aov"]) == (500, 800)
        assert math.isnan(found["clv"])

    def test_salaries_and_tools_make_a_customer_dearer(self):
        found = business_indicators(BUSINESS_SUMS, overhead=6_000, clv=1_200)
        assert (found["cac"], found["cost"], found["roas"], found["clv"]) == (800, 16_000, 4, 1_200)
        assert found["roi"] == pytest.approx(-0.5)

    def test_what_is_divided_by_nothing_is_no_number(self):
        found = business_indicators(dict.fromkeys(BUSINESS_SUMS, 0))
        assert found[["roi", "roas", "cac", "aov"]].isna().all()

    @pytest.mark.parametrize(
        ("sums", "more", "said"),
        [
            ({"orders": 1}, {}, "missing: revenue, margin"),
            (None, {}, "named sums"),
            ([1, 2], {}, "named sums"),
            (BUSINESS_SUMS | {"margin": "much"}, {}, "margin"),
            (BUSINESS_SUMS | {"cost": -1}, {}, "cost"),
            (BUSINESS_SUMS, {"overhead": -1}, "overhead"),
            (BUSINESS_SUMS, {"clv": "high"}, "clv"),
            (BUSINESS_SUMS, {"clv": math.inf}, "clv"),
        ],
    )
    def test_what_cannot_be_is_told(self, sums, more, said):
        with pytest.raises(AnswerError, match=said):
            business_indicators(sums, **more)


class TestValueOfACampaign:
    def test_it_is_margin_now_and_later_less_cost_and_consent(self):
        found = kpis(CAMPAIGN, NOTHING, 100, cost=70, consent_worth=10)
        assert found["future_margin"] == 120
        assert found["value"] == 100 + 120 - 70 - 10 * 6
        assert found[["new_customers", "complaints", "consents_lost"]].tolist() == [4, 3, 8]

    def test_without_them_it_is_the_incremental_profit(self):
        later = ("new_customers", "complaints", "consents_lost", "future_margin")
        short = {k: v for k, v in CAMPAIGN.items() if k not in later}
        found = kpis(short, short | {"margin": 200}, 100, cost=70, consent_worth=10)
        assert found["value"] == found["incremental_profit"] == 30

    @pytest.mark.parametrize(
        ("name", "wrong"), [("orders", None), ("complaints", math.nan), ("margin", "much")]
    )
    def test_a_sum_is_a_number(self, name, wrong):
        with pytest.raises(AnswerError, match=name):
            kpis(CAMPAIGN | {name: wrong}, NOTHING, 100, 70)
        with pytest.raises(AnswerError, match="missing: recognised"):
            kpis({k: v for k, v in CAMPAIGN.items() if k != "recognised"}, NOTHING, 100, 70)

    @pytest.mark.parametrize("wrong", [-1, math.nan, "dear"])
    def test_consent_is_worth_something(self, wrong):
        with pytest.raises(AnswerError, match="consent_worth"):
            kpis(CAMPAIGN, NOTHING, 100, 70, consent_worth=wrong)


SHARES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1), min_size=1)


class TestReachTogether:
    @given(SHARES)
    def test_it_is_what_chance_gives(self, shares):
        together = combined_reach(shares)
        assert together == pytest.approx(1 - math.prod(1 - p for p in shares.values()))
        assert max(shares.values()) - 1e-12 <= together <= min(1, sum(shares.values())) + 1e-12
        assert combined_reach(pd.Series(shares)) == together

    @given(st.floats(0, 1), st.floats(0, 1))
    def test_who_is_met_twice_is_what_the_sum_has_too_much(self, one, other):
        shares = {"a": one, "b": other}
        both = duplication(shares)
        assert (
            both.loc["a", "b"]
            == both.loc["b", "a"]
            == pytest.approx(one + other - combined_reach(shares), abs=1e-12)
        )
        assert both.loc["a", "a"] == one

    def test_people_drawn_one_by_one_agree(self):
        met = np.random.default_rng(1).random((200_000, 3)) < [0.1, 0.4, 0.25]
        assert met.any(axis=1).mean() == pytest.approx(
            combined_reach({"a": 0.1, "b": 0.4, "c": 0.25}), abs=0.005
        )
        assert (met[:, 0] & met[:, 1]).mean() == pytest.approx(0.04, abs=0.003)

    @pytest.mark.parametrize(
        "wrong", [{"a": 1.1}, {"a": -0.1}, {"a": math.nan}, {"a": "half"}, [0.1], None, 0.5]
    )
    def test_reach_is_a_share(self, wrong):
        for function in (combined_reach, duplication):
            with pytest.raises(AnswerError, match="each"):
                function(wrong)
