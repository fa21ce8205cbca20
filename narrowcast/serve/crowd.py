"""How many readers a gallery holds at once: each has a kernel of their own, and a machine bears only so many."""

from __future__ import annotations

import asyncio
from typing import Any

import psutil  # type: ignore[import-untyped]  # comes without types
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Int, default

__all__ = ["Crowd"]

EACH = 160 << 20
"""Bytes that a reader's kernel may come to need; it begins with half of that."""
LEAST, MOST = 4, 200
LOOK_EVERY = 0.2
"""Seconds between two looks whether somebody has left."""


class Crowd(AsyncMappingKernelManager):
    """The kernels of a gallery, never more than `most`, those that are kept warm included.

    Who would start one more waits until one has ended, first come first served. A reader need not wait with a blank
    page: `holds_one_more` tells whether there is a place.
    """

    most = Int(min=1, help="how many kernels run at once; by default what half of the memory holds").tag(
        config=True
    )

    @default("most")
    def _what_the_memory_holds(self) -> int:
        return int(min(max(psutil.virtual_memory().total / 2 / EACH, LEAST), MOST))

    def __init__(self, **more: Any) -> None:  # noqa: ANN401 - traitlets'
        self._turn = asyncio.Lock()
        super().__init__(**more)  # type: ignore[no-untyped-call]

    async def start_kernel(self, **wished: Any) -> str:  # type: ignore[override]  # noqa: ANN401 - as Jupyter Server has it
        """Start a kernel, once there is a place for it."""
        async with self._turn:
            while len(self) >= self.most:
                await asyncio.sleep(LOOK_EVERY)
            started: str = await super().start_kernel(**wished)
            return started

    def holds_one_more(self, notebook: str) -> bool:
        """Return whether a reader of a notebook gets a kernel now: a warm one, or a new one."""
        warm = getattr(self, "_pools", {}).get(
            notebook, ()
        )  # Voila's, by notebook, in a class made of this one
        return len(self) < self.most or any(kernel.done() for kernel in warm)
