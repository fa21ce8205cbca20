"""Inside: try whether a submission could be shut in here; `python probe.py SETTINGS` fails if not.

Run by its path, with packages that are bare: importing narrowcast takes a second, and nothing of it is tried here.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import ModuleType

__all__ = ["main"]


def _bare_packages() -> None:
    """Let modules of ours be found without what their packages import."""
    here = Path(__file__).resolve().parent
    for name, folder in (
        ("narrowcast", here.parents[1]),
        ("narrowcast.grade", here.parent),
        ("narrowcast.grade.box", here),
    ):
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules[name] = package


def main() -> None:
    """Do what a worker's process and a submission's do to shut themselves in."""
    settings = json.loads(sys.argv[1])
    _bare_packages()
    from narrowcast.grade.box import confine, linux  # noqa: PLC0415 - from the bare package

    if settings["die"]:
        linux.die_with_parent()
    linux.set_dumpable(on=False)
    if settings["jail"]:
        from narrowcast.grade.box.jail import enter  # noqa: PLC0415

        enter(settings["jail"])
    if settings["namespaces"]:
        confine.leave_namespaces()
        child = os.fork()
        if child:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF)
        confine.own_mounts(settings["scratch"], 1 << 20)
    os._exit(0)


if __name__ == "__main__":
    main()
