"""Folders of data: the same to the byte however they are built, whole or not there at all."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from narrowcast import open_world
from narrowcast.errors import DataError, UnknownName
from narrowcast.language import speaking
from narrowcast.worlds import card
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export import FORMATS, Wish, blueprint_of, build, check, drawing
from narrowcast.worlds.export.bar import SlowBar
from narrowcast.worlds.store import whole_table
from narrowcast.worlds.tables import tables_of

FEW = ("customers", "orders", "codes")


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of one region, a short card, and nothing kept on the disk."""
    monkeypatch.setenv("NARROWCAST_CACHE", "off")
    monkeypatch.setattr(drawing, "PIECE", 5_000)
    monkeypatch.setattr(card, "card_text", lambda market: f"# {market.recipe.title}")


@pytest.fixture(scope="session")
def market() -> Blueprint:
    """Three pieces, the last of them short; with referral codes and cards."""
    return blueprint_of("farm-box", 11_003)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def left_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


# What is written


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_same_bytes_for_any_number_of_workers_in_any_language(form, market, tmp_path):
    build(market, tmp_path / "1", Wish(form, workers=1))
    with speaking("vi"):
        build(market, tmp_path / "2", Wish(form, workers=2))
    build(market, tmp_path / "5", Wish(form, workers=5))
    one, two, five = (bytes_of(tmp_path / name) for name in "125")
    readmes = [files.pop("README.md") for files in (one, two, five)]
    assert one == two == five
    assert readmes[0] == readmes[2].replace(b"--out 5", b"--out 1").replace(b"check 5", b"check 1")


def test_another_seed_or_student_gives_other_data(tmp_path):
    wishes = {"a": (0, None), "b": (1, None), "c": (0, "s1"), "d": (0, "s2")}
    for name, (seed, student) in wishes.items():
        build(blueprint_of("farm-box", 500, seed, student), tmp_path / name, Wish(tables=("customers",)))
    assert len({(tmp_path / name / "customers.parquet").read_bytes() for name in wishes}) == 4


@pytest.mark.parametrize("world", ["farm-box", "saas-b2b"])
def test_every_table_holds_what_a_notebook_sees(world, tmp_path):
    market = blueprint_of(world, 6_000)
    build(market, tmp_path / "out")
    for name, table in tables_of(market.recipe).items():
        written = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        seen = whole_table(market, name).select(table.schema(hidden=False).names)
        if table.order:
            written = written.sort_by([(column, "ascending") for column in table.order])
        assert written.column_names == seen.column_names
        assert written.to_pylist() == seen.to_pylist(), name


def test_the_market_is_the_one_that_a_notebook_opens():
    for student, salt in ((None, ""), ("s042", "mùa hè")):
        world = open_world("farm-box", student=student, customers=300, seed=7, salt=salt)
        asked = blueprint_of("farm-box", 300, 7, student, salt)
        assert (asked.recipe, asked.seed, asked.customers) == (world.recipe, world.seed, 300)
    assert blueprint_of("farm-box").customers == round(world.recipe.market.customers.value)


@pytest.mark.parametrize(("customers", "seed"), [(0, 0), (-5, 0), (100_000_001, 0), (10, -1), (10, 2**63)])
def test_a_number_out_of_range_is_told_with_its_range(customers, seed):
    with pytest.raises(DataError, match=r"Give a number from [01] to [\d,]+\."):
        blueprint_of("farm-box", customers, seed)


@pytest.fixture(scope="session")
def values(market, tmp_path_factory):
    """Return what a table holds as Parquet: rows of plain values, sorted by their text."""
    folder = tmp_path_factory.mktemp("values") / "out"
    build(market, folder)

    def rows(name: str) -> list[tuple[object, ...]]:
        return sorted(
            map(tuple, (r.values() for r in pq.read_table(folder / f"{name}.parquet").to_pylist())), key=str
        )

    return rows


def test_csv_holds_the_same_values(market, values, tmp_path):
    manifest = build(market, tmp_path / "out", Wish("csv"))
    for name, layout in manifest.tables.items():
        frame = pd.read_csv(tmp_path / "out" / f"{name}.csv", dtype=str, keep_default_na=False)
        kinds = [column.kind for column in layout.columns]

        def text(kind: str, value: object) -> str:
            if value is None:
                return ""
            shown = {"flag": str(value).lower(), "date": str(value)[:10], "number": repr(value)}
            return shown.get(kind, str(value))

        def same(read: str, wanted: str, kind: str) -> bool:
            return float(read) == float(wanted) if kind == "number" and wanted else read == wanted

        wanted = [tuple(map(text, kinds, row)) for row in values(name)]
        read = sorted(map(tuple, frame.itertuples(index=False)), key=str)
        for ours, theirs in zip(sorted(wanted, key=str), read, strict=True):
            assert all(map(same, theirs, ours, kinds)), (name, ours, theirs)


def test_sqlite_holds_the_same_values_with_keys_and_indexes(market, values, tmp_path):
    manifest = build(market, tmp_path / "out", Wish("sqlite"))
    file = sqlite3.connect(tmp_path / "out" / "farm-box.sqlite")
    for name, layout in manifest.tables.items():
        kinds = [column.kind for column in layout.columns]

        def plain(kind: str, value: object) -> object:
            if kind in ("date", "time") and value is not None:
                return str(value)[: 10 if kind == "date" else 19]
            return value

        wanted = sorted((tuple(map(plain, kinds, row)) for row in values(name)), key=str)
        read = sorted(file.execute(f'SELECT * FROM "{name}"'), key=lambda row: str(tuple(_bools(kinds, row))))
        assert [tuple(_bools(kinds, row)) for row in read] == wanted
        primary = [row[1] for row in file.execute(f"PRAGMA table_info({name})") if row[5]]
        assert sorted(primary) == sorted(layout.unique)
        for column in layout.joins:
            plan = file.execute(
                f"EXPLAIN QUERY PLAN SELECT * FROM {name} WHERE {column.name} = 'x'"
            ).fetchall()
            assert "SEARCH" in str(plan), (name, column.name)
    assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    assert ("orders", "customers") in {
        (name, row[2]) for name in manifest.tables for row in file.execute(f"PRAGMA foreign_key_list({name})")
    }
    file.close()


def _bools(kinds: list[str], row: tuple[object, ...]) -> list[object]:
    return [bool(v) if kind == "flag" and v is not None else v for kind, v in zip(kinds, row, strict=True)]


def test_duckdb_holds_the_same_values(market, values, tmp_path):
    import duckdb

    manifest = build(market, tmp_path / "out", Wish("duckdb"))
    assert left_in(tmp_path / "out") == ["README.md", "farm-box.duckdb", "manifest.json"]
    with duckdb.connect(str(tmp_path / "out" / "farm-box.duckdb"), read_only=True) as file:
        for name, layout in manifest.tables.items():
            kinds = [column.kind for column in layout.columns]
            wanted = [
                tuple(
                    v.date() if kind == "date" and v is not None else v
                    for kind, v in zip(kinds, row, strict=True)
                )
                for row in values(name)
            ]
            read = file.execute(f'SELECT * FROM "{name}"').fetchall()
            assert sorted(read, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_hidden_leaves_for_instructors_alone(form, tmp_path):
    market = blueprint_of("farm-box", 2_000)
    hidden = {c.name for t in tables_of(market.recipe).values() for c in t.columns() if c.hidden}
    hidden -= {c.name for t in tables_of(market.recipe).values() for c in t.columns() if not c.hidden}
    assert hidden
    build(market, tmp_path / "students", Wish(form))
    build(market, tmp_path / "instructors", Wish(form, hidden=True))
    for name, content in bytes_of(tmp_path / "students").items():
        assert not [column for column in hidden if f'"{column}"'.encode() in content], name
    told = json.loads((tmp_path / "students" / "manifest.json").read_text("utf-8"))
    assert told["hidden"] is False
    assert not hidden & {column["name"] for table in told["tables"].values() for column in table["columns"]}
    report = check(tmp_path / "instructors")
    assert report.whole, report.problems
    shown = {column.name for table in report.manifest.tables.values() for column in table.columns}
    assert hidden <= shown
    assert "instructors" in (tmp_path / "instructors" / "README.md").read_text("utf-8")


def test_the_manifest_tells_what_was_asked_and_no_secret(tmp_path):
    blueprint = blueprint_of("farm-box", 700, 3, "s042", "secret-word")
    manifest = build(blueprint, tmp_path / "my data", Wish(tables=FEW, seed=3, student="s042"))
    text = (tmp_path / "my data" / "manifest.json").read_text("utf-8")
    assert "secret-word" not in text
    assert str(blueprint.seed) not in text
    assert (manifest.world, manifest.customers, manifest.seed, manifest.student) == (
        "farm-box",
        700,
        3,
        "s042",
    )
    assert manifest.digest == blueprint.digest
    assert set(manifest.tables) == set(FEW)
    assert manifest.tables["customers"].rows == 700
    assert manifest.command(tmp_path / "my data") == (
        "narrowcast data build farm-box --customers 700 --seed 3 --format parquet "
        f"--out '{tmp_path / 'my data'}' --tables customers,orders,codes "
        "--student s042 --salt WORD --force"
    )


def test_the_readme_holds_the_card_and_names_no_path_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.undo()
    build(blueprint_of("farm-box", 500), tmp_path / "out", Wish(tables=FEW))
    text = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert text.startswith("# ")
    assert "## Segments" in text
    assert "`customers.parquet`" in text
    assert str(tmp_path) not in text


def test_a_large_row_group_is_filled_however_rows_come(market, tmp_path, monkeypatch):
    monkeypatch.setattr("narrowcast.worlds.export.parquet.GROUP", 4_000)
    build(market, tmp_path / "out", Wish(tables=("customers",)))
    told = pq.ParquetFile(tmp_path / "out" / "customers.parquet").metadata
    assert [told.row_group(i).num_rows for i in range(told.num_row_groups)] == [4_000, 4_000, 3_003]


# What is asked for


def test_an_unknown_format_or_table_is_answered_with_the_nearest(market, tmp_path):
    with pytest.raises(UnknownName, match="Did you mean 'parquet'"):
        build(market, tmp_path / "out", Wish("parket"))
    with pytest.raises(UnknownName, match="Did you mean 'customers'"):
        build(market, tmp_path / "out", Wish(tables=("custmers",)))
    with pytest.raises(DataError, match="No table"):
        build(market, tmp_path / "out", Wish(tables=()))
    assert left_in(tmp_path) == []


def test_without_duckdb_the_command_that_installs_it_is_told(market, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DataError, match=r'pip install "narrowcast\[duckdb\]"'):
        build(market, tmp_path / "out", Wish("duckdb"))
    assert left_in(tmp_path) == []


# Memory and time

PEAK = """
import resource, sys
from pathlib import Path
from narrowcast.worlds.export import Wish, blueprint_of, build
build(blueprint_of("farm-box", int(sys.argv[1])), Path(sys.argv[2]), Wish(workers=2))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
status = Path("/proc/self/status")
if status.exists():  # ru_maxrss counts the process it was started from as well, and a test runner grows large
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
print(peak // 1024)
"""


def test_memory_does_not_grow_with_the_market(tmp_path):
    def peak(customers: int) -> int:
        command = [sys.executable, "-c", PEAK, str(customers), str(tmp_path / str(customers))]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    small, large = peak(100_000), peak(300_000)
    # Both vary by some hundred megabytes with what else the machine does.
    assert large < 1_400, "megabytes"
    assert large - small < 500, "megabytes"


def test_pieces_are_drawn_no_further_ahead_than_there_are_workers(monkeypatch):
    begun, lock = [], threading.Lock()

    def piece(blueprint, number, names):
        with lock:
            begun.append(number)
        return 25_000, {"number": number}

    monkeypatch.setattr(drawing, "_piece", piece)
    handed_on = []
    for _customers, tables in drawing.drawn(blueprint_of("farm-box", 100_000), ["customers"], workers=3):
        time.sleep(0.01)
        handed_on.append(tables["number"])
        assert len(begun) <= len(handed_on) + 3
    assert handed_on == list(range(20))


def test_a_bar_shows_itself_only_when_it_takes_long():
    from rich.console import Console

    def shown(patience: float, terminal: bool) -> str:
        console = Console(file=io.StringIO(), force_terminal=terminal, width=80, record=True)
        with SlowBar(console, patience) as bar:
            bar.begin("Counting", 4)
            for _number in range(4):
                bar.advance(1)
                time.sleep(0.05)
        return console.export_text()

    assert "Counting" in shown(0.01, terminal=True)
    assert shown(60, terminal=True) == ""
    assert shown(0.01, terminal=False) == ""
