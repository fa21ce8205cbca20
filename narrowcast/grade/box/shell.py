"""IPython in a box: the shell of a notebook without a kernel, its outputs sent out as they come."""

from __future__ import annotations

import builtins
import getpass
import os
import sys
from typing import Any, ClassVar

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from narrowcast.grade.box.streams import Printer, Reporter
from narrowcast.grade.box.warming import warm_cells

__all__ = ["BoxShell", "made_shell"]


class _Way:
    """Where outputs go; a shell is made before there is anywhere."""

    reporter: ClassVar[Reporter]
    printers: ClassVar[tuple[Printer, ...]] = ()

    @classmethod
    def flush(cls) -> None:
        for printer in cls.printers:
            printer.flush()


class _Results(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write none: the number travels with the result."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Send the result."""
        _Way.flush()
        _Way.reporter.bundle("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        """Do nothing: there is no line to end."""


class _Displays(DisplayPublisher):
    """What a cell displays."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,  # noqa: ARG002 - an argument of old
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_more: object,
    ) -> None:
        """Send what is displayed."""
        _Way.flush()
        display = (transient or {}).get("display_id")
        _Way.reporter.bundle("display_data", data, metadata, display=display, update=update)

    def clear_output(self, wait: bool = False) -> None:
        """Clear the cell's outputs."""
        _Way.flush()
        _Way.reporter.send({"kind": "clear", "wait": bool(wait)})


class BoxShell(InteractiveShell):
    """The shell; `get_ipython()` returns it."""

    displayhook_class = Type(_Results)
    display_pub_class = Type(_Displays)

    def connect(self, reporter: Reporter, printers: tuple[Printer, Printer]) -> None:
        """Say where outputs go; what was made before is gone."""
        _Way.reporter, _Way.printers = reporter, printers

    def ask_exit(self) -> None:
        """Go on: the cells after `exit()` are run too."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: figures become pictures."""

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        _Way.flush()
        try:
            value = str(evalue)
        except Exception:  # noqa: BLE001 - an exception of the student's
            value = ""
        lines = [str(line) for line in stb]
        _Way.reporter.output(
            {"output_type": "error", "ename": etype.__name__, "evalue": value, "traceback": lines}
        )


def _no_input(*_given: object, **_named: object) -> str:
    message = "raw_input was called, but this frontend does not support input requests."
    raise StdinNotImplementedError(message)


def made_shell() -> BoxShell:
    """Make the shell: no history on the disk, no input, figures as pictures."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.BoxShell.autoindent = False
    shell: BoxShell = BoxShell.instance(config=config)
    builtins.input = _no_input
    getpass.getpass = _no_input
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
    _warm(shell)
    return shell


def _warm(shell: BoxShell) -> None:
    """Use it once, heard by nobody, and leave it as new."""
    before = sys.stdout, sys.stderr
    nothing = os.open(os.devnull, os.O_WRONLY)
    reporter = Reporter(nothing)
    printers = Printer("stdout", reporter, 1_000, 1), Printer("stderr", reporter, 1_000, 2)
    sys.stdout, sys.stderr = printers
    try:
        shell.connect(reporter, printers)
        names = set(shell.user_ns)
        warm_cells(shell.run_cell)
        for name in set(shell.user_ns) - names:
            del shell.user_ns[name]
        shell.displayhook.flush()  # type: ignore[no-untyped-call]
        shell.user_ns["_oh"].clear()
    finally:
        sys.stdout, sys.stderr = before
        os.close(nothing)
