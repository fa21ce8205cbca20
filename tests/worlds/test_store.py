"""Whole tables: drawn once, kept on the disk, and never half or wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import UnknownName
from narrowcast.worlds import shelf, store
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export import blueprint_of, drawing
from narrowcast.worlds.store import CacheWarning, whole_table, whole_tables
from narrowcast.worlds.tables import tables_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to keep tables in; small pieces."""
    monkeypatch.setenv("NARROWCAST_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("NARROWCAST_CACHE_LIMIT", raising=False)
    monkeypatch.setattr(drawing, "PIECE", 5_000)
    monkeypatch.setattr(shelf, "_told", set())
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def market() -> Blueprint:
    return blueprint_of("farm-box", 11_003)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The tables that were drawn, one entry a piece."""
    pieces: list[tuple[str, ...]] = []
    piece = drawing._piece

    def noted(blueprint, number, names):
        pieces.append(tuple(names))
        return piece(blueprint, number, names)

    monkeypatch.setattr(drawing, "_piece", noted)
    return pieces


def afresh(market: Blueprint, name: str) -> pa.Table:
    """Return a table as it is without any disk."""
    return store._draw(market, {name: tables_of(market.recipe)[name]})[name]


def kept(cache: Path) -> list[Path]:
    return sorted(cache.glob("markets/*/*.arrow"))


def refused(function: Callable[[], object]) -> object:
    """Return what a function returns, with warnings as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function()


# What comes


@pytest.mark.parametrize("world", ["farm-box", "saas-b2b", "language-school"])
def test_every_table_has_its_columns_rows_and_order_the_first_time_and_the_second(world):
    market = blueprint_of(world, 6_000)
    tables = tables_of(market.recipe)
    first = whole_tables(market, tables)
    second = whole_tables(market, tables)
    for name, table in tables.items():
        assert first[name].schema.equals(table.schema())
        assert second[name].schema.equals(table.schema())
        assert first[name].to_pylist() == second[name].to_pylist() == afresh(market, name).to_pylist()
        if table.order:
            keys = [tuple(row.values()) for row in first[name].select(table.order).to_pylist()]
            assert keys == sorted(keys), name
    assert first["customers"].num_rows == 6_000


def test_what_belongs_to_the_market_as_a_whole_comes_once(market):
    assert whole_table(market, "campaigns").num_rows == len(market.recipe.campaigns)


def test_an_unknown_table_is_answered_with_the_nearest(market, cache):
    with pytest.raises(UnknownName, match="Did you mean 'customers'"):
        whole_table(market, "custmers")
    assert not cache.exists()


def test_several_tables_are_drawn_in_one_pass_and_none_that_was_not_asked_for(market, drawn, cache):
    whole_tables(market, ["orders", "customers"])
    assert drawn == [("orders", "customers")] * 3
    assert [file.stem for file in kept(cache)] == ["customers", "orders"]
    whole_tables(market, ["customers", "households", "orders"])
    assert drawn[3:] == [("households",)] * 3
    assert list(whole_tables(market, ["orders", "customers"])) == ["orders", "customers"]
    assert len(drawn) == 6


# What is kept


def test_what_was_drawn_once_is_not_drawn_again(market, drawn):
    whole_table(market, "orders")
    assert len(drawn) == 3
    whole_table(market, "orders")
    assert len(drawn) == 3


def test_every_market_has_its_own(drawn):
    markets = [
        blueprint_of("farm-box", 300),
        blueprint_of("farm-box", 301),
        blueprint_of("farm-box", 300, seed=1),
        blueprint_of("farm-box", 300, student="s1"),
        blueprint_of("farm-box", 300, student="s1", salt="x"),
        blueprint_of("hanoi-coffee", 300),
    ]
    names = [whole_table(market, "customers")["name"].to_pylist() for market in markets]
    assert len(drawn) == len(markets)
    assert len({tuple(some) for some in names}) == len(markets)
    assert [whole_table(market, "customers")["name"].to_pylist() for market in markets] == names
    assert len(drawn) == len(markets)


def test_another_version_of_the_code_takes_nothing_from_this_one(market, drawn, monkeypatch):
    whole_table(market, "customers")
    monkeypatch.setattr(shelf, "_code", lambda: "another")
    whole_table(market, "customers")
    assert len(drawn) == 6


def test_a_table_with_other_columns_is_drawn_anew(market, drawn, cache):
    whole_tables(market, ["customers", "codes"])
    codes, customers = kept(cache)
    customers.write_bytes(codes.read_bytes())  # whole, and wrong
    assert whole_table(market, "customers").to_pylist() == afresh(market, "customers").to_pylist()


@pytest.mark.parametrize("word", ["off", "OFF", " off "])
def test_nothing_is_kept_when_it_is_off(word, market, drawn, monkeypatch, cache, tmp_path):
    monkeypatch.setenv("NARROWCAST_CACHE", word)
    monkeypatch.chdir(tmp_path)
    assert whole_table(market, "codes").to_pylist() == whole_table(market, "codes").to_pylist()
    assert len(drawn) == 6
    assert list(tmp_path.iterdir()) == []


def test_without_a_word_it_is_the_users_cache_folder(market, monkeypatch, tmp_path):
    monkeypatch.setenv("NARROWCAST_CACHE", "")
    monkeypatch.setattr(
        shelf.platformdirs, "user_cache_dir", lambda *_names, **_options: str(tmp_path / "users")
    )
    whole_table(market, "codes")
    assert len(kept(tmp_path / "users")) == 1


# What is damaged


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[shelf.Shelf, pa.Table]:
    """A shelf with one small table, kept well."""
    place = shelf.Shelf(tmp_path_factory.mktemp("shelf") / "markets" / "one", 1e9)
    table = afresh(blueprint_of("farm-box", 40), "customers")
    place.put("customers", table)
    return place, table


def test_a_whole_file_is_taken(tables):
    place, table = tables
    assert place.get("customers", table.schema).equals(table)


@given(data=st.data())
def test_a_damaged_file_is_noticed_wherever_it_is_damaged(data, tables):
    place, table = tables
    file = place.folder / "customers.arrow"
    whole = file.read_bytes()
    spoilt = bytearray(whole)
    damage = data.draw(st.sampled_from(["cut", "bit", "more", "zeros"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    if damage == "cut":
        spoilt = spoilt[:at]
    elif damage == "bit":
        spoilt[at] ^= 1 << data.draw(st.integers(0, 7))
    elif damage == "more":
        spoilt += whole[at:]
    else:
        spoilt[at:] = bytes(len(whole) - at)
    try:
        fresh = file.with_suffix(".spoilt")
        fresh.write_bytes(spoilt)
        fresh.replace(file)
        assert bytes(spoilt) == whole or place.get("customers", table.schema) is None
    finally:
        fresh.write_bytes(whole)
        fresh.replace(file)


def test_a_damaged_file_is_drawn_anew_and_mended_without_a_word(market, drawn, cache):
    first = whole_table(market, "orders").to_pylist()
    (file,) = kept(cache)
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[: len(content) // 2])
    assert refused(lambda: whole_table(market, "orders")).to_pylist() == first
    assert len(drawn) == 6
    assert file.read_bytes() == content
    assert refused(lambda: whole_table(market, "orders")).to_pylist() == first
    assert len(drawn) == 6


# Several at once

OPEN = """
import hashlib, sys
from narrowcast.worlds.export import blueprint_of
from narrowcast.worlds.store import whole_table
table = whole_table(blueprint_of("farm-box", 60_000), "orders")
print(hashlib.sha256(str(table.to_pylist()).encode()).hexdigest())
"""


def test_two_processes_at_once_see_the_same_and_leave_one_whole_file(cache):
    both = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", OPEN], stdout=subprocess.PIPE, text=True)
        for _number in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1] != ""
    (file,) = kept(cache)
    market = blueprint_of("farm-box", 60_000)
    place = shelf.shelf_of(market)
    assert place.get("orders", tables_of(market.recipe)["orders"].schema()).num_rows > 0
    assert sorted(path.name for path in file.parent.iterdir() if path.name != "lock") == ["orders.arrow"]


def test_threads_at_once_draw_once(market, drawn):
    found: list[pa.Table] = []
    threads = [
        threading.Thread(target=lambda: found.append(whole_table(market, "orders"))) for _n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 3
    assert all(table.equals(found[0]) for table in found)


def test_a_table_in_use_survives_that_its_file_is_removed(market, cache):
    whole_table(market, "orders")
    mapped = whole_table(market, "orders")
    before = mapped.to_pylist()
    for file in kept(cache):
        file.unlink()
    assert mapped.to_pylist() == before


def test_who_waits_too_long_for_another_draws_it_alone(market, drawn, monkeypatch):
    monkeypatch.setattr(shelf, "PATIENCE", 0.05)
    place = shelf.shelf_of(market)
    with place.turn():
        assert refused(lambda: whole_table(market, "codes")).num_rows > 0
    assert len(drawn) == 3


# What the disk refuses


def broken(kind: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be kept, for one reason or another."""
    if kind == "a file in its place":
        cache.write_text("")
    elif kind == "a full disk":
        write = pa.ipc.new_stream

        def full(sink, schema):
            Path("/dev/full").write_bytes(b"no room")
            return write(sink, schema)

        monkeypatch.setattr(shelf.pa.ipc, "new_stream", full)
    elif kind == "no home":
        monkeypatch.delenv("NARROWCAST_CACHE")
        monkeypatch.setattr(shelf.platformdirs, "user_cache_dir", lambda *_names, **_options: "~/.cache/x")
    else:
        monkeypatch.setenv("NARROWCAST_CACHE", "/proc/none")  # nobody can make a folder there


@pytest.mark.parametrize("kind", ["a file in its place", "a full disk", "no home", "read only"])
def test_a_table_comes_all_the_same_and_the_reason_is_told_once(kind, market, cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = afresh(market, "codes").to_pylist()
    broken(kind, cache, monkeypatch)
    with pytest.warns(CacheWarning, match="Tables cannot be kept in .* NARROWCAST_CACHE") as told:
        assert whole_table(market, "codes").to_pylist() == expected
    assert len(told) == 1
    assert refused(lambda: whole_tables(market, ["codes", "orders"]))["codes"].to_pylist() == expected
    assert not kept(cache)
    assert not list(tmp_path.rglob("*.new"))
    assert not (tmp_path / "~").exists()


def test_what_is_kept_is_read_where_nothing_can_be_written(market, drawn, cache, monkeypatch):
    whole_table(market, "codes")

    def refuses(*_names, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shelf.os, "utime", refuses)  # root may write anywhere
    monkeypatch.setattr(Path, "mkdir", refuses)
    assert refused(lambda: whole_table(market, "codes")).num_rows > 0
    assert len(drawn) == 3


# What is too much


def limited(monkeypatch: pytest.MonkeyPatch, size: float) -> None:
    monkeypatch.setenv("NARROWCAST_CACHE_LIMIT", str(size / 1e6))


def test_what_was_not_opened_for_longest_goes_first(cache, monkeypatch):
    markets = [blueprint_of("farm-box", 1_000, seed) for seed in range(4)]
    for number, market in enumerate(markets[:3]):
        whole_table(market, "customers")
        os.utime(kept_of(market), (number, number))  # one after the other
    whole_table(markets[0], "customers")  # opened again just now
    size = kept_of(markets[0]).stat().st_size
    limited(monkeypatch, 3.2 * size)
    whole_table(markets[3], "customers")
    assert [kept_of(market).exists() for market in markets] == [True, False, True, True]
    assert not kept_of(markets[1]).parent.exists()


def kept_of(market: Blueprint) -> Path:
    return shelf.shelf_of(market).folder / "customers.arrow"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["customers", "codes", "orders"])), max_size=12),
    st.floats(0, 3e5),
)
def test_the_limit_holds_whatever_is_opened(openings, limit):
    import tempfile

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NARROWCAST_CACHE", folder)
        limited(patch, limit)
        for seed, name in openings:
            market = blueprint_of("farm-box", 400, seed)
            refused(lambda market=market, name=name: whole_table(market, name))
            # The limit is on what tables take in memory; a file has some hundred bytes of its own.
            assert sum(file.stat().st_size for file in kept(Path(folder))) <= limit + 8_000


def test_a_table_larger_than_the_limit_is_not_kept(market, cache, monkeypatch):
    limited(monkeypatch, 1_000)
    assert refused(lambda: whole_table(market, "orders")).num_rows > 0
    assert not kept(cache)


def test_a_limit_that_is_no_number_is_told_and_left_aside(market, cache, monkeypatch):
    monkeypatch.setenv("NARROWCAST_CACHE_LIMIT", "two")
    with pytest.warns(CacheWarning, match="'two' is no number of megabytes"):
        whole_table(market, "codes")
    assert len(kept(cache)) == 1


def test_what_a_dead_process_left_is_cleared_away_once_it_is_old(market, cache):
    whole_table(market, "codes")
    (file,) = kept(cache)
    old, young = file.with_name("orders.1-aa.new"), file.with_name("orders.2-bb.new")
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    whole_table(market, "customers")
    assert (old.exists(), young.exists()) == (False, True)
