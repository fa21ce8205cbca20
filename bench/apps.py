"""Opening FlipLab in a real browser: our gallery beside stock Voila, the same notebook, the same run."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUNS = 5
READY = "input[type=range]:visible"
"""What must be visible before a reader can play."""
DARK_CORNERS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server(
    command: list[str], address: str, environment: dict[str, str], folder: Path = ROOT / "widgets"
) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _try in range(150):
            try:
                urllib.request.urlopen(address, timeout=60).close()
                break
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                time.sleep(0.2)
        else:
            raise RuntimeError(f"{address} never answered: {' '.join(command)}")
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _noting(asked: list[str]) -> Callable[[Any], None]:
    return lambda request: asked.append(request.url)


def _weighing(sizes: list[int]) -> Callable[[Any], None]:
    return lambda response: sizes.append(int(response.headers.get("content-length", 0)))


def _open_pages(address: str) -> dict[str, float]:
    """Open the page several times with a cold cache; return medians."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    seconds, kilobytes, requests, strangers = [], [], [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=DARK_CORNERS)
        for run in range(RUNS + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            asked: list[str] = []
            sizes: list[int] = []
            page.on("request", _noting(asked))
            page.on("response", _weighing(sizes))
            begin = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.locator(READY).first.wait_for(state="visible", timeout=90_000)
            if run:  # the first does not count
                seconds.append(time.perf_counter() - begin)
                kilobytes.append(sum(sizes) / 1e3)
                requests.append(len(asked))
                strangers += sum("127.0.0.1" not in url and url.startswith("http") for url in asked)
            context.close()
            time.sleep(3)  # let the pool warm its next kernel, for both alike
        browser.close()
    return {
        "seconds_to_interactive": statistics.median(seconds), "kilobytes": statistics.median(kilobytes),
        "requests": statistics.median(requests), "third_party_requests": strangers,
    }  # fmt: skip


def _chromium() -> str:
    import shutil  # noqa: PLC0415

    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("the part 'apps' needs Chromium: apt-get install chromium")
    return found


def compare_voila() -> dict[str, Any]:
    """Return figures of our gallery and of stock Voila, and the ratio of their times."""
    from narrowcast.serve.environ import gallery_command, gallery_environment  # noqa: PLC0415
    from narrowcast.serve.place import find_place  # noqa: PLC0415

    port = _free_port()
    with _server(
        gallery_command("127.0.0.1", port), f"http://127.0.0.1:{port}/en/", gallery_environment(find_place())
    ):
        ours = _open_pages(f"http://127.0.0.1:{port}/en/fliplab")
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    app = ROOT / "widgets" / "en" / "fliplab.ipynb"
    stock = [sys.executable, "-m", "voila", str(app), "--no-browser", f"--port={port}"]
    # Run beside the apps it would read our settings.
    with _server(stock, f"http://127.0.0.1:{port}/voila/static/", environment, app.parent):
        peer = _open_pages(f"http://127.0.0.1:{port}/")
    return {
        "work": "FlipLab from navigation to a visible slider, cold cache, Chromium on the same machine",
        "gallery": ours,
        "stock_voila": peer,
        "times_faster": peer["seconds_to_interactive"] / ours["seconds_to_interactive"],
    }
