"""Plans that were searched once and lie beside a key: those that a whole class is measured by.

The search in everybody's market depends on the key and the market alone, not on a class, and takes seconds. So
`narrowcast build` writes the plans found to `plans.json` beside `key.py`. What a plan is worth is never written down:
a judge runs it in the student's market. A plan of another market than the one at hand is left aside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrowcast.campaigns import Plan
from narrowcast.errors import CourseError, NarrowcastError
from narrowcast.judge.plans import PlanQuestion
from narrowcast.language import gettext as _
from narrowcast.simulate.search import Plans, searched
from narrowcast.worlds import open_world

if TYPE_CHECKING:
    from narrowcast.judge.key import Key

__all__ = ["plans_bytes", "read_plans"]


def plans_bytes(key: Key) -> bytes:
    """Search everybody's market for each plan question of a key; return the file's content, the same in any language.

    Whatever is known already is searched anew: what was written once is no witness for itself.
    """
    found: dict[str, dict[str, Any]] = {}
    for question in key.questions.values():
        if not isinstance(question, PlanQuestion):
            continue
        world = open_world(question.world or key.worlds[0])
        plan = searched(world, question.budget, question.weeks, question.craft)
        asked = {
            "market": world.name, "digest": world.past.digest,
            "budget": question.budget, "weeks": question.weeks, "craft": question.craft,
        }  # fmt: skip
        found[json.dumps(asked)] = asked | {"plan": json.loads(plan.to_json())}
    text = json.dumps([*found.values()], ensure_ascii=False, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def read_plans(file: Path) -> Plans:
    """Return the plans of a file, for `know_plans`; none where there is no such file.

    Raises
    ------
    CourseError
        If it is not what `plans_bytes` wrote.
    """
    if not file.is_file():
        return {}
    try:
        return {
            (str(one["digest"]), int(one["budget"]), int(one["weeks"]), bool(one["craft"])): Plan.from_json(
                json.dumps(one["plan"])
            )
            for one in json.loads(file.read_bytes())
        }
    except (NarrowcastError, ValueError, LookupError, TypeError) as error:
        problem = _("{path} holds no plans that were searched: {why}").format(path=file, why=error)
        raise CourseError(problem, _("Delete it, then run `narrowcast build`.")) from error
