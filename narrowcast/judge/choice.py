"""Questions that offer a choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.judge.answers import as_choice, is_unanswered
from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["Choice"]


@dataclass
class Choice(Question):
    """One of several words, or one for each of several items."""

    options: Sequence[str] | Mapping[str, Sequence[str]] = ()

    def __post_init__(self) -> None:
        self.kind = "choice"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the choices."""
        many = isinstance(self.options, Mapping)
        shown = {k: list(v) for k, v in self.options.items()} if many else list(self.options)  # type: ignore[union-attr]
        return super().public() | {"options": shown}

    def parse(self, item: Item, world: World | None = None) -> dict[str, str]:  # noqa: ARG002
        """Return the answer as a choice for each item; a single question's item is ""."""
        if not isinstance(self.options, Mapping):
            return {"": as_choice(item, self.options)}
        indexed = item.what == "list" and len(item.keys) == len(item.members) > 0
        if item.what != "dict" and not indexed:
            problem = _("Your answer is of type {kind}.").format(kind=item.kind)
            cure = _("A dictionary is asked for, with a choice for each of: {items}.")
            raise AnswerError(problem, cure.format(items=", ".join(self.options)))
        for key in item.keys:
            if key.what != "text" or key.value not in self.options:
                as_choice(key, list(self.options), item=_("the items"))
        given = {key.said(): member for key, member in zip(item.keys, item.members, strict=True)}
        named = {
            name: given[name] for name in self.options if name in given and not is_unanswered(given[name])
        }
        return {name: as_choice(word, self.options[name], item=name) for name, word in named.items()}

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether every item is chosen alike."""
        wanted = truth if isinstance(truth, Mapping) else {"": truth}
        return dict(value) == dict(wanted)

    def compare(self, value: Any, world: World, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ANN401
        """Judge choices; where none of several is right, say so."""
        verdict = super().compare(value, world, elsewhere)
        if verdict.reason is not Reason.WRONG or not isinstance(self.truth(world), Mapping):
            return verdict
        return replace(verdict, message=f"{self._told(value, world)}\n{verdict.message}")

    def partly(self, value: Any, world: World) -> Verdict | None:  # noqa: ANN401
        """Judge choices of which some are right: each of them earns its share."""
        truth = self.truth(world)
        wrong = self._wrongs(value, truth)
        if not isinstance(truth, Mapping) or len(wrong) == len(truth):
            return None
        score = self.points * (1 - len(wrong) / len(truth))
        return self.verdict(score, Reason.PARTLY, f"{self._told(value, world)}\n{self.hint()}")

    @staticmethod
    def _wrongs(value: Mapping[str, str], truth: Any) -> list[str]:  # noqa: ANN401
        items = truth.items() if isinstance(truth, Mapping) else ()
        return [name for name, option in items if value.get(name) != option]

    def _told(self, value: Mapping[str, str], world: World) -> str:
        truth = self.truth(world)
        wrong = self._wrongs(value, truth)
        return _("{right} of {all} are right. Look again at: {items}.").format(
            right=len(truth) - len(wrong), all=len(truth), items=", ".join(wrong)
        )
