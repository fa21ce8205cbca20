"""The class that `narrowcast grade` graded, in the formgrader: an instructor marks the written question."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from classroom import NAME, DemoClass, environment

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def free_ports() -> list[int]:
    with socket.socket() as one, socket.socket() as two:
        for holder in (one, two):
            holder.bind(("127.0.0.1", 0))
        return [holder.getsockname()[1] for holder in (one, two)]


@pytest.fixture
def instructors_door(demo_copy: DemoClass) -> Iterator[str]:
    """Open the class as it says it can be opened, and return the address of the formgrader."""
    lab, gallery = free_ports()
    ports = [f"--lab-port={lab}", f"--gallery-port={gallery}"]  # so that another start beside us is no matter
    command = [sys.executable, "-m", "narrowcast", "start", "--no-browser", *ports]
    process = subprocess.Popen(
        command,
        cwd=demo_copy.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"it ended before it was open:\n{said}"
        said += line
    try:
        yield re.search(r"http://\S+/formgrader\?token=\w+", said)[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_an_instructor_marks_the_written_question(instructors_door, demo_copy, browser):
    from nbgrader.api import Gradebook
    from playwright.sync_api import expect

    database = f"sqlite:///{demo_copy.assignments / 'gradebook.db'}"
    with Gradebook(database) as gradebook:
        before = gradebook.find_submission_notebook("assignment", NAME, "s001")
        address, automatic = before.id, before.score
        assert before.needs_manual_grade
    base = instructors_door.partition("/formgrader")[0]
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    strangers: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda asked: strangers.append(asked.url) if "//127.0.0.1" not in asked.url else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(instructors_door)
    row = page.locator("tr", has_text=NAME)
    expect(row.locator(".num-submissions")).to_have_text("12")

    page.goto(f"{base}/formgrader/gradebook/{NAME}/assignment")
    expect(page.locator("tbody tr", has_text="Submission #")).to_have_count(12)
    expect(page.locator("tbody tr", has_text="16 / 16").first).to_be_visible()

    page.goto(f"{base}/formgrader/submissions/{address}/")
    expect(page.locator("body")).to_contain_text("q2: Right")
    expect(page.locator("body")).to_contain_text("Broadcast is not dead")
    for question, mark in {"q1": "2", "q2": "2", "q3": "2", "q4": "4", "q5": "6"}.items():
        expect(page.locator(f"input#{question}")).to_have_attribute("placeholder", mark)
    points = page.locator("input#q6")
    points.fill("3")
    with page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url and answer.ok):
        points.press("Tab")
    page.close()
    assert not [url for url in strangers if not url.startswith("data:")]
    assert not complaints
    with Gradebook(database) as gradebook:
        after = gradebook.find_submission_notebook("assignment", NAME, "s001")
        assert {grade.name: grade.manual_score for grade in after.grades}["q6"] == 3
        assert not after.needs_manual_grade
        assert after.score == pytest.approx(automatic + 3)
