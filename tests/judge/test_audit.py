"""A key held against many markets: what is wrong with it is found, and what is right is not complained of."""

from __future__ import annotations

import json

import pytest

from narrowcast.cli.key import key_command
from narrowcast.judge import Key
from narrowcast.judge.audit import audit
from narrowcast.worlds import open_world


def opening(name, student):
    return open_world(name, student=f"s{student:03d}", customers=300)


def size(world):
    """Customers."""
    return world.segments["customers"].iloc[0]


def keyed(**more):
    key = Key("92-audit", world="hcmc-fashion")
    question = key.number("q", **({"points": 2, "hints": ("Count.",)} | more))(size)

    @question.mistake("M1", credit=0.5)
    def double(world):
        """You counted them twice."""
        return 2 * size(world)

    return key, question


def told(key, markets=4):
    return [(remark.fault, remark.told) for remark in audit(key, markets, opening).remarks]


def test_a_good_key_is_not_complained_of(key):
    steps = []
    key, _question = keyed()
    done = audit(key, 5, opening, lambda: steps.append(1))
    assert (done.remarks, done.markets, len(steps)) == ((), 5, 5)


def test_a_mistake_that_is_the_truth_is_a_fault_with_the_number_of_markets():
    key, question = keyed()

    @question.mistake("M2")
    def same(world):
        """You did right."""
        return size(world)

    assert told(key) == [(True, "M2 same leads to the truth (in 4 of 4 markets)")]


def test_a_rare_meeting_is_a_note():
    key, question = keyed()

    @question.mistake("M2")
    def seldom(world):
        """Now and then it is right."""
        return size(world) * (1 if world.student == "s007" else 3)

    assert told(key, 25) == [(False, "M2 seldom leads to the truth (in 1 of 25 markets)")]


def test_two_mistakes_that_cannot_be_told_apart():
    key, question = keyed()

    @question.mistake("M3")
    def again(world):
        """You counted everybody again."""
        return 2 * size(world)

    assert told(key) == [(True, "M3 again cannot be told from M1 double (in 4 of 4 markets)")]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"between": (0, 5)}, "the truth has no right form"),
        ({"hints": ()}, "no hints"),
        ({"unit": "You counted them twice."}, "gives away"),
    ],
)
def test_bounds_hints_and_leaks(more, said):
    remarks = told(keyed(**more)[0])
    assert any(said in text for _fault, text in remarks)


def test_what_a_key_raises_is_told_and_not_raised():
    key = Key("91-broken", world="hcmc-fashion")

    @key.number("q", points=1, hints=("?",))
    def broken(world):
        """Never."""
        return world.segments["nothing"]

    key.text("silent")(lambda world: "x")
    remarks = told(key)
    assert any(fault and "the key raises KeyError" in text for fault, text in remarks)
    assert any(fault and "no docstring" in text for fault, text in remarks)


def test_plans_are_run_in_a_few_markets_and_read_in_all(key):
    only = Key("90-plans", world="hcmc-fashion")
    only.questions["spend"] = key.questions["spend"]
    assert (
        audit(only, 1, lambda name, student: open_world(name, student=f"s{student}", customers=2_000)).faults
        == []
    )


CHECKED = '''
from narrowcast.judge import Key
key = Key("one", world="hcmc-fashion")
@key.text("q", points=1, hints=("Say it.",))
def q(world):
    """{praise}"""
    return ("broad", "broadcast")
'''


@pytest.mark.parametrize(("praise", "code"), [("So it is called.", 0), ("", 1)])
def test_the_command_reads_a_path_and_ends_with_1_where_something_is_wrong(tmp_path, capsys, praise, code):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "key.py").write_text(CHECKED.format(praise=praise), encoding="utf-8")
    arguments = ["check", str(tmp_path / "one"), "--students", "2", "--json"]
    assert key_command().main(arguments, standalone_mode=False) == code
    data = json.loads(capsys.readouterr().out)
    assert (data[0]["key"], data[0]["markets"], bool(data[0]["remarks"])) == ("one", 2, bool(code))
    assert key_command().main(arguments[:-1], standalone_mode=False) == code
    assert "2 students' markets" in capsys.readouterr().out
