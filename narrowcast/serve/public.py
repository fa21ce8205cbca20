"""The gallery by itself, for the public: without JupyterLab, in the foreground, as a service runs it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from rich.console import Console

from narrowcast.errors import ServeError
from narrowcast.language import gettext as _
from narrowcast.serve.doors import gallery_paths
from narrowcast.serve.environ import gallery_command, gallery_environment
from narrowcast.serve.opening import GALLERY_PORT
from narrowcast.serve.place import Place
from narrowcast.serve.ports import address, check_host, choose_port, is_loopback

__all__ = ["Public", "serve_gallery"]


@dataclass(frozen=True)
class Public:
    """How the gallery is to be opened.

    Attributes
    ----------
    host, port
        Where it listens; None takes the first free port from 8866 on.
    expose
        Whether other machines may reach it.
    most
        How many kernels run at once, 1 or more; None takes what half of the memory holds.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    expose: bool = False
    most: int | None = None


def serve_gallery(place: Place, wishes: Public, console: Console) -> None:
    """Become the gallery: this process is replaced by it, so signals and the exit code are its own.

    Parameters
    ----------
    place
        The course.
    wishes
        Where, and for how many.
    console
        Where to say the addresses.

    Raises
    ------
    ServeError
        If it cannot listen there.
    """
    if not is_loopback(wishes.host) and not wishes.expose:
        problem = _("--host {host} would let other machines reach the gallery.").format(host=wishes.host)
        raise ServeError(problem, cure=_("Add --expose if that is what you want, or leave --host out."))
    check_host(wishes.host, expose=True)
    port = choose_port(wishes.host, wishes.port, GALLERY_PORT, option="--port")
    for path in gallery_paths(place).values():
        console.print(address(wishes.host, port) + path, soft_wrap=True)
    command = gallery_command(wishes.host, port)
    if wishes.most is not None:
        command.append(f"--Crowd.most={wishes.most}")
    os.chdir(place.widgets)
    os.execve(command[0], command, gallery_environment(place))  # noqa: S606 - our own command
