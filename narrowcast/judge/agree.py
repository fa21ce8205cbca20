"""Whether what a student's function returned is what it should have returned, and how both are told."""

from __future__ import annotations

import math

from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _
from narrowcast.language import in_course

__all__ = ["agree", "did", "should"]


def agree(got: Item, wanted: Item, tolerance: float) -> bool:
    """Return whether two results are the same: numbers within a tolerance, lists and dictionaries part by part.

    A text that reads like a number is none, and True is not 1. An error agrees with any other error that refuses
    an input; one of an unfinished function does not.
    """
    if "raised" in {got.what, wanted.what}:
        return got.what == wanted.what and got.good
    if wanted.what == "number":
        return got.what == "number" and math.isclose(
            float(got.value), float(wanted.value), rel_tol=tolerance, abs_tol=tolerance
        )
    if wanted.what != got.what or not got.whole or len(got.members) != len(wanted.members):
        return False
    if wanted.what == "dict":
        mine = {key.shown(): member for key, member in zip(got.keys, got.members, strict=True)}
        theirs = {key.shown(): member for key, member in zip(wanted.keys, wanted.members, strict=True)}
        return mine.keys() == theirs.keys() and all(
            agree(mine[key], theirs[key], tolerance) for key in theirs
        )
    if wanted.what == "list":
        return all(
            agree(one, other, tolerance) for one, other in zip(got.members, wanted.members, strict=True)
        )
    return wanted.what in {"none", "truth", "text", "time", "missing"} and got.value == wanted.value


def did(got: Item) -> str:
    """Say what a function did."""
    if got.what == "raised":
        if got.kind == "KeyboardInterrupt":
            return _("did not come back in time")
        return _("raised {kind}: {text}").format(kind=got.kind, text=str(got.value)[:120])
    return _("returned {value}").format(value=got.shown())


def should(wanted: Item) -> str:
    """Say what it should have done."""
    if wanted.what == "raised":
        return _("raise an error: {text}").format(text=in_course(str(wanted.value)))
    number = wanted.what == "number" and isinstance(wanted.value, float)
    return _("return {value}").format(value=f"{wanted.value:.6g}" if number else wanted.shown())
