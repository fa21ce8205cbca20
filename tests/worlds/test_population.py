"""Who lives in a market: drawn by number, in regions, whatever the size."""

from __future__ import annotations

import numpy as np
import pytest

from narrowcast.worlds import open_world
from narrowcast.worlds.population import REGION_SIZE


def test_customer_17_is_the_same_in_any_market():
    few, many = (open_world("hcmc-fashion", customers=n).population for n in (1_000, 10_000))
    for name in ("segment", "noise", "exposure", "reachable"):
        assert np.array_equal(getattr(few, name), getattr(many, name)[:1_000]), name
    few, many = (open_world("hcmc-fashion", customers=n).interests for n in (1_000, 10_000))
    assert np.array_equal(few, many[:1_000])


@pytest.mark.parametrize(
    ("size", "regions"), [(1, 1), (REGION_SIZE, 1), (REGION_SIZE + 1, 2), (3 * REGION_SIZE, 3)]
)
def test_regions_cover_everybody_once(size, regions):
    blocks = open_world("soft-drink", customers=size).regions
    assert len(blocks) == regions
    assert [block.number for block in blocks] == list(range(regions))
    assert np.concatenate([np.arange(b.start, b.stop) for b in blocks]).tolist() == list(range(size))
    assert all(block.size == block.stop - block.start <= REGION_SIZE for block in blocks)
    assert all(block.start % 4 == 0 for block in blocks)


def test_the_population_follows_the_recipe(world):
    people, recipe = open_world(world.name, customers=20_000).population, world.recipe
    size = people.size
    for number, segment in enumerate(recipe.segments.values()):
        share = segment.share.value
        assert (people.segment == number).mean() == pytest.approx(
            share, abs=4 * (share * (1 - share) / size) ** 0.5
        )
    for number, channel in enumerate(recipe.channels.values()):
        share = channel.reach.value
        assert people.reachable[:, number].mean() == pytest.approx(
            share, abs=4 * (share * (1 - share) / size) ** 0.5
        )
    shape = recipe.market.exposure_shape.value
    assert people.exposure.mean() == pytest.approx(1, abs=0.03)
    assert people.exposure.var() == pytest.approx(1 / shape, rel=0.08)
    assert people.noise.mean(axis=0) == pytest.approx([0, 0], abs=0.03)
    assert people.noise.std(axis=0) == pytest.approx([1, 1], abs=0.03)


def test_the_markets_mean_is_the_origin(world):
    shares = np.array([segment.share.value for segment in world.recipe.segments.values()])
    assert shares @ world.centres == pytest.approx([0, 0], abs=1e-12)


@pytest.mark.parametrize("array", ["segment", "noise", "exposure", "reachable"])
def test_nobody_can_change_the_people(fashion, array):
    with pytest.raises(ValueError, match=r"read-only"):
        getattr(fashion.population, array)[0] = 0


def test_nobody_can_change_their_interests(fashion):
    with pytest.raises(ValueError, match=r"read-only"):
        fashion.interests[:] = 0
    with pytest.raises(ValueError, match=r"read-only"):
        fashion.centres[:] = 0
