"""A figure that decides nothing is not shown as if it did."""

from __future__ import annotations

import math

import pytest

from narrowcast.worlds import open_world
from narrowcast.worlds.card.market import channels
from narrowcast.worlds.media import catalogue
from narrowcast.worlds.whom import handed_on, precision_of, reach_of

SENT = {"email", "phone", "sms", "post"}
HANDED_ON = {"referral", "qr"}


def test_media_without_a_reach_or_a_precision():
    made = catalogue()
    assert {name for name, channel in made.items() if handed_on(channel)} == HANDED_ON
    assert {name for name, channel in made.items() if math.isnan(reach_of(channel))} == SENT | HANDED_ON
    assert {name for name, channel in made.items() if math.isnan(precision_of(channel))} == HANDED_ON


@pytest.mark.parametrize("name", ["farm-box", "hanoi-coffee"])
def test_a_market_says_so_in_table_and_card(name):
    world = open_world(name, customers=100)
    table = world.channels
    for row, channel in zip(table.itertuples(), world.recipe.channels.values(), strict=True):
        assert math.isnan(row.reach) == (channel.medium in SENT | HANDED_ON)
        assert math.isnan(row.precision) == (channel.medium in HANDED_ON)
    text = channels(world.recipe)
    (line,) = (line for line in text.splitlines() if line.startswith("| `qr`"))
    assert line.endswith("| – | – |")
    assert "no reach to be told" in text


def test_where_every_channel_has_a_reach_nothing_is_explained():
    assert "no reach" not in channels(open_world("hcmc-fashion", customers=100).recipe)
