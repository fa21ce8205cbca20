"""Where a notebook stands decides what is in reach: a key, the questions alone, or nothing."""

from __future__ import annotations

import pytest

import narrowcast as nc
from narrowcast.errors import CourseError, UnknownName
from narrowcast.judge import Reason, check, load_key, open_assignment, open_lesson
from narrowcast.judge.places import class_salt, find_place
from narrowcast.worlds import open_world

pytestmark = pytest.mark.usefixtures("small_markets")


class TestFinding:
    @pytest.mark.parametrize(
        "here", ["", "course", "course/07-small", "assignments/07-small", "assignments/submitted/an"]
    )
    def test_a_key_from_anywhere_in_the_course(self, course, here):
        place = find_place("course", "07-small", course / here)
        assert place.key == course / "course" / "07-small" / "key.py"
        assert (place.student, place.salt, place.questions) == (None, "", None)

    def test_an_assignment_comes_with_the_classs_word(self, course):
        place = find_place("assignments", "07-small", course)
        assert place.key == course / "assignments" / "07-small" / "key.py"
        assert place.salt == "class of 26"

    def test_a_translation_has_the_same_key(self, course):
        assert find_place("assignments", "07-small-vi", course) == find_place(
            "assignments", "07-small", course
        )

    def test_a_submission_knows_whose_it_is(self, course):
        place = find_place(
            "assignments", "07-small", course / "assignments" / "autograded" / "binh" / "07-small"
        )
        assert place.student == "binh"
        assert place.classmates == ("an", "chi")
        assert place.key == course / "assignments" / "07-small" / "key.py"
        assert place.salt == "class of 26"

    def test_a_folder_of_that_name_elsewhere_is_no_submission(self, course, tmp_path):
        lone = tmp_path / "autograded" / "binh" / "07-small"
        lone.mkdir(parents=True)
        with pytest.raises(CourseError, match=r"outside its course"):
            find_place("assignments", "07-small", lone)

    def test_at_home_the_questions_alone(self, course, tmp_path):
        home = tmp_path / "home" / "07-small"
        place = find_place("assignments", "07-small", home)
        assert (place.key, place.questions) == (None, home / "questions.json")

    def test_the_environment_names_the_course(self, course, tmp_path, monkeypatch):
        monkeypatch.setenv("NARROWCAST_COURSE", str(course))
        assert find_place("course", "07-small", tmp_path).key == course / "course" / "07-small" / "key.py"

    def test_outside_it_is_said_what_to_do(self, tmp_path):
        with pytest.raises(CourseError) as caught:
            find_place("course", "07-small", tmp_path)
        for part in (str(tmp_path), "07-small", "questions.json", "NARROWCAST_COURSE"):
            assert part in str(caught.value)

    def test_a_missing_key_is_named_when_a_class_is_graded(self, course):
        key = course / "assignments" / "07-small" / "key.py"
        key.unlink()
        with pytest.raises(CourseError, match=r"no key at .*07-small/key\.py.*Restore it"):
            find_place("assignments", "07-small", course / "assignments" / "autograded" / "an" / "07-small")

    @pytest.mark.parametrize(
        ("text", "salt"), [('salt = "x"', "x"), ("", ""), ("other = 1", ""), ("salt = 5", "5")]
    )
    def test_the_classs_word(self, tmp_path, text, salt):
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        assert class_salt(tmp_path) == salt

    def test_no_word_is_an_empty_one(self, tmp_path):
        assert class_salt(tmp_path) == ""

    @pytest.mark.parametrize("content", [b"salt = ", b"\xff\xfe"])
    def test_a_broken_word_names_its_file(self, tmp_path, content):
        (tmp_path / "course.toml").write_bytes(content)
        with pytest.raises(CourseError, match=r"course\.toml cannot be read"):
            class_salt(tmp_path)


class TestKeys:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("key = ", "SyntaxError"),
            ("1 / 0", "ZeroDivisionError"),
            ("import nowhere_at_all", "nowhere_at_all"),
            ("pass", "holds no key"),
            ("key = 5", "holds no key"),
            ("from narrowcast.judge import Key\nkey = Key('x')", "names no world"),
        ],
    )
    def test_a_broken_key_names_its_file(self, tmp_path, text, said):
        file = tmp_path / "key.py"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=said):
            load_key(file)

    def test_a_missing_key_names_its_file(self, tmp_path):
        with pytest.raises(CourseError, match=r"no key at .*key\.py"):
            load_key(tmp_path / "key.py")

    def test_reading_a_key_leaves_nothing_behind(self, course):
        load_key(course / "course" / "07-small" / "key.py")
        assert [path.name for path in (course / "course" / "07-small").iterdir()] == ["key.py"]


class TestSheets:
    def test_a_lesson_is_everybodys(self, course, monkeypatch):
        monkeypatch.chdir(course / "course" / "07-small")
        sheet = open_lesson("07-small")
        assert (sheet.student, sheet.world.student) == (None, None)
        assert list(sheet.worlds) == ["hcmc-fashion", "soft-drink"]
        assert "8 questions" in repr(sheet)
        assert sheet.name == "07-small"

    def test_a_lesson_can_be_ones_own(self, course, monkeypatch):
        monkeypatch.chdir(course)
        assert open_lesson("07-small", student="s042").world.student == "s042"

    def test_a_class_is_judged_in_each_students_own_market(self, course, monkeypatch, key):
        monkeypatch.chdir(course / "assignments" / "autograded" / "binh" / "07-small")
        sheet = open_assignment("07-small", student="an")  # who typed a classmate's id
        assert sheet.student == sheet.world.student == "binh"
        rate = key.question("rate").compute
        own, other = (
            open_world("hcmc-fashion", student=s, salt="class of 26", customers=500) for s in ("binh", "an")
        )
        assert check("rate", rate(own)).mark() == 4
        verdict = check("rate", rate(other))
        assert (verdict.reason, verdict.mark()) == (Reason.OTHER_WORLD, 0)

    def test_at_home_a_student_meets_the_same_market_as_in_class(self, course, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path / "home" / "07-small")
        home = open_assignment("07-small", student="binh").world
        monkeypatch.chdir(course / "assignments" / "autograded" / "binh" / "07-small")
        graded = open_assignment("07-small").world
        assert home.recipe == graded.recipe
        assert home.segments.equals(graded.segments)

    def test_at_home_the_form_alone_is_checked(self, course, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path / "home" / "07-small")
        open_assignment("07-small", student="binh")
        assert check("rate", 0.1).reason is Reason.RECORDED
        assert check("rate", 0.1).mark() is None
        assert check("rate", 62).reason is Reason.INVALID

    @pytest.mark.parametrize(
        ("typed", "environment", "owner"),
        [
            (None, {}, "guest"),
            ("", {}, "guest"),
            ("  ", {}, "guest"),
            (" s042 ", {}, "s042"),
            (42, {}, "42"),
            (None, {"JUPYTERHUB_USER": "lan"}, "lan"),
            ("", {"NARROWCAST_STUDENT": "mai"}, "mai"),
            (None, {"NARROWCAST_STUDENT": "mai", "JUPYTERHUB_USER": "lan"}, "mai"),
            ("s042", {"JUPYTERHUB_USER": "lan"}, "s042"),
        ],
    )
    def test_whose_it_is(self, course, monkeypatch, typed, environment, owner):
        monkeypatch.chdir(course)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert open_assignment("07-small", student=typed).student == owner

    def test_the_sheet_opened_last_is_checked(self, course, monkeypatch):
        monkeypatch.chdir(course)
        open_assignment("07-small")
        open_lesson("07-small")
        assert nc.check("when", "it depends").score == 1

    def test_each_question_in_its_own_world(self, course, monkeypatch, key):
        monkeypatch.chdir(course)
        sheet = open_lesson("07-small")
        assert check("drink", key.question("drink").compute(sheet.worlds["soft-drink"])).score == 1

    def test_without_a_sheet_it_is_said_what_to_do(self):
        with pytest.raises(CourseError, match=r"No lesson or assignment is open.*nc\.open_lesson"):
            check("q1", 5)

    @pytest.mark.parametrize("name", ["raet", "q1", "", None, 5, ["rate"], 0.25])
    def test_an_unknown_question_is_told_with_those_there_are(self, course, monkeypatch, name):
        monkeypatch.chdir(course)
        open_lesson("07-small")
        with pytest.raises(UnknownName, match=r"Allowed: rate, bet, when"):
            check(name, 5)
