"""The front door: the names a notebook needs, each with a word of explanation, and examples that run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import narrowcast as nc

CORE = ("errors", "language", "worlds", "campaigns", "measure", "simulate", "judge")
NAMES = [
    "Flight",
    "FlipLab",
    "Message",
    "Offer",
    "Plan",
    "best_known",
    "breakeven",
    "check",
    "compare",
    "goal",
    "open_assignment",
    "open_lesson",
    "open_world",
    "set_language",
    "simulate",
]


def core_modules() -> list[str]:
    found = []
    for floor in CORE:
        module = importlib.import_module(f"narrowcast.{floor}")
        found.append(module.__name__)
        if hasattr(module, "__path__"):
            found += [info.name for info in pkgutil.iter_modules(module.__path__, f"{module.__name__}.")]
    return found


def test_all_is_exactly_the_notebooks_names() -> None:
    assert nc.__all__ == NAMES
    assert nc.__all__ == sorted(nc.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_resolves(name: str) -> None:
    thing = getattr(nc, name)
    assert callable(thing)
    assert thing.__module__.startswith("narrowcast.")
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("first", ["nc.open_lesson", "import narrowcast.simulate.run"])
def test_simulate_is_the_function_whatever_came_before(first: str) -> None:
    lines = ["import narrowcast as nc", first, "from narrowcast import simulate", "assert callable(simulate)"]
    code = "\n".join([*lines, "assert callable(nc.simulate)"])
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'Flihgt'"):
        nc.Flihgt  # noqa: B018


def test_star_gives_the_names() -> None:
    given: dict[str, object] = {}
    exec("from narrowcast import *", given)
    assert set(NAMES) <= set(given)


def says_something(thing: object) -> bool:
    text = thing.__doc__ or ""
    made = f"{getattr(thing, '__name__', '')}("  # what dataclass writes where nobody wrote anything
    return bool(text.strip()) and not text.startswith(made)


@pytest.mark.parametrize("name", core_modules())
def test_every_public_name_is_explained(name: str) -> None:
    module = importlib.import_module(name)
    assert says_something(module)
    for public in getattr(module, "__all__", []):
        thing = getattr(module, public)
        if inspect.isclass(thing) or inspect.isroutine(thing):
            assert says_something(thing), f"{name}.{public} has no docstring"


@pytest.mark.parametrize("name", core_modules())
def test_all_names_exist(name: str) -> None:
    module = importlib.import_module(name)
    names = getattr(module, "__all__", None)
    assert names is not None, f"{name} has no __all__"
    assert len(set(names)) == len(names)
    assert not [public for public in names if not hasattr(module, public)]


def documented() -> list[ModuleType]:
    modules = [importlib.import_module(name) for name in core_modules()]
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [
        m for m in modules if any(not example.options for test in finder.find(m) for example in test.examples)
    ]


@pytest.mark.parametrize("module", documented(), ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0


def test_there_are_examples_to_run() -> None:
    names = {module.__name__ for module in documented()}
    assert {"narrowcast.worlds.world", "narrowcast.measure.breakeven", "narrowcast.simulate.run"} <= names
