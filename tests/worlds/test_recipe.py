"""A recipe that cannot be used says in which file, which field, and what to do; a new world is a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast import home
from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import RecipeError
from narrowcast.simulate import simulate
from narrowcast.worlds import load_recipe, open_world, places, world_folder, world_names

TEXT = (world_folder("hcmc-fashion") / "recipe.toml").read_text("utf-8")


@pytest.fixture
def spoil(tmp_path: Path):
    """Return a function that writes the recipe with one thing changed and returns its file."""

    def write(old: str, new: str) -> Path:
        assert old in TEXT
        file = tmp_path / "recipe.toml"
        file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        return file

    return write


CLUTTER = 'clutter = { value = 60, unit = "brand messages a person a week", source = "teaching" }'

WRONG = {
    "missing field": (CLUTTER, "", "market.clutter", "Add it"),
    "missing unit": (
        'value = 60, unit = "brand messages a person a week",',
        "value = 60,",
        "market.clutter.unit",
        "Add it",
    ),
    "unknown field": ("fragmentation =", "fragmentatoin =", "market.fragmentat", "fragmentation"),
    "wrong column": (
        "margin_rate = { value = 0.28",
        "margin_rat = { value = 0.28",
        "segments.bargain",
        "margin_rate",
    ),
    "unknown table": ("[advocacy]", "[advocates]", "advoca", "advocacy"),
    "wrong key in a figure": ("{ value = 60, unit", "{ valeu = 60, unit", "market.clutter", "value"),
    "text for a number": (
        "clutter = { value = 60",
        'clutter = { value = "60"',
        "market.clutter.value",
        "number",
    ),
    "truth for a number": (
        "clutter = { value = 60",
        "clutter = { value = true",
        "market.clutter.value",
        "number",
    ),
    "figure without braces": (CLUTTER, "clutter = 60", "market.clutter", ""),
    "not a number": ("clutter = { value = 60", "clutter = { value = nan", "market.clutter.value", "finite"),
    "infinite": ("clutter = { value = 60", "clutter = { value = inf", "market.clutter.value", "finite"),
    "negative": ("clutter = { value = 60", "clutter = { value = -1", "market.clutter", "outside 0"),
    "share above 1": (
        "reach = { value = 0.45",
        "reach = { value = 1.45",
        "channels.search.reach",
        "outside 0.0 to 1.0",
    ),
    "shares do not add up": ("share = { value = 0.55", "share = { value = 0.65", "", "not 1"),
    "empty source": ('week", source = "teaching" }', 'week", source = "" }', "market.clutter.source", ""),
    "unknown kind": ('kind = "broadcast"', 'kind = "boradcast"', "channels.television.kind", "broadcast"),
    "centre is no place": ("centre = [-1.0, -0.8]", "centre = [nan, -0.8]", "segments.bargain.centre", ""),
    "centre has three": ("centre = [-1.0, -0.8]", "centre = [1.0, 2.0, 3.0]", "segments.bargain.centre", ""),
    "province below 0": ('"Đồng Nai" = 0.14', '"Đồng Nai" = -0.14', "segments.bargain.provinces", ""),
    "provinces too full": (
        '"Đồng Nai" = 0.14',
        '"Đồng Nai" = 0.9',
        "segments.bargain.provinces",
        "more than 1",
    ),
    "no customers": (
        "customers = { value = 20000",
        "customers = { value = 0",
        "market.customers",
        "outside 1",
    ),
    "too many customers": (
        "customers = { value = 20000",
        "customers = { value = 1e9",
        "market.customers",
        "outside",
    ),
    "bad name": ('name = "hcmc-fashion"', 'name = "HCMC Fashion"', "name", "pattern"),
    "bad currency": ('currency = "VND"', 'currency = "dong"', "currency", "pattern"),
    "misspelt field, nested": ("alpha = {", "alhpa = {", "segments.bargain.repeat.al", "alpha"),
    "unknown field, nested": (
        "alpha = {",
        'alhpa = { value = 1, unit = "weeks", source = "teaching" }\nalpha = {',
        "segments.bargain.repeat.alhpa",
        "Did you mean 'alpha'",
    ),
    "unknown field, deep": (
        'alpha = { value = 73.8, unit = "weeks",',
        'alpha = { value = 73.8, unit = "weeks", suorce = "?",',
        "segments.bargain.repeat.alpha.suorce",
        "Did you mean 'source'",
    ),
    "unknown field of a trap": ("mistake = ", "mistaek = ", "traps.0.mistaek", "'mistake'"),
    "a mistake that no key knows": ('mistake = "M1"', 'mistake = "M27"', "traps.0.mistake", "pattern"),
    "unknown medium": (
        'medium = "television"',
        'medium = "telly"',
        "channels.television.medium",
        "television",
    ),
    "unknown medium of a competitor": (
        "[competitors.lotus.share_of_voice]\ntelevision",
        "[competitors.lotus.share_of_voice]\ntelly",
        "competitors.lotus.share_of_voice",
        "television",
    ),
    "unknown locale": ('locale = "vi_VN"', 'locale = "de_DE"', "locale", "vi_VN"),
    "persona of nobody": ('segment = "bargain"', 'segment = "bargian"', "", "Did you mean 'bargain'"),
    "campaign for nobody": (
        'title = "Spring mail to everybody"',
        'title = "Spring mail to everybody"\nsegment = "trendy"',
        "",
        "Did you mean 'trend'",
    ),
    "no persona": ('segment = "bargain"', "", "personas.mai.segment", "Add it"),
    "a month short": (
        "values = [1.32, 0.72, ",
        "values = [1.32, ",
        "history.seasonality",
        "11 months, not 12",
    ),
    "a year too busy": ("values = [1.32, ", "values = [3.32, ", "history.seasonality", "not 1"),
    "a month of nothing": ("values = [1.32, 0.72, ", "values = [2.04, 0.0, ", "history.seasonality", "is 0"),
    "a row of one": (
        "values = [0.24, 0.27, 0.22, 0.18, 0.09]",
        "values = []",
        "households.values",
        "at least 1",
    ),
    "households do not add up": ("values = [0.24, ", "values = [0.42, ", "", "households add up"),
    "households out of range": ("values = [0.24, ", "values = [-0.24, ", "households", "outside 0"),
    "not everybody came": (
        "direct = { value = 0.25",
        "direct = { value = 0.15",
        "history.acquisition",
        "not 1",
    ),
    "history shorter than a year": (
        "weeks = { value = 156",
        "weeks = { value = 40",
        "history.weeks",
        "outside 53",
    ),
    "two house files": ('kind = "purchased"', 'kind = "house"', "", "exactly one house file"),
    "no house file": ('kind = "house"', 'kind = "purchased"', "", "exactly one house file"),
    "unknown currency of a segment": (
        "email_consent = { value = 0.62",
        'pays_in = "KRW"\nemail_consent = { value = 0.62',
        "",
        "no currency 'KRW'",
    ),
    "bad currency of a segment": (
        "email_consent = { value = 0.62",
        'pays_in = "won"\nemail_consent = { value = 0.62',
        "segments.bargain.pays_in",
        "pattern",
    ),
    "spend without a mean": (
        "q = { value = 3.74",
        "q = { value = 1.0",
        "segments.bargain.spend",
        "outside 1.01",
    ),
    "campaign in the future": (
        "weeks_ago = { value = 40",
        "weeks_ago = { value = -4",
        "campaigns.spring-mail.weeks_ago",
        "outside 1",
    ),
    "a text where a table belongs": ("[circles]", 'circles = "some"\n[circle]', "circle", ""),
}


@pytest.mark.parametrize(("old", "new", "field", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_recipe_names_file_and_field(spoil, old, new, field, said):
    file = spoil(old, new)
    with pytest.raises(RecipeError, match=re.escape(str(file))) as caught:
        load_recipe(file)
    assert field in str(caught.value)
    assert said in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_the_nearest_field_is_proposed(spoil):
    with pytest.raises(RecipeError) as caught:
        load_recipe(spoil("exposure_shape =", "exposure_shap ="))
    assert "exposure_shap" in caught.value.field


def test_the_nearest_table_is_proposed(spoil):
    with pytest.raises(RecipeError, match=r"Did you mean 'traps'"):
        load_recipe(spoil("[[traps]]", "[[traqs]]"))


def test_further_problems_are_named(spoil):
    file = spoil(CLUTTER, "")
    file.write_text(file.read_text("utf-8").replace("[attention]", "[atention]"), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"Also wrong: market.clutter, attention\."):
        load_recipe(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name = ", "not TOML"),
        (b"\xff\xfe\x00", "not TOML"),
        (b"", "Also wrong: title, story, locale. …"),
        (b"a = 1\na = 2", "not TOML"),
    ],
    ids=["half a line", "not UTF-8", "empty", "twice the same"],
)
def test_a_file_that_is_no_recipe(tmp_path, content, said):
    file = tmp_path / "recipe.toml"
    file.write_bytes(content)
    with pytest.raises(RecipeError, match=re.escape(str(file))) as caught:
        load_recipe(file)
    assert said in str(caught.value)


@given(
    line=st.integers(0, TEXT.count("\n") - 1),
    other=st.sampled_from(["", "x = 1", "[segments]", "[[traps]]", "value = nan", "]", "a.b.c = {}", "\x00"])
    | st.text(max_size=30),
    keep=st.booleans(),
)
def test_a_damaged_recipe_is_read_or_answered(tmp_path_factory, line, other, keep):
    lines = TEXT.split("\n")
    lines[line : line + 1] = [lines[line], other] if keep else [other]
    file = tmp_path_factory.mktemp("damaged") / "recipe.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    try:
        said = load_recipe(file).name
    except RecipeError as error:
        said = str(error)
    assert said == "hcmc-fashion" or str(file) in said


def test_a_missing_file(tmp_path):
    with pytest.raises(RecipeError, match=r"there is no such file. Restore it"):
        load_recipe(tmp_path / "recipe.toml")


def test_a_folder_in_its_place(tmp_path):
    with pytest.raises(RecipeError, match=r"cannot be read"):
        load_recipe(tmp_path)


def test_a_new_world_is_one_folder(datasets):
    made = datasets / "saigon-coffee"
    made.mkdir()
    (made / "recipe.toml").write_text(TEXT.replace("hcmc-fashion", "saigon-coffee"), encoding="utf-8")
    assert "saigon-coffee" in world_names()
    assert world_folder("saigon-coffee") == made
    world = open_world("saigon-coffee", customers=200)
    assert len(world.customers) == 200
    assert world.card
    assert simulate(world, Plan(flights=[Flight("social", 10_000, to="trend")])).kpis()["contacts"] > 0


def test_a_folder_without_a_recipe_is_no_world(datasets):
    (datasets / "notes").mkdir()
    assert "notes" not in world_names()


def test_a_copy_that_kept_its_old_name_is_told(datasets):
    made = datasets / "da-nang-shoes"
    made.mkdir()
    (made / "recipe.toml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(
        RecipeError, match=r"field name: it is 'hcmc-fashion', but the folder is 'da-nang-shoes'"
    ):
        open_world("da-nang-shoes")


def test_an_unknown_province_is_told(datasets):
    made = datasets / "hue-tea"
    made.mkdir()
    text = TEXT.replace("hcmc-fashion", "hue-tea").replace("Đồng Nai", "Dong Nai")
    (made / "recipe.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RecipeError, match=r"segments.bargain.provinces.*Đồng Nai"):
        open_world("hue-tea", customers=10).customers  # noqa: B018


def test_in_a_wheel_the_recipes_lie_inside(tmp_path, monkeypatch):
    monkeypatch.setattr(home, "_PACKAGE", tmp_path / "narrowcast")
    (tmp_path / "datasets").mkdir(parents=True)
    assert places.datasets_folder() == tmp_path / "datasets"
    (tmp_path / "narrowcast" / "datasets").mkdir(parents=True)
    assert places.datasets_folder() == tmp_path / "narrowcast" / "datasets"
