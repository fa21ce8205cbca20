"""An assignment as it is graded: the instructor's notebooks, the key, and a stamp of all that decides a mark."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

import narrowcast
from narrowcast.errors import CourseError
from narrowcast.grade.book import Book, Sheet
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.files import files_of
from narrowcast.grade.desk.judging import Setting
from narrowcast.grade.intake import Slot, Template
from narrowcast.judge import Key, load_key
from narrowcast.judge.places import PLANS, QUESTIONS, VIETNAMESE, class_salt
from narrowcast.language import gettext as _

__all__ = ["Assignment", "Graded"]


@dataclass(frozen=True)
class Graded:
    """A graded cell of the instructor's notebook.

    Attributes
    ----------
    name
        nbgrader's id.
    kind
        "code" or "markdown".
    answer
        Whether students write in it: then a person marks it, unless it was left as it was handed out.
    question
        The question of the key whose verdict is its mark; empty where its outputs are.
    points
        The most that can be had.
    """

    name: str
    kind: str
    answer: bool
    question: str
    points: float


@dataclass(frozen=True)
class Assignment:
    """One assignment of a course.

    Attributes
    ----------
    name
        Name of its folder.
    language
        What its students are spoken to in.
    folder
        The instructor's version.
    sheets, templates, graded
        By notebook: what the gradebook knows, what was handed out, and the graded cells in order.
    files
        What goes with the notebooks, by its path within the folder: no student's file takes its place.
    key, setting
        The key, and what judges are told of it; None where the assignment has none.
    stamp
        Hash of all that decides a mark, but for what was handed in.
    """

    name: str
    language: str
    folder: Path
    sheets: Mapping[str, Sheet]
    templates: Mapping[str, Template]
    graded: Mapping[str, tuple[Graded, ...]]
    files: Mapping[str, bytes]
    key: Key | None
    setting: Setting | None
    stamp: str

    @classmethod
    def read(cls, course: Course, book: Book, name: str) -> Assignment:
        """Read an assignment.

        Raises
        ------
        CourseError
            If the gradebook does not know it, a notebook is missing or not for Python, or it is not what the gradebook
            has.
        """
        sheets = book.sheets(name)
        folder = course.folder(course.source, ".", name).resolve()
        base, language = name.removesuffix(VIETNAMESE), "vi" if name.endswith(VIETNAMESE) else "en"
        key_file = course.root / base / "key.py"
        key = load_key(key_file) if key_file.is_file() else None
        setting = None
        if key is not None:
            if not (folder / QUESTIONS).is_file():
                problem = _("There is no {path}.").format(path=folder / QUESTIONS)
                raise CourseError(problem, _("Run `narrowcast build` first."))
            plans = key_file.with_name(PLANS)
            searched = plans.read_bytes() if plans.is_file() else b""
            setting = Setting(base, key_file.read_bytes(), searched, class_salt(course.root), language)
        code, text = course.stubs()
        templates = {
            sheet.name: Template.read(
                folder / f"{sheet.name}.ipynb", code_stub=code, text_stub=text, texts=sheet.texts
            )
            for sheet in sheets.values()
        }
        for notebook, template in templates.items():
            _runs_python(notebook, template)
        graded = {sheet: _graded(template, key) for sheet, template in templates.items()}
        for sheet in sheets.values():
            _agrees(name, sheet, graded[sheet.name])
        stamp = _stamp(folder, sheets, setting)
        files = {
            one: file.read_bytes() for one, file, _size in files_of(folder) if one not in course.kept(name)
        }
        return cls(name, language, folder, sheets, templates, graded, files, key, setting, stamp)


def _graded(template: Template, key: Key | None) -> tuple[Graded, ...]:
    return tuple(
        Graded(slot.name, slot.kind, slot.role != "check", _question(slot, key), slot.points)
        for slot in template.cells
        if slot.role in {"check", "written", "task"}
    )


def _question(slot: Slot, key: Key | None) -> str:
    """Return the question whose verdict is a cell's mark: it is named after it, and checks it."""
    question = key.questions.get(slot.name) if key else None
    if question is None or question.kind == "written" or slot.role != "check" or slot.kind != "code":
        return ""
    checks = re.search(rf"""\bcheck\(\s*["']{re.escape(slot.name)}["']""", slot.source)
    return slot.name if checks else ""


def _runs_python(name: str, template: Template) -> None:
    """Refuse a notebook whose cells the sandbox would run as what they are not."""
    kernel = template.metadata.get("kernelspec", {})
    told = kernel.get("language") or template.metadata.get("language_info", {}).get("name") or ""
    if not told and kernel.get("name"):  # both are left out by some editors
        with suppress(NoSuchKernel):
            told = KernelSpecManager().get_kernel_spec(kernel["name"]).language
    if told and str(told).casefold() not in {"python", "python3", "ipython"}:
        problem = _("The notebook {notebook!r} is for {language}; the sandbox runs Python.")
        cure = _("Grade such courses with nbgrader's own Execute, on a machine that has nothing to lose.")
        raise CourseError(problem.format(notebook=name, language=told), cure)


def _agrees(name: str, sheet: Sheet, graded: tuple[Graded, ...]) -> None:
    here, there = {cell.name: cell.points for cell in graded}, dict(sheet.points)
    if here != there:
        problem = _(
            "The notebook {notebook!r} of {name!r} has other graded cells or points than the gradebook."
        )
        cure = _(
            "Run `nbgrader generate_assignment {name}` again, or restore the notebook that was handed out."
        )
        raise CourseError(problem.format(notebook=sheet.name, name=name), cure.format(name=name))


def _stamp(folder: Path, sheets: Mapping[str, Sheet], setting: Setting | None) -> str:
    digest = hashlib.sha256(narrowcast.__version__.encode())
    for name, sheet in sorted(sheets.items()):
        digest.update(repr((name, sorted(sheet.points.items()), sorted(sheet.texts.items()))).encode())
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        if not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts):
            digest.update(str(file.relative_to(folder)).encode() + b"\0" + _sum(file.read_bytes()))
    if setting is not None:
        digest.update(_sum(setting.key) + _sum(setting.plans) + _sum(setting.salt.encode()))
    return digest.hexdigest()


def _sum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
