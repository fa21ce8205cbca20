"""What all tests share: their order, a browser where one is needed, and no silent skips in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

# The quick ones first; then what runs nbgrader, opens servers, drives a browser.
COST = {"nbgrader": 1, "server": 2, "browser": 3}


def _cost(item: pytest.Item) -> int:
    return max((cost for name, cost in COST.items() if item.get_closest_marker(name)), default=0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    costs = {
        path: max(_cost(item) for item in items if item.path == path) for path in {i.path for i in items}
    }
    # A file stays together, for its tests share what was costly to make; stable: as the files have them.
    items.sort(key=lambda item: (costs[item.path], str(item.path), _cost(item)))


def _skipped_in_ci(config: pytest.Config) -> bool:
    """In CI all that is needed is installed, so a test that was skipped there is a failure."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    strict = os.environ.get("NARROWCAST_SKIP_NOTHING") == "1"
    return strict and reporter is not None and bool(reporter.stats.get("skipped"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped_in_ci(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _skipped_in_ci(config):
        terminalreporter.write_line("Nothing may be skipped here (NARROWCAST_SKIP_NOTHING=1).", red=True)


@pytest.fixture(scope="session", autouse=True)
def _quick_commands() -> Iterator[None]:
    """Have the commands that are started begin sooner: see tests/quick/sitecustomize.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent / "quick"), prepend=os.pathsep)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cache_of_ones_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep opened markets in a folder of this run's: nothing from before is read, nothing is left behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARROWCAST_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium; without one the test is skipped with the command that installs it."""
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium here: sudo apt-get install chromium")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """One Chromium for all tests of a file; none is left open, for no loop but its own may run beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[Any], list[str]]:
    """Return a function that lists what the accessibility rules find on a page."""
    from axe_playwright_python.sync_playwright import Axe

    def find(page: Any) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    return find
