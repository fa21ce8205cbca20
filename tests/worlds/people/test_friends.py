"""Circles of friends: degree, clustering and homophily as people have them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.people.friends import friend_ties, sponsors
from narrowcast.worlds.population import REGION_SIZE


@pytest.fixture(scope="module", params=world_names())
def block(request):
    recipe = load_recipe(world_folder(request.param) / "recipe.toml")
    return Blueprint(recipe, 2 * REGION_SIZE, 3).block(0)


@pytest.fixture(scope="module")
def ties(block):
    return friend_ties(block)


def test_everybody_has_as_many_friends_as_the_recipe_says(block, ties):
    degree = np.bincount(np.concatenate([ties.first, ties.second]), minlength=block.size)
    wanted = block.recipe.advocacy.friends.value
    assert degree.mean() == pytest.approx(wanted, rel=0.06)
    assert degree.var() > 1.4 * wanted  # a Poisson's variance is its mean: people differ more


def test_friends_of_friends_are_friends(block, ties):
    graph = nx.Graph(zip(ties.first.tolist(), ties.second.tolist(), strict=True))
    by_chance = block.recipe.advocacy.friends.value / REGION_SIZE
    assert 0.08 < nx.transitivity(graph) < 0.6
    assert nx.transitivity(graph) > 20 * by_chance


def test_like_knows_like(block, ties):
    same = (block.segment[ties.first] == block.segment[ties.second]).mean()
    by_chance = sum(s.share.value**2 for s in block.recipe.segments.values())
    assert same == pytest.approx(max(block.recipe.advocacy.homophily.value, by_chance), abs=0.04)


def test_each_pair_once_and_nobody_with_themselves(block, ties):
    assert (ties.first < ties.second).all()
    assert np.unique(ties.first * block.size + ties.second).size == ties.first.size
    assert ((ties.closeness >= 0) & (ties.closeness <= 1)).all()


def test_no_tie_leaves_its_region(ties):
    assert (ties.first // REGION_SIZE == ties.second // REGION_SIZE).all()


def test_sponsors_came_before_and_live_in_the_region(block):
    number = np.arange(block.size)
    sponsor = sponsors(block, number)
    some = sponsor >= 0
    assert (sponsor[some] < number[some]).all()
    assert (sponsor[some] // REGION_SIZE == number[some] // REGION_SIZE).all()
    assert np.array_equal(np.flatnonzero(~some), [0, REGION_SIZE])  # the first of each region


def test_nobody_has_friends_where_the_recipe_has_none(block):
    none = block.recipe.advocacy.model_copy(
        update={"friends": block.recipe.advocacy.friends.model_copy(update={"value": 0.0})}
    )
    lonely = Blueprint(block.recipe.model_copy(update={"advocacy": none}), 500, 1).block(0)
    assert friend_ties(lonely).first.size == 0
