"""FlipLab in a reader's hands: bet, reveal, sliders, keyboard, phone, both languages."""

from __future__ import annotations

import time
import urllib.request

import pytest

pytestmark = pytest.mark.browser

SIZES = (1280, 390)
LANGUAGES = ("en", "vi")
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll('body *')].filter((n) => n.getBoundingClientRect().right > wide + 1)
    .map((n) => n.tagName + '.' + n.className).slice(0, 5);
}"""


def winner(page, side):
    page.wait_for_function(
        f"document.querySelector('.nc-fliplab').dataset.winner === '{side}'", timeout=10_000
    )


def knob(page, place):
    return page.locator(".nc-controls input[type=range]").nth(place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bet_comes_first_then_the_reveal(reader, language):
    one = reader()
    page = one.lab(language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(".nc-verdict").is_hidden()
    assert page.locator(".nc-controls").is_hidden()
    page.locator(".nc-bet input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".nc-bet-new").click()
    winner(page, "new")
    assert page.locator(".nc-verdict").is_visible()
    assert page.locator(".nc-bet").is_hidden()
    assert "63%" in page.locator(".nc-sentence").inner_text().replace("\N{NO-BREAK SPACE}", "")
    assert "51" in page.locator(".nc-guess").inner_text()
    assert page.evaluate("document.activeElement.className") == "nc-headline"
    assert one.errors == []
    assert one.strangers() == []


def test_keyboard_moves_precision_across_the_break_even(reader):
    page = reader().lab()
    page.keyboard.press("Tab")  # from the top of the page, by Tab alone
    for _step in range(20):
        if page.evaluate("document.activeElement.className") == "nc-bet-new":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    winner(page, "new")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    page.keyboard.press("Home")
    winner(page, "old")
    page.keyboard.press("End")
    winner(page, "new")
    page.wait_for_function("document.querySelector('[role=status]').textContent.length > 20")


def test_mouse_makes_narrowcast_too_dear(reader):
    page = reader().lab()
    page.locator(".nc-bet-new").click()
    winner(page, "new")
    knob(page, 3).scroll_into_view_if_needed()
    box = knob(page, 3).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    winner(page, "old")
    assert page.locator(".nc-mark").is_hidden()  # beyond 100%: nothing to mark


def test_a_slider_moves_people_and_numbers(reader):
    page = reader().lab()
    page.locator(".nc-bet-old").click()
    noticed = page.locator(".nc-numbers dd").nth(1)
    before, painted = noticed.inner_text(), page.locator(".nc-map").first.evaluate("c => c.toDataURL()")
    knob(page, 1).fill("300")
    page.wait_for_function(f"document.querySelectorAll('.nc-numbers dd')[1].textContent !== '{before}'")
    assert int(noticed.inner_text().replace(",", "")) < int(before.replace(",", ""))
    page.wait_for_timeout(500)
    assert page.locator(".nc-map").first.evaluate("c => c.toDataURL()") != painted


def test_for_the_soft_drink_no_precision_suffices(reader):
    page = reader().lab()
    page.locator("input[value=soft-drink]").check(force=True)
    page.wait_for_function("document.querySelector('.nc-lede').textContent.includes('soft drink')")
    assert page.locator(".nc-verdict").is_hidden()  # a new market, a new bet
    page.locator(".nc-bet-new").click()
    winner(page, "old")
    assert "no precision suffices" in page.locator(".nc-sentence").inner_text()


def test_less_motion_means_the_last_week_at_once(reader):
    still, moving = reader(still=True).lab(), reader(still=False).lab()
    weeks = ".nc-transport input[type=range]"
    still.locator(".nc-bet-new").click()
    assert still.locator(weeks).input_value() == "4"
    moving.locator(".nc-bet-new").click()
    assert moving.locator(weeks).input_value() != "4"
    moving.wait_for_function(f"document.querySelector('{weeks}').value === '4'", timeout=10_000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_shut_out_and_nothing_overflows(reader, axe, language):
    one = reader()
    page = one.lab(language)
    for revealed in (False, True):
        if revealed:
            page.locator(".nc-bet-new").click()
        for width in (*SIZES, 360):
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(150)
            assert page.evaluate(OVERFLOW) == [], width
            if width == 360:
                continue
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert axe(page) == [], (revealed, width, scheme)


@pytest.mark.parametrize("language", LANGUAGES)
def test_gallery_page_is_open_to_everybody(reader, axe, language):
    one = reader()
    page = one.open(f"/{language}/")
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
        assert page.evaluate(OVERFLOW) == []
    assert page.locator(".card img").evaluate("i => i.naturalWidth") == 1200
    assert one.strangers() == []
    page.locator(".card a").click()
    page.locator(".nc-bet-new").wait_for(timeout=30_000)
    page.locator(".bar nav a:not([aria-current])").click()
    page.locator(".nc-bet-new").wait_for(timeout=30_000)
    assert page.locator("html").get_attribute("lang") != language


def test_on_a_phone_the_maps_stay_in_sight_above_the_sliders(reader):
    page = reader(width=390, height=844).lab()
    page.locator(".nc-bet-new").click()
    knob(page, 2).scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 120)")
    top = page.locator(".nc-map").first.bounding_box()["y"]
    assert 0 <= top < 80
    knob(page, 2).focus()
    assert knob(page, 2).bounding_box()["y"] > top + page.locator(".nc-map").first.bounding_box()["height"]


def test_focus_is_seen(reader):
    page = reader().lab()
    page.locator(".nc-bet input[type=range]").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_kernel_that_ended_is_told(reader):
    one = reader()
    page = one.lab()
    assert page.locator("#gone").is_hidden()
    kernel = page.evaluate("document.body.dataset.kernel").rsplit("/", 1)[1]
    urllib.request.urlopen(urllib.request.Request(f"{one.home}/voila/api/shutdown/{kernel}", method="POST"))
    page.locator("#gone").wait_for(timeout=20_000)
    page.locator("#gone a").click()
    page.locator(".nc-bet-new").wait_for(timeout=30_000)
    assert page.locator("#gone").is_hidden()


def test_a_closed_tab_frees_its_kernel(reader, fetch):
    one = reader()
    page = one.lab()
    kernel = page.evaluate("document.body.dataset.kernel")
    assert fetch(kernel)[0] == 200
    page.close(run_before_unload=True)
    deadline = time.monotonic() + 15
    while fetch(kernel)[0] != 404:
        assert time.monotonic() < deadline, "the kernel outlived its page"
        time.sleep(0.2)
