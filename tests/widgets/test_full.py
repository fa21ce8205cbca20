"""The gallery by itself, as a service runs it, when more readers come than it has places for."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.server

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """A gallery with three places, of which two are kept warm; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "narrowcast", "serve", "gallery", f"--port={port}", "--most=3"], cwd=REPOSITORY,
        env={**os.environ, "SECRET": "of the shell"}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout.readline() == f"http://127.0.0.1:{port}/en/\n"
        address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while kernels(address) < 2:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def get(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def kernels(address: str) -> int:
    try:
        return int(json.loads(get(f"{address}/health")[2])["kernels"])
    except OSError:
        return 0


def enter(small: str, language: str) -> tuple[int, dict[str, str], str]:
    """Open an app as a browser does; return status, headers, and the kernel or, where there is none, the page."""
    status, headers, page = get(f"{small}/{language}/fliplab")
    kernel = re.search(r'data-kernel="[^"]*/([0-9a-f-]{36})"', page)
    return status, headers, kernel[1] if kernel else page


def leave(small: str, kernel: str) -> None:
    """Close a tab."""
    left = urllib.request.Request(f"{small}/voila/api/shutdown/{kernel}", data=b"", method="POST")
    assert urllib.request.urlopen(left, timeout=30).status == 204


def crowded(small: str, language: str) -> list[str]:
    """Let readers in until no place is left for that language; return their kernels."""
    inside, deadline = [], time.monotonic() + 60
    while get(f"{small}/{language}/fliplab/place")[0] == 204:
        assert time.monotonic() < deadline
        assert kernels(small) <= 3
        inside.append(enter(small, language)[2])
        time.sleep(3)  # for a warm one to take its place, while there is one
    return inside


def test_who_comes_too_late_is_told_and_comes_in_when_somebody_leaves(small: str) -> None:
    inside = crowded(small, "vi")
    assert len(inside) == 2, "the third place is kept warm for the other language"
    status, headers, page = enter(small, "vi")
    assert status == 503
    assert '<html lang="vi">' in page
    assert int(headers["Retry-After"]) > 0
    assert [get(f"{small}/{one}/place")[0] for one in ("vi/none", "fr/fliplab")] == [404, 404]
    status, _headers, kept = enter(small, "en")
    assert status == 200, "whose place is kept comes in"
    assert get(f"{small}/vi/")[0] == 200, "pages without a kernel are for everybody"

    leave(small, inside[0])
    deadline = time.monotonic() + 60
    while (entered := enter(small, "vi"))[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(1)
    assert kernels(small) <= 3
    for kernel in (inside[1], kept, entered[2]):
        leave(small, kernel)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language", "scheme"), [(1280, "en", "light"), (390, "vi", "dark")])
def test_the_waiting_page_is_for_everybody_and_opens_the_app_by_itself(
    small: str, browser, axe, width: int, language: str, scheme: str
) -> None:
    inside = crowded(small, language)
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    assert page.goto(f"{small}/{language}/fliplab").status == 503
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
    leave(small, inside.pop())
    page.locator(".nc-bet-new").wait_for(timeout=60_000)
    context.close()
    for kernel in inside:
        leave(small, kernel)


def test_this_machine_alone_is_told_more(small: str) -> None:
    status, headers, text = get(f"{small}/metrics")
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "text/plain")
    assert "narrowcast_gallery_kernels_most 3.0" in text
    assert get(f"{small}/metrics", **{"X-Forwarded-For": "203.0.113.7"})[0] == 404
    told = json.loads(get(f"{small}/health")[2])
    assert (told["status"], told["most"]) == ("ok", 3)
