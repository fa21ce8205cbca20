"""The markets in the gallery: every card a page for everybody, and nothing of the instructor's."""

from __future__ import annotations

import itertools
import re
import urllib.request
from pathlib import Path

import pytest

from narrowcast.serve import markets
from narrowcast.worlds import load_recipe, places, world_folder, world_names
from narrowcast.worlds.card import PLOTS

LANGUAGES = ("en", "vi")
WORLDS = world_names()
LOOKS = ((1280, "light"), (390, "dark"), (1280, "dark"), (390, "light"))
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter((n) => n.getBoundingClientRect().right > wide + 1)
    .map((n) => n.tagName + '.' + n.className).slice(0, 5);
}"""


def recipe_of(name):
    return load_recipe(world_folder(name) / "recipe.toml")


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of worlds of our own, with nothing in it."""
    monkeypatch.setattr(places, "datasets_folder", lambda: tmp_path)
    return tmp_path


def write_card(datasets: Path, text: str) -> str:
    folder = datasets / "shop"
    folder.mkdir(exist_ok=True)
    (folder / "recipe.toml").write_text("", encoding="utf-8")
    (folder / "card.md").write_text(text, encoding="utf-8")
    page = markets.market_page("shop", "en", "/pictures/markets/")
    return f"{page.head}{page.body}"


class TestPage:
    def test_wording_of_a_recipe_is_no_markup(self, datasets):
        script = "javascript:alert(1)"
        evil = f"<script>alert(1)</script> <img src=x onerror=alert(1)> [x]({script}) ![x]({script})"
        html = write_card(datasets, f"# {evil}\n\n{evil}\n\n## {evil}\n\n| a |\n| --- |\n| {evil} |\n")
        assert "<script" not in html
        assert "<img" not in html
        assert 'href="javascript' not in html

    def test_a_table_scrolls_and_names_its_rows_and_columns(self, datasets):
        html = write_card(datasets, "# S\n\n## T\n\n| a | b |\n| --- | ---: |\n| one | 1 |\n| two | 2 |\n")
        assert html.count('<div class="scroll" tabindex="0" role="group" aria-labelledby="s') == 1
        assert html.count('<th scope="row">') == 2
        assert html.count('scope="col"') == 2
        assert html.count("<td") == html.count("</td>") == 2

    def test_columns_of_tables_fold_and_other_parts_do_not(self, datasets):
        table = "| a |\n| --- |\n| 1 |\n"
        text = f"# S\n\n## T\n\n### One\n\n{table}\n### Two\n\n{table}\nAfter.\n\n## P\n\n### Who\n\nText.\n\n{table}"
        html = write_card(datasets, text)
        assert html.count("<details>") == html.count("</details>") == 2
        assert "</details>\n<p>After.</p>" in html.replace("</details><p>", "</details>\n<p>")
        assert html.index("<h3", html.index("Two")) > html.rindex("</details>")

    def test_a_picture_and_its_sentence_are_a_figure(self, datasets):
        (datasets / "shop/plots").mkdir(parents=True)
        (datasets / "shop/plots/weeks.en.svg").write_text('<svg role="img" width="480" height="300"></svg>')
        html = write_card(datasets, "# S\n\n## A\n\n![Seen.](plots/weeks.en.svg)\n\n*Shown.*\n\nText.\n")
        assert '<img src="/pictures/markets/shop/weeks.en.svg" alt="Seen." width="480" height="300"' in html
        assert "<figcaption>Shown.</figcaption></figure>" in html.replace("\n", "")
        assert html.count('<div class="figures">') == 1

    def test_a_picture_that_is_not_one_of_ours_stays_where_it_points(self, datasets):
        html = write_card(datasets, "# S\n\n![x](plots/../../secret.en.svg)\n\n*y*\n")
        assert "/pictures/markets" not in html

    def test_without_a_translation_the_page_says_that_it_is_english(self, datasets):
        write_card(datasets, "# A shop\n")
        assert markets.market_page("shop", "vi", "/").language == "en"
        (datasets / "shop/card.vi.md").write_text("# Tiệm\n", encoding="utf-8")
        page = markets.market_page("shop", "vi", "/")
        assert (page.language, page.title) == ("vi", "Tiệm")

    def test_a_faulty_recipe_costs_its_own_card_alone(self, datasets):
        write_card(datasets, "# A shop\n")
        (datasets / "good").mkdir()
        source = Path(__file__).parents[2] / "datasets/soft-drink/recipe.toml"
        (datasets / "good/recipe.toml").write_bytes(source.read_bytes())
        (datasets / "good/card.md").write_text("# Good\n", encoding="utf-8")
        assert list(markets.market_cards("en")) == ["good"]

    @pytest.mark.parametrize(
        "name", ["", ".", "..", "../shop", "shop/", "/etc", "shop\0", "SHOP", "shop/plots", "*"]
    )
    def test_a_name_that_is_no_worlds_name_finds_nothing(self, datasets, name):
        write_card(datasets, "# S\n")
        (datasets / "shop/sample.csv").write_text("x", encoding="utf-8")
        assert markets.sample_file("shop") is not None
        assert markets.sample_file(name) is None
        assert markets.market_page(name, "en", "/") is None
        assert markets.picture_file(name, "weeks", "en") is None
        assert markets.picture_file("shop", name, "en") is None


@pytest.mark.server
@pytest.mark.parametrize("language", LANGUAGES)
def test_front_page_leads_to_every_market(fetch, language):
    status, text = fetch(f"/{language}/")
    assert status == 200
    for name in WORLDS:
        assert f'href="/{language}/markets/{name}"' in text
        assert f"{recipe_of(name).market.customers.value:,.0f}" in text


@pytest.mark.server
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WORLDS)
def test_a_market_has_its_page(fetch, name, language):
    status, text = fetch(f"/{language}/markets/{name}")
    assert status == 200
    assert f'<html lang="{language}">' in text
    assert all(f'<a href="/{one}/markets/{name}" lang="{one}"' in text for one in LANGUAGES)
    assert f'href="/markets/{name}/sample.csv"' in text
    assert "<script" not in text
    for trap in recipe_of(name).traps:
        assert trap.description not in text
    assert "traps" not in text


@pytest.mark.server
@pytest.mark.parametrize("name", WORLDS)
def test_files_that_go_with_it_are_handed_out_with_the_security_policy(gallery, name):
    kinds = {f"/markets/{name}/sample.csv": "text/csv", f"/en/markets/{name}": "text/html"}
    kinds |= {f"/pictures/markets/{name}/{plot}.en.svg": "image/svg+xml" for plot in PLOTS}
    for path, kind in kinds.items():
        with urllib.request.urlopen(gallery + path) as answer:
            assert answer.headers["Content-Type"].startswith(kind)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            if kind == "text/csv":
                assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-sample.csv"'
                assert answer.read() == (world_folder(name) / "sample.csv").read_bytes()


SECRETS = [
    "/markets/hcmc-fashion/traps.md", "/markets/hcmc-fashion/recipe.toml", "/markets/hcmc-fashion/card.md",
    "/markets/hcmc-fashion/", "/markets/hcmc-fashion", "/markets/", "/en/markets/", "/en/markets/hcmc-fashion/traps.md",
    "/en/markets/hcmc-fashion/sample.csv", "/en/markets/traps", "/en/markets/..", "/en/markets/%2e%2e",
    "/en/markets/..%2fhcmc-fashion", "/en/markets/hcmc-fashion%2ftraps", "/en/markets/hcmc-fashion%00",
    "/markets/..%2fhcmc-fashion/sample.csv", "/markets/../../pyproject.toml", "/markets/none/sample.csv",
    "/markets/hcmc-fashion/..%2ftraps.md", "/markets/hcmc-fashion/sample.csv%00.md", "/fr/markets/hcmc-fashion",
    "/pictures/markets/hcmc-fashion/traps.en.svg", "/pictures/markets/hcmc-fashion/weeks.fr.svg",
    "/pictures/markets/hcmc-fashion/..%2ftraps.md", "/pictures/markets/hcmc-fashion/..%2f..%2fweeks.en.svg",
    "/pictures/markets/none/weeks.en.svg", "/pictures/markets/hcmc-fashion/weeks.svg",
    "/datasets/hcmc-fashion/traps.md",
    "/voila/files/../datasets/hcmc-fashion/traps.md", "/en/markets/hcmc-fashion?file=traps.md&x=../recipe.toml",
]  # fmt: skip


@pytest.mark.server
@pytest.mark.parametrize("path", SECRETS)
def test_no_other_file_is_served(fetch, path):
    status, text = fetch(path)
    if "?" in path:
        assert status == 200
    else:
        assert status in {400, 403, 404, 405}, text[:300]
    assert "Traceback" not in text
    recipe = recipe_of("hcmc-fashion")
    for secret in (*(trap.description for trap in recipe.traps), 'source = "teaching"', "build-backend"):
        assert secret not in text


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WORLDS)
def test_a_market_is_open_to_everybody(reader, axe, name, language):
    one = reader()
    page = one.open(f"/{language}/markets/{name}")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    # The rules take seconds: each page is held to them once, the pages together in every width, scheme and language.
    ruled, scheme = LOOKS[(WORLDS.index(name) + LANGUAGES.index(language)) % len(LOOKS)]
    page.emulate_media(color_scheme=scheme)
    for width in (1280, 390, 360):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(OVERFLOW) == [], width
        if width == ruled:
            assert axe(page) == [], (width, scheme)
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    for picture in page.locator("figure img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("i => i.decode().then(() => i.naturalWidth)") == 480
        assert len(picture.get_attribute("alt")) > 40
    assert page.locator("figure img").count() == page.locator("figcaption").count() == len(PLOTS)
    assert one.errors == []
    assert one.strangers() == []


@pytest.mark.browser
def test_on_a_phone_a_wide_table_scrolls_in_its_own_box(reader):
    page = reader(width=390, height=844).open("/en/markets/hcmc-fashion")
    boxes = page.locator(".scroll")
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].findIndex((b) => b.scrollWidth > b.clientWidth + 20)"
    )
    box = boxes.nth(wide)
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    assert page.evaluate("window.scrollX") == 0


@pytest.mark.browser
def test_letters_in_pictures_are_large_enough_on_a_phone(reader):
    one = reader(width=390, height=844)
    page = one.open("/en/markets/hcmc-fashion")
    shown = page.locator("figure img").first.evaluate("i => i.getBoundingClientRect().width")
    drawn = (world_folder("hcmc-fashion") / "plots/weeks.en.svg").read_text("utf-8")
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn)[1])
    smallest = min(float(size) for size in re.findall(r"font-size: ([\d.]+)px", drawn))
    assert smallest * shown / width >= 9.5


@pytest.mark.browser
def test_a_reader_finds_the_way_by_keyboard(reader):
    page = reader().open("/en/")
    link = page.locator(".markets a").filter(has_text=recipe_of("hcmc-fashion").title)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/markets/hcmc-fashion")
    page.locator(".contents a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("window.scrollY > 500")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open] table").first.is_visible()
    assert "customer_id" in page.locator("details[open] table").first.inner_text()
    page.locator(".bar nav a:not([aria-current])").click()
    page.wait_for_url("**/vi/markets/hcmc-fashion")
    assert page.locator("html").get_attribute("lang") == "vi"


@pytest.mark.browser
def test_the_sample_can_be_taken_along(reader):
    page = reader().open("/vi/markets/soft-drink")
    with page.expect_download() as taken:
        page.locator(".take a").click()
    assert taken.value.suggested_filename == "soft-drink-sample.csv"
    assert Path(taken.value.path()).read_bytes() == (world_folder("soft-drink") / "sample.csv").read_bytes()
