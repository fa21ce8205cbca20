"""gettext's files, the same to the byte whenever and by whichever version they are written.

Babel reads and writes; the dates and version names it puts into headers are left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po

from narrowcast.author.messages import Message
from narrowcast.author.problems import Problems
from narrowcast.language import gettext as _

# Written above every catalogue, for whoever opens it in an editor.
_HEAD = "# `narrowcast translate` writes this file; what stands behind msgstr is the translator's."
_LINE = re.compile(r'\s*(#.*|(msg(id|id_plural|ctxt|str(\[\d\])?)\s+)?"([^"\\]|\\.)*"\s*)?')

__all__ = ["SteadyCatalog", "as_mo", "as_po", "load", "merged", "said", "template"]


class SteadyCatalog(Catalog):
    """A catalogue whose header says what gettext needs, and nothing that changes from day to day."""

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the header, then the entries in their order."""
        plurals = f"Plural-Forms: {self.plural_forms}\n" if self.locale else ""
        language = f"Language: {self.locale}\n" if self.locale else ""
        yield Entry(
            "",
            f"Project-Id-Version: narrowcast\n{language}MIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n{plurals}",
        )
        yield from (entry for entry in super().__iter__() if entry.id)


def template(messages: Iterable[Message], root: Path, locale: str | None = None) -> SteadyCatalog:
    """Return a catalogue of messages without translations; each names its files, not their lines."""
    catalogue = SteadyCatalog(locale=locale, charset="utf-8", header_comment=_HEAD)
    places: dict[str | tuple[str, str], list[str]] = {}
    for message in messages:
        ids = message.msgid if message.plural is None else (message.msgid, message.plural)
        files = places.setdefault(ids, [])
        file = message.file.relative_to(root).as_posix()
        if file not in files:
            files.append(file)
    for ids, files in places.items():
        entry = catalogue.add(ids, locations=[(file, 0) for file in files])
        entry.flags.clear()  # Babel's guess at the format of a text is a matter of its version
    return catalogue


def load(file: Path, problems: Problems) -> Catalog:
    """Read a `.po`; one that is missing is empty, one that cannot be read is a problem."""
    if not file.is_file():
        return Catalog(locale="vi")
    try:
        text = file.read_text(encoding="utf-8-sig")
        for number, line in enumerate(text.splitlines(), start=1):
            if not _LINE.fullmatch(line):  # Babel would guess, and a guess loses translations
                problems.add(file, number, _("this line of the catalogue cannot be read; mend it."))
        return read_po(io.StringIO(text), locale="vi", charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        problems.add(file, 1, _("is not a catalogue: {error}"), error=error)
        return Catalog(locale="vi")


def said(catalogue: Catalog, msgid: str) -> tuple[str, ...] | None:
    """Return a translation (all its plural forms), or None if there is none; a fuzzy one is none."""
    entry = catalogue.get(msgid)
    if entry is None or entry.fuzzy:
        return None
    forms = tuple(entry.string) if isinstance(entry.string, list | tuple) else (entry.string,)
    return tuple(str(form) for form in forms) if forms and all(forms) else None


def merged(new: SteadyCatalog, old: Catalog) -> SteadyCatalog:
    """Return the new catalogue with the old translations; what is no longer asked for is kept as obsolete."""
    asked = {_name(entry) for entry in new}
    obsolete = {_name(entry): entry for entry in old.obsolete.values()}
    for entry in new:
        before = entry.id and (old.get(_name(entry)) or obsolete.get(_name(entry)))
        if not before:
            continue
        entry.user_comments = before.user_comments
        entry.flags |= before.flags & {"fuzzy"}
        if isinstance(entry.id, str) == isinstance(before.id, str):
            entry.string = before.string
    for entry in [*old, *obsolete.values()]:
        if _name(entry) and _name(entry) not in asked and entry.string and any(entry.string):
            new.obsolete[_name(entry)] = entry
    return new


def _name(entry: Entry) -> str:
    return str(entry.id if isinstance(entry.id, str) else entry.id[0])


def as_po(catalogue: Catalog) -> bytes:
    """Return a catalogue as text, for translators."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, include_lineno=False)
    return file.getvalue().rstrip(b"\n") + b"\n"


def as_mo(catalogue: Catalog, messages: Iterable[Message], root: Path) -> bytes:
    """Return the translations of those messages, compiled: what is read at run time."""
    wanted = merged(template(messages, root, locale="vi"), catalogue)
    file = io.BytesIO()
    write_mo(file, wanted)
    return file.getvalue()
