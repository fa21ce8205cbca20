"""The language that a person is spoken to in.

English is the source. A translation is a gettext catalogue; which one is used is decided by
`set_language`, else by the environment variable NARROWCAST_LANGUAGE, else it is English. The choice
is kept per context, so two readers served by one process do not change each other's language.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

__all__ = [
    "LANGUAGES",
    "catalogue",
    "current_language",
    "gettext",
    "in_course",
    "ngettext",
    "set_language",
    "speaking",
]

LANGUAGES = ("en", "vi")
LOCALE = Path(__file__).parent / "locale"

_chosen: ContextVar[str | None] = ContextVar("narrowcast_language", default=None)


def current_language() -> str:
    """Return the language in force: "en" or "vi"."""
    chosen = _chosen.get()
    if chosen is None:
        chosen = os.environ.get("NARROWCAST_LANGUAGE", "en")[:2].lower()
    return chosen if chosen in LANGUAGES else "en"


def _known(language: str) -> str:
    if language not in LANGUAGES:
        from narrowcast.errors import UnknownName  # noqa: PLC0415 - errors speak through this module

        raise UnknownName(kind=gettext("language"), given=language, allowed=LANGUAGES)
    return language


def set_language(language: str) -> None:
    """Speak `language` from here on.

    Parameters
    ----------
    language
        "en" for English, "vi" for Vietnamese.

    Raises
    ------
    UnknownName
        If there is no such language.
    """
    _chosen.set(_known(language))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` within a `with` block, then the language before it."""
    token = _chosen.set(_known(language))
    try:
        yield
    finally:
        _chosen.reset(token)


@lru_cache(maxsize=32)
def catalogue(language: str, domain: str, folder: Path = LOCALE) -> _gettext.NullTranslations:
    """Return the compiled catalogue of a domain; an empty one where there is none (English)."""
    return _gettext.translation(domain, folder, languages=[language], fallback=True)


def gettext(message: str) -> str:
    """Return `message` in the language in force."""
    return catalogue(current_language(), "narrowcast").gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits `count`, in the language in force."""
    return catalogue(current_language(), "narrowcast").ngettext(one, many, count)


@lru_cache(maxsize=1)
def _course_locale() -> Path:
    """Return the folder of the course's catalogue: in a checkout the course's own, in a wheel ours."""
    beside = Path(__file__).parent.parent / "course" / "locale"
    return beside if beside.is_dir() else LOCALE


def in_course(text: str) -> str:
    """Return wording of the course (a recipe's title, a key's message) in the language in force."""
    return catalogue(current_language(), "course", _course_locale()).gettext(text) if text else text
