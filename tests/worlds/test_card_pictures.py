"""A picture of a market says in words what it shows, and stays until it shows other things."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.card import PLOTS, drawing, page, plots, see, svg, up_to_date
from narrowcast.worlds.card.svg import _DARK

SMALL = 1_500


@pytest.fixture(scope="module", params=world_names())
def recipe(request):
    return load_recipe(world_folder(request.param) / "recipe.toml")


@pytest.fixture(scope="module")
def looked(recipe):
    return see(Blueprint(recipe, SMALL, 7))


@pytest.fixture(scope="module")
def shop():
    return load_recipe(world_folder("hcmc-fashion") / "recipe.toml")


@pytest.fixture(scope="module")
def shop_seen(shop):
    return see(Blueprint(shop, SMALL, 7))


def test_they_say_in_words_what_they_show(recipe, looked):
    drawn = {plot.name: plot for plot in plots(recipe, looked)}
    assert tuple(drawn) == PLOTS
    for title in (segment.title for segment in recipe.segments.values()):
        assert title in drawn["groups"].alt
        assert title in drawn["values"].alt
    assert f"{max(looked.weekly):,} orders" in drawn["weeks"].alt


def test_they_are_whole_and_ask_for_nothing(recipe, looked):
    for plot in plots(recipe, looked):
        text = svg(plot)
        root = ET.fromstring(text)
        assert root.find("{http://www.w3.org/2000/svg}title").text == plot.alt
        assert root.get("role") == "img"
        assert "<script" not in text
        assert not re.search(r"(href|src)=\"(?!#)", text)
        assert not re.search(r"url\((?!#)", text)
        for word in (word for word in plot.content.values() if isinstance(word, str)):
            assert word in text or plot.name == "weeks"


def test_drawn_twice_they_are_the_same_bytes(shop, shop_seen):
    for plot in plots(shop, shop_seen):
        assert svg(plot) == svg(plot)


def test_many_groups_fit(shop, shop_seen):
    names = [f"group{number}" for number in range(40)]
    segment = next(iter(shop.segments.values()))
    many = shop.model_copy(update={"segments": dict.fromkeys(names, segment)})
    looks = see(Blueprint(shop, SMALL, 7))
    wide = type(looks)(
        **{
            **vars(looks),
            "shares": (0.025,) * 40,
            "margins": (0.025,) * 40,
            "values": looks.values[:1] * 40,
        }
    )
    for plot in plots(many, wide):
        ET.fromstring(svg(plot))
    bars = plots(many, wide)[0].content["bars"]
    assert sum(pair[0][0] for _title, pair in bars) == pytest.approx(1)


def test_a_market_in_which_nobody_bought_twice_is_drawn_too(shop):
    for customers in (1, 2, 9):
        looks = see(Blueprint(shop, customers, 1))
        for plot in plots(shop, looks):
            ET.fromstring(svg(plot))
        assert page(shop, looks)


def test_it_is_out_of_date_once_it_shows_something_else(shop, shop_seen):
    before = svg(plots(shop, shop_seen)[0])
    assert up_to_date(before, plots(shop, shop_seen)[0])
    other = type(shop_seen)(**{**vars(shop_seen), "shares": (0.6, 0.2, 0.2)})
    assert not up_to_date(before, plots(shop, other)[0])
    segments = {
        name: one.model_copy(update={"title": one.title + "!"}) for name, one in shop.segments.items()
    }
    assert not up_to_date(before, plots(shop.model_copy(update={"segments": segments}), shop_seen)[0])


def test_a_difference_that_nobody_sees_is_none(shop, shop_seen):
    other = type(shop_seen)(**{**vars(shop_seen), "shares": tuple(s + 1e-9 for s in shop_seen.shares)})
    assert plots(shop, other)[0].digest == plots(shop, shop_seen)[0].digest


def test_an_edit_by_hand_is_noticed(shop, shop_seen):
    plot = plots(shop, shop_seen)[0]
    text = svg(plot)
    assert not up_to_date(text.replace("Bargain", "Bargain!"), plot)
    assert not up_to_date(text + "\n", plot)
    assert not up_to_date("", plot)
    assert not up_to_date("<svg/>", plot)


def test_what_another_matplotlib_drew_is_kept(shop, shop_seen, monkeypatch):
    plot = plots(shop, shop_seen)[0]
    here = svg(plot)
    monkeypatch.setattr(drawing, "_TEXT", 13.0)  # stands in for a version that places things differently
    there = svg(plot)
    assert there != here
    assert up_to_date(there, plot)


def test_words_can_be_read_in_light_and_dark():
    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        high, low = sorted((light(one), light(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for scheme in ({}, _DARK):
        paper = scheme.get(drawing.PAPER, drawing.PAPER)
        for ink in (drawing.INK, drawing.SOFT):
            assert contrast(scheme.get(ink, ink), paper) >= 4.5
            assert contrast(scheme.get(ink, ink), scheme.get(drawing.SKY, drawing.SKY)) >= 4.5
        for mark in (drawing.BLUE, drawing.ORANGE):
            assert contrast(scheme.get(mark, mark), paper) >= 3
