"""`narrowcast fidelity`: its three forms, its exit codes, and what it answers to a slip."""

from __future__ import annotations

import json
import math

import pytest

from narrowcast.cli import run
from narrowcast.simulate.fidelity import Cell, Table, report

ONE = ["fidelity", "--table", "speed_to_call"]


@pytest.fixture
def faked(monkeypatch):
    """Let the command find one table with the given cells, in place of a simulation."""

    def put(*cells: Cell) -> None:
        table = Table("bass", "How a novelty spreads", cells, "none", "A note.")
        monkeypatch.setattr(report, "TABLES", {"bass": lambda: table})

    return put


def test_it_prints_tables_with_source_and_status(capsys):
    assert run(ONE) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Calling at once (speed_to_call)" in said
    assert "Oldroyd" in said
    assert "secondary: read in an article" in said
    assert "not modelled" in said


def test_markdown_is_a_page(capsys):
    assert run([*ONE, "--markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# ")
    assert "## Calling at once (`speed_to_call`)" in said
    assert "| figure |" in said


def test_json_is_json_without_nan(capsys):
    assert run([*ONE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    (cell,) = told["tables"][0]["cells"]
    assert told["tables"][0]["status"] == "secondary"
    assert cell["simulated"] is None
    assert cell["verdict"] == "not modelled"


def test_the_last_form_wins(capsys):
    assert run([*ONE, "--markdown", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_claim_that_fails_is_told_and_is_exit_code_1(faked, capsys):
    faked(Cell("p", 0.03, 0.05, 0.04, 0.06), Cell("q", 0.38, 0.38, 0.3, 0.4))
    assert run(["fidelity", "--json"]) == 1
    said = capsys.readouterr()
    assert said.err.strip() == "claimed to fit, and does not: bass: p"
    assert json.loads(said.out)["tally"] == {"fits": 1, "outside": 1}


def test_a_known_misfit_is_no_failure(faked, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    faked(Cell("p", 0.03, 0.05, 0.04, 0.06, claimed=False, note="why it is so"), Cell("q", 0.38, math.nan, how="absent",
                                                                                      claimed=False))  # fmt: skip
    assert run(["fidelity"]) == 0
    said = capsys.readouterr().out
    assert "known misfit (1)" in said
    assert "(1) why it is so." in said


def test_what_is_only_in_range_is_named_and_is_no_failure(faked, capsys):
    faked(Cell("p", 0.03, 0.05, 0.02, 0.08, spread=True), Cell("q", 0.38, 0.38, 0.3, 0.4))
    assert run(["fidelity", "--markdown"]) == 0
    said = capsys.readouterr().out
    assert "| in range |" in said
    assert "What is in range, and no more:\n\n- How a novelty spreads: p." in said
    assert "fits: 1, in range: 1" in said


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        (["--table", "hillstrom"], "'hillstrom_2008'"),
        (["--table", "Bass"], "'bass'"),
        (["--marckdown"], "'--markdown'"),
        (["--tabel", "bass"], "'--table'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_name(given, nearest, capsys):
    assert run(["fidelity", *given]) == 2
    said = capsys.readouterr()
    assert nearest in said.err
    assert said.out == ""
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "given", [["--table"], ["--json=yes"], ["bass"], ["--table", ""], ["--table", "\x00"], ["-5"]]
)
def test_nonsense_is_told_plainly(given, capsys):
    assert run(["fidelity", *given]) == 2
    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.err


def test_it_speaks_vietnamese_without_falling_over():
    assert run(["--language", "vi", *ONE]) == 0
