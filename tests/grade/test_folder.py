"""A demo class is made in a folder of its own, and touches nothing else."""

from __future__ import annotations

import shutil

import pytest

from narrowcast.cli import run
from narrowcast.errors import CourseError
from narrowcast.grade.folder import make_folder

NAME = "01-rules-flipped"
NEEDED = (
    "nbgrader_config.py",
    f"{NAME}/key.py",
    f"source/{NAME}/assignment.ipynb",
    f"source/{NAME}/questions.json",
)

TEACHERS = ("answers.py", "stories.py")
"""What the demo class's students write: no class needs it, and no student may find it."""


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course root"
    for name in (*NEEDED, "course.toml"):
        (root / "assignments" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "assignments" / name).write_text(f"# {name}")
    for name in TEACHERS:
        (root / "assignments" / NAME / name).write_text("")
    (root / "course" / NAME).mkdir(parents=True)
    (root / "course" / NAME / "lesson.ipynb").write_text("{}")
    return root


def test_a_course_of_its_own(course, tmp_path):
    made = make_folder(course, tmp_path / "class", NAME)
    for name in (*NEEDED, "course.toml"):
        assert (made.assignments / name).read_text() == f"# {name}"
    assert (made.root / "course" / NAME / "lesson.ipynb").is_file()
    assert [file for file in made.root.rglob("*") if file.name in TEACHERS] == []
    assert (made.root / ".gitignore").read_text() == "*\n"
    assert (made.assignments / "exchange").stat().st_mode & 0o777 == 0o777


def test_one_that_was_made_before_is_made_anew(course, tmp_path):
    made = make_folder(course, tmp_path / "class", NAME)
    (made.root / "left over").touch()
    assert make_folder(course, tmp_path / "class", NAME) == made
    assert not (made.root / "left over").exists()


def test_an_empty_folder_may_be_used(course, tmp_path):
    (tmp_path / "class").mkdir()
    assert make_folder(course, tmp_path / "class", NAME).assignments.is_dir()


def test_a_folder_that_is_not_ours_is_left_alone(course, tmp_path):
    thesis = tmp_path / "class" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.write_text("years of work")
    with pytest.raises(CourseError, match="no demo class has made"):
        make_folder(course, tmp_path / "class", NAME)
    assert thesis.read_text() == "years of work"
    assert list(thesis.parent.iterdir()) == [thesis]


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named_and_nothing_is_made(course, tmp_path, name):
    (course / "assignments" / name).unlink()
    with pytest.raises(CourseError) as told:
        make_folder(course, tmp_path / "class", NAME)
    assert str(course / "assignments" / name) in str(told.value)
    assert ("narrowcast build" in str(told.value)) == name.startswith("source/")
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize("inside", ["course/class", "assignments/source/class", "assignments"])
def test_not_among_the_texts_of_the_course(course, inside):
    before = sorted(course.rglob("*"))
    with pytest.raises(CourseError, match="among the texts"):
        make_folder(course, course / inside, NAME)
    assert sorted(course.rglob("*")) == before


def test_a_folder_that_cannot_be_made_is_told(course, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="--dir"):
        make_folder(course, tmp_path / "file" / "class", NAME)


def test_the_command_tells_it_plainly(tmp_path, capsys):
    shutil.copy(__file__, tmp_path)
    assert run(["demo-class", "--dir", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert "no demo class has made" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
