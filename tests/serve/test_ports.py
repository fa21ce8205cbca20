from __future__ import annotations

import socket

import pytest

from narrowcast.errors import ServeError
from narrowcast.serve.ports import address, check_host, choose_port, is_free, is_loopback


@pytest.fixture
def taken():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "::1", "localhost", "LOCALHOST"])
def test_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.7", "192.168.1.2", "example.org", "localhost.example.org"]
)
def test_not_loopback(host):
    assert not is_loopback(host)
    with pytest.raises(ServeError, match="--expose"):
        check_host(host, expose=False)


def test_everything_may_be_listened_to_when_agreed():
    check_host("0.0.0.0", expose=True)
    check_host("127.0.0.1", expose=False)


def test_a_strange_address_is_told():
    with pytest.raises(ServeError, match=r"192\.0\.2\.1 is no address of this machine"):
        check_host("192.0.2.1", expose=True)


def test_a_taken_default_moves_on(taken):
    chosen = choose_port("127.0.0.1", None, taken, option="--lab-port")
    assert chosen > taken
    assert is_free("127.0.0.1", chosen)


def test_a_port_spoken_for_is_left_alone():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert choose_port("127.0.0.1", None, port, option="--x", avoid=frozenset({port})) != port
    with pytest.raises(ServeError):
        choose_port("127.0.0.1", port, 1, option="--x", avoid=frozenset({port}))


def test_a_taken_port_that_was_asked_for_names_the_option(taken):
    with pytest.raises(ServeError, match=rf"Port {taken} is taken\. .*--gallery-port"):
        choose_port("127.0.0.1", taken, 8866, option="--gallery-port")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8888"),
        ("0.0.0.0", "http://127.0.0.1:8888"),
        ("::1", "http://[::1]:8888"),
        ("::", "http://[::1]:8888"),
        ("localhost", "http://localhost:8888"),
    ],
)
def test_address(host, expected):
    assert address(host, 8888) == expected
