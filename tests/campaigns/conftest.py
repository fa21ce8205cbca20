"""The same examples in every run, and no deadline: two cores are shared with servers and browsers."""

from __future__ import annotations

import pytest
from hypothesis import settings

from narrowcast.worlds import World, open_world

settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")


@pytest.fixture(scope="session")
def fashion() -> World:
    """Vietnamese alone, every way to send, search and share."""
    world = open_world("hcmc-fashion", customers=100)
    return world.with_media("email", "sms", "phone", "post", "referral", "qr", "seo")


@pytest.fixture(scope="session")
def tourism() -> World:
    """Vietnamese, Koreans and Americans."""
    return open_world("danang-tourism", customers=100).with_media("email", "sms", "phone", "post")
