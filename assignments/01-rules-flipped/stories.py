"""One student each: what was handed in, and what it should get.

The marks stand here as numbers, worked out by hand from the assignment and its table of mistakes. Only a
plan's marks come out of a simulation, so for those a range stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path

from narrowcast.grade.story import WORLD, Spending, Story, as_code
from narrowcast.judge.loading import load_module
from narrowcast.language import gettext as _
from narrowcast.worlds import World, open_world

__all__ = ["stories"]

_answers = load_module(Path(__file__).with_name("answers.py"), _("Restore it from the repository."))
EQUAL, GOOD, LARGEST, SOUND, TOO_DEAR = (
    _answers.EQUAL, _answers.GOOD, _answers.LARGEST, _answers.SOUND, _answers.TOO_DEAR,
)  # fmt: skip
ESSAY, NUMPY, RIGHT, q3, q4 = _answers.ESSAY, _answers.NUMPY, _answers.RIGHT, _answers.q3, _answers.q4

TARGETS = {"q2": "conversion_rate", "q3": "search_advantage"}
"""The names that their checks read."""

FULL: Mapping[str, float | None] = {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q6": None}
"""None: it waits for a person."""
NEAR_BEST, HALFWAY, NOTHING = (5.4, 6.0), (2.0, 5.0), (0.0, 0.0)


def stories(ids: Sequence[str], salt: str) -> list[Story]:
    """Return what each student of a class hands in.

    Parameters
    ----------
    ids
        The students' ids. The first twelve have a story each; after them the stories come round again.
    salt
        The class's word: the classmate whose numbers one student copies lives in a market made from it.
    """
    told = [*_by_the_book(), *_with_mistakes(), *_in_the_wrong_form(), None, *_broken()]
    return [
        story or _copied(name, ids, salt)
        for name, story in zip(ids, islice(cycle(told), len(ids)), strict=True)
    ]


def _story(
    title: str,
    points: Mapping[str, float | None] | None = None,
    *,
    spending: Spending = GOOD,
    between: tuple[float, float] = NEAR_BEST,
    without: tuple[str, ...] = (),
    answers: Mapping[str, str] | None = None,
) -> Story:
    """Return a story that is all right but for what is given."""
    written = {**RIGHT, "q5": as_code(spending), "q6": ESSAY, **(answers or {})}
    judged = None if spending is TOO_DEAR else spending
    return Story(title, written, {**FULL, **(points or {})}, between, judged, without)


def _by_the_book() -> list[Story]:
    return [
        _story(_("all right")),
        _story(_("all right, in NumPy's types"), answers=NUMPY),
    ]


def _with_mistakes() -> list[Story]:
    return [
        _story(
            _("averaged the rates: M1; a number where there is none: L8"),
            {"q2": 1.0, "q3": 1.0, "q4": 3.0},
            spending=SOUND,
            between=HALFWAY,
            answers={
                "q2": 'conversion_rate = (world.segments["orders"] / world.segments["visits"]).mean()',
                "q3": q3(order='(shop["order_value"] * shop["margin_rate"]).mean()'),
                "q4": q4(when="False", then="None"),
            },
        ),
        _story(
            _("left the price out: M2; weighted by customers: L2"),
            {"q2": 1.0, "q3": 1.0, "q4": 1.0},
            answers={
                "q2": """\
shop = world.segments
rates = shop["orders"] / shop["visits"]
conversion_rate = (rates * shop["customers"]).sum() / shop["customers"].sum()""",
                "q3": q3(price='television["price_per_thousand"]'),
                "q4": q4("(1 - lift_mismatch) / (lift_match - lift_mismatch)"),
            },
        ),
        _story(
            _("a slip in every question: L1, L3, M2, L6, M3"),
            {"q1": 0.0, "q2": 0.5, "q3": 1.0, "q4": 1.0},
            spending=LARGEST,
            between=NOTHING,
            answers={
                "q1": """\
old, new = "new", "old"  # took the one for the other
rules = {"appeal": old, "edition": new, "everyone": old, "famous": old, "prospects": new, "voice": new}""",
                "q2": 'conversion_rate = world.segments["orders"].sum() / world.segments["customers"].sum()',
                "q3": q3(precision="1.0"),
                "q4": q4("price_ratio / lift_match"),
            },
        ),
    ]


def _in_the_wrong_form() -> list[Story]:
    return [
        _story(
            _("percent for a share; revenue: M10; upside down: L5; plan too dear"),
            {"q2": 0.0, "q3": 0.5, "q4": 1.0},
            spending=TOO_DEAR,
            between=NOTHING,
            answers={
                "q2": RIGHT["q2"] + " * 100",
                "q3": q3(order='(shop["orders"] * shop["order_value"]).sum() / shop["orders"].sum()'),
                "q4": q4(
                    "(lift_match - lift_mismatch) / (price_ratio - lift_mismatch)",
                    when="lift_match <= lift_mismatch or price_ratio == lift_mismatch",
                ),
            },
        ),
    ]


def _copied(name: str, ids: Sequence[str], salt: str) -> Story:
    """Return the story of a student who typed in what was right for a classmate."""
    rate, advantage = _numbers_of_a_classmate(name, ids, salt)
    return _story(
        _("a classmate's numbers; cut to 0 and 1: L7; the naive plan"),
        {"q2": 0.0, "q3": 0.0, "q4": 2.0},
        spending=EQUAL,
        between=NOTHING,
        answers={
            "q2": f"conversion_rate = {rate!r}",
            "q3": f"search_advantage = {advantage!r}",
            "q4": q4("min(1.0, max(0.0, (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)))"),
        },
    )


def _broken() -> list[Story]:
    untouched: dict[str, float | None] = dict.fromkeys(FULL, 0.0)
    half = """\
rules = {
    "appeal": "old",
    "edition": "new",
    "everyone": "old",
    "famous": ...,
    "prospects": ...,
    "voice": ...,
}"""
    return [
        Story(
            _("half empty"),
            {"q1": half, "q2": RIGHT["q2"]},
            {**untouched, "q1": 1.0, "q2": 2.0},
            NOTHING,
            None,
        ),
        _story(_("deleted the check of q2 and the answer of q3"), {"q3": 0.0}, without=("q2", "q3-answer")),
        _story(
            _("a syntax error in q4; the sign turned round: L4"),
            {"q3": 1.0, "q4": 0.0},
            spending=SOUND,
            between=HALFWAY,
            answers={
                "q3": q3(sign="-"),
                "q4": "def breakeven(price_ratio, lift_match, lift_mismatch)\n    return 1",
            },
        ),
        _story(_("an endless loop in q3"), {"q3": 0.0}, answers={"q3": "while True:\n    pass"}),
        Story(_("handed in empty"), {}, untouched, NOTHING, None),
    ]


def _numbers_of_a_classmate(name: str, ids: Sequence[str], salt: str) -> tuple[float, float]:
    """Return what q2 and q3 should be for the first classmate whose numbers mean nothing else to this student.

    By chance a classmate's number may be this student's own, or what a known mistake would lead to.
    """
    mine = open_world(WORLD, student=name, salt=salt)
    told = [RIGHT, *(story.answers for story in (*_with_mistakes(), *_in_the_wrong_form(), *_broken()))]
    meanings = [
        (one, _number(one, told_[one], mine)) for told_ in told for one in TARGETS if _runs(told_, one)
    ]
    found = (0.0, 0.0)
    for other in ids:
        theirs = open_world(WORLD, student=other, salt=salt)
        numbers = {one: _number(one, RIGHT[one], theirs) for one in TARGETS}
        found = (numbers["q2"], numbers["q3"])
        if all(abs(numbers[one] - known) > 0.02 * abs(known) for one, known in meanings):
            break
    return found


def _runs(answers: Mapping[str, str], question: str) -> bool:
    return question in answers and "while True" not in answers[question]


def _number(question: str, code: str, world: World) -> float:
    """Return the number that a student's code comes to in a market."""
    written: dict[str, object] = {"world": world}
    exec(code, written)  # noqa: S102 - our own few lines, from the file beside this one
    return float(str(written[TARGETS[question]]))
