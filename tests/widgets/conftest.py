"""The gallery as readers meet it: a real Voila, and a real browser that notes what it asks for."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from narrowcast.serve.environ import gallery_command, gallery_environment
from narrowcast.serve.place import Place

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the gallery of this repository and return its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("gallery") / "gallery.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            gallery_command("127.0.0.1", port), cwd=REPOSITORY / "widgets", stdout=out, stderr=subprocess.STDOUT,
            env=gallery_environment(Place(REPOSITORY)),
        )  # fmt: skip
    address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 90
    try:
        while "vi/fliplab.ipynb is filled" not in log.read_text(errors="replace"):
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < deadline, log.read_text(errors="replace")
            time.sleep(0.2)
        yield address
    finally:
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        for pid in family[1:]:
            if psutil.pid_exists(pid):
                psutil.Process(pid).kill()


@dataclass
class Reader:
    """A person with a browser, and what happened to them."""

    page: Any
    home: str
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        self.page.goto(self.home + path)
        return self.page

    def lab(self, language: str = "en") -> Any:
        page = self.open(f"/{language}/fliplab")
        page.locator(".nc-bet-new").wait_for(timeout=30_000)
        return page

    def strangers(self) -> list[str]:
        """Return requests that went to anybody else."""
        own = (self.home, self.home.replace("http", "ws"), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(own)]


@pytest.fixture
def reader(browser: Any, gallery: str) -> Iterator[Callable[..., Reader]]:
    """Return a maker of readers: `reader(width=390, dark=True)`."""
    contexts = []

    def make(width: int = 1280, height: int = 900, *, dark: bool = False, still: bool = True) -> Reader:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
        )
        contexts.append(context)
        one = Reader(context.new_page(), gallery)
        one.page.on("request", lambda request: one.asked.append(request.url))
        one.page.on("websocket", lambda line: one.asked.append(line.url))
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        one.page.on("console", lambda said: one.errors.append(said.text) if said.type == "error" else None)
        return one

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def fetch(gallery: str) -> Callable[..., tuple[int, str]]:
    """Return a function that gets a path of the gallery: status and text."""

    def get(path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(gallery + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    return get
