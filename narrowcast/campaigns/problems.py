"""What is wrong with a plan, as rows that say what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from narrowcast.campaigns.steps import Step
from narrowcast.errors import NarrowcastError, PlanError

__all__ = ["COLUMNS", "Problem", "frame_of"]

Severity = Literal["error", "warning"]
COLUMNS = ("step", "severity", "problem", "cure")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    step
        Step of the plan.
    problem
        What is wrong.
    cure
        What to do.
    severity
        "error": the plan cannot run; "warning": it can, and should not.
    error
        What is raised for it, where it is not a `PlanError` of the same words.
    """

    step: Step
    problem: str
    cure: str = ""
    severity: Severity = "error"
    error: NarrowcastError | None = None

    @classmethod
    def of(cls, error: NarrowcastError, step: Step) -> Problem:
        """Return the problem that an error tells; `step` where the error names none."""
        if isinstance(error, PlanError):
            named = next((one for one in Step if error.step == one), step)
            return cls(named, error.problem, error.cure, error=error)
        return cls(step, str(error), error=error)

    def raised(self) -> NarrowcastError:
        """Return the error to raise."""
        return self.error or PlanError(self.step, self.problem, self.cure)


def frame_of(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return problems as a table: step, severity, problem, cure; in the order of the steps, errors first."""
    ordered = sorted(problems, key=lambda one: (one.step.number, one.severity))
    columns = {name: pd.Series([getattr(one, name) for one in ordered], dtype=object) for name in COLUMNS}
    return pd.DataFrame(columns)
