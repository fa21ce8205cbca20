"""The catalogues of translations: gather what is to be translated, merge, say what is out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from narrowcast.author.course import Course, read_course
from narrowcast.author.files import write_changed
from narrowcast.author.messages import Message, code_messages, course_messages
from narrowcast.author.pofiles import as_po, load, merged, said, template
from narrowcast.author.problems import Problems
from narrowcast.language import ngettext

__all__ = ["Domain", "UpdateReport", "domains", "update"]


@dataclass(frozen=True)
class Domain:
    """One catalogue: the package's strings, or the course's texts.

    Parameters
    ----------
    folder
        Its `locale` folder.
    name
        gettext's word for which catalogue.
    messages
        All it has to hold, in order.
    """

    folder: Path
    name: str
    messages: Sequence[Message]

    @property
    def pot(self) -> Path:
        """The template: every message, no translation."""
        return self.folder / f"{self.name}.pot"

    def po(self, language: str) -> Path:
        """Return where a language's translations are written."""
        return self.folder / language / "LC_MESSAGES" / f"{self.name}.po"


@dataclass(frozen=True)
class UpdateReport:
    """What `update` did: files rewritten, and how many messages each `.po` still has to be translated."""

    written: tuple[Path, ...]
    untranslated: dict[Path, int]

    def __str__(self) -> str:
        """Tell it, a line a catalogue."""
        return "\n".join(
            ngettext(
                "{file}: {count} message to translate.", "{file}: {count} messages to translate.", count
            ).format(file=file.name, count=count)
            for file, count in self.untranslated.items()
        )


def domains(course: Course, problems: Problems) -> tuple[Domain, ...]:
    """Return the catalogues of a course; that of the package only where its source is."""
    root = course.root
    found = [Domain(root / "course" / "locale", "course", course_messages(course, problems))]
    if (root / "narrowcast").is_dir():
        strings = code_messages(root, problems)
        found.insert(0, Domain(root / "narrowcast" / "locale", "narrowcast", strings))
    return tuple(found)


def update(root: Path, languages: Sequence[str] = ("vi",)) -> UpdateReport:
    """Gather all messages anew: write the `.pot` files, and merge them into the `.po` files.

    Translations are kept; those of messages that are gone are kept as obsolete, and come back with
    them. No translation is ever guessed from a similar one.

    Raises
    ------
    BuildError
        If a text, a key or a catalogue cannot be read; nothing is written then.
    CourseError
        If `root` holds no course.
    """
    root = root.resolve()
    problems = Problems(root)
    wanted: dict[Path, bytes] = {}
    untranslated: dict[Path, int] = {}
    for domain in domains(read_course(root, problems), problems):
        wanted[domain.pot] = as_po(template(domain.messages, root))
        for language in languages:
            old = load(domain.po(language), problems)
            new = merged(template(domain.messages, root, locale=language), old)
            wanted[domain.po(language)] = as_po(new)
            names = {message.msgid for message in domain.messages}
            untranslated[domain.po(language)] = sum(said(new, name) is None for name in names)
    problems.raise_if_any()
    return UpdateReport(tuple(write_changed(wanted)), untranslated)
