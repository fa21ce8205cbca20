"""Problems are gathered with their places, then told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from narrowcast.errors import BuildError, nearest
from narrowcast.language import gettext as _

__all__ = ["Problems", "did_you_mean"]


@dataclass
class Problems:
    """A list of complaints, each with the file and line where it can be cured.

    Parameters
    ----------
    root
        Folder of the course; files are named relative to it.
    """

    root: Path
    found: list[str] = field(default_factory=list)

    def name(self, file: Path) -> str:
        """Return the file as it is named in a complaint: relative to the course, with slashes."""
        return file.relative_to(self.root).as_posix() if file.is_relative_to(self.root) else file.as_posix()

    def add(self, file: Path, line: int, what: str, /, **fields: object) -> None:
        """Note what is wrong at a line (counted from 1) of a file; fields fill the placeholders of `what`."""
        told = what.format(**fields) if fields else what
        self.found.append(f"{self.name(file)}:{max(line, 1)}: {told}")

    def raise_if_any(self) -> None:
        """Raise BuildError with every problem found so far, each once, in the order of finding."""
        if self.found:
            raise BuildError(list(dict.fromkeys(self.found)))


def did_you_mean(given: object, allowed: Iterable[str]) -> str:
    """Return " Did you mean ...?" with the nearest allowed names, or nothing if none is near."""
    names = sorted(allowed)
    close = nearest(given, names)
    if close:
        return " " + _("Did you mean {names}?").format(names=", ".join(repr(name) for name in close))
    return " " + _("Allowed: {names}.").format(names=", ".join(names)) if names else ""
