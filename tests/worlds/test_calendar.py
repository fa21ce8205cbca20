"""Seasonal time and the clock."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.worlds.calendar import DAY, TODAY, Calendar, clock

MONTHS = (1.5, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 1.5)


@pytest.fixture(scope="module")
def calendar():
    return Calendar(MONTHS, 730)


def test_seasonal_time_passes_as_fast_as_the_other_on_the_whole(calendar):
    assert calendar.passed[0] == 0
    assert calendar.passed[-1] == pytest.approx(730)
    assert (np.diff(calendar.passed) > 0).all()


def test_a_level_year_is_plain_time():
    level = Calendar((1.0,) * 12, 400)
    assert level.passed == pytest.approx(np.arange(401))


def test_december_is_three_times_as_busy_as_november(calendar):
    dates = TODAY.astype("datetime64[D]") - np.arange(730, 0, -1)
    month = dates.astype("datetime64[M]").astype(int) % 12
    days = calendar.day_of(np.linspace(0, calendar.passed[-1], 200_001)[:-1])
    per_day = np.bincount(days, minlength=730)
    assert per_day[month == 11].mean() / per_day[month == 10].mean() == pytest.approx(3, rel=0.02)


@given(st.floats(0, 730))
def test_day_of_is_the_inverse_of_seasonal(seasonal):
    calendar = Calendar(MONTHS, 730)
    day = int(calendar.day_of(np.array([seasonal]))[0])
    assert 0 <= day < 730
    assert calendar.passed[day] <= seasonal + 1e-9
    assert seasonal <= calendar.passed[day + 1] + 1e-9


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=20))
def test_the_clock_runs_forward_within_a_day(u):
    seconds = clock(np.sort(np.array(u)))
    assert (np.diff(seconds) >= 0).all()
    assert seconds.min() >= 0
    assert seconds.max() < DAY


def test_people_sleep_at_night():
    hour = clock((np.arange(100_000) + 0.5) / 100_000) // 3_600
    assert np.isin(hour, (1, 2, 3, 4)).mean() < 0.02
    assert np.isin(hour, (19, 20, 21, 22)).mean() > 0.3


def test_the_last_moment_lies_before_today(calendar):
    assert calendar.moment(np.array([729]), np.array([1 - 2**-53]))[0] < TODAY
    assert calendar.moment(np.array([0]), np.array([0.0]))[0] == TODAY - np.timedelta64(730, "D")
