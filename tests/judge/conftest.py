"""The same examples in every run, and no deadline: two cores are shared with servers and browsers."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")
