"""`narrowcast data`: what it says, what it answers to a slip, and its exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from narrowcast.cli import run
from narrowcast.worlds import card, world_names
from narrowcast.worlds.export import check


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(card, "card_text", lambda market: f"# {market.recipe.title}\n")
    return tmp_path


def test_alone_it_says_what_it_can(capsys):
    assert run(["data"]) == 0
    said = capsys.readouterr().out
    for name in ("list", "card", "build", "check"):
        assert f"  {name} " in said


@pytest.mark.parametrize("command", ["list", "card", "build", "check"])
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_command_says_what_it_does(command, language, capsys):
    assert run(["--language", language, "data", command, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"Usage: narrowcast data {command}" in said
    assert "Show this message" not in said  # click's own words


def test_list_names_every_world_with_its_tables(capsys):
    assert run(["data", "list"]) == 0
    said = capsys.readouterr().out
    for name in world_names():
        assert name in said
    assert "customers_raw" in said


def test_list_is_in_the_readers_language(capsys):
    from narrowcast.language import in_course, speaking
    from narrowcast.worlds import load_recipe, world_folder

    title = load_recipe(world_folder("hcmc-fashion") / "recipe.toml").title
    with speaking("vi"):
        wanted = in_course(title)
    assert run(["--language", "vi", "data", "list"]) == 0
    assert wanted in capsys.readouterr().out


def test_a_card_in_a_pipe_is_markdown(capsys, monkeypatch):
    monkeypatch.undo()
    assert run(["data", "card", "hcmc-fashion"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# ")
    assert "| --- |" in said


def test_a_card_on_a_terminal_is_set(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "narrowcast", "data", "card", "hcmc-fashion"]
    process = subprocess.Popen(command, stdout=theirs, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"})
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other side was closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait() == 0
    assert b"\x1b[" in said
    assert b"| --- |" not in said


@pytest.mark.parametrize("form", ["parquet", "csv", "sqlite", "duckdb"])
def test_build_then_check(form, here, capsys):
    build = ["data", "build", "farm-box", "--customers", "400", "--seed", "2", "--format", form]
    assert run([*build, "--tables", "orders, customers", "--workers", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("farm-box-data: 2 tables, ")
    assert "narrowcast data check farm-box-data" in said.out
    assert said.err == ""
    told = json.loads((here / "farm-box-data" / "manifest.json").read_text("utf-8"))
    assert (told["customers"], told["seed"], told["format"], list(told["tables"])) == (
        400,
        2,
        form,
        ["customers", "orders"],
    )
    assert run(["data", "check", "farm-box-data"]) == 0
    said = capsys.readouterr()
    assert said.out.endswith("farm-box-data is whole.\n")
    assert "wrong" not in said.out
    assert run([*build, "--out", "elsewhere"]) == 0
    assert check(here / "elsewhere").whole


def test_a_students_market_is_the_students(here):
    build = ["data", "build", "farm-box", "--customers", "300", "--tables", "customers"]
    runs = {
        "public": [],
        "ours": ["--student", "s042", "--salt", "word"],
        "again": ["--student", "s042", "--salt", "word"],
        "other": ["--student", "s042", "--salt", "another"],
        "hidden": ["--student", "s042", "--salt", "word", "--hidden"],
    }
    for name, options in runs.items():
        assert run([*build, "--out", name, *options]) == 0
    held = {name: (here / name / "customers.parquet").read_bytes() for name in runs}
    assert held["ours"] == held["again"] == held["hidden"]  # customers hide nothing
    assert len({held["public"], held["ours"], held["other"]}) == 3


def test_what_is_wrong_is_told_with_exit_code_1(here, capsys):
    assert run(["data", "build", "farm-box", "--customers", "300", "--tables", "customers,orders"]) == 0
    file = here / "farm-box-data" / "orders.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 8
    file.write_bytes(content)
    capsys.readouterr()
    assert run(["data", "check", "farm-box-data"]) == 1
    said = capsys.readouterr()
    assert "wrong" in said.out
    assert "is whole" not in said.out
    assert said.err.startswith("orders.parquet: the file was changed")
    cure = said.err.splitlines()[0].partition("Build it anew: ")[2]
    assert run(cure.split()[1:]) == 0  # the cure is a command that cures
    assert run(["data", "check", "farm-box-data"]) == 0


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        (["data", "biuld"], "'build'"),
        (["dta"], "'data'"),
        (["data", "build", "hcmc-fasion"], "'hcmc-fashion'"),
        (["data", "card", "softdrink"], "'soft-drink'"),
        (["data", "build", "farm-box", "--customer", "5"], "'--customers'"),
        (["data", "build", "farm-box", "--format", "parket"], "'parquet'"),
        (["data", "build", "farm-box", "--tables", "custmers"], "'customers'"),
        (["data", "check", "--hlp"], "'--help'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_name(given, nearest, capsys, here):
    assert run(given) == 2
    said = capsys.readouterr()
    assert nearest in said.err.partition("Did you mean")[2].partition("?")[0]
    assert said.out == ""
    assert "Traceback" not in said.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["data", "build"], "Name one: "),
        (["data", "card"], "Name one: "),
        (["data", "check", "nowhere"], "no manifest.json"),
        (["data", "build", "farm-box", "--customers", "0"], "from 1 to 100,000,000"),
        (["data", "build", "farm-box", "--customers", "100000001"], "from 1 to 100,000,000"),
        (["data", "build", "farm-box", "--customers", "many"], "--customers"),
        (["data", "build", "farm-box", "--seed", "-1"], "from 0"),
        (["data", "build", "farm-box", "--workers", "0"], "--workers"),
        (["data", "build", "farm-box", "--workers", "33"], "--workers"),
        (["data", "build", "farm-box", "--salt", "word"], "--student"),
        (["data", "build", "farm-box", "--tables", ""], "No table is named"),
        (["data", "build", "farm-box", "--customers", "10", "--out", "/proc/none/x"], "--out"),
        (["data", "build", "farm-box", "--customers", "10", "--out", "/dev/null"], "--out"),
        (["data", "build", "farm-box", "hcmc-fashion"], "unexpected extra argument"),
    ],
)
def test_a_mistake_is_told_plainly(given, words, capsys, here):
    assert run(given) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err
    assert list(here.iterdir()) == []


def test_a_folder_that_is_there_stays_unless_force_is_given(here, capsys):
    build = ["data", "build", "farm-box", "--tables", "customers"]
    assert run([*build, "--customers", "10"]) == 0
    assert run([*build, "--customers", "20"]) == 2
    assert "--force" in capsys.readouterr().err
    assert check(here / "farm-box-data").manifest.customers == 10
    assert run([*build, "--customers", "20", "--force"]) == 0
    assert check(here / "farm-box-data").manifest.customers == 20
