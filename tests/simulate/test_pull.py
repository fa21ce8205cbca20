"""Places on a page of results: bought in an auction, or earned by authority."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.simulate.pull import auction, authority, click_curve, places

BIDS = st.floats(0, 50_000)
QUALITIES = st.floats(0.5, 1.5)
RIVALS = st.integers(0, 12)
MEDIANS = st.floats(100, 20_000)


class TestClickCurve:
    def test_published_places(self):
        assert click_curve(np.array([1.0, 2.0, 10.0])) == pytest.approx([0.285, 0.157, 0.025])

    def test_it_falls_and_never_ends(self):
        clicks = click_curve(np.linspace(1, 40, 200))
        assert (np.diff(clicks) < 0).all()
        assert (clicks > 0).all()


class TestAuction:
    def test_four_rivals_by_hand(self):
        """Rivals at the quantiles 1/8, 3/8, 5/8, 7/8 of a lognormal of median 4,000 and spread 0.5."""
        scores = [2_250.4, 3_410.6, 4_691.3, 7_109.9]
        won = auction(5_000, 1.0, 4, 4_000)
        assert won.place == 1 + sum(score > 5_000 for score in scores) == 2
        assert won.price == pytest.approx(scores[2], rel=1e-4)
        assert won.clicks == pytest.approx(0.157 / float(click_curve(3.0)), rel=1e-6)

    @given(BIDS, QUALITIES, RIVALS, MEDIANS)
    def test_nobody_pays_more_than_the_bid(self, bid, quality, rivals, median):
        won = auction(bid, quality, rivals, median)
        assert 0 <= won.price <= bid
        assert 1 <= won.place <= rivals + 1
        assert won.clicks >= 0

    @given(BIDS, QUALITIES, RIVALS, MEDIANS)
    def test_the_second_price_just_keeps_the_place(self, bid, quality, rivals, median):
        """At the price paid the place is the same; what was bid above it did not matter."""
        won = auction(bid, quality, rivals, median)
        if won.clicks > 0:
            again = auction(won.price * (1 + 1e-9), quality, rivals, median)
            assert again.place == won.place
            assert again.price == pytest.approx(won.price)

    @given(BIDS, BIDS, QUALITIES, RIVALS, MEDIANS)
    def test_a_higher_bid_is_never_lower_on_the_page(self, one, other, quality, rivals, median):
        low, high = (auction(bid, quality, rivals, median) for bid in sorted((one, other)))
        assert high.place <= low.place
        assert high.clicks >= low.clicks
        assert high.price >= low.price - 1e-9

    @given(BIDS, QUALITIES, QUALITIES, RIVALS, MEDIANS)
    def test_quality_is_as_good_as_money(self, bid, one, other, rivals, median):
        poor, good = (auction(bid, quality, rivals, median) for quality in sorted((one, other)))
        assert good.place <= poor.place
        if good.place == poor.place and poor.clicks > 0:
            assert good.price <= poor.price * (1 + 1e-9)

    def test_more_rivals_push_down(self):
        found = [auction(4_000, 1.0, rivals, 4_000).place for rivals in (0, 2, 6, 12)]
        assert found == sorted(found)
        assert found[0] == 1

    def test_below_the_least_price_nothing_is_shown(self):
        assert auction(0, 1.0, 4, 4_000).clicks == 0
        assert auction(799, 1.0, 4, 4_000).clicks == 0
        assert auction(801, 1.0, 4, 4_000).clicks > 0


class TestAuthority:
    def test_no_content_moves_nothing(self):
        assert not authority(np.zeros(20), 0.9, 9, 40).any()

    @given(st.lists(st.floats(0, 200), min_size=1, max_size=52), st.floats(0, 0.99), st.integers(0, 30))
    def test_it_is_a_share_of_the_clicks_at_the_top(self, words, kept, rivals):
        gained = authority(np.array(words), kept, rivals, 40)
        assert ((gained >= 0) & (gained < 1)).all()

    def test_it_is_slow_and_it_lasts(self):
        written = np.r_[np.full(20, 15.0), np.zeros(20)]
        gained = authority(written, 0.85, 9, 40)
        assert gained[0] < 0.1 * gained[19]
        assert (np.diff(gained[:20]) > 0).all()
        assert gained[20] > 0.5 * gained[19]  # it goes on for a while when the writing stops
        assert (np.diff(gained[20:]) < 0).all()
        assert gained[39] < 0.1 * gained[19]

    @given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 0.99))
    def test_more_content_never_harms(self, one, other, kept):
        low, high = (authority(np.full(12, words), kept, 9, 40) for words in sorted((one, other)))
        assert (low <= high + 1e-12).all()

    def test_the_median_page_stands_in_the_middle(self):
        assert places(np.array([40.0]), 9, 40.0)[0] == pytest.approx(1 + 9 / 2)
        assert places(np.array([1e9, 1e-12]), 9, 40.0) == pytest.approx([1, 10])

    def test_the_stock_is_the_written_one(self):
        """Constant writing goes to words / (1 - kept), on top of a quarter of the median page."""
        limit = 10 + 8 / (1 - 0.8)
        ends = authority(np.full(200, 8.0), 0.8, 9, 40)[-1]
        at, before = (float(click_curve(places(np.array([q]), 9, 40.0))[0]) for q in (limit, 10.0))
        assert ends == pytest.approx((at - before) / 0.285)
        assert math.isclose(authority(np.array([40.0]), 0.8, 9, 40)[0], ends)
