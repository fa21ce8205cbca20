"""One family of errors; each says what was given, what is allowed, and what to do."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast import errors
from narrowcast.errors import (
    AnswerError,
    BuildError,
    CourseError,
    DataError,
    NarrowcastError,
    PlanError,
    RecipeError,
    ServeError,
    UnknownName,
    nearest,
)

FAMILY = [kind for _name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


def test_everything_is_of_the_family() -> None:
    assert len(FAMILY) == 9
    assert all(issubclass(kind, NarrowcastError) for kind in FAMILY)


def test_the_tree_at_the_top_names_every_member() -> None:
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in FAMILY)


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (
            UnknownName("channel", "socail", ["social", "search"]),
            ("channel", "'socail'", "'social'", "Allowed: social, search"),
        ),
        (
            RecipeError("recipe.toml", "market.clutter", "is -1.", "Raise it."),
            ("recipe.toml", "market.clutter", "Raise it."),
        ),
        (PlanError("budget", "is too high.", "Spend less."), ("step budget", "too high", "Spend less.")),
        (AnswerError("Your answer is NaN.", "Look."), ("Your answer is NaN. Look.",)),
        (CourseError("No key.", "Restore it."), ("No key. Restore it.",)),
        (BuildError(["a.md:3: dash", "b.md:9: drift"]), ("a.md:3: dash\nb.md:9: drift",)),
        (DataError("No manifest.", "Build it."), ("No manifest. Build it.",)),
        (ServeError("Port taken.", "Take another."), ("Port taken. Take another.",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_messages_say_it_all(error: NarrowcastError, parts: tuple[str, ...]) -> None:
    assert all(part in str(error) for part in parts), str(error)


def test_a_cure_may_be_missing() -> None:
    assert str(AnswerError("It is wrong.")) == "It is wrong."
    assert str(PlanError("target", "It is wrong.")).endswith("It is wrong.")


def test_a_notebook_sees_the_message_alone() -> None:
    assert UnknownName("world", "hanoi", ["hcmc"])._render_traceback_() == [
        "UnknownName: There is no world 'hanoi'. Allowed: hcmc."
    ]


def test_nothing_allowed_is_no_list() -> None:
    assert "Allowed" not in str(UnknownName("world", "hanoi", []))


def test_numbered_names_are_told_as_a_range():
    error = UnknownName("customer", "nobody", between=("C0000000", "C0019999"))
    assert str(error) == "There is no customer 'nobody'. Allowed: from C0000000 to C0019999."
    assert error.allowed == []


def test_value_errors_can_be_caught_as_such() -> None:
    assert all(issubclass(kind, ValueError) for kind in (UnknownName, RecipeError, PlanError, AnswerError))


@given(st.one_of(st.text(), st.none(), st.integers(), st.floats(), st.binary(), st.lists(st.text())))
def test_any_name_can_be_unknown(given: object) -> None:
    error = UnknownName("world", given, ["hcmc-fashion", "soft-drink"])
    assert repr(given) in str(error)
    assert set(nearest(given, error.allowed)) <= set(error.allowed)


@given(st.sampled_from(["television", "social", "search", "display"]), st.data())
def test_a_slip_of_one_letter_is_understood(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    slipped = name[:place] + name[place + 1 :]
    assert nearest(slipped.upper(), ["television", "social", "search", "display"])[0] == name
