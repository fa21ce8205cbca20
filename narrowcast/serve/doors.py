"""The three doors: their addresses, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from narrowcast.language import LANGUAGES, current_language
from narrowcast.language import gettext as _
from narrowcast.serve.place import Place
from narrowcast.serve.ports import address

__all__ = ["Doors", "doors_of", "show"]


@dataclass(frozen=True)
class Doors:
    """Where the three people enter.

    Parameters
    ----------
    student, instructor
        Addresses in JupyterLab; each carries the token.
    public
        Addresses of the gallery, by language. They carry no token.
    """

    student: str
    instructor: str
    public: dict[str, str]


def doors_of(place: Place, host: str, lab_port: int, gallery_port: int, token: str) -> Doors:
    """Return the doors of servers that listen on these ports."""
    lab, gallery = address(host, lab_port), address(host, gallery_port)
    return Doors(
        student=f"{lab}/lab/tree/{place.lesson(current_language())}?token={token}",
        instructor=f"{lab}/formgrader?token={token}",
        public={language: gallery + path for language, path in gallery_paths(place).items()},
    )


def gallery_paths(place: Place) -> dict[str, str]:
    """Return the front page of the gallery in each language that it speaks, from the slash on."""
    return {language: f"/{language}/" for language in LANGUAGES if (place.widgets / language).is_dir()} or {
        "en": "/"
    }


def _rows(doors: Doors) -> Iterator[tuple[str, str, str]]:
    names = {"en": "English", "vi": "Tiếng Việt"}
    yield _("Student"), _("lessons and assignments"), doors.student
    yield _("Instructor"), _("release, collect, grade"), doors.instructor
    title = _("Public")
    for language, url in doors.public.items():
        yield title, _("gallery") + (f" · {names[language]}" if len(doors.public) > 1 else ""), url
        title = ""


def show(doors: Doors, console: Console) -> None:
    """Print the doors one under the other; an address is never broken, so it can be clicked and copied."""
    rows = list(_rows(doors))
    who = max(cell_len(row[0]) for row in rows)
    what = max(cell_len(row[1]) for row in rows)
    for person, purpose, url in rows:
        line = Text("  ")
        line.append(person + " " * (who - cell_len(person)), style="bold")
        line.append("   " + purpose + " " * (what - cell_len(purpose)) + "   ")
        line.append(url, style="cyan")
        console.print(line, soft_wrap=True)
