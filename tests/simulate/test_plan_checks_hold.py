"""What a plan's check says beforehand of money and contacts is what the simulator then does."""

from __future__ import annotations

import re

import numpy as np
import pytest

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.campaigns.amounts import addressed, amounts
from narrowcast.campaigns.bidding import least_bid, quality
from narrowcast.campaigns.following import in_vain
from narrowcast.simulate import simulate
from narrowcast.simulate.census import COUNTED
from narrowcast.simulate.pull import auction
from narrowcast.worlds import open_world


@pytest.fixture(scope="module")
def shop():
    return open_world("hcmc-fashion", customers=2_000).with_media("email", "sms", "phone", "post")


@pytest.mark.parametrize("form", [0.0, 0.3, 0.5, 1.0])
def test_the_least_bid_is_the_auctions(shop, form):
    channel = shop.recipe.channels["search"]
    flight = Flight("search", 1, message=Message(form=form))
    least, median = least_bid(flight, channel), channel.rival_strength.value
    shown = [
        auction(bid, quality(flight), round(channel.rivals.value), median).clicks > 0
        for bid in (least - 1, least)
    ]
    assert shown == [False, True]


@pytest.mark.parametrize("channel", ["email", "sms", "post"])
@pytest.mark.parametrize("files", [(), ("fashion-lovers",), ("house", "fashion-lovers")])
@pytest.mark.parametrize("consented", [True, False])
def test_addresses_are_reckoned_as_they_are_counted(shop, channel, files, consented):
    flight = Flight(channel, 1_000, files=files, consented=consented)
    simulate(shop, Plan(flights=[Flight("sms", 1, files="fashion-lovers")], weeks=1, lawful=False))
    census = next(one for names, one in COUNTED[shop].items() if "fashion-lovers" in names)
    recipe = shop.recipe.channels[channel]
    counted = census.weights(flight, recipe, list(shop.recipe.channels).index(channel), -1)[0]
    assert addressed(flight, shop).sum() == pytest.approx(counted, rel=0.1)


@pytest.mark.parametrize(
    "flights",
    [
        [Flight("phone", 5_000_000, after="open")],
        [Flight("phone", 5_000_000, after="lead"), Flight("television", 1_000_000)],
        [Flight("search", 5_000_000, bid=1)],
    ],
    ids=["open", "lead", "bid"],
)
def test_in_vain_is_in_vain(shop, flights):
    plan = Plan(flights=flights, weeks=3)
    (problem,) = in_vain(plan, shop)
    name = problem.problem.split()[0]
    assert simulate(shop, plan).channels(by_flight=True).loc[name, "cost"] == 0


@pytest.mark.parametrize(
    "flights",
    [
        [Flight("email", 50_000_000, cap=2)],
        [Flight("email", 50_000_000, "trend", cap=2)],
        [Flight("email", 50_000_000, schedule=[0, 3, 1], cap=5)],
    ],
)
def test_no_more_than_was_said_is_spent(shop, flights):
    plan = Plan(flights=flights, weeks=3)
    problem = next(one.problem for one in amounts(plan, shop) if "at most can be spent" in one.problem)
    most = int(re.search(r"about ([\d,]+) at most", problem)[1].replace(",", ""))
    spent = float(np.sum(simulate(shop, plan).spent))
    assert 0.8 * most < spent < 1.1 * most
