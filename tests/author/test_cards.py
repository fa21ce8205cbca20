"""Cards, samples and pictures are built from recipes, in both languages at once, and drift is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from narrowcast import language
from narrowcast.author import cards
from narrowcast.author.build import build
from narrowcast.errors import BuildError, RecipeError
from narrowcast.worlds import places
from narrowcast.worlds.card import PLOTS, drawing

SHOP = "datasets/hcmc-fashion"
RECIPE = f"{SHOP}/recipe.toml"
BUILT = {"card.md", "traps.md", "sample.csv", *(f"plots/{name}.en.svg" for name in PLOTS)}


@pytest.fixture
def course(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small course, with one small world of its own."""
    recipe = (places.datasets_folder() / "hcmc-fashion/recipe.toml").read_text("utf-8")
    (root / SHOP).mkdir(parents=True)
    small = recipe.replace("customers = { value = 20000", "customers = { value = 400")
    assert small != recipe
    (root / RECIPE).write_text(small, encoding="utf-8")
    monkeypatch.setattr(places, "datasets_folder", lambda: root / "datasets")
    monkeypatch.setattr(language, "_course_locale", lambda: root / "course/locale")
    cards.read_catalogues_anew()
    yield root
    cards.read_catalogues_anew()


@pytest.fixture
def english(course: Path) -> Path:
    build(course, languages=("en",))
    return course


def told(root: Path, **options: object) -> list[str]:
    with pytest.raises(BuildError) as caught:
        build(root, check=True, languages=("en",), **options)
    return [line.partition(":")[0] for line in caught.value.problems]


def test_a_world_is_built_whole(course: Path) -> None:
    written = {file.relative_to(course).as_posix() for file in build(course, languages=("en",)).written}
    assert {name for name in written if name.startswith("datasets")} == {f"{SHOP}/{name}" for name in BUILT}
    card = (course / SHOP / "card.md").read_text("utf-8")
    for shown in re.findall(r"!\[.*\]\((.*)\)", card):
        assert (course / SHOP / shown).is_file()
    assert "**400** customers" in card
    assert (course / SHOP / "sample.csv").read_text("utf-8").count("\n") == 101


def test_built_again_nothing_changes(english: Path) -> None:
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in (english / SHOP).rglob("*.*")}
    assert build(english, languages=("en",)).written == ()
    build(english, languages=("en",), check=True)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in before} == before


@pytest.mark.parametrize("name", sorted(BUILT))
def test_an_edit_by_hand_and_a_missing_file_are_told(english: Path, name: str) -> None:
    file = english / SHOP / name
    content = file.read_text("utf-8")
    file.write_text(content.replace("a", "o", 1), encoding="utf-8")
    assert told(english) == [f"{SHOP}/{name}"]
    file.unlink()
    assert told(english) == [f"{SHOP}/{name}"]
    assert not file.exists()
    build(english, languages=("en",))
    assert file.read_text("utf-8") == content


def test_a_changed_recipe_is_told_for_all_that_shows_it(english: Path, edit) -> None:
    edit(RECIPE, 'title = "Bargain hunters"', 'title = "Sale hunters"')
    shown = {"card.md", "plots/groups.en.svg", "plots/values.en.svg"}
    assert set(told(english)) == {f"{SHOP}/{name}" for name in shown}
    written = build(english, languages=("en",)).written
    assert {file.relative_to(english / SHOP).as_posix() for file in written} == shown


def test_a_picture_of_another_matplotlib_is_no_drift(english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: file.read_bytes() for file in (english / SHOP / "plots").iterdir()}
    monkeypatch.setattr(drawing, "WIDTH", 401)  # every picture would have other bytes now
    build(english, languages=("en",), check=True)
    assert build(english, languages=("en",)).written == ()
    assert {file: file.read_bytes() for file in before} == before


def test_what_is_built_from_nothing_is_told_and_left(english: Path) -> None:
    for name in ("plots/old.en.svg", "card.fr.md"):
        (english / SHOP / name).write_text("x", encoding="utf-8")
    assert set(told(english)) == {f"{SHOP}/plots/old.en.svg", f"{SHOP}/card.fr.md"}
    assert len(build(english, languages=("en",)).surplus) == 2


def test_a_faulty_recipe_is_told_and_nothing_is_written(course: Path, edit) -> None:
    edit(RECIPE, 'currency = "VND"', 'currency = "dong"')
    with pytest.raises(RecipeError, match="currency"):
        build(course, languages=("en",))
    assert not list(course.rglob("*.ipynb"))


def test_a_new_translation_is_on_the_card_after_one_build(course: Path, say_all, edit) -> None:
    say_all()
    build(course)
    card = (course / SHOP / "card.vi.md").read_text("utf-8")
    assert "**«Bargain hunters».**" in card
    assert "«About 300,000 dong a month for clothes»" in card
    assert "«Wolfgang Digital 2016, pure play»" in card
    assert "plots/groups.vi.svg" in card
    assert "«Bargain hunters»" in (course / SHOP / "plots/groups.vi.svg").read_text("utf-8")
    assert "«The mean of means»" in (course / SHOP / "traps.vi.md").read_text("utf-8")
    assert "«" not in (course / SHOP / "card.md").read_text("utf-8")
    build(course, check=True)
    edit("course/locale/vi/LC_MESSAGES/course.po", "«Bargain hunters»", "«Săn giá rẻ»")
    with pytest.raises(BuildError) as caught:
        build(course, check=True)
    assert "course.mo" in caught.value.problems[0]
    build(course)
    assert "«Săn giá rẻ»" in (course / SHOP / "card.vi.md").read_text("utf-8")
    build(course, check=True)


def test_english_alone_leaves_the_vietnamese_as_it_is(course: Path, say_all) -> None:
    say_all()
    build(course)
    before = (course / SHOP / "card.vi.md").read_bytes()
    assert build(course, languages=("en",)).surplus == ()
    assert (course / SHOP / "card.vi.md").read_bytes() == before


def test_worlds_of_somebody_else_are_not_built(root: Path) -> None:
    assert cards.worlds_of(root) == {}


def test_what_takes_long_says_how_far_it_is(course: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    shutil.copytree(course / SHOP, course / "datasets/second")
    second = (course / "datasets/second/recipe.toml").read_text("utf-8")
    (course / "datasets/second/recipe.toml").write_text(
        second.replace('name = "hcmc-fashion"', 'name = "second"'), encoding="utf-8"
    )
    monkeypatch.setenv("FORCE_COLOR", "1")  # a terminal, as far as rich can tell
    build(course, languages=("en",))
    assert "Cards" not in capfd.readouterr().err
    shutil.rmtree(course / SHOP / "plots")
    monkeypatch.setattr(cards, "PATIENCE", 0.0)
    build(course, languages=("en",))
    assert "Cards of the worlds" in capfd.readouterr().err
