from __future__ import annotations

from pathlib import Path

import pytest

from narrowcast.errors import CourseError
from narrowcast.serve import place as module
from narrowcast.serve.place import find_place


def make(root: Path) -> Path:
    (root / "assignments").mkdir(parents=True)
    (root / "assignments" / "nbgrader_config.py").touch()
    (root / "course" / "01-rules-flipped").mkdir(parents=True)
    return root


def test_found_from_any_folder_within(tmp_path):
    root = make(tmp_path / "clone")
    assert find_place(root).root == root
    assert find_place(root / "course" / "01-rules-flipped").root == root


def test_outside_it_is_the_clone_that_the_package_comes_from(tmp_path):
    assert find_place(tmp_path).root == Path(module.__file__).resolve().parents[2]


def test_no_course_at_all_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "__file__", str(tmp_path / "a" / "b" / "c" / "place.py"))
    with pytest.raises(CourseError, match="Change into your clone"):
        find_place(tmp_path)


def test_lesson_in_the_language_of_the_reader(tmp_path):
    place = find_place(make(tmp_path))
    assert place.lesson("vi") == "course/01-rules-flipped/lesson.ipynb"
    (tmp_path / "course/01-rules-flipped/lesson.vi.ipynb").touch()
    assert place.lesson("vi") == "course/01-rules-flipped/lesson.vi.ipynb"
    assert place.lesson("en") == "course/01-rules-flipped/lesson.ipynb"
