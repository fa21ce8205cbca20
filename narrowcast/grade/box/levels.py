"""How strongly a box is shut here: by bubblewrap, by the kernel's namespaces alone, or by limits only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.grade.box.filter import MACHINES
from narrowcast.grade.box.seen import covered, scratch_inside, seen_inside
from narrowcast.language import gettext as _

__all__ = ["LEVELS", "Level", "chosen", "environment"]

LEVELS = ("bubblewrap", "namespaces", "limits")
_PROBE_SECONDS = 60


@dataclass(frozen=True)
class Level:
    """A way to shut a box.

    Attributes
    ----------
    name
        One of `LEVELS`.
    warning
        What it does not protect, for a person; "" where there is nothing to say.
    changes_user
        Whether submissions run as a user of their own, which only root can arrange.
    """

    name: str
    warning: str = ""
    changes_user: bool = False

    @property
    def namespaces(self) -> bool:
        """Whether a submission sees only what it may."""
        return self.name != "limits"

    @property
    def scratch(self) -> str:
        """Where a submission works; a folder of each worker's own where it sees all of this machine."""
        return scratch_inside(seen_inside()[0])

    def command(self, descriptor: int, *, probe: bool = False) -> list[str]:
        """Return what starts the warm process; `descriptor` is its socket.

        With `probe` it only tries whether a submission could be shut in.
        """
        folders, links = seen_inside()
        settings: dict[str, Any] = {
            "scratch": scratch_inside(folders),
            "descriptor": descriptor,
            "namespaces": self.namespaces,
            "jail": None,
            "die": self.name != "bubblewrap",
        }
        if self.name == "namespaces":
            jail = {"folders": folders, "links": links, "covered": covered(folders)}
            settings["jail"] = {**jail, "scratch": settings["scratch"]}
        program = (
            [str(Path(__file__).with_name("probe.py"))] if probe else ["-m", "narrowcast.grade.box.zygote"]
        )
        python = [sys.executable, "-P", *program, json.dumps(settings)]
        return [*_bubblewrap(), *python] if self.name == "bubblewrap" else python


def _bubblewrap() -> list[str]:
    folders, links = seen_inside()
    scratch = scratch_inside(folders)
    words = [
        "bwrap",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    words += ["--die-with-parent", "--new-session"] + (["--unshare-user"] if os.geteuid() else [])
    above = {str(place) for _source, target in folders for place in Path(target).parents}
    for place in sorted(above - {"/"}):
        words += [
            "--perms",
            "0755",
            "--dir",
            place,
        ]  # what bubblewrap makes by itself only its owner may enter
    for source, target in folders:
        words += ["--ro-bind", source, target]
    for name, target in links:
        words += ["--symlink", target, name]
    for place in covered(folders):
        words += ["--tmpfs", place, "--remount-ro", place]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(64 << 20), "--tmpfs", scratch]
    words += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--clearenv"]
    for name, value in environment(scratch).items():
        words += ["--setenv", name, value]
    return [*words, "--"]


def environment(home: str) -> dict[str, str]:
    """Return all the variables that there are inside."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB")
    package = str(Path(__file__).parents[3])
    paths = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    given = {"PYTHONPATH": os.pathsep.join([*paths, package])}
    if os.environ.get("NUMBA_CACHE_DIR"):
        given["NUMBA_CACHE_DIR"] = os.environ["NUMBA_CACHE_DIR"]
    return given | {f"{name}_NUM_THREADS": "1" for name in threads} | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": home, "TMPDIR": home, "MPLCONFIGDIR": f"{home}/.matplotlib", "IPYTHONDIR": f"{home}/.ipython",
        "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",  # what is forked has no second thread
        "NARROWCAST_CACHE": "off", "NARROWCAST_THREADS": "1", "NARROWCAST_LANGUAGE": "en",
        "USER": "student", "LOGNAME": "student",
    }  # fmt: skip


def chosen(asked: str, *, require_sandbox: bool) -> Level:
    """Return the level asked for, or, for "", the strongest that works here.

    Raises
    ------
    CourseError
        If it does not work here, or is weaker than is required.
    """
    if asked and asked not in LEVELS:
        problem = _("There is no level {given!r} of a sandbox.").format(given=asked)
        raise CourseError(problem, _("Choose one of {names}.").format(names=", ".join(LEVELS)))
    why = ""
    for name in [asked] if asked else LEVELS:
        if name == "limits":
            if require_sandbox:
                break
            return _limits()
        level = Level(name, _unfiltered(), changes_user=os.geteuid() == 0)
        why = _trouble(level)
        if not why:
            return level
    problem = _("Submissions cannot be shut in on this machine.") + (f" ({why})" if why else "")
    raise CourseError(problem, _("Install bubblewrap: sudo apt-get install bubblewrap"))


def _unfiltered() -> str:
    """Return what to say where calls of the kernel cannot be refused."""
    machine = os.uname().machine
    if machine in MACHINES:
        return ""
    told = _(
        "On this kind of processor ({kind}) a sandbox cannot refuse calls of the kernel, so it is weaker."
    )
    return told.format(kind=machine)


def _trouble(level: Level) -> str:
    """Try a level; return what went wrong."""
    if sys.platform != "linux":
        return sys.platform
    if level.name == "bubblewrap" and not shutil.which("bwrap"):
        return _("bwrap is not installed")
    try:
        ran = subprocess.run(  # noqa: S603 - our own command
            level.command(0, probe=True), env=environment(level.scratch), stdin=subprocess.DEVNULL,
            capture_output=True, timeout=_PROBE_SECONDS, check=False, cwd="/",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if not ran.returncode:
        return ""
    return last_line(ran.stderr) or str(ran.returncode)


def last_line(text: bytes) -> str:
    """Return the last line of what a program complained, where it says the most."""
    lines: Sequence[str] = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


def _limits() -> Level:
    own = os.geteuid() == 0 and _open_to_all(Path(sys.base_prefix)) and _open_to_all(Path(sys.prefix))
    told = [_("There is no sandbox here: submissions run with limits of time and size only.")]
    told.append(
        _("They can reach the network, and read what every user of this machine may read.")
        if own
        else _(
            "They can reach the network, and read and change what you may: keys, gradebook, other submissions."
        )
    )
    told.append(_("Install bubblewrap: sudo apt-get install bubblewrap"))
    return Level("limits", " ".join(told), changes_user=own)


def _open_to_all(folder: Path) -> bool:
    """Return whether every user can look into a folder."""
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))
