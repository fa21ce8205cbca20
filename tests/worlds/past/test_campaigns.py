"""Past campaigns: rates of the recipe, arms by chance, effects that only a holdout shows."""

from __future__ import annotations

import numpy as np
import pytest

from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.calendar import TODAY
from narrowcast.worlds.past.campaigns import (
    CREDIT_DAYS,
    HOLDOUT,
    TREATED,
    arms,
    experiment_of,
    left_lists,
    meetings,
)
from narrowcast.worlds.past.purchases import tempers
from narrowcast.worlds.past.sales import ORGANIC, click_moment, sales
from narrowcast.worlds.people.contactable import contactable
from narrowcast.worlds.tables import TABLES

CUSTOMERS = 60_000


def block(name, customers=CUSTOMERS, seed=5):
    recipe = load_recipe(world_folder(name) / "recipe.toml")
    return Blueprint(recipe, customers, seed).block(0)


@pytest.fixture(scope="module", params=world_names())
def drawn(request):
    return block(request.param)


@pytest.fixture(scope="module")
def fashion():
    return block("hcmc-fashion", 100_000)


def near(share, of):
    """Sampling error of a share, four standard errors wide."""
    return 4 * max(share * (1 - share), 1e-4) ** 0.5 / max(of, 1) ** 0.5


def test_rates_are_those_of_the_recipe(drawn):
    for name, meeting in drawn.once(meetings).items():
        campaign = drawn.recipe.campaigns[name]
        chosen = meeting.arm > 0
        assert (meeting.arm[chosen] == HOLDOUT).mean() == pytest.approx(
            campaign.holdout.value, abs=near(campaign.holdout.value, chosen.sum())
        )
        touched = meeting.arm == TREATED
        delivered = meeting.delivered
        for got, share, of in (
            (delivered, campaign.delivered.value, touched),
            (meeting.left, campaign.unsubscribed.value, delivered),
        ):
            assert got[of].mean() == pytest.approx(share, abs=near(share, of.sum()))
            assert not got[~of].any()
        # Who was moved, or about to order, has opened and clicked, whatever the rates.
        by_itself = delivered & ~meeting.moved & ~meeting.sought
        opened = meeting.opened[by_itself]
        assert opened.mean() == pytest.approx(
            campaign.opened.value, abs=near(campaign.opened.value, opened.size)
        )
        clicked = meeting.clicked[by_itself & meeting.opened]
        assert clicked.mean() == pytest.approx(
            campaign.clicked.value,
            abs=near(campaign.clicked.value, clicked.size) + 0.1 * campaign.clicked.value,
        )


def test_what_follows_needs_what_goes_before(drawn):
    for meeting in drawn.once(meetings).values():
        assert not (meeting.opened & ~meeting.delivered).any()
        assert not (meeting.clicked & ~meeting.opened).any()
        assert not (meeting.moved & ~meeting.clicked).any()
        assert not (meeting.machine & meeting.opened).any()
        assert ((meeting.clicks > 0) == meeting.clicked).all()
        assert not meeting.delivered[meeting.arm == HOLDOUT].any()


def list_of(medium):
    return 0 if medium == "email" else 1 if medium in ("sms", "phone") else None


def test_nobody_is_met_without_consent_or_before_they_came(drawn):
    people, given = TABLES["customers"].of(drawn).to_pandas(), drawn.once(contactable)
    for name, meeting in drawn.once(meetings).items():
        campaign, chosen = drawn.recipe.campaigns[name], meeting.arm > 0
        if campaign.medium == "email":
            assert given.email_consent[chosen].all()
        if campaign.medium in ("sms", "phone"):
            assert given.phone_consent[chosen].all()
        if campaign.segment is not None:
            assert (people["segment"][chosen] == campaign.segment).all()
        moment = meeting.moment[chosen]
        assert (people["acquired_at"][chosen].to_numpy() < moment).all()
        assert (moment < TODAY).all()


def test_whoever_left_a_list_is_met_no_more_and_has_taken_their_consent_back(drawn):
    met = drawn.once(meetings)
    dated = sorted(drawn.recipe.campaigns, key=lambda name: -drawn.recipe.campaigns[name].weeks_ago.value)
    left = [np.zeros(drawn.size, dtype=bool), np.zeros(drawn.size, dtype=bool)]
    for name in dated:
        number = list_of(drawn.recipe.campaigns[name].medium)
        if number is not None:
            assert not (left[number] & (met[name].arm > 0)).any()
            left[number] |= met[name].left
    people = TABLES["customers"].of(drawn).to_pandas()
    assert (left[0] | left[1]).any()
    assert np.array_equal(left[0], drawn.once(left_lists)[0])
    assert np.array_equal(left[1], drawn.once(left_lists)[1])
    assert not people["email_consent"][left[0]].any()
    assert not people["phone_consent"][left[1]].any()


def test_the_arms_are_those_of_the_latest_experiment(drawn):
    name = experiment_of(drawn.recipe)
    assert np.array_equal(drawn.once(arms), drawn.once(meetings)[name].arm)
    latest = drawn.recipe.campaigns[name].weeks_ago.value
    assert all(c.weeks_ago.value >= latest for c in drawn.recipe.campaigns.values() if c.holdout.value > 0)


def test_chance_alone_decides_the_arm(drawn):
    """Rates of buying, ages of accounts and segments are alike in both arms."""
    arm = drawn.once(arms)
    for measure in (drawn.once(tempers).rank, drawn.segment.astype(float), np.arange(drawn.size)):
        treated, held = measure[arm == TREATED], measure[arm == HOLDOUT]
        error = np.sqrt(treated.var() / treated.size + held.var() / held.size)
        assert treated.mean() - held.mean() == pytest.approx(0, abs=4.5 * error)


def test_clickers_would_have_bought_anyway(fashion):
    """The trap: who clicks has a higher rate of buying, whatever the campaign did."""
    rank = fashion.once(tempers).rank
    for meeting in fashion.once(meetings).values():
        by_itself = meeting.clicked & ~meeting.moved
        assert rank[by_itself].mean() > rank[meeting.opened & ~meeting.clicked].mean() + 0.05


def test_the_last_click_credits_what_was_not_caused(fashion):
    """The best campaign of the year by last click caused next to nothing."""
    sold, names = fashion.once(sales), list(fashion.recipe.campaigns)
    credited = np.bincount(sold.credited[sold.credited != ORGANIC], minlength=len(names))
    caused = np.bincount(sold.cause[sold.cause != ORGANIC], minlength=len(names))
    banners = names.index("winter-banners")
    assert credited.argmax() == banners
    assert credited[banners] > 8 * caused[banners] > 0
    sought = fashion.once(meetings)["winter-banners"].sought
    assert sought[sold.customer[sold.credited == banners]].mean() > 0.8


def test_the_holdout_finds_what_was_caused(fashion):
    """Orders a head after the trial, treated less held: the caused ones, within sampling error."""
    sold, name = fashion.once(sales), experiment_of(fashion.recipe)
    meeting, number = fashion.once(meetings)[name], list(fashion.recipe.campaigns).index(name)
    since = meeting.moment.min()
    orders = np.bincount(sold.customer[sold.moment >= since], minlength=fashion.size)
    treated, held = orders[meeting.arm == TREATED], orders[meeting.arm == HOLDOUT]
    caused = (sold.cause == number).sum() / treated.size
    error = np.sqrt(treated.var() / treated.size + held.var() / held.size)
    assert treated.mean() - held.mean() == pytest.approx(caused, abs=4 * error)
    assert caused == pytest.approx(meeting.moved.sum() / treated.size)
    assert caused > 0


def test_caused_orders_follow_the_recipe(fashion):
    """Of those delivered to: persuadable people times the campaign's lift."""
    shares = fashion.each(lambda s: s.persuadable.value)
    for name, meeting in fashion.once(meetings).items():
        expected = (shares[meeting.delivered] * fashion.recipe.campaigns[name].lift.value).mean()
        got = meeting.moved[meeting.delivered].mean()
        assert got == pytest.approx(expected, abs=near(expected, meeting.delivered.sum()))


def test_credit_goes_to_the_last_click(fashion):
    sold = fashion.once(sales)
    clicks = [
        np.where(meeting.clicked, click_moment(fashion, meeting), np.datetime64("NaT"))
        for meeting in fashion.once(meetings).values()
    ]
    credited = np.flatnonzero(sold.credited != ORGANIC)
    assert credited.size > 50
    for row in credited[:200]:
        since = [sold.moment[row] - click[sold.customer[row]] for click in clicks]
        inside = {
            number: wait
            for number, wait in enumerate(since)
            if not np.isnat(wait) and np.timedelta64(0, "s") <= wait < np.timedelta64(CREDIT_DAYS, "D")
        }
        assert sold.credited[row] == min(inside, key=inside.get)
    assert (sold.credited[sold.cause != ORGANIC] != ORGANIC).all()


def test_a_world_without_campaigns_has_no_arms():
    recipe = load_recipe(world_folder("soft-drink") / "recipe.toml").model_copy(update={"campaigns": {}})
    bare = Blueprint(recipe, 500, 0).block(0)
    assert not bare.once(arms).any()
    assert "touches" not in [name for name, table in TABLES.items() if table.present(recipe)]
    assert (bare.once(sales).cause == ORGANIC).all()
