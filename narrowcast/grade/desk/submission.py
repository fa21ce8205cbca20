"""One submission on its way over the desk: read, run, judged, written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from narrowcast.grade import fingerprint
from narrowcast.grade.book import Entry, now
from narrowcast.grade.box import Cell, CellResult, Job, Result
from narrowcast.grade.desk.assembling import name_of, silent, with_outputs, with_verdicts
from narrowcast.grade.desk.assignment import Assignment, Graded
from narrowcast.grade.desk.judging import Case, Finding, short
from narrowcast.grade.intake import Intake, Repair
from narrowcast.grade.ledger import Finished
from narrowcast.grade.scoring import mark_of
from narrowcast.judge import Verdict
from narrowcast.language import gettext as _

__all__ = ["Submission", "code_cells", "source_of"]


def source_of(assignment: Assignment, received: str, limits: str) -> str:
    """Return the hash of all that decides a submission's marks."""
    return hashlib.sha256("\0".join((assignment.stamp, received, limits)).encode()).hexdigest()


def code_cells(notebook: Mapping[str, Any]) -> list[Cell]:
    """Return a notebook's code cells as a box runs them."""
    return [
        Cell(index, name_of(cell, index), cell["source"])
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
    ]


@dataclass
class Submission:
    """One student's submission.

    Attributes
    ----------
    assignment, student
        Whose it is.
    folder
        Where its files lie while it runs.
    source
        Hash of all that decides its marks.
    timestamp
        When it was handed in; None where nobody knows.
    intakes
        By notebook, what was read; a notebook that was not handed in is left out.
    left_out
        Other files of the student's that could not be taken over.
    results
        By notebook, what came out of the box so far.
    tries
        How often it was judged.
    drawn
        What was drawn of the student's markets for box and judge.
    """

    assignment: Assignment
    student: str
    folder: Path
    source: str
    timestamp: datetime | None
    intakes: Mapping[str, Intake]
    left_out: tuple[str, ...] = ()
    results: dict[str, Result] = field(default_factory=dict)
    tries: int = 0
    drawn: tuple[bytes, ...] = ()

    def jobs(self, inputs: Mapping[str, Any]) -> Iterator[Job]:
        """Yield what is to be run: one job a notebook."""
        for name, intake in self.intakes.items():
            yield Job(
                self.assignment.name,
                self.student,
                name,
                self.folder,
                code_cells(intake.notebook),
                inputs,
                self.assignment.language,
                self.assignment.files,
                self.drawn,
            )

    @property
    def has_run(self) -> bool:
        """Whether all its notebooks came back."""
        return len(self.results) == len(self.intakes)

    def case(self) -> Case:
        """Return what the judges are asked: of each question what its own check cell handed out last."""
        answers: dict[str, Any] = {}
        for name, result in self.results.items():
            places = {cell.name: cell.index for cell in code_cells(self.intakes[name].notebook)}
            for handed in result.answers:
                if handed.cell == places.get(handed.question):
                    answers[handed.question] = handed.data
        wanted = {cell.question for cells in self.assignment.graded.values() for cell in cells}
        asked = {name: data for name, data in answers.items() if name in wanted}
        return Case(self.student, asked, drawn=self.drawn)

    def graded(self, finding: Finding) -> tuple[list[Finished], Entry, dict[str, dict[str, Any]]]:
        """Return the ledger's rows, the gradebook's entry and the notebooks to show."""
        case, rows, shown = self.case(), [], {}
        for name, intake in self.intakes.items():
            notebook, result = with_outputs(intake.notebook, self.results[name]), self.results[name]
            verdicts = self._verdicts(name, notebook, result, finding)
            shown[name] = with_verdicts(notebook, verdicts)
            rows.append(self._row(name, notebook, result, verdicts, case, finding))
        marks = {row.notebook: row.marks for row in rows}
        rows += [self._missing(name) for name in self.assignment.templates if name not in self.intakes]
        # What could not be read is not what was left as it was given out.
        untouched = {name: () if one.quarantined else one.untouched for name, one in self.intakes.items()}
        return rows, Entry(self.assignment.name, self.student, self.timestamp, marks, untouched), shown

    def _verdicts(
        self, name: str, notebook: Mapping[str, Any], result: Result, finding: Finding
    ) -> dict[str, Verdict]:
        """Return the verdict for each question that has a check cell in this notebook."""
        ran, cells = _by_name(notebook, result)
        verdicts = {}
        for graded in self.assignment.graded[name]:
            if not graded.question:
                continue
            told = finding.verdicts.get(graded.question)
            if told is not None:
                verdicts[graded.name] = Verdict.from_json(told)
                continue
            check, answer = ran.get(graded.name), ran.get(f"{graded.name}-answer")
            outputs = cells.get(graded.name, {}).get("outputs", [])
            problem, before = check.problem if check else "", answer.problem if answer else ""
            verdicts[graded.name] = silent(graded.name, graded.points, outputs, problem, before)
        return verdicts

    def _row(
        self,
        name: str,
        notebook: Mapping[str, Any],
        result: Result,
        verdicts: Mapping[str, Verdict],
        case: Case,
        finding: Finding,
    ) -> Finished:
        ran, cells = _by_name(notebook, result)
        intake, graded = self.intakes[name], self.assignment.graded[name]
        marks = {cell.name: self._mark(name, cell, cells, verdicts) for cell in graded}
        asked = {cell.question for cell in graded if cell.question}
        answers = {question: short(data) for question, data in case.answers.items() if question in asked}
        return Finished(
            self.assignment.name,
            self.student,
            name,
            self.source,
            {question: verdict.to_json() for question, verdict in verdicts.items()},
            marks,
            {cell.name: cell.points for cell in graded},
            {cell: round(one.seconds, 4) for cell, one in ran.items()},
            {cell: one.problem for cell, one in ran.items() if one.problem},
            [asdict(one) for one in (*intake.repairs, *self._left_out(result))],
            intake.quarantined,
            list(fingerprint.of_cells(intake.written)),
            {question: data for question, data in answers.items() if data is not None},
            {question: truth for question, truth in finding.truths.items() if question in asked},
            _time(),
        )

    def _mark(
        self, name: str, cell: Graded, cells: Mapping[str, Mapping[str, Any]], verdicts: Mapping[str, Verdict]
    ) -> float | None:
        if cell.name in verdicts:
            score = verdicts[cell.name].score
            mark = score if score is not None or cell.points else 0.0  # a bet is worth nothing, and settled
        elif cell.answer:
            mark = 0.0 if cell.name in self.intakes[name].untouched else None
        elif cell.kind == "code":
            mark = mark_of(cells.get(cell.name, {}).get("outputs", []), cell.points)
        else:
            mark = None
        # Where a notebook could not be read whole, a person looks at what seems to be missing.
        return None if self.intakes[name].quarantined and not mark else mark

    def _missing(self, name: str) -> Finished:
        """Return the row of a notebook that was not handed in."""
        told = _("The notebook {name} was not handed in.").format(name=f"{name}.ipynb")
        graded = self.assignment.graded[name]
        return Finished(
            self.assignment.name,
            self.student,
            name,
            self.source,
            marks={cell.name: 0.0 for cell in graded},
            points={cell.name: cell.points for cell in graded},
            repairs=[asdict(Repair("not-handed-in", "", told, for_student=True))],
            finished=_time(),
        )

    def _left_out(self, result: Result) -> list[Repair]:
        """Return what else a person should know: files that could not be taken along."""
        told = [_("These files could not be taken over: {names}.").format(names=", ".join(self.left_out))]
        noted = [*(told if self.left_out else []), *([result.told] if result.told else [])]
        return [Repair("left-out", "", text, for_student=True) for text in noted]


def _time() -> str:
    return now().isoformat(timespec="seconds") + "Z"


def _by_name(
    notebook: Mapping[str, Any], result: Result
) -> tuple[dict[str, CellResult], dict[str, Mapping[str, Any]]]:
    """Return what ran, and the cells themselves, by the names of the cells."""
    names = {index: name_of(cell, index) for index, cell in enumerate(notebook["cells"])}
    ran = {names[one.index]: one for one in result.cells if one.index in names}
    return ran, {names[index]: cell for index, cell in enumerate(notebook["cells"])}
