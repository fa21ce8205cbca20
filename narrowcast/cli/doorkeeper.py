"""A group of commands that knows whom each is for, and the nearest name to a slip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _

__all__ = ["Doorkeeper", "PlainRange", "show_help"]


class PlainRange(click.IntRange):
    """A number whose range is not repeated in the help, where it would bury what the option is for."""

    def _describe_range(self) -> str:
        return ""


class Doorkeeper(click.Group):
    """A group that lists its commands by the person they are for, and knows the nearest name.

    Parameters
    ----------
    people
        By person: the commands for them. None lists all commands together.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - click's own
        people: Mapping[str, tuple[str, ...]] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **options)
        self.people = people

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is answered with the names that exist."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UnknownName(kind=_("command"), given=args[0], allowed=self.commands)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands, person by person."""
        width = max(len(name) for name in self.commands)
        people = self.people or {_("Commands"): tuple(self.commands)}
        for person, names in people.items():
            with formatter.section(person):
                rows = [(name.ljust(width), self.commands[name].get_short_help_str(80)) for name in names]
                formatter.write_dl(rows)


@click.pass_context
def show_help(ctx: click.Context, /, **_options: object) -> None:
    """Say what a group can do, where no command is named."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
