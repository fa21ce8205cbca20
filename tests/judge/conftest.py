"""A key with a question of every kind, and a class of our own to check it in."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import settings

from narrowcast.judge import Key, load_key, worksheet
from narrowcast.worlds import World, open_world

settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")

KEY = '''
import narrowcast as nc
from narrowcast.judge import Key

key = Key("07-small", world="hcmc-fashion", worlds=("soft-drink",))


@key.number("rate", points=4, unit="share", between=(0, 1), hints=("Orders over visits.",))
def rate(world):
    """Orders over visits, all segments together."""
    return world.segments["orders"].sum() / world.segments["visits"].sum()


@rate.mistake("M1", credit=0.5)
def mean_of_rates(world):
    """You averaged the rates: weight each by its visits."""
    return (world.segments["orders"] / world.segments["visits"]).mean()


@key.number("bet", unit="share", between=(0, 1), bet=True)
def bet(world):
    """Most bet too high."""
    return 0.123456


@key.choice("when", points=1, options=("always", "never", "It Depends"), hints=("Price and precision.",))
def when(world):
    """Price, precision and lift decide together."""
    return "It Depends"


@when.mistake("M2")
def always(world):
    """Aiming has a price."""
    return "always"


RULES = ("old", "new")


@key.choice("sort", points=4, options={"a": RULES, "b": RULES, "c": RULES, "d": RULES})
def sort(world):
    """Two begin with everybody."""
    return {"a": "old", "b": "new", "c": "old", "d": "new"}


@sort.mistake("L1", credit=0)
def swapped(world):
    """Every one is on the wrong side."""
    return {"a": "new", "b": "old", "c": "new", "d": "old"}


@key.function("half", points=3, takes=("x", "y"), examples=((4, 2), (1.0, 3.0), (5, 0), (0, 7)), hints=("Divide.",))
def half(world):
    """x over y."""
    def truth(x, y):
        if y == 0:
            raise ValueError("y is 0")
        return x / y
    return truth


@half.mistake("L2", credit=0.25)
def upside_down(world):
    """Your fraction stands on its head."""
    def wrong(x, y):
        return y / x
    return wrong


@key.plan("spend", points=6, budget=2_000_000, seeds=(7_301, 7_302), hints=("Look at the next million.",))
def spend(world):
    """You found where the next dong does most."""
    return nc.Plan("naive", flights=[nc.Flight("television", 1_000_000), nc.Flight("display", 1_000_000, to="bargain")])


@spend.mistake("M3")
def largest(world):
    """You gave all to the largest segment."""
    return nc.Plan("largest", flights=[nc.Flight("social", 2_000_000, to="bargain")])


@key.written("why", points=4, rubric=("Evidence: two numbers.", "Limitation: one thing left out."))
def why(world):
    """It says for whom."""


@key.number("drink", points=1, unit="orders", world="soft-drink")
def drink(world):
    """Orders of the drink."""
    return world.segments["orders"].sum()
'''


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    file = tmp_path_factory.mktemp("07-small") / "key.py"
    file.write_text(textwrap.dedent(KEY), encoding="utf-8")
    return load_key(file)


@pytest.fixture(scope="session")
def world() -> World:
    return open_world("hcmc-fashion", student="s001", customers=2_000)


@pytest.fixture(autouse=True)
def empty_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worksheet is open, and nobody has said who they are."""
    for name in ("NARROWCAST_STUDENT", "JUPYTERHUB_USER", "NARROWCAST_COURSE", "NARROWCAST_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(worksheet, "_open", [])


@pytest.fixture
def course(tmp_path: Path, key: Key) -> Path:
    """A course of our own: a lesson, an assignment, a class of three, and a notebook taken home."""
    root = tmp_path / "school"
    for kind in ("course", "assignments"):
        (root / kind / "07-small").mkdir(parents=True)
        (root / kind / "07-small" / "key.py").write_text(textwrap.dedent(KEY), encoding="utf-8")
    assignments = root / "assignments"
    (assignments / "nbgrader_config.py").write_text("", encoding="utf-8")
    (assignments / "course.toml").write_text('salt = "class of 26"\n', encoding="utf-8")
    for student in ("an", "binh", "chi"):
        for step in ("submitted", "autograded"):
            (assignments / step / student / "07-small").mkdir(parents=True)
    home = tmp_path / "home" / "07-small"
    home.mkdir(parents=True)
    public = key.public() | {"salt": "class of 26"}
    (home / "questions.json").write_text(json.dumps(public), encoding="utf-8")
    return root


@pytest.fixture
def small_markets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open every market of a worksheet with 500 customers: quicker, and just as much a market."""
    monkeypatch.setattr(
        worksheet,
        "open_world",
        lambda name, student, salt: open_world(name, student=student, salt=salt, customers=500),
    )
