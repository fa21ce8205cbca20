"""A student opens Lesson 1 in JupyterLab, runs every cell, and saves it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Open a copy of the course and return its folder and JupyterLab's address."""
    root = tmp_path_factory.mktemp("lab") / "narrowcast"
    drop = shutil.ignore_patterns(
        "release", "submitted", "autograded", "feedback", "exchange", "gradebook.db*"
    )
    for folder in ("course", "assignments", "widgets"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=drop)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "narrowcast", "start", "--no-browser"],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    assert process.stdout is not None
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"it ended before it was open:\n{said}"
        said += line
    try:
        yield root, re.search(r"http://\S+/lab\S*", said)[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    return browser.new_page(viewport={"width": 1280, "height": 900})


def run_and_save(page: Any, address: str, file: Path, last: str) -> nbformat.NotebookNode:
    """Run every cell from the menu, wait for the last check, save, and return what was saved."""
    from playwright.sync_api import TimeoutError  # noqa: A004 - what Playwright calls it

    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
    page.get_by_text(re.compile(r"\| Idle$")).first.wait_for(timeout=90_000)
    for _try in range(20):  # a kernel that has only just connected may miss the first calls
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.get_by_text(re.compile(r"\| Busy$")).first.wait_for(timeout=5_000)
            break
        except TimeoutError:
            continue
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        page.wait_for_timeout(2_000)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        try:
            notebook = nbformat.read(file, as_version=4)
        except nbformat.reader.NotJSONError:  # just being written
            continue
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        # A cell that fails stops the run, and the error is what the caller wants to see.
        failed = any(output.output_type == "error" for cell in code for output in cell.outputs)
        if failed or (code[-1].outputs and last in str(code[-1].outputs)):
            return notebook
    raise AssertionError(f"the last cell of {file.name} was not run: {code[-1]}")


def see_fliplab(page: Any) -> None:
    """Scroll to the widget: cells far from the window are not in the page."""
    notebook = page.locator(".jp-WindowedPanel-outer:visible").first
    notebook.evaluate("panel => { panel.scrollTop = 0 }")
    for _step in range(120):
        page.wait_for_timeout(200)
        if page.locator(".jp-OutputArea canvas:visible").count() >= 2:
            break
        notebook.evaluate("panel => { panel.scrollTop += 500 }")
    page.locator(".jp-OutputArea input[type=range]:visible").first.wait_for(timeout=30_000)
    assert page.locator(".jp-OutputArea canvas:visible").count() >= 2


@pytest.mark.parametrize("name", ["lesson.ipynb", "lesson.vi.ipynb"])
def test_every_cell_of_the_lesson_runs_in_lab(doors, page, name):
    root, lab = doors
    token = re.search(r"token=\w+", lab)[0]
    base = lab.partition("/lab")[0]
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url) if not request.url.startswith(
        (base, base.replace("http", "ws"), "data:", "blob:")) else None)  # fmt: skip
    file = root / "course" / "01-rules-flipped" / name
    notebook = run_and_save(page, f"{base}/lab/tree/course/01-rules-flipped/{name}?{token}", file, "recall3")
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in outputs)
    assert not strangers
    see_fliplab(page)
