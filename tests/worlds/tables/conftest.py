"""Blocks of every world, drawn once."""

from __future__ import annotations

import pytest
from drawn_blocks import block_of

from narrowcast.worlds import world_names
from narrowcast.worlds.blueprint import Block


@pytest.fixture(scope="session", params=world_names())
def block(request: pytest.FixtureRequest) -> Block:
    return block_of(request.param)


@pytest.fixture(scope="session")
def fashion_block() -> Block:
    return block_of("hcmc-fashion")
