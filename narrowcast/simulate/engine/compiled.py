"""How the engine's functions are compiled."""

from __future__ import annotations

from typing import Any

from numba import njit

__all__ = ["compiled"]

_OPTIONS: Any = {"nogil": True, "cache": True, "error_model": "numpy", "_nrt": False}

compiled = njit(**_OPTIONS)
"""Compile a function that makes no arrays: it holds no lock, and is kept beside the code.

Nothing needs to be counted in and out as such functions hand arrays on, which would take a third of the time
(`_nrt`, numba's own name). Only `live` makes arrays, and counts. Nothing is asked before a division, either: what is
divided by is never nought, and a question would keep a loop from being done eight people at a time.
"""
