"""A gallery holds only so many readers: no kernel too many, first come first served."""

from __future__ import annotations

import asyncio

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from narrowcast.serve.crowd import LEAST, MOST, Crowd


@pytest.fixture
def started(monkeypatch):
    """Put a counter in the place of real kernels; return who was started, in order."""
    order = []

    async def start(self, *, name):
        await asyncio.sleep(0.01)
        self._kernels[name] = object()
        order.append(name)
        return name

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
    return order


def test_no_more_than_there_are_places_and_the_first_comes_first(started):
    async def busy_day() -> int:
        crowd, fullest = Crowd(most=2), 0
        waiting = [asyncio.create_task(crowd.start_kernel(name=f"k{n}")) for n in range(5)]
        for gone in range(5):
            while len(started) <= gone:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            fullest = max(fullest, len(crowd))
            del crowd._kernels[f"k{gone}"]
        assert [await one for one in waiting] == started
        return fullest

    assert asyncio.run(busy_day()) == 2
    assert started == [f"k{n}" for n in range(5)]


def test_a_reader_who_finds_a_warm_kernel_or_a_free_place_need_not_wait(started):
    async def look() -> list[bool]:
        crowd = Crowd(most=1)
        seen = [crowd.holds_one_more("en/a.ipynb")]
        await crowd.start_kernel(name="one")
        seen.append(crowd.holds_one_more("en/a.ipynb"))
        warm: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        crowd._pools = {"en/a.ipynb": [warm]}  # as Voila keeps them
        seen.append(crowd.holds_one_more("en/a.ipynb"))
        warm.set_result({})
        return [*seen, crowd.holds_one_more("en/a.ipynb"), crowd.holds_one_more("vi/a.ipynb")]

    assert asyncio.run(look()) == [True, False, False, True, False]


def test_by_default_it_is_what_the_memory_holds(started):
    async def most() -> int:
        return Crowd().most

    assert LEAST <= asyncio.run(most()) <= MOST
