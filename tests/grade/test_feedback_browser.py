"""The page in a real browser: wide and narrow, light and dark, on paper; nothing runs, nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from feedback_kit import answer, check, code, displayed, error, mark, page, prose, stream, verdict, written

from narrowcast.judge import Reason

pytestmark = pytest.mark.browser

WIDE = "<table border=1><thead><tr><th></th>{heads}</tr></thead><tbody><tr><th>row</th>{cells}</tr></tbody></table>"
TABLE = WIDE.format(heads="<th>a_long_name</th>" * 14, cells="<td>123456.789</td>" * 14)
NASTY = "<script>document.title='run'</script><img src=https://evil.example/x.png onerror=\"document.title='run'\">"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A page with a bit of everything."""
    cells = [
        prose(
            f"# A course of another kind {NASTY}\n\n## q1. Right, and a long word: {'word' * 30} (2 points)\n\n"
            "|a|b|\n|-|-|\n|1|2|"
        ),
        code("world", [displayed("table", TABLE)]),
        answer("q1", "x = 1  # " + "a" * 300, stream("y" * 500), displayed("t", TABLE + NASTY)),
        check("q1", "c", verdict("q1", 2, Reason.RIGHT, "So it is.")),
        prose("## q2. Half"),
        answer("q2", "def f(x):\n    '''text'''\n    return x + 1.5", error("ValueError", NASTY)),
        check("q2", "c", verdict("q2", 1, Reason.MISTAKE, "Weight the rates.", mistake="M1")),
        check("t2", "assert f(1)\nassert f(2) == 3", error("AssertionError", "", 2)),
        prose("## q6. Essay"),
        written("q6", f"# Mine\n\n{NASTY} `code` and **more** {'https://example.org/' + 'long' * 40}"),
    ]
    marks = {"q1": mark(2), "q2": mark(1), "t2": mark(0), "q6": mark(0, 4, auto=None, waits=True)}
    html = page(
        tmp_path,
        *cells,
        marks=marks,
        comments={"q6": "Well said."},
        penalty=0.5,
        seconds_late=9e5,
        name="Ánh",
    )
    made = tmp_path / "page.html"
    made.write_text(html, encoding="utf-8")
    return made


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_is_accessible_and_keeps_to_itself(browser, axe, file, width, scheme):
    shown = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    assert shown.title() != "run"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    shown.close()
    opened = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    opened.goto(file.as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "the page must not be wider than the screen"
    )
    assert axe(opened) == []
    opened.close()


def test_nothing_is_cut_on_paper(browser, file):
    shown = browser.new_page(viewport={"width": 700, "height": 1000})
    shown.emulate_media(media="print")
    shown.goto(file.as_uri())
    cut = shown.evaluate(
        """[...document.querySelectorAll('pre, .scroll, p, table')].filter(one => one.offsetParent
            && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    shown.close()
