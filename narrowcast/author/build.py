"""`narrowcast build`: notebooks, catalogues, cards and plans from the text, or the list of what is out of step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from narrowcast.author.cards import built_cards, read_catalogues_anew, stray_cards, worlds_of
from narrowcast.author.catalogue import Domain, domains
from narrowcast.author.checks import check_texts
from narrowcast.author.course import Course, Text, read_course
from narrowcast.author.files import differs, write_changed
from narrowcast.author.notebook import notebook_bytes
from narrowcast.author.pofiles import as_mo, as_po, load, template
from narrowcast.author.problems import Problems
from narrowcast.author.translate import Say, check_shapes, check_translations, say_cell, say_public, speaker
from narrowcast.errors import UnknownName
from narrowcast.judge import load_key
from narrowcast.judge.places import PLANS, class_salt
from narrowcast.judge.searched import plans_bytes
from narrowcast.language import LANGUAGES
from narrowcast.language import gettext as _

__all__ = ["BuildReport", "build"]

_VIETNAMESE = (".mo", ".vi.ipynb", ".vi.md", ".vi.svg")
"""How the names of files end that only a build of Vietnamese makes."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Parameters
    ----------
    written
        Files that were written because they differed.
    unchanged
        Files that were as they should be.
    surplus
        Files that look built and have no text any more; they are left for a person to delete.
    """

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    surplus: tuple[Path, ...]

    def __str__(self) -> str:
        """Tell it in a line or two."""
        told = _("Files written: {written}, unchanged: {unchanged}.").format(
            written=len(self.written), unchanged=len(self.unchanged)
        )
        if self.surplus:
            names = ", ".join(file.as_posix() for file in self.surplus)
            told += "\n" + _("Built from nothing, delete them: {names}").format(names=names)
        return told


def build(root: Path, *, check: bool = False, languages: Sequence[str] = LANGUAGES) -> BuildReport:
    """Derive all notebooks, compiled catalogues, cards of worlds and searched plans from the text.

    Parameters
    ----------
    root
        Folder with `course/` and `assignments/`.
    check
        Write nothing; fail if anything that is built is not what would be built now.
    languages
        What to build: `("en",)` while the Vietnamese is not written yet.

    Returns
    -------
    BuildReport
        What was written and what was not.

    Raises
    ------
    BuildError
        With every problem of the texts, keys, claims and translations, each with its file and line. With
        `check`, every file that is out of step and what to do. Nothing is written then.
    CourseError
        If `root` holds no course, or a file cannot be written.
    RecipeError
        If a world's recipe is faulty. Nothing is written then.
    UnknownName
        If there is no such language.
    """
    for language in languages:
        if language not in LANGUAGES:
            raise UnknownName(kind=_("language"), given=language, allowed=LANGUAGES)
    root = root.resolve()
    problems = Problems(root)
    course = read_course(root, problems)
    check_texts(course, problems)
    catalogues = domains(course, problems)
    speakers: dict[str, Say] = {"en": str} if "en" in languages else {}
    if "vi" in languages:
        speakers["vi"] = _vietnamese(course, catalogues, problems)
    if check and "vi" in languages:
        _check_templates(catalogues, root, problems)
    problems.raise_if_any()
    worlds = worlds_of(root)
    wanted = dict(_built(course, catalogues, speakers, problems))
    # Cards speak through the compiled catalogues, so these are written first, or seen to be in step.
    written = [] if check else write_changed(wanted)
    read_catalogues_anew()
    stale = any(file.suffix == ".mo" and differs(file, content) for file, content in wanted.items())
    cards = dict(built_cards(worlds, [one for one in languages if one == "en" or not stale]))
    surplus = _surplus(root, wanted | cards, languages, [] if stale else stray_cards(worlds))
    if not check:
        written += write_changed(cards)
        unchanged = tuple(file for file in wanted | cards if file not in written)
        return BuildReport(tuple(written), unchanged, surplus)
    _check_drift(wanted | cards, surplus, problems)
    problems.raise_if_any()
    return BuildReport((), tuple(wanted | cards), ())


def _vietnamese(course: Course, catalogues: Sequence[Domain], problems: Problems) -> Say:
    """Return who speaks Vietnamese, after noting what is untranslated or translated unfaithfully."""
    say: Say = str
    for domain in catalogues:
        po = domain.po("vi")
        translations = load(po, problems)
        check_translations(domain.messages, translations, po, problems)
        if domain.name == "course":
            say = speaker(translations)
            for text in course.texts:
                check_shapes(text, say, po, problems)
    return say


def _built(
    course: Course, catalogues: Sequence[Domain], speakers: dict[str, Say], problems: Problems
) -> Iterator[tuple[Path, bytes]]:
    """Yield each file that is built, with its content."""
    for text in course.texts:
        for language, say in speakers.items():
            yield from _built_text(course.root, text, language, say)
        if text.key is not None and any(one["kind"] == "plan" for one in text.key.questions.values()):
            yield text.source.file.with_name(PLANS), plans_bytes(load_key(text.key.file))
    if "vi" in speakers:
        for domain in catalogues:
            po = domain.po("vi")
            yield po.with_suffix(".mo"), as_mo(load(po, problems), domain.messages, course.root)


def _built_text(root: Path, text: Text, language: str, say: Say) -> Iterator[tuple[Path, bytes]]:
    cells = text.in_words_of(lambda cell: say_cell(cell, say))
    notebook = notebook_bytes(text, cells, say(text.title), language)
    if text.kind == "lesson":
        suffix = ".ipynb" if language == "en" else f".{language}.ipynb"
        yield text.source.file.with_suffix(suffix), notebook
    elif text.key is not None:
        name = text.name if language == "en" else f"{text.name}-{language}"
        folder = root / "assignments" / "source" / name
        yield folder / "assignment.ipynb", notebook
        public = {"salt": class_salt(root / "assignments")} | say_public(text.key, say)
        listed = json.dumps(public, ensure_ascii=False, indent=1)  # in the key's order
        yield folder / "questions.json", f"{listed}\n".encode()


def _surplus(
    root: Path, wanted: dict[Path, bytes], languages: Sequence[str], beside: Sequence[Path]
) -> tuple[Path, ...]:
    """Return files that stand where built files do, or beside them, but are not built from any text."""
    source = root / "assignments" / "source"
    there = [*(root / "course").glob("*/lesson*.ipynb"), *(root / "course" / "locale").rglob("*.mo"), *beside]
    there += [*(root / "narrowcast" / "locale").rglob("*.mo"), *source.rglob("*")]
    there += [file for floor in ("course", "assignments") for file in (root / floor).glob(f"*/{PLANS}")]
    found = []
    for file in sorted(there):
        inside = file.relative_to(root).parts
        vietnamese = file.name.endswith(_VIETNAMESE) or inside[2].endswith("-vi")
        ours = ("vi" if vietnamese else "en") in languages
        if file.is_file() and file not in wanted and ours and ".ipynb_checkpoints" not in inside:
            found.append(file)
    return tuple(found)


def _check_templates(catalogues: Sequence[Domain], root: Path, problems: Problems) -> None:
    for domain in catalogues:
        if differs(domain.pot, as_po(template(domain.messages, root))):
            problems.add(domain.pot, 1, _("is out of date; run `narrowcast translate`."))


def _check_drift(wanted: dict[Path, bytes], surplus: Sequence[Path], problems: Problems) -> None:
    for file, content in wanted.items():
        if not file.exists():
            problems.add(file, 1, _("is missing; run `narrowcast build`."))
        elif differs(file, content):
            problems.add(
                file, 1, _("is not what its text says; change the text, then run `narrowcast build`.")
            )
    for file in surplus:
        problems.add(file, 1, _("is built from no text; delete it, or bring its text back."))
