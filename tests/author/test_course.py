"""The course itself: every text agrees with its key, everything is translated, nothing built is out of step."""

from __future__ import annotations

from pathlib import Path

from narrowcast.author.build import build

ROOT = Path(__file__).parents[2]


def test_what_is_built_is_what_the_texts_say() -> None:
    assert build(ROOT, check=True).written == ()
