"""Questions whose answer is a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from narrowcast.errors import AnswerError, CourseError
from narrowcast.judge.answers import normal
from narrowcast.judge.carry import carried
from narrowcast.judge.questions import Question
from narrowcast.judge.rows import Rows, rows_of
from narrowcast.judge.verdict import Verdict
from narrowcast.judge.wire import Data, Item
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["TableQuestion"]


@dataclass
class TableQuestion(Question):
    """A table: a DataFrame, a Series, an Arrow table, a dictionary of columns or of values, or a list of records.

    Further columns, the order of the columns, the index and the types of numbers make no difference.

    Attributes
    ----------
    columns
        Names of the columns that it must have.
    by
        Columns that tell its rows apart; none given, the first. With them, rows may come in any order.
    ordered
        Whether the order of the rows counts.
    tolerance
        Largest error of a number that still counts as right, as a share of it.
    """

    columns: Sequence[str] = ()
    by: Sequence[str] = ()
    ordered: bool = False
    tolerance: float = 0.005

    def __post_init__(self) -> None:
        self.kind = "table"
        self.columns = tuple(self.columns)
        self.by = tuple(self.by) or self.columns[:1]
        if not self.columns or not set(self.by) <= set(self.columns):
            problem = _("{name}: columns are {columns}, by is {by}.")
            raise CourseError(
                problem.format(name=self.name, columns=[*self.columns], by=[*self.by]),
                _("Name the table's columns, and by which of them its rows are told apart."),
            )

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the columns, and whether the order of the rows counts."""
        return super().public() | {"columns": [*self.columns], "by": [*self.by], "ordered": self.ordered}

    def plain(self, answer: object, world: World | None = None, inputs: Any = None) -> Data:  # noqa: ANN401, ARG002
        """Return a table as plain data, 30,000 cells of it at most."""
        return {"answer": carried(answer)}

    def parse(self, item: Item, world: World | None = None) -> Rows:  # noqa: ARG002 - the kinds agree
        """Return the answer as rows of the columns that are asked for."""
        return rows_of(item, self.columns, self.by)

    def _ours(self, table: Any) -> Rows:  # noqa: ANN401
        """Return a table of the key as rows; one that cannot be read is a fault of the key."""
        try:
            rows: Rows = self.read(table)
        except AnswerError as error:
            problem = _("{name}: a table of the key cannot be read: {why}").format(name=self.name, why=error)
            raise CourseError(problem, _("Correct it in key.py.")) from error
        return rows

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two tables hold the same."""
        return self.difference(value, truth) == ""

    def compare(self, value: Rows, world: World, elsewhere: Iterable[Any]) -> Verdict:
        """Judge a table; of a wrong one, say where it differs first."""
        verdict = super().compare(value, world, elsewhere)
        if verdict.reason.value != "wrong":
            return verdict
        told = self.difference(value, self.truth(world))
        return self.verdict(0.0, verdict.reason, f"{told}\n{verdict.message}")

    def difference(self, mine: Rows, truth: Any) -> str:  # noqa: ANN401
        """Say where a table differs first from a true one, without saying what would be right; empty: nowhere."""
        theirs = truth if isinstance(truth, tuple) else self._ours(truth)
        if len(mine) != len(theirs):
            return _("Your table has {mine} rows; it should have {theirs}.").format(
                mine=len(mine), theirs=len(theirs)
            )
        pairs = list(zip(mine, theirs, strict=True)) if self.ordered else self._paired(mine, theirs)
        for place, (row, wanted) in enumerate(pairs):
            if wanted is None:
                told = _("Your table has a row for {row}, which should not be there.")
                return told.format(row=self._name(row))
            for name, cell, right in zip(self.columns, row, wanted, strict=True):
                if not _alike(cell, right, self.tolerance):
                    told = _("Row {number} ({row}): {column} is {value}, and should not be.")
                    return told.format(
                        number=place + 1, row=self._name(row), column=name, value=cell.shown(40)
                    )
        return ""

    def _paired(self, mine: Rows, theirs: Rows) -> list[tuple[tuple[Item, ...], tuple[Item, ...] | None]]:
        """Return each row with the true row of the same name; rows of one name in the order in which they stand."""
        waiting: dict[tuple[str, ...], list[tuple[Item, ...]]] = {}
        for row in reversed(theirs):
            waiting.setdefault(self._label(row), []).append(row)
        pairs = []
        for row in mine:
            left = waiting.get(self._label(row))
            pairs.append((row, left.pop() if left else None))
        return pairs

    def _label(self, row: Sequence[Item]) -> tuple[str, ...]:
        return tuple(_word(row[self.columns.index(name)]) for name in self.by)

    def _name(self, row: Sequence[Item]) -> str:
        return ", ".join(row[self.columns.index(name)].said(40) for name in self.by)


def _word(cell: Item) -> str:
    if cell.what == "number" and math.isfinite(cell.value):
        return f"{float(cell.value):.9g}"
    return normal(cell.said(1_000))


def _alike(mine: Item, theirs: Item, tolerance: float) -> bool:
    """Return whether two cells hold the same, whatever type their column has."""
    empty = [_is_empty(one) for one in (mine, theirs)]
    if any(empty):
        return all(empty)
    numbers = {"number", "truth"}
    if mine.what in numbers and theirs.what in numbers:
        return math.isclose(float(mine.value), float(theirs.value), rel_tol=tolerance, abs_tol=1e-12)
    words = {"text", "time"}
    return mine.what in words and theirs.what in words and _date(mine) == _date(theirs)


def _is_empty(cell: Item) -> bool:
    return cell.what in {"none", "missing"} or (cell.what == "number" and math.isnan(cell.value))


def _date(cell: Item) -> str:
    """Return a text in its normal form; of a time at midnight the day alone, however it was written."""
    return normal(str(cell.value)).replace(" ", "t").removesuffix("t00:00:00")
