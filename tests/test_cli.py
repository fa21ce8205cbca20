"""The command line: what it says, what it answers to a slip, and its exit codes."""

from __future__ import annotations

import pytest

from narrowcast import __version__
from narrowcast.cli import run


def test_alone_it_says_what_there_is_by_person(capsys):
    assert run([]) == 0
    said = capsys.readouterr().out
    places = [
        said.index(word) for word in ("Student:", "start", "Instructor:", "demo-class", "Author:", "build")
    ]
    assert places == sorted(places)


def test_every_command_says_what_it_does(capsys):
    for command in ("start", "demo-class", "translate", "build"):
        assert run([command, "--help"]) == 0
        assert f"Usage: narrowcast {command}" in capsys.readouterr().out


def test_every_command_is_listed_for_somebody(capsys):
    from narrowcast.cli import command_line

    run(["--help"])
    said = capsys.readouterr().out
    for name in command_line().commands:
        assert f"  {name} " in said


def test_version(capsys):
    assert run(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        (["strat"], "'start'"),
        (["demo"], "'demo-class'"),
        (["start", "--no-browse"], "'--no-browser'"),
        (["start", "--labport", "8890"], "'--lab-port'"),
        (["build", "--chek"], "'--check'"),
        (["--langage", "vi"], "'--language'"),
        (["--language", "vn"], "'vi'"),
        (["start", "--language=vie"], "'vi'"),
    ],
)
def test_a_slip_is_answered_with_the_nearest_name(given, nearest, capsys):
    assert run(given) == 2
    said = capsys.readouterr()
    assert nearest in said.err.partition("Did you mean")[2].partition("?")[0]
    assert said.out == ""
    assert "Traceback" not in said.err


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_is_a_port(port, capsys):
    assert run(["start", "--lab-port", port]) == 2
    assert "--lab-port" in capsys.readouterr().err


def test_a_mistake_of_ours_is_told_plainly(capsys):
    assert run(["start", "--host", "0.0.0.0", "--no-browser"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("--host 0.0.0.0 would let other machines reach JupyterLab")
    assert "--expose" in said


def test_build_passes_on_what_was_asked(monkeypatch):
    from narrowcast.author import build as module

    asked = []
    monkeypatch.setattr(module, "build", lambda root, *, check, languages: asked.append((check, languages)))
    assert run(["build"]) == 0
    assert run(["build", "--check"]) == 0
    assert run(["build", "--english"]) == 0
    assert asked == [(False, ("en", "vi")), (True, ("en", "vi")), (False, ("en",))]


def test_build_that_finds_drift_exits_with_2_and_every_place(monkeypatch, capsys):
    from narrowcast.author import build as module
    from narrowcast.errors import BuildError

    def drift(_root, *, check, languages):
        raise BuildError(["course/a.md:3: one", "course/b.md:7: two"])

    monkeypatch.setattr(module, "build", drift)
    assert run(["build", "--check"]) == 2
    assert capsys.readouterr().err == "course/a.md:3: one\ncourse/b.md:7: two\n"
