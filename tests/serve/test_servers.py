from __future__ import annotations

import os
import socket
import sys
import time

import psutil
import pytest

from narrowcast.errors import ServeError
from narrowcast.serve.opening import Bell, check_alive
from narrowcast.serve.servers import Server, end

# A server that starts a child in a session of its own, as Jupyter does with a kernel, and then serves.
SERVER = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print("child", child.pid, flush=True)
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""


@pytest.fixture
def server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Server(
        title="A server",
        command=[sys.executable, "-c", SERVER, str(port)],
        folder=tmp_path,
        environment=dict(os.environ),
        log=tmp_path / "logs" / "server.log",
        host="127.0.0.1",
        port=port,
        ready="/",
    )
    yield made
    end([made])


def wait_until_open(server: Server) -> None:
    for _attempt in range(100):
        if server.answers():
            return
        time.sleep(0.1)
    pytest.fail(server.last_words())


def test_ends_with_all_that_it_started(server):
    assert not server.alive
    assert not server.answers()
    server.start()
    wait_until_open(server)
    child = psutil.Process(int(server.last_words().split("child ")[1].split()[0]))
    assert server.alive
    assert child.is_running()
    end([server])
    assert not server.alive
    assert psutil.wait_procs([child], timeout=3)[1] == []


def test_ends_even_if_it_does_not_listen_to_requests(server, monkeypatch):
    monkeypatch.setattr("narrowcast.serve.servers.PATIENCE", 0.5)
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER
    server.command = [sys.executable, "-c", stubborn, str(server.port)]
    server.start()
    wait_until_open(server)
    end([server])
    assert not server.alive


def test_a_server_that_ended_by_itself_is_told_with_its_last_words(server):
    server.command = [sys.executable, "-c", "print('disk full'); raise SystemExit(3)"]
    server.start()
    assert server.process is not None
    server.process.wait()
    with pytest.raises(ServeError, match=r"A server has ended by itself(?s:.*)server\.log(?s:.*)disk full"):
        check_alive([server])


def test_last_words_are_the_last_lines(server):
    server.log.parent.mkdir()
    server.log.write_text("".join(f"line {number}\n" for number in range(50)))
    assert server.last_words(2) == "line 48\nline 49"


def test_a_bell_that_was_rung_is_not_waited_for():
    bell = Bell()
    assert bell.wait(0.01) is False
    bell.rung = True
    began = time.monotonic()
    assert bell.wait(30) is True
    assert time.monotonic() - began < 1
