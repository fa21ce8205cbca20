"""The language in force: chosen, inherited from the environment, and kept per context."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import narrowcast as nc
from narrowcast import language
from narrowcast.errors import UnknownName


@pytest.fixture(autouse=True)
def undecided(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("NARROWCAST_LANGUAGE", raising=False)
    token = language._chosen.set(None)
    yield
    language._chosen.reset(token)


def test_english_is_the_default() -> None:
    assert language.current_language() == "en"


@pytest.mark.parametrize(
    ("given", "spoken"),
    [("vi", "vi"), ("vi_VN.UTF-8", "vi"), ("VI", "vi"), ("en_GB", "en"), ("fr", "en"), ("", "en")],
)
def test_the_environment_decides_where_nobody_chose(
    monkeypatch: pytest.MonkeyPatch, given: str, spoken: str
) -> None:
    monkeypatch.setenv("NARROWCAST_LANGUAGE", given)
    assert language.current_language() == spoken


def test_a_choice_is_stronger_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARROWCAST_LANGUAGE", "vi")
    nc.set_language("en")
    assert language.current_language() == "en"


@pytest.mark.parametrize("wrong", ["vn", "Vietnamese", "", None, 5, ["vi"], "VI"])
def test_an_unknown_language_is_named(wrong: object) -> None:
    with pytest.raises(UnknownName, match="Allowed: en, vi"):
        nc.set_language(wrong)  # type: ignore[arg-type]
    assert language.current_language() == "en"


def test_the_nearest_language_is_proposed() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'vi'"):
        nc.set_language("vie")


def test_speaking_ends_with_its_block() -> None:
    with language.speaking("vi"):
        assert language.current_language() == "vi"
        with language.speaking("en"):
            assert language.current_language() == "en"
        assert language.current_language() == "vi"
    assert language.current_language() == "en"


def test_speaking_ends_with_an_error_too() -> None:
    with pytest.raises(RuntimeError), language.speaking("vi"):
        raise RuntimeError
    assert language.current_language() == "en"


def test_two_readers_of_one_process_do_not_disturb_each_other() -> None:
    first, second = contextvars.copy_context(), contextvars.copy_context()
    first.run(nc.set_language, "vi")
    second.run(nc.set_language, "en")
    assert first.run(language.current_language) == "vi"
    assert second.run(language.current_language) == "en"
    assert language.current_language() == "en"


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small Vietnamese catalogue in place of the real one."""
    folder = tmp_path / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    made = Catalog(locale="vi")
    made.add("There is no {kind} {given!r}.", "Không có {kind} {given!r}.")
    made.add(("{count} contact", "{count} contacts"), ("{count} lượt tiếp xúc",))
    for domain in ("narrowcast", "course"):
        with (folder / f"{domain}.mo").open("wb") as file:
            write_mo(file, made)
    real = language.catalogue.__wrapped__
    monkeypatch.setattr(
        language, "catalogue", lambda lang, domain, _folder=None: real(lang, domain, tmp_path)
    )
    return tmp_path


@pytest.mark.usefixtures("catalogue")
def test_messages_come_from_the_catalogue() -> None:
    with language.speaking("vi"):
        assert str(UnknownName("kênh", "tivi", [])) == "Không có kênh 'tivi'."
        assert language.ngettext("{count} contact", "{count} contacts", 3) == "{count} lượt tiếp xúc"
        assert language.gettext("Not in it.") == "Not in it."
    assert str(UnknownName("channel", "tivi", [])) == "There is no channel 'tivi'."


@pytest.mark.usefixtures("catalogue")
def test_no_text_is_no_text_in_any_language() -> None:
    with language.speaking("vi"):
        assert language.in_course("") == ""


def test_a_language_without_catalogue_is_english(tmp_path: Path) -> None:
    assert language.catalogue("vi", "narrowcast", tmp_path).gettext("Right") == "Right"
    assert language.catalogue("en", "narrowcast", tmp_path).ngettext("one", "many", 2) == "many"
