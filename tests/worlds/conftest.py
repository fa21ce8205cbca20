"""Small markets that several tests look at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from narrowcast.worlds import World, open_world, places, world_names

# No deadlines: two cores are shared with servers and browsers. The same examples every time.
settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")


@pytest.fixture(scope="session", params=world_names())
def world(request: pytest.FixtureRequest) -> World:
    return open_world(request.param, customers=2_000)


@pytest.fixture(scope="session")
def fashion() -> World:
    return open_world("hcmc-fashion", customers=2_000)


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of worlds of our own: a copy of the real one."""
    folder = tmp_path / "datasets"
    shutil.copytree(places.datasets_folder(), folder)
    monkeypatch.setattr(places, "datasets_folder", lambda: folder)
    return folder
