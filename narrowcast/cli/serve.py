"""`narrowcast serve`: what is open to the public, by itself."""

from __future__ import annotations

from typing import Any

import click

from narrowcast.cli.doorkeeper import Doorkeeper, PlainRange, show_help
from narrowcast.language import gettext as _

__all__ = ["serve_command"]


def serve_command() -> click.Group:
    """Return `narrowcast serve` with its command, worded in the language in force."""
    group = Doorkeeper(
        name="serve",
        short_help=_("What is open to the public: gallery."),
        help=_("Open to the public what is meant for it, without JupyterLab."),
        epilog=_("narrowcast serve COMMAND --help says more about a command."),
        callback=show_help,
        invoke_without_command=True,
    )
    group.add_command(_gallery_command())
    return group


def _gallery_command() -> click.Command:
    return click.Command(
        "gallery",
        callback=_gallery,
        short_help=_("Open the gallery of apps, in the foreground."),
        help=_(
            "Open the gallery of apps alone, in the foreground, as a service runs it. Each reader has a process of "
            "their own; who comes when all places are taken is shown a page that looks again by itself. /health says "
            "how many places are taken; /metrics tells this machine more, for Prometheus. Ctrl-C closes it."
        ),
        params=[
            click.Option(
                ["--host"],
                default="127.0.0.1",
                metavar="ADDRESS",
                help=_("Address to listen on. Default: this machine alone."),
            ),
            click.Option(
                ["--port"],
                type=PlainRange(1, 65535),
                metavar="PORT",
                help=_("Port to listen on. Default: 8866 or the next free one."),
            ),
            click.Option(
                ["--expose"],
                is_flag=True,
                help=_("Agree that other machines may reach it (needed by --host)."),
            ),
            click.Option(
                ["--most"],
                type=PlainRange(1, 10_000),
                metavar="N",
                help=_("Processes at once, at most. Default: what half of the memory holds."),
            ),
        ],
    )


def _gallery(**wished: Any) -> None:  # noqa: ANN401 - each is a field of Public
    from rich.console import Console  # noqa: PLC0415 - each command loads what it needs

    from narrowcast.serve.place import find_place  # noqa: PLC0415
    from narrowcast.serve.public import Public, serve_gallery  # noqa: PLC0415

    serve_gallery(find_place(), Public(**wished), Console(highlight=False))
