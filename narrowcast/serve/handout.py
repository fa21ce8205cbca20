"""A released assignment, and a student's working copy of it, before JupyterLab opens.

Done by nbgrader itself, in a process of its own: nbgrader changes directory and logs globally.
Nothing that is there is overwritten, neither a release nor a student's work.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.serve.place import Place, find_place

__all__ = ["Missing", "hand_out", "missing"]

COURSE = "narrowcast"


@dataclass(frozen=True)
class Missing:
    """What one assignment lacks.

    Parameters
    ----------
    name
        The assignment: the name of its folder.
    generate
        It has no student version yet.
    release
        Students cannot fetch it yet.
    fetch
        The student of this machine has no working copy.
    """

    name: str
    generate: bool
    release: bool
    fetch: bool


def missing(place: Place) -> list[Missing]:
    """Return the assignments that lack something, by name; none if all is there.

    An assignment that an instructor has generated but not released, or taken back, is left as it is.
    """
    found = []
    outbound = place.assignments / "exchange" / COURSE / "outbound"
    for source in sorted((place.assignments / "source").glob("*/")):
        if not any(source.glob("*.ipynb")):
            continue
        generate = not (place.assignments / "release" / source.name).is_dir()
        release = generate or not outbound.is_dir()
        fetch = not (place.work / source.name).exists() and (release or (outbound / source.name).is_dir())
        if generate or release or fetch:
            found.append(Missing(source.name, generate, release, fetch))
    return found


def prepare_folders(place: Place) -> None:
    """Make the folders that nbgrader expects: students' work, and an exchange that everybody may write to."""
    place.work.mkdir(exist_ok=True)
    exchange = place.assignments / "exchange"
    if not exchange.exists():
        exchange.mkdir()
        exchange.chmod(0o777)  # as nbgrader wants it; what is in it is protected by its own modes


def hand_out(place: Place) -> list[str]:
    """Generate, release and fetch what is missing; return what could not be done, for a person to read."""
    from nbgrader.apps import NbGrader  # noqa: PLC0415 - a second of import that most starts need not pay
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415

    os.chdir(place.assignments)
    app = NbGrader()
    app.initialize([])
    api = NbGraderAPI(app.coursedir, parent=app)
    problems = []
    for one in missing(place):
        problem = _hand_out_one(api, one)
        if problem:
            problems.append(f"{one.name}: {problem}")
    return problems


def _hand_out_one(api: Any, one: Missing) -> str:  # noqa: ANN401 - nbgrader has no types
    outcome: dict[str, object] = {"success": True}
    if one.generate:
        outcome = api.generate_assignment(one.name)
    if outcome["success"] and one.release:
        outcome = api.release_assignment(one.name)
    if outcome["success"] and one.fetch:
        outcome = _fetch(api, one.name)
    return "" if outcome["success"] else str(outcome.get("error") or outcome.get("log") or "").strip()


def _fetch(api: Any, name: str) -> dict[str, object]:  # noqa: ANN401 - nbgrader has no types
    from nbgrader.utils import capture_log, temp_attrs  # noqa: PLC0415

    with temp_attrs(api.coursedir, assignment_id=name):
        app = api.exchange.FetchAssignment(
            coursedir=api.coursedir,
            authenticator=api.authenticator,
            parent=api,
        )
        result: dict[str, object] = capture_log(app)
        return result


def main() -> None:
    """Hand out in the course that is named on the command line."""
    sys.exit("\n".join(hand_out(find_place(Path(sys.argv[1])))) or 0)


if __name__ == "__main__":
    main()
