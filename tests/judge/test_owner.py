"""Whose market a notebook is judged in, when the notebook and the class disagree."""

from __future__ import annotations

from pathlib import Path

import narrowcast as nc

ASSIGNMENT = Path(__file__).parents[2] / "assignments" / "01-rules-flipped"


def test_another_id_than_the_class_knows_is_told_before_marks_are_lost(monkeypatch, capsys):
    monkeypatch.chdir(ASSIGNMENT)
    monkeypatch.setenv("NARROWCAST_STUDENT", "s001")
    nc.open_assignment("01-rules-flipped", student="s002")
    said = capsys.readouterr().out
    assert "s001" in said
    assert "s002" in said


def test_the_same_id_is_not_talked_about(monkeypatch, capsys):
    monkeypatch.chdir(ASSIGNMENT)
    monkeypatch.setenv("NARROWCAST_STUDENT", "s001")
    assert nc.open_assignment("01-rules-flipped", student="s001").student == "s001"
    assert nc.open_assignment("01-rules-flipped").student == "s001"
    assert not capsys.readouterr().out
