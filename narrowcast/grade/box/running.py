"""Inside the box: the cells of a notebook, one after the other."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from narrowcast.grade.box.shell import BoxShell
from narrowcast.grade.box.streams import Descriptors, Printer, Reporter
from narrowcast.judge import worksheet

__all__ = ["begin_anew", "hand_out_answers", "run_cells"]


def run_cells(
    shell: BoxShell, cells: Sequence[str], skip: Sequence[int], reporter: Reporter, descriptors: Descriptors, room: int
) -> None:  # fmt: skip
    """Run the cells of a notebook but for those at the positions `skip`."""
    printers = Printer("stdout", reporter, room, 1), Printer("stderr", reporter, room, 2)
    sys.stdout, sys.stderr = printers
    shell.connect(reporter, printers)
    for position, source in enumerate(cells):
        if position in skip:
            continue
        for printer in printers:
            printer.renew()
        reporter.send({"kind": "begin", "cell": position})
        failed = _run(shell, source)
        with suppress(Exception):  # what the cell left in place of these
            descriptors.collect(printers)
            for printer in printers:
                printer.flush()
        reporter.send({"kind": "end", "cell": position, "failed": failed})
    reporter.send({"kind": "done"})


def _run(shell: BoxShell, source: str) -> str:
    """Run a cell; return the name of what it raised."""
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        ran = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error = ran.error_before_exec or ran.error_in_exec
    except BaseException as escaped:  # noqa: BLE001 - even what IPython lets through ends one cell only
        error = escaped
        with suppress(BaseException):
            shell.showtraceback()
    finally:
        with suppress(BaseException):
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that comes late is not the next cell's
    return "" if error is None else type(error).__name__


def hand_out_answers(reporter: Reporter, inputs: dict[str, Any]) -> None:
    """Let `nc.check` hand out each answer."""

    def hand_out(question: str, data: dict[str, Any]) -> None:
        reporter.send({"kind": "answer", "question": question, "data": data})

    worksheet.hand_out = hand_out  # type: ignore[attr-defined,unused-ignore]
    worksheet.inputs_for = inputs.get  # type: ignore[attr-defined,unused-ignore]


def begin_anew() -> None:
    """Let chance be as in a process that was just started."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(int.from_bytes(os.urandom(4), "little"))
