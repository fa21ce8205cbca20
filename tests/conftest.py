"""What all tests share: their order, a browser where one is needed, and no silent skips in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The quick ones first; then what runs nbgrader, opens servers, drives a browser.
COST = {"nbgrader": 1, "server": 2, "browser": 3}


def _cost(item: pytest.Item) -> int:
    return max((cost for name, cost in COST.items() if item.get_closest_marker(name)), default=0)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_cost)  # stable: within a cost, as the files have them
    for item in items:
        if _cost(item) >= COST["server"]:
            # One worker serves pages, so that no page is timed while another server opens.
            item.add_marker(pytest.mark.xdist_group("doors"))


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
