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


def test_the_middle_of_december_is_three_times_as_busy_as_that_of_november(calendar):
    dates = TODAY.astype("datetime64[D]") - np.arange(730, 0, -1)
    middle = {month: np.flatnonzero(dates == np.datetime64(f"2025-{month}-16"))[0] for month in (11, 12)}
    assert calendar.busy[middle[12]] / calendar.busy[middle[11]] == pytest.approx(3, rel=0.05)


def test_from_day_to_day_the_season_goes_smoothly(calendar):
    assert np.abs(np.diff(calendar.busy)).max() < 0.06


def test_tet_is_where_the_moon_puts_it():
    level, days = Calendar((1.0,) * 12, 800, before_tet=2.0, in_tet=0.25), 800
    dates = TODAY.astype("datetime64[D]") - np.arange(days, 0, -1)
    busy = dict(zip(dates.astype(str).tolist(), level.busy / level.busy.min() / 4, strict=True))
    assert busy["2024-02-09"] == busy["2025-01-28"] == pytest.approx(2)  # the eve
    assert busy["2024-02-10"] == busy["2025-01-29"] == pytest.approx(0.25)
    assert busy["2025-01-08"] == pytest.approx(2)
    assert busy["2025-01-07"] == busy["2025-02-05"] == pytest.approx(1)
    assert level.busy.mean() == pytest.approx(1)


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
