"""What every widget stands on: one look, one language at a time, and a closed door to hostile readers.

The model of a widget is Python, its view one script. Whatever a reader's browser sends is only ever
data for the traits that the widget names in `reader_sets`; everything else it sends is dropped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from narrowcast.errors import UnknownName
from narrowcast.language import LANGUAGES, current_language
from narrowcast.language import gettext as _

__all__ = ["Widget", "number", "script", "style"]

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=function|const|class)", re.MULTILINE)


def script(name: str) -> str:
    """Return a widget's script with the modules it imports written before it.

    anywidget takes one file; a browser that loads the files from a server takes them as they are.
    """
    text = _read(f"{name}.js")
    modules = [_EXPORT.sub("", _read(f"{module}.js")) for module in _IMPORT.findall(text)]
    return "\n".join([*modules, _IMPORT.sub("", text)])


def style(name: str) -> str:
    """Return the look that all widgets share, then a widget's own."""
    return "\n".join(_read(f"{part}.css") for part in ("theme", name))


def _read(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")


def number(given: object, low: float, high: float, step: float, otherwise: float) -> float:
    """Return a number that a reader sent, brought into its range and onto its step.

    Parameters
    ----------
    given
        Anything at all.
    low, high, step
        The slider's range and step.
    otherwise
        Returned for what is no number: text, NaN, True, a list.
    """
    if isinstance(given, bool) or not isinstance(given, int | float) or (given != given):  # noqa: PLR0124 - NaN
        return otherwise
    kept = min(max(given, low), high)  # first into the range: an integer may be too large for a float
    places = max(0, -math.floor(math.log10(step)))
    return round(min(high, low + round((kept - low) / step) * step), places)


class Widget(anywidget.AnyWidget):
    """Base of all widgets.

    Parameters
    ----------
    language
        "en" or "vi"; by default the language in force.

    Raises
    ------
    UnknownName
        If there is no such language.
    """

    reader_sets: ClassVar[frozenset[str]] = frozenset()
    """Traits that a reader's browser may set; each has a validator that bears anything."""

    language = traitlets.Unicode("en").tag(sync=True)
    messages = traitlets.Dict().tag(sync=True)

    def __init__(self, language: str | None = None, **traits: object) -> None:
        chosen = language or current_language()
        if chosen not in LANGUAGES:
            raise UnknownName(kind=_("language"), given=language, allowed=LANGUAGES)
        super().__init__(language=chosen, **traits)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take what a browser sent, and only what it may send."""
        super().set_state({name: value for name, value in sync_data.items() if name in self.reader_sets})
