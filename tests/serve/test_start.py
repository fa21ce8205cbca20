"""`narrowcast start`, as a person runs it: real servers, real signals."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import stat
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

pytestmark = pytest.mark.server


def fetch(url: str, method: str = "GET", token: str = "") -> tuple[int, str, str]:
    """Return status, body and where the answer points to, following nothing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    headers = {"Authorization": f"token {token}"} if token else {}
    connection.request(
        method, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=headers
    )
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, body, answer.headers.get("Location", "")


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def token_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["token"][0]


def run(*options: str, cwd: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "narrowcast", "start", "--no-browser", *options]
    return subprocess.run(command, cwd=str(cwd), capture_output=True, text=True, timeout=60, check=False)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in psutil.wait_procs(processes, timeout=3)[1] if one.status() != psutil.STATUS_ZOMBIE]


def test_three_doors_answer(opened):
    student, instructor, *public = opened.doors
    assert fetch(student)[0] == 200
    assert "/lab/tree/course/01-rules-flipped/lesson.ipynb" in student
    assert "/formgrader" in instructor
    assert [urlsplit(door).path for door in public] == ["/en/", "/vi/"]
    for door in public:
        assert fetch(door)[0] == 200
        assert "token" not in door


def test_doors_stand_one_under_the_other(opened):
    columns = {line.index("http://") for line in opened.text.splitlines() if "http://" in line}
    assert len(columns) == 1, opened.text
    assert "\x1b" not in opened.text, "no colour codes where nobody sees them"


def test_lab_wants_its_token(opened):
    student = opened.doors[0]
    assert len(token_of(student)) >= 32
    status, _body, where = fetch(origin(student) + "/lab")
    assert (status, "/login" in where) == (302, True)
    assert fetch(origin(student) + "/api/contents")[0] == 403
    assert fetch(origin(student) + "/api/contents", token=token_of(student))[0] == 200


def test_the_token_is_nowhere_that_others_read(opened):
    token = token_of(opened.doors[0])
    for process in [psutil.Process(opened.process.pid), *opened.family()]:
        assert token not in " ".join(process.cmdline())
    for file in (opened.root / ".narrowcast").rglob("*"):
        if file.is_file() and token in file.read_text(encoding="utf-8", errors="replace"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_formgrader_lists_the_released_assignment(opened):
    lab, token = origin(opened.doors[1]), token_of(opened.doors[1])
    status, page, _where = fetch(lab + "/formgrader/manage_assignments", token=token)
    assert status == 200
    assert "Manage Assignments" in page
    assert token not in page
    status, listed, _where = fetch(lab + "/formgrader/api/assignments", token=token)
    assert status == 200
    assert [(one["name"], one["status"]) for one in json.loads(listed)] == [("01-rules-flipped", "released")]


def test_student_finds_the_assignment_in_lab(opened):
    lab, token = origin(opened.doors[0]), token_of(opened.doors[0])
    status, listed, _where = fetch(lab + "/assignments?course_id=narrowcast", token=token)
    assert status == 200
    told = json.loads(listed)
    assert told["success"], told
    found = [(one["assignment_id"], one["status"], one.get("path")) for one in told["value"]]
    assert found == [("01-rules-flipped", "fetched", "my-work/01-rules-flipped")]


def test_lab_carries_nbgraders_extensions_and_no_news(opened):
    lab, token = origin(opened.doors[0]), token_of(opened.doors[0])
    page = fetch(lab + "/lab", token=token)[1]
    config = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )
    assert "@jupyter/nbgrader" in {one["name"] for one in config["federated_extensions"]}
    assert config["disabledExtensions"] == ["@jupyterlab/apputils-extension:announcements"]
    assert fetch(lab + "/lab/api/news", token=token)[1].strip() == json.dumps({"news": []})


def test_gallery_is_told_no_secret(opened):
    gallery = next(one for one in opened.family() if "narrowcast.serve.gallery" in one.cmdline())
    assert "PYTHONDONTWRITEBYTECODE" not in gallery.environ()
    assert not {name for name in gallery.environ() if "TOKEN" in name or "SECRET" in name or "KEY" in name}


def test_second_start_says_what_is_running(opened):
    second = run(cwd=opened.root / "course")
    assert second.returncode == 0, second.stderr
    assert "open already" in second.stdout
    assert str(opened.process.pid) in second.stdout
    for door in opened.doors:
        assert door in second.stdout
    assert opened.process.poll() is None


def test_interrupt_ends_everything_kernels_too(opening):
    running = opening()
    assert "no assignment to hand out yet" in running.text
    lab, token = origin(running.doors[0]), token_of(running.doors[0])
    assert fetch(lab + "/api/kernels", "POST", token=token)[0] == 201
    family = running.family()
    assert any("ipykernel_launcher" in " ".join(one.cmdline()) for one in family)
    said = running.end(signal.SIGINT)
    assert running.process.returncode == 0, said
    assert "Everything is closed." in said
    assert alive(family) == []
    assert not (running.root / ".narrowcast" / "run.json").exists()


def test_a_server_that_dies_is_told_and_takes_the_other_along(opening):
    running = opening()
    family = running.family()
    next(one for one in family if "narrowcast.serve.gallery" in one.cmdline()).kill()
    said, _nothing = running.process.communicate(timeout=40)
    assert running.process.returncode == 2, said
    assert "The gallery has ended by itself" in said
    assert said.partition("gallery.log:\n")[2].strip(), "its last words"
    assert alive(family) == []


def test_what_a_killed_start_left_running_is_ended_by_the_next(opening):
    running = opening()
    family = running.family()
    running.process.kill()
    running.process.wait()
    assert any(one.is_running() for one in family), "servers outlive the process that looked after them"
    refused = run("--lab-port", str(taken_port()), cwd=running.root)
    assert refused.returncode == 2
    assert alive(family) == []


_held: list[socket.socket] = []


def taken_port() -> int:
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    holder.listen()
    _held.append(holder)
    return int(holder.getsockname()[1])


@pytest.mark.parametrize("option", ["--lab-port", "--gallery-port"])
def test_a_taken_port_that_was_asked_for_is_refused(option, tmp_path):
    port = taken_port()
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "nbgrader_config.py").touch()
    (tmp_path / "course").mkdir()
    refused = run(option, str(port), cwd=tmp_path)
    assert refused.returncode == 2
    assert f"Port {port} is taken." in refused.stderr
    assert option in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / ".narrowcast" / "run.json").exists()


def test_other_machines_are_let_in_only_when_that_was_said(course):
    refused = run("--host", "0.0.0.0", cwd=course)
    assert refused.returncode == 2
    assert "--expose" in refused.stderr
