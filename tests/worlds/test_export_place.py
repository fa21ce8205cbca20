"""Folders of data come to be all at once or not at all, whatever ends the build."""

from __future__ import annotations

import errno
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from narrowcast.errors import DataError
from narrowcast.worlds import card
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export import FORMATS, Wish, blueprint_of, build, check, drawing
from narrowcast.worlds.export.commas import CommasWriter
from narrowcast.worlds.export.duck import DuckWriter
from narrowcast.worlds.export.parquet import ParquetWriter
from narrowcast.worlds.export.place import building
from narrowcast.worlds.export.sqlite import SqliteWriter

WRITERS = {"parquet": ParquetWriter, "csv": CommasWriter, "sqlite": SqliteWriter, "duckdb": DuckWriter}
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


# Where it goes


def test_a_folder_of_data_is_replaced_when_that_is_asked_and_not_else(tmp_path):
    out = tmp_path / "out"
    build(blueprint_of("farm-box", 100), out, Wish(tables=("customers",)))
    before = bytes_of(out)
    with pytest.raises(DataError, match=r"holds a market's data already\..*--force"):
        build(blueprint_of("farm-box", 200), out, Wish("csv", tables=("customers",)))
    assert bytes_of(out) == before
    build(blueprint_of("farm-box", 200), out, Wish("csv", tables=("customers",), force=True))
    assert left_in(out) == ["README.md", "customers.csv", "manifest.json"]
    assert left_in(tmp_path) == ["out"]


def test_what_no_build_wrote_is_never_removed(tmp_path):
    blueprint, wish = blueprint_of("farm-box", 100), Wish(tables=("customers",), force=True)
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.odt").write_text("years of work")
    with pytest.raises(DataError, match="not a market's data"):
        build(blueprint, home, wish)
    out = tmp_path / "out"
    build(blueprint, out, wish)
    (out / "notes.ipynb").write_text("{}")
    with pytest.raises(DataError, match=r"notes\.ipynb"):
        build(blueprint, out, wish)
    (out / "manifest.json").write_text("{}")
    with pytest.raises(DataError, match="damaged"):
        build(blueprint, out, wish)
    assert (out / "notes.ipynb").exists()
    file = tmp_path / "file"
    file.write_text("")
    for bad in (file, file / "below", Path("/")):
        with pytest.raises(DataError, match="--out"):
            build(blueprint, bad, wish)
    assert left_in(tmp_path) == ["file", "home", "out"]


def test_an_empty_folder_and_a_link_to_one_are_taken(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    build(blueprint_of("farm-box", 100), tmp_path / "link", Wish(tables=("customers",)))
    assert (tmp_path / "link").is_symlink()
    assert check(tmp_path / "real").whole


def test_what_comes_to_lie_there_meanwhile_stays(tmp_path, monkeypatch):
    out = tmp_path / "out"

    class Meddler:
        def begin(self, what: str, total: float) -> None:
            out.mkdir(exist_ok=True)
            (out / "thesis.odt").write_text("years of work")

        def advance(self, by: float) -> None:
            pass

    with pytest.raises(DataError, match="not a market's data"):
        build(blueprint_of("farm-box", 100), out, Wish(tables=("customers",)), Meddler())
    assert left_in(tmp_path) == ["out"]
    assert left_in(out) == ["thesis.odt"]


def test_who_comes_second_is_told_and_spoils_nothing(tmp_path):
    out, blueprint = tmp_path / "out", blueprint_of("farm-box", 100)
    with building(out, force=False) as folder:
        (folder / "README.md").write_text("being written")
        with pytest.raises(DataError, match="Another build is writing"):
            build(blueprint, out)
        assert left_in(folder) == ["README.md"]
    assert left_in(tmp_path) == ["out"]


def test_the_old_folder_comes_back_when_the_new_one_cannot_be_moved(tmp_path, monkeypatch):
    out, wish = tmp_path / "out", Wish(tables=("customers",), force=True)
    build(blueprint_of("farm-box", 100), out, wish)
    before, rename = bytes_of(out), Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(DataError, match="could not be written"):
        build(blueprint_of("farm-box", 200), out, wish)
    assert bytes_of(out) == before
    assert left_in(tmp_path) == ["out"]


# What goes wrong


def fails_after(form: str, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """Let a form's disk be full, as the system itself says it, once so many rows were written."""
    writer = WRITERS[form]
    write, written = writer.write, [0]

    def full(self, name, table):
        written[0] += table.num_rows
        if written[0] > rows:
            with Path("/dev/full").open("wb", buffering=0) as device:
                device.write(b"no room")
        write(self, name, table)

    monkeypatch.setattr(writer, "write", full)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_told_and_leaves_all_as_it_was(form, market, tmp_path, monkeypatch):
    out = tmp_path / "out"
    build(blueprint_of("farm-box", 100), out, Wish(tables=("customers",)))
    before = bytes_of(out)
    fails_after(form, monkeypatch, rows=8_000)
    with pytest.raises(DataError, match=r"The disk is full; nothing was left behind\. Ask for fewer"):
        build(market, out, Wish(form, tables=FEW, force=True, workers=2))
    with pytest.raises(DataError, match="The disk is full"):
        build(market, tmp_path / "new", Wish(form, tables=FEW))
    assert bytes_of(out) == before
    assert left_in(tmp_path) == ["out"]


@pytest.mark.parametrize(("form", "name"), [("parquet", "orders.parquet"), ("csv", "orders.csv")])
def test_the_device_itself_is_full(form, name, market, tmp_path, monkeypatch):
    writer = WRITERS[form]
    begin = writer.__init__

    def on_a_full_device(self, folder, manifest):
        (folder / name).symlink_to("/dev/full")
        begin(self, folder, manifest)

    monkeypatch.setattr(writer, "__init__", on_a_full_device)
    with pytest.raises(DataError, match="The disk is full"):
        build(market, tmp_path / "out", Wish(form, tables=FEW))
    assert left_in(tmp_path) == []


def test_a_full_sqlite_file_is_a_full_disk(market, tmp_path, monkeypatch):
    begin = SqliteWriter.__init__

    def small(self, folder, manifest):
        begin(self, folder, manifest)
        self._file.execute("PRAGMA max_page_count = 40")

    monkeypatch.setattr(SqliteWriter, "__init__", small)
    with pytest.raises(DataError, match="The disk is full"):
        build(market, tmp_path / "out", Wish("sqlite", tables=FEW))
    assert left_in(tmp_path) == []


def test_a_full_disk_under_duckdb_is_one(market, tmp_path, monkeypatch):
    import duckdb

    def full(self):
        with self._as_os_error():
            raise duckdb.IOException('Could not write file "x": No space left on device')

    monkeypatch.setattr(DuckWriter, "close", full)
    with pytest.raises(DataError, match="The disk is full"):
        build(market, tmp_path / "out", Wish("duckdb", tables=FEW))
    assert left_in(tmp_path) == []


def test_a_disk_that_will_be_full_is_told_after_the_first_piece(market, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    rows = []
    write = ParquetWriter.write
    monkeypatch.setattr(
        ParquetWriter, "write", lambda self, n, t: (rows.append(t.num_rows), write(self, n, t))
    )
    monkeypatch.setattr("narrowcast.worlds.export.parquet.GROUP", 1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=50_000))
    with pytest.raises(DataError, match=r"would take about [\d.]+ (kB|MB), and 50\.0 kB are free"):
        build(market, tmp_path / "out", Wish(tables=("customers",), workers=1))
    assert rows == [5_000]
    assert left_in(tmp_path) == []
    build(
        blueprint_of("farm-box", 5_000), tmp_path / "out", Wish(tables=("customers",))
    )  # there is no more to come


def test_a_mistake_while_drawing_leaves_nothing(market, tmp_path, monkeypatch):
    piece = drawing._piece

    def broken(blueprint, number, names):
        if number == 1:
            raise ZeroDivisionError
        return piece(blueprint, number, names)

    monkeypatch.setattr(drawing, "_piece", broken)
    for form in FORMATS:
        with pytest.raises(ZeroDivisionError):
            build(market, tmp_path / "out", Wish(form, workers=2))
        assert left_in(tmp_path) == []


# Builds that are ended from outside

ALONE = """
import sys
from pathlib import Path
from narrowcast.cli import run
sys.exit(run(["data", "build", "farm-box", "--customers", sys.argv[1], "--out", sys.argv[2], *sys.argv[3:]]))
"""


def started(customers: int, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start a build, and return once it has written something."""
    process = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(customers), str(out), *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    new = out.with_name(out.name + ".partial") / "new"
    while process.poll() is None:
        if new.is_dir() and sum(file.stat().st_size for file in new.iterdir()) > 1_000_000:
            return process
        time.sleep(0.02)
    raise AssertionError(process.communicate())


def test_a_killed_build_leaves_nothing_that_looks_whole_and_the_next_one_clears_up(tmp_path):
    out = tmp_path / "out"
    process = started(300_000, out)
    process.kill()
    process.communicate()
    assert left_in(tmp_path) == ["out.partial"]
    assert not list(tmp_path.rglob("manifest.json"))
    with pytest.raises(DataError, match="holds no data"):
        check(out)
    build(blueprint_of("farm-box", 300), out)
    assert check(out).whole
    assert left_in(tmp_path) == ["out"]


def test_ctrl_c_ends_a_build_without_a_trace(tmp_path):
    out = tmp_path / "out"
    process = started(300_000, out)
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert left_in(tmp_path) == []


def test_a_build_that_was_killed_between_two_folders_changes_back(tmp_path):
    out, wish = tmp_path / "out", Wish(tables=("customers",))
    build(blueprint_of("farm-box", 100), out, wish)
    before = bytes_of(out)
    partial = tmp_path / "out.partial"
    (partial / "new").mkdir(parents=True)
    (partial / "new" / "customers.parquet").write_bytes(b"half")
    out.rename(partial / "old")
    with pytest.raises(DataError, match="holds a market's data already"):
        build(blueprint_of("farm-box", 200), out, wish)
    assert bytes_of(out) == before
    assert left_in(tmp_path) == ["out"]


def test_two_builds_at_once_into_one_folder(tmp_path):
    out = tmp_path / "out"
    first = started(100_000, out, "--format", "csv")
    second = subprocess.run(
        [sys.executable, "-c", ALONE, "100", str(out)], capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert "Another build is writing" in second.stderr
    _out, said = first.communicate()
    assert first.returncode == 0, said
    assert check(out).whole
    assert left_in(tmp_path) == ["out"]
