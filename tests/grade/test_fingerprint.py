"""Fingerprints of code: what a copyist changes leaves them, what a class has in common is no evidence."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.grade.fingerprint import MOST, Pair, of_cells, similar

ONE = """
def breakeven(price_ratio, lift_match, lift_mismatch):
    # where both bring as much
    spread = lift_match - lift_mismatch
    if spread <= 0:
        return None
    found = (price_ratio - lift_mismatch) / spread
    return min(max(found, 0.0), 1.0)
"""
TWO = """
segments = world.segments.sort_values("orders")
margin = segments["order_value"] * segments["margin_rate"]
for name, row in segments.iterrows():
    print(name, row["orders"] / row["visits"], margin[name] * 1000 // 7)
total = sum(margin[name] for name in segments.index if margin[name] > 5)
"""
COPY = """
def breakeven(p,
              a,
              b):
    d = a - b
    if d<=0: return None
    x = ( p-b )/d     # other words
    return min(max(x, 0.0,), 1.0,)
"""
TWO_COPIED = (
    TWO.replace("segments =", "table =")
    .replace("segments[", "table[")
    .replace('"', "'")
    .replace("row[", "line[")
    .replace(", row", ", line")
)


def own_code(seed: int, lines: int = 30) -> str:
    draw = random.Random(seed)
    calls = ["sum", "max", "min", "len", "round", "sorted", "abs"]
    signs = ["+", "-", "*", "/", "//", "%", "**"]
    return "\n".join(
        f"v{draw.randrange(9)} = {draw.choice(calls)}(v{draw.randrange(9)} {draw.choice(signs)} {draw.randrange(999)})"
        f" {draw.choice(signs)} {draw.choice(calls)}([{draw.randrange(999)}, v1])"
        for _line in range(lines)
    )


def pairs(prints: dict[str, tuple[int, ...]]) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in similar(prints)}


def test_other_names_comments_layout_quotes_and_order_change_nothing() -> None:
    assert of_cells([ONE, TWO]) == of_cells([TWO_COPIED, COPY])


@given(st.lists(st.sampled_from([ONE, TWO, "x = 1"]), max_size=5))
def test_the_order_and_the_number_of_the_cells_do_not_matter(cells: list[str]) -> None:
    assert of_cells(cells) == of_cells(sorted(cells)) == of_cells([*cells, *cells])


def test_other_code_has_other_prints() -> None:
    assert not set(of_cells([ONE])) & set(of_cells([TWO]))
    assert not similar({"a": of_cells([own_code(1)]), "b": of_cells([own_code(2)])})


def test_a_copied_passage_is_found_among_own_code() -> None:
    copied = own_code(7)
    whole = of_cells([own_code(1), copied])
    part = of_cells([copied, own_code(2, lines=5)])
    found = similar({"bob": whole, "ann": part, "eve": of_cells([own_code(3)])})
    assert [(pair.a, pair.b) for pair in found] == [("ann", "bob")]
    assert 0.6 <= found[0].share < 1
    assert found[0].matches == len(set(whole) & set(part))


def test_short_code_is_no_evidence() -> None:
    assert of_cells(["x = 1", "", "# " + "word " * 100]) == ()
    assert of_cells([]) == ()
    short = of_cells(["rate = a['b'].sum() / a['c'].sum()"])
    assert similar({"ann": short, "bob": short}) == []
    assert similar({"ann": (), "bob": ()}) == []
    assert similar({}) == []


def test_what_the_class_has_in_common_is_no_evidence() -> None:
    prints = {f"s{number}": of_cells([ONE, TWO, own_code(number)]) for number in range(30)}
    assert similar(prints) == []
    prints["cheat"] = of_cells([ONE, TWO, own_code(4).replace("v", "w")])
    assert pairs(prints) == {("cheat", "s4")}


def test_a_thousand_students_are_compared_at_once() -> None:
    prints = {f"s{number:04}": of_cells([TWO, own_code(number, 12)]) for number in range(1000)}
    prints["s0500"] = prints["s0007"]
    assert similar(prints) == [Pair("s0007", "s0500", 1.0, similar(prints)[0].matches)]


def test_broken_code_is_read_all_the_same() -> None:
    broken = [
        "def (:\n" + ONE + "'''never closed",
        "%%bash\nls | wc\n!pip install x",
        "\ud800 = '\ud800'" + ONE,
        "\0" * 9,
    ]
    assert set(of_cells([ONE])) & set(of_cells(broken))


PIECES = ["(", "'", '"\\', "'\\", "'''\\'", "'''\\", "r'\\", "1", "1e+", "#", "\\", "a.", '"""', "rb"]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_code_is_walked_through_once(piece: str) -> None:
    of_cells([piece * (MOST // len(piece))])


@given(st.lists(st.text(), max_size=4))
def test_prints_fit_into_json(cells: list[str]) -> None:
    prints = of_cells(cells)
    assert list(prints) == sorted(set(prints))
    assert all(0 <= one < 2**48 for one in prints)
