"""A student's page: all that is to be said about one notebook, most useful first."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

from narrowcast.errors import CourseError
from narrowcast.grade.feedback import safe
from narrowcast.grade.feedback.checks import Check, check_of, missing
from narrowcast.grade.feedback.hidden import Secrets, key_lines, parts
from narrowcast.grade.feedback.outputs import Shown, error_text, shown, text_of
from narrowcast.grade.feedback.reading import Reading
from narrowcast.grade.feedback.sections import LONGEST_TITLE, Section, name_of, sections_of, title_of
from narrowcast.grade.feedback.standing import Standing
from narrowcast.grade.feedback.words import lateness
from narrowcast.grade.ledger import Finished, Ledger, ledger_path
from narrowcast.grade.stops import stopped
from narrowcast.judge.places import VIETNAMESE
from narrowcast.language import gettext as _

__all__ = ["Answer", "Page", "Part", "finished_of", "page_of"]

Cell = Mapping[str, Any]

LONGEST_CODE = 60_000
"""Letters of a cell up to which its words are marked, and that are shown."""


@dataclass(frozen=True)
class Answer:
    """A cell of the student's with what it gave out."""

    source: Markup
    is_code: bool
    outputs: list[Shown]

    @property
    def failed(self) -> bool:
        """Whether it stopped with an error."""
        return any(one.kind == "error" for one in self.outputs)


@dataclass(frozen=True)
class Part:
    """One question as the page shows it."""

    anchor: str
    title: str
    checks: list[Check]
    answers: list[Answer]
    comments: list[str]
    prose: Markup | None = None
    others: list[Answer] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Points it has so far."""
        return sum(check.mark.score for check in self.checks)

    @property
    def points(self) -> float:
        """The most that can be had."""
        return sum(check.mark.points for check in self.checks)

    @property
    def lost(self) -> float:
        """Points that a better answer would have earned."""
        return sum(check.lost for check in self.checks)

    @property
    def waits(self) -> bool:
        """Whether a person still has to mark something."""
        return any(check.mark.waits for check in self.checks)

    @property
    def worst(self) -> Check:
        """The check that cost most: it stands for the whole."""
        return max(self.checks, key=lambda check: (check.lost, check.mark.waits))


@dataclass(frozen=True)
class Page:
    """All that stands on a page."""

    title: str
    student: str
    name: str
    assignment: str
    notebook: str
    standing: Standing
    parts: list[Part]
    notices: list[str]

    @property
    def steps(self) -> list[Part]:
        """What to do next: where most points are to be gained comes first."""
        return sorted((part for part in self.parts if part.lost > 0), key=lambda part: -part.lost)

    @property
    def late(self) -> str:
        """How late it was; empty where that cost nothing."""
        return lateness(self.standing.seconds_late) if self.standing.penalty else ""

    @property
    def summary(self) -> str:
        """One sentence on how it stands."""
        if self.steps:
            return _("Within reach: +{points:g}. The largest gain comes first.").format(
                points=round(sum(part.lost for part in self.steps), 2)
            )
        if self.standing.waiting:
            return _("Nothing to correct. Your teacher still has to mark the rest.")
        return _("Nothing to correct: everything is right.")


def finished_of(
    root: Path, assignment: str, student: str, notebook: str, standing: Standing
) -> Finished | None:
    """Return what the ledger tells of a notebook; None where it has been graded otherwise since then.

    Parameters
    ----------
    root
        nbgrader's course root.
    assignment, student, notebook
        Whose it is.
    standing
        What the gradebook says.
    """
    path = ledger_path(root)
    if not path.is_file():
        return None
    try:
        with Ledger(path) as ledger:
            row = ledger.finished(assignment).get((student, notebook))
    except CourseError:
        return None  # marks are in the gradebook: a page without the ledger's notes is better than none
    if row is None or any(row.marks.get(name) != mark.auto for name, mark in standing.marks.items()):
        return None
    return row


def page_of(
    notebook: Mapping[str, Any], about: Mapping[str, str], root: Path, standing: Standing, language: str,
    config: Any = None,  # noqa: ANN401 - traitlets'
) -> Page:  # fmt: skip
    """Put a page together.

    Parameters
    ----------
    notebook
        The autograded notebook, format 4.
    about
        "student", "assignment" and "notebook".
    root
        nbgrader's course root.
    standing
        What the gradebook says.
    language
        Of the page; it is in force already.
    config
        nbgrader's configuration.
    """
    row = finished_of(root, about["assignment"], about["student"], about["notebook"], standing)
    make = _Maker(root, about["assignment"], language, standing, row, config)
    cells = list(notebook["cells"])
    make.learn_secrets(cells)
    cells = [make.received(cell) for cell in cells]
    parts_ = [make.part(section) for section in sections_of(cells, standing.marks)]
    parts_ = [
        part for part in parts_ if part.checks or part.comments or any(one.failed for one in part.others)
    ]
    there = {check.name for part in parts_ for check in part.checks}
    lost = [missing(name, mark) for name, mark in standing.marks.items() if name not in there]
    parts_ += [Part(f"part-{check.name}", check.name, [check], [], []) for check in lost]
    title = safe.plain(title_of(cells), LONGEST_TITLE) or about["assignment"]
    return Page(
        title,
        about["student"],
        standing.name,
        about["assignment"],
        about["notebook"],
        standing,
        parts_,
        make.notices(),
    )


class _Maker:
    """What the parts of one page have in common."""

    def __init__(
        self, root: Path, assignment: str, language: str, standing: Standing, row: Finished | None, config: Any  # noqa: ANN401
    ) -> None:  # fmt: skip
        self._key = root / assignment.removesuffix(VIETNAMESE) / "key.py"
        self._reading = Reading(root, assignment, language)
        self._standing, self._row, self._config = standing, row, config
        self._secrets = Secrets()
        self._seen: set[str] = set()

    def learn_secrets(self, cells: Iterable[Cell]) -> None:
        """Take note of what no output may repeat."""
        # Whatever nbgrader hides before it hands out, mark schemes too, stands again in what was graded.
        checks = [
            cell for cell in cells if name_of(cell) and not cell["metadata"]["nbgrader"].get("solution")
        ]
        tests = [line for cell in checks for line in parts(text_of(cell["source"]), self._config)[0]]
        self._secrets = Secrets.of(tests, key_lines(self._key))

    def received(self, cell: Cell) -> Cell:
        """Return a cell as the student received it; a check keeps its text, whose lines are counted."""
        name = name_of(cell)
        check = cell["cell_type"] == "code" and name in self._standing.marks
        if not name or check or cell["metadata"]["nbgrader"].get("solution"):
            return cell
        visible = parts(text_of(cell["source"]), self._config)[1]
        return {**cell, "source": "\n".join(line for _number, line in visible)}

    def part(self, section: Section) -> Part:
        """Return one question."""
        marked = [one for one in section.marked(self._standing.marks) if name_of(one[1]) not in self._seen]
        self._seen.update(name_of(cell) for _place, cell in marked)
        before = next(filter(None, (self._trouble(*one) for one in section.answers)), "")
        names = [name_of(cell) for _place, cell in (*section.answers, *section.checks)]
        checks = [self._check(place, cell, before, names) for place, cell in marked]
        first = checks[0].name if checks else f"{section.prose[0][0]}" if section.prose else "rest"
        title = safe.plain(section.title, LONGEST_TITLE) or (checks[0].name if checks else _("Further cells"))
        comments = [
            self._standing.comments[one] for one in dict.fromkeys(names) if one in self._standing.comments
        ]
        return Part(
            f"part-{first}", title, checks, [self._answer(cell) for _place, cell in section.answers],
            comments, Markup("\n").join(_prose(cell) for _place, cell in section.prose),
            [self._answer(cell) for _place, cell in section.others],
        )  # fmt: skip

    def _stopped(self, place: int, cell: Cell) -> str:
        """Return why a cell was stopped, as the ledger has it; empty where it was not."""
        problems = self._row.problems if self._row else {}
        return stopped(problems.get(name_of(cell) or f"#{place}", ""))

    def _trouble(self, place: int, cell: Cell) -> str:
        """Return why no check of an answer could go well; empty where nothing is known."""
        errors = (one for one in cell.get("outputs", ()) if one.get("output_type") == "error")
        error = next(errors, None)
        if self._stopped(place, cell) or error is None or self._secrets.in_text(text_of(error.get("evalue"))):
            return self._stopped(place, cell)
        return _("Your answer stopped: {error}").format(error=error_text(error))

    def _check(self, place: int, cell: Cell, before: str, names: Iterable[str]) -> Check:
        name = name_of(cell)
        return check_of(
            cell, self._standing.marks[name], self._reading, self._secrets,
            before=before or self._stopped(place, cell),
            untouched=any(one in self._standing.untouched for one in names), config=self._config,
        )  # fmt: skip

    def _answer(self, cell: Cell) -> Answer:
        text = text_of(cell.get("source"))
        if cell["cell_type"] != "code":
            return Answer(_prose(cell), False, [])  # noqa: FBT003 - a field of its own name
        outputs = shown(cell.get("outputs", ()), self._secrets)
        # Marking the words of a long text takes many times as long as the text is worth.
        written = (
            safe.code(text) if len(text) <= LONGEST_CODE else html.escape(safe.plain(text, LONGEST_CODE))
        )
        return Answer(Markup(written), True, outputs)  # noqa: S704, FBT003 - made harmless

    def notices(self) -> list[str]:
        """Return what happened to the submission on the way, as far as it is told to the student."""
        row = self._row
        told = []
        if row is not None:
            if row.quarantined:
                told.append(_("Your file could not be read as it was: {why}").format(why=row.quarantined))
            told += [str(one.get("told", "")) for one in row.repairs if one.get("for_student")]
            told += sorted({stopped(problem) for problem in row.problems.values()})
        return [safe.plain(one, 1_000) for one in dict.fromkeys(told) if one]


def _prose(cell: Cell) -> Markup:
    text = text_of(cell.get("source"))
    attachments = cell.get("attachments")
    made = safe.markdown(text[:60_000], attachments if isinstance(attachments, Mapping) else None)
    return Markup(made)  # noqa: S704 - made harmless
