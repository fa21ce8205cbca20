"""What a student finds in my-work/, and that nothing of theirs is ever lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from narrowcast.serve.environ import lab_environment
from narrowcast.serve.handout import Missing, missing, prepare_folders
from narrowcast.serve.place import Place

pytestmark = pytest.mark.nbgrader


def hand_out(place: Place) -> None:
    prepare_folders(place)
    command = [sys.executable, "-m", "narrowcast.serve.handout", str(place.root)]
    done = subprocess.run(command, env=lab_environment(place), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_from_nothing_to_a_working_copy_and_never_over_it(course):
    place = Place(course)
    assert missing(place) == [Missing("01-rules-flipped", generate=True, release=True, fetch=True)]
    hand_out(place)
    assert missing(place) == []
    mine = place.work / "01-rules-flipped" / "assignment.ipynb"
    cells = ["".join(cell["source"]) for cell in json.loads(mine.read_text())["cells"]]
    assert cells[0] == "x = ...\n# Your code here / Mã của bạn ở đây"
    assert cells[2] == "*Your answer here / Câu trả lời của bạn ở đây*"
    assert (place.assignments / "exchange/narrowcast/outbound/01-rules-flipped/assignment.ipynb").exists()

    mine.write_text("hours of work")
    shutil.rmtree(place.assignments / "release")
    assert missing(place) == [Missing("01-rules-flipped", generate=True, release=True, fetch=False)]
    assert mine.read_text() == "hours of work"


def test_what_an_instructor_took_back_is_not_released_again(tmp_path):
    place = Place(tmp_path)
    for folder in ("source/02", "release/02", "exchange/narrowcast/outbound"):
        (place.assignments / folder).mkdir(parents=True)
    (place.assignments / "source" / "02" / "assignment.ipynb").touch()
    assert missing(place) == []


def test_a_folder_without_a_notebook_is_no_assignment(tmp_path):
    place = Place(tmp_path)
    assert missing(place) == []
    (place.assignments / "source" / "03").mkdir(parents=True)
    assert missing(place) == []
