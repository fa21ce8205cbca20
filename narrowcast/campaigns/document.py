"""A plan as a text: JSON that holds names and numbers alone, read strictly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

from narrowcast.campaigns.numbers import shown, shown_path
from narrowcast.campaigns.plan import Plan
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError, UnknownName, nearest
from narrowcast.language import gettext as _

__all__ = ["MOST_BYTES", "VERSION", "load", "read", "save", "written"]

VERSION = 1
"""Raised when a text of the version before could no longer be read."""
MOST_BYTES = 1_000_000
_FORMAT = "narrowcast-plan"
_STEPS = {
    "objectives": Step.OBJECTIVES, "objective": Step.OBJECTIVES, "name": Step.OBJECTIVES, "target": Step.TARGET,
    "flights": Step.CHANNELS, "most": Step.CHANNELS, "file": Step.FILE, "organisation": Step.ORGANISATION,
    "measurement": Step.MEASURE, "holdout": Step.MEASURE,
}  # fmt: skip


def written(plan: Plan) -> str:
    """Return a plan as JSON."""
    document = {"format": _FORMAT, "version": VERSION, "plan": _plain(plan)}
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of a plan
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(member) for member in value] if isinstance(value, tuple) else value


def read(text: object) -> Plan:
    """Return the plan that a text holds.

    Raises
    ------
    PlanError
        If it holds none.
    """
    document = _parsed(text)
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        _refuse((), _("it is no plan of ours."), _("Write one with plan.to_json()."))
    version = document.get("version")
    if isinstance(version, bool) or version != VERSION:
        _refuse(
            (),
            _("it is of version {given}; this is version {ours}.").format(given=shown(version), ours=VERSION),
        )
    _only({"format", "version", "plan"}, document, ())
    plan = _made(Plan, document.get("plan"), ())
    assert isinstance(plan, Plan)  # noqa: S101 - for the type checker
    return plan


def _refuse(path: tuple[str, ...], problem: str, cure: str = "") -> NoReturn:
    step = _STEPS.get(path[0].partition("[")[0], Step.LAUNCH) if path else None
    where = ".".join(path)
    raise PlanError(step, f"{where}: {problem}" if where else problem, cure)


def _parsed(text: object) -> Any:  # noqa: ANN401 - whatever JSON can say
    if not isinstance(text, str):
        _refuse((), _("a text is read, not a {kind}.").format(kind=type(text).__name__))
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        _refuse((), _("the text is longer than {most:,} bytes.").format(most=MOST_BYTES))
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_unique)
    except PlanError:
        raise
    except json.JSONDecodeError as error:
        problem = _("it is not JSON: line {line}, character {place}.")
        _refuse((), problem.format(line=error.lineno, place=error.colno), _("Write one with plan.to_json()."))
    except (ValueError, RecursionError) as error:  # a number of more digits than Python reads; lists in lists
        why = _("too deep") if isinstance(error, RecursionError) else _("a number is too long")
        _refuse((), _("it is not JSON: {why}.").format(why=why), _("Write one with plan.to_json()."))


def _no_number(name: str) -> NoReturn:
    _refuse((), _("{value} is no number.").format(value=name))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        _refuse((), _("{names} stands there twice.").format(names=shown(twice)))
    return found


def _only(allowed: set[str], given: dict[str, Any], path: tuple[str, ...]) -> None:
    for name in given:
        if name not in allowed:
            close = nearest(name[:100], allowed)
            cure = _("Did you mean {names}?").format(names=", ".join(map(repr, close))) if close else ""
            _refuse(path, _("there is no field {name}.").format(name=shown(name)), cure)


@lru_cache(maxsize=32)
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _made(hint: Any, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - by what the hint says
    """Return a value of the type that a field declares, made of what JSON holds."""
    if is_dataclass(hint) and isinstance(hint, type):
        return _made_record(hint, value, path)
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in inside:
            return None
        return _made(next(one for one in inside if one is not NoneType), value, path)
    if origin in (tuple, Sequence):
        return _made_list(inside, value, path)
    wanted = (str,) if origin is Literal else (int, float) if hint is float else (hint,)
    if not isinstance(value, wanted) or (isinstance(value, bool) and hint is not bool):
        kind = _("a text") if str in wanted else _("true or false") if hint is bool else _("a number")
        _refuse(path, _("{value} is not {kind}.").format(value=shown(value), kind=kind))
    return value


def _made_record(kind: type, value: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401
    if not isinstance(value, dict):
        _refuse(path, _("{value} is no {kind}.").format(value=shown(value), kind=kind.__name__))
    hints = _hints(kind)
    _only(set(hints), value, path)
    members = {name: _made(hints[name], member, (*path, name)) for name, member in value.items()}
    try:
        return kind(**members)
    except UnknownName as error:
        field = [name for name, member in members.items() if member is error.given][:1]
        _refuse((*path, *field), str(error))
    except PlanError as error:  # it names the field; the place is ours to tell
        where = ".".join(path)
        raise PlanError(
            error.step, f"{where}: {error.problem}" if where else error.problem, error.cure
        ) from None
    except TypeError:  # a field without a default was left out
        missing = [name for name in hints if name not in members][:1]
        _refuse(path, _("{name} is missing.").format(name=", ".join(missing)))


def _made_list(inside: tuple[Any, ...], value: Any, path: tuple[str, ...]) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list):
        _refuse(path, _("{value} is no list.").format(value=shown(value)))
    open_ended = len(inside) == 1 or inside[-1] is Ellipsis
    if not open_ended and len(value) != len(inside):
        _refuse(path, _("{value} must have {count} members.").format(value=shown(value), count=len(inside)))
    hints = [inside[0]] * len(value) if open_ended else inside
    *above, last = path or ("",)
    return tuple(
        _made(hint, member, (*above, f"{last}[{number}]"))
        for number, (hint, member) in enumerate(zip(hints, value, strict=True))
    )


def save(plan: Plan, path: str | Path) -> None:
    """Write a plan to a file.

    Raises
    ------
    PlanError
        If the file cannot be written.
    """
    file, text = _named(path), written(plan)  # the text first: should it fail, what is in the file stays
    try:
        file.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        told, why = shown_path(file), _hindrance(file, error)
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            folder = shown_path(file.parent)
            _refuse((), _("there is no folder {path}.").format(path=folder), _("Make it, or take another."))
        if isinstance(error, PermissionError):
            problem = _("you may not write {path}.").format(path=told)
            _refuse((), problem, _("Write it to a folder of your own."))
        _refuse((), _("it cannot be written to {path}: {why}.").format(path=told, why=why))


def load(path: str | Path) -> Plan:
    """Read a plan from a file.

    Raises
    ------
    PlanError
        If the file cannot be read, or holds no plan.
    """
    file = _named(path)
    told, ours = shown_path(file), _("Give a file that plan.save(...) wrote.")
    try:
        content = _content(file)
    except (OSError, ValueError) as error:
        why = _hindrance(file, error)
        if isinstance(error, FileNotFoundError):
            _refuse((), _("there is no file {path}.").format(path=told), _("Look at the name again."))
        if isinstance(error, PermissionError):
            problem = _("you may not read {path}.").format(path=told)
            _refuse((), problem, _("Ask whose file it is for a copy."))
        _refuse((), _("{path} cannot be read: {why}.").format(path=told, why=why))
    if len(content) > MOST_BYTES:
        _refuse((), _("{path} is longer than {most:,} bytes.").format(path=told, most=MOST_BYTES), ours)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        _refuse((), _("{path} holds no text.").format(path=told), ours)
    return read(text)


def _content(file: Path) -> bytes:
    """Return a file's bytes, of a long one a byte more than may be."""
    if not file.is_file():  # a pipe neither: whoever opens one waits for ever
        raise FileNotFoundError
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _named(path: object) -> Path:
    try:
        return Path(path)  # type: ignore[arg-type]
    except TypeError:
        problem = _("{path} is no name of a file.").format(path=shown(path))
        _refuse((), problem, _('Write one, such as "plan.json".'))


def _hindrance(file: Path, error: OSError | ValueError) -> str:
    """Refuse what is no file at all; of what is, return why the system will not have it."""
    if not isinstance(error, OSError):  # a character that no name may have
        problem = _("{path} is no name of a file.").format(path=shown_path(file))
        _refuse((), problem, _('Write one, such as "plan.json".'))
    known = isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError)
    if known and file.is_dir():
        problem = _("{path} is a folder.").format(path=shown_path(file))
        inside = shown_path(file / "plan.json")
        _refuse((), problem, _("Name a file in it, such as {path}.").format(path=inside))
    return str(error.strerror)
