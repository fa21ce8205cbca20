"""A check of a folder of data: it finds what is wrong, names it, and says what to do."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import DataError
from narrowcast.worlds import card, world_names
from narrowcast.worlds.export import FORMATS, Report, Wish, blueprint_of, build, check, keys

FEW = ("customers", "friends", "orders", "codes")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a folder of data in a form, built once."""
    root = tmp_path_factory.mktemp("built")

    def folder(form: str) -> Path:
        if not (root / form).exists():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(card, "card_text", lambda market: f"# {market.recipe.title}")
                build(blueprint_of("farm-box", 2_000), root / form, Wish(form, tables=FEW))
        return root / form

    return folder


@pytest.fixture
def copied(built, tmp_path: Path) -> Callable[[str], Path]:
    """Return a copy of a folder of data, to spoil."""
    return lambda form="parquet": shutil.copytree(built(form), tmp_path / form)


def sealed(folder: Path) -> None:
    """Give changed files the fingerprints that belong to them: what is in them is looked at alone."""
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in told["files"]:
        content = (folder / name).read_bytes()
        told["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(told), "utf-8")


def respell(folder: Path, change: Callable[[dict], None]) -> None:
    told = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(told)
    (folder / "manifest.json").write_text(json.dumps(told), "utf-8")


def rewrite(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a Parquet table, and see to its fingerprint."""
    file = folder / f"{name}.parquet"
    pq.write_table(change(pq.read_table(file)), file)
    sealed(folder)


def put(table: pa.Table, column: str, row: int, value: object) -> pa.Table:
    values = table[column].to_pylist()
    values[row] = value
    at, field = table.schema.get_field_index(column), table.schema.field(column)
    return table.set_column(at, field.with_nullable(nullable=True), pa.array(values, field.type))


def wrong(report: Report) -> set[tuple[str, str]]:
    return {
        (table, aspect) for table, marks in report.marks.items() for aspect, ok in marks.items() if not ok
    }


def only(report: Report, table: str, aspect: str, *words: str) -> None:
    """See that one thing is wrong, told with these words and a cure, and nothing else."""
    assert wrong(report) == {(table, aspect)}
    assert len(report.problems) == 1, report.problems
    said = str(report.problems[0])
    assert all(word in said for word in words), said
    assert "Build it anew: narrowcast data build farm-box --customers 2000 --seed" in said


# What is whole


@pytest.mark.parametrize("world", world_names())
def test_what_was_built_is_whole(world, tmp_path, monkeypatch):
    monkeypatch.setattr(card, "card_text", lambda market: market.recipe.title)
    manifest = build(blueprint_of(world, 3_000), tmp_path / "out")
    report = check(tmp_path / "out")
    assert report.whole, report.problems
    for name, layout in manifest.tables.items():
        assert layout.unique
        expected = {"file", "columns", "rows", "missing", "unique", *(["joins"] if layout.joins else [])}
        assert set(report.marks[name]) == expected


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_read_to_its_end(form, built):
    report = check(built(form))
    assert report.whole, report.problems
    assert all(
        set(marks) >= {"file", "columns", "rows", "missing", "unique"} for marks in report.marks.values()
    )


def test_keys_are_compared_in_parts_with_the_same_result(copied, monkeypatch):
    folder = copied()
    rewrite(folder, "friends", lambda table: pa.concat_tables([table, table.slice(5, 1)]))
    rewrite(folder, "orders", lambda table: put(table, "customer_id", 7, "C9999999"))
    respell(folder, lambda told: told["tables"]["friends"].update(rows=told["tables"]["friends"]["rows"] + 1))
    whole = check(folder)
    assert len(whole.problems) == 2
    monkeypatch.setattr(keys, "KEYS_AT_ONCE", 300)
    assert sorted(check(folder).problems, key=str) == sorted(whole.problems, key=str)


def test_a_join_on_a_table_that_was_not_asked_for_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(card, "card_text", lambda market: market.recipe.title)
    build(blueprint_of("farm-box", 500), tmp_path / "out", Wish(tables=("orders",)))
    report = check(tmp_path / "out")
    assert report.whole
    assert "joins" not in report.marks["orders"]


# Files


@pytest.mark.parametrize("form", FORMATS)
def test_one_flipped_bit_anywhere_is_found(form, copied):
    folder = copied(form)
    name = FORMATS[form].file("farm-box", "orders")
    content = (folder / name).read_bytes()
    for place in np.linspace(0, len(content) - 1, 7).astype(int):
        spoilt = bytearray(content)
        spoilt[place] ^= 1
        (folder / name).write_bytes(spoilt)
        report = check(folder)
        assert any(p.where == name and "fingerprint is another" in p.what for p in report.problems)
        assert report.marks["orders"]["file"] is False


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_cut_short_is_found(form, copied):
    folder = copied(form)
    name = FORMATS[form].file("farm-box", "orders")
    content = (folder / name).read_bytes()
    for size in (0, 1, 20, len(content) // 2, len(content) - 1):
        (folder / name).write_bytes(content[:size])
        report = check(folder)
        assert any(p.where == name and f"has {size:,} bytes" in p.what for p in report.problems)


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_file_is_found(form, copied):
    folder = copied(form)
    name = FORMATS[form].file("farm-box", "orders")
    (folder / name).unlink()
    problems = [p for p in check(folder).problems if p.where == name]
    assert [p.what for p in problems] == ["the file is missing."]


def test_what_cannot_be_read_does_not_keep_the_rest_from_being_checked(copied):
    folder = copied()
    (folder / "orders.parquet").write_bytes(b"no Parquet at all")
    rewrite(folder, "codes", lambda table: put(table, "customer_id", 3, "C9999999"))
    report = check(folder)
    assert wrong(report) == {("orders", "columns"), ("codes", "joins")}
    assert "no Parquet file" in str(report.problems[0])


# What is in them


def test_an_orphan_is_found(copied):
    folder = copied()
    rewrite(
        folder, "orders", lambda t: put(put(t, "customer_id", 11, "C9999999"), "customer_id", 12, "C9999999")
    )
    only(
        check(folder),
        "orders",
        "joins",
        "customer_id points to nothing in customers.customer_id in 2 rows: C9999999",
    )


def test_an_orphan_of_a_table_in_itself_is_found(copied):
    folder = copied()
    rewrite(folder, "customers", lambda t: put(t, "referrer_id", 5, "C0002000"))
    only(check(folder), "customers", "joins", "in 1 row: C0002000")


def test_a_key_that_occurs_twice_is_found(copied):
    folder = copied()
    rewrite(folder, "customers", lambda t: put(t, "customer_id", 1_999, "C0000007"))
    report = check(folder)
    assert ("customers", "unique") in wrong(report)
    assert any("1 key occurs more than once (customer_id): C0000007." in p.what for p in report.problems)


def test_a_pair_that_occurs_twice_is_found(copied):
    folder = copied()
    pair = {}

    def again(table: pa.Table) -> pa.Table:
        pair.update(table.slice(9, 1).to_pylist()[0])
        table = put(table, "customer_id", 100, pair["customer_id"])
        return put(table, "friend_id", 100, pair["friend_id"])

    rewrite(folder, "friends", again)
    only(
        check(folder),
        "friends",
        "unique",
        f"(customer_id, friend_id): {pair['customer_id']}/{pair['friend_id']}",
    )


@pytest.mark.parametrize("change", [lambda t: t.slice(1), lambda t: pa.concat_tables([t, t.slice(0, 1)])])
def test_a_wrong_number_of_rows_is_found(change, copied):
    folder = copied()
    rewrite(folder, "orders", change)
    report = check(folder)
    assert ("orders", "rows") in wrong(report)
    assert any("rows, not" in problem.what for problem in report.problems)


def test_a_wrong_number_of_customers_is_found(copied):
    folder = copied()
    respell(folder, lambda told: told.update(customers=1_999))
    report = check(folder)
    assert wrong(report) == {("customers", "rows")}
    assert "says 1,999 customers and 2,000 rows" in str(report.problems[0])


@pytest.mark.parametrize(("column", "value"), [("customer_id", None), ("revenue", None)])
def test_a_value_that_is_missing_where_it_may_not_is_found(column, value, copied):
    folder = copied()
    name = next(table for table in ("orders",) if column in pq.read_schema(folder / f"{table}.parquet").names)
    rewrite(folder, name, lambda t: put(t, column, 3, value))
    only(check(folder), name, "missing", f"{column} is missing in 1 row.")


def test_columns_that_are_missing_more_of_another_type_or_order_are_found(copied):
    folder = copied()
    file = folder / "orders.parquet"
    table = pq.read_table(file)
    text = table.set_column(2, table.column_names[2], pc.cast(pa.array(range(len(table))), pa.int32()))
    cases = {
        "columns are missing: customer_id.": table.drop_columns(["customer_id"]),
        "the manifest does not name: extra.": table.append_column("extra", table[0]),
        f"of another type: {table.column_names[2]} (int32).": text,
        "stand in another order.": table.select(table.column_names[::-1]),
    }
    for words, spoilt in cases.items():
        rewrite(folder, "orders", lambda _table, spoilt=spoilt: spoilt)
        only(check(folder), "orders", "columns", words)


@pytest.mark.parametrize("form", ["sqlite", "duckdb"])
def test_databases_are_held_to_the_same(form, copied):
    folder = copied(form)
    statements = (
        "UPDATE orders SET customer_id = 'C9999999' WHERE order_id = (SELECT MIN(order_id) FROM orders)",
        "DELETE FROM codes WHERE code = (SELECT MIN(code) FROM codes)",
    )
    if form == "sqlite":
        with sqlite3.connect(folder / "farm-box.sqlite") as file:
            for statement in statements:
                file.execute(statement)
        file.close()
    else:
        import duckdb

        with duckdb.connect(str(folder / "farm-box.duckdb")) as file:
            for statement in statements:
                file.execute(statement)
    assert wrong(check(folder)) == {(table, "file") for table in FEW} | {
        ("orders", "joins"),
        ("codes", "rows"),
    }


def test_a_csv_value_of_another_kind_is_found(copied):
    folder = copied("csv")
    lines = (folder / "customers.csv").read_text("utf-8").splitlines()
    lines[4] = lines[4].replace("true", "perhaps").replace("false", "perhaps")
    (folder / "customers.csv").write_text("\n".join(lines) + "\n", "utf-8")
    sealed(folder)
    report = check(folder)
    assert ("customers", "columns") in wrong(report)
    assert "perhaps" in str(report.problems[0])


def test_a_sqlite_value_of_another_kind_is_found(copied):
    folder = copied("sqlite")
    with sqlite3.connect(folder / "farm-box.sqlite") as file:
        file.execute("UPDATE customers SET birth_date = 'long ago' WHERE customer_id = 'C0000004'")
    file.close()
    sealed(folder)
    report = check(folder)
    assert wrong(report) == {("customers", "columns")}
    assert "long ago" in str(report.problems[0])


# The manifest


def test_a_folder_without_a_manifest_is_none_of_ours(tmp_path):
    with pytest.raises(DataError, match=r"holds no data of ours: there is no manifest\.json"):
        check(tmp_path)
    with pytest.raises(DataError, match="holds no data of ours"):
        check(tmp_path / "nowhere")
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        check(tmp_path)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.one_of(st.binary(), anything.map(lambda value: json.dumps(value).encode())))
def test_whatever_lies_there_as_a_manifest_is_answered_plainly(content):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "manifest.json").write_bytes(content)
        with pytest.raises(DataError, match="damaged"):
            check(Path(folder))


@given(data=st.data())
def test_a_manifest_with_one_field_spoilt_is_answered_plainly(data, built):
    import tempfile

    told = json.loads((built("parquet") / "manifest.json").read_text("utf-8"))
    place = told
    while True:
        key = data.draw(
            st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1)
        )
        deeper = place[key]
        if not isinstance(deeper, dict | list) or not deeper or data.draw(st.booleans()):
            break
        place = deeper
    place[key] = data.draw(anything)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "manifest.json").write_text(json.dumps(told), "utf-8")
        try:
            said = "" if check(Path(folder)).whole else "the file is missing."
        except DataError as error:
            said = str(error)
    assert "manifest.json" in said or "missing" in said


@pytest.mark.parametrize("name", ["../orders.parquet", "/etc/passwd", "a/b.parquet", "..", ".hidden"])
def test_a_manifest_names_no_file_elsewhere(name, copied):
    folder = copied()
    respell(folder, lambda told: told["tables"]["orders"].update(file=name))
    with pytest.raises(DataError, match=r"damaged: tables\.orders\.file"):
        check(folder)


def test_a_table_in_a_file_without_a_fingerprint_is_told(copied):
    folder = copied()
    respell(folder, lambda told: told["files"].pop("orders.parquet"))
    only(check(folder), "orders", "file", "no fingerprint")
