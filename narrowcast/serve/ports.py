"""Which address a server may listen on."""

from __future__ import annotations

import ipaddress
import socket

from narrowcast.errors import ServeError
from narrowcast.language import gettext as _

__all__ = ["address", "check_host", "choose_port", "is_free", "is_loopback", "reachable"]

TRIES = 100


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach a server that listens on `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_host(host: str, *, expose: bool) -> None:
    """Refuse to listen to other machines unless that was said in so many words.

    Raises
    ------
    ServeError
        If `host` is no loopback address and `expose` is not given, or if it is no address of this machine.
    """
    if not is_loopback(host) and not expose:
        raise ServeError(
            _("--host {host} would let other machines reach JupyterLab, which can run any code.").format(
                host=host
            ),
            cure=_("Add --expose if that is what you want (the token stays on), or leave --host out."),
        )
    try:
        with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
    except OSError as error:
        raise ServeError(
            _("{host} is no address of this machine ({reason}).").format(
                host=host, reason=error.strerror or error
            ),
            cure=_("Leave --host out to listen on 127.0.0.1."),
        ) from error


def choose_port(
    host: str, asked: int | None, default: int, *, option: str, avoid: frozenset[int] = frozenset()
) -> int:
    """Return a port that is free on `host`.

    Parameters
    ----------
    host
        The address to listen on.
    asked
        The port that was asked for, 1 to 65535; None takes the default or the next free one after it.
    default
        The first port to try.
    option
        The option by which another port is asked for, to name it in a complaint.
    avoid
        Ports that are spoken for.

    Raises
    ------
    ServeError
        If the port that was asked for is taken, or no port is free.
    """
    if asked is not None:
        if asked in avoid or not is_free(host, asked):
            raise ServeError(
                _("Port {port} is taken.").format(port=asked),
                cure=_("Ask for another one with {option}, or leave it out: a free one is found.").format(
                    option=option
                ),
            )
        return asked
    for port in range(default, default + TRIES):
        if port not in avoid and is_free(host, port):
            return port
    raise ServeError(
        _("No port from {first} to {last} is free.").format(first=default, last=default + TRIES - 1),
        cure=_("Name one with {option}.").format(option=option),
    )


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen there now."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose last connection has only just closed is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def reachable(host: str) -> str:
    """Return an address under which this machine itself reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - a lookup, nothing listens


def address(host: str, port: int) -> str:
    """Return the http address of a server, without a slash at its end."""
    name = reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
