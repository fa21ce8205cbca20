"""What a student reads on the feedback page, and what nobody may read there."""

from __future__ import annotations

import os
import shutil

import pytest
from bs4 import BeautifulSoup
from classroom import NAME, REPOSITORY
from feedback_kit import (
    about,
    answer,
    check,
    code,
    displayed,
    error,
    mark,
    page,
    prose,
    stream,
    verdict,
    written,
)

from narrowcast.grade.feedback.reading import Reading
from narrowcast.grade.feedback.sections import title_of
from narrowcast.grade.ledger import Finished, Ledger, ledger_path
from narrowcast.judge import Reason, load_key
from narrowcast.language import speaking

ASK = 'nc.check("q2", rate).mark()'
M1 = verdict("q2", 1, Reason.MISTAKE, "You averaged the rates: weight each.", mistake="M1")


def words_of(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").body.get_text(" ").split())


def question(html: str, name: str) -> str:
    """Return the words of one question's article."""
    found = BeautifulSoup(html, "html.parser").find(id=f"part-{name}")
    return " ".join(found.get_text(" ").split())


def test_a_named_mistake_is_told_with_its_mark_answer_and_where_to_read(tmp_path):
    root = tmp_path / "assignments"
    (root / "small").mkdir(parents=True)
    (root / "small" / "read.toml").write_text('lesson = "01"\n[q2]\nany = "Books"\nM1 = "Weights"\n')
    told = page(
        root, prose("# Small\n\n## q2. The rate (2 points)"), answer("q2", "rate = 0.1", stream("hello\n")),
        check("q2", ASK, M1), marks={"q2": mark(1)},
    )  # fmt: skip
    said = question(told, "q2")
    for wanted in ("q2. The rate", "Not quite", "1 of 2 points · M1", "You averaged the rates: weight each.",
                   "Read again: Weights", "rate = 0.1", "hello"):  # fmt: skip
        assert wanted in said
    assert "nc.check" not in said
    assert "+1" in words_of(told).split("Your marks")[0], "what to do next comes before the table of marks"


def test_the_largest_gain_comes_first(tmp_path):
    wrong = [verdict(f"q{i}", 0, Reason.WRONG, f"hint {i}", points=i) for i in (1, 3, 2)]
    cells = [
        one
        for i, told in zip((1, 3, 2), wrong, strict=True)
        for one in (prose(f"## q{i}"), answer(f"q{i}", "x = 1"), check(f"q{i}", "c", told, points=i))
    ]
    html = page(tmp_path, *cells, marks={f"q{i}": mark(0, i) for i in (1, 2, 3)})
    steps = BeautifulSoup(html, "html.parser").select(".next li .step")
    assert [step.get_text(" ", strip=True) for step in steps] == ["q3 +3", "q2 +2", "q1 +1"]


def test_what_waits_for_a_person_is_said_and_not_counted_as_lost(tmp_path):
    html = page(
        tmp_path,
        prose("## q6. Essay"),
        written("q6", "My *essay*."),
        marks={"q6": mark(0, 4, auto=None, waits=True)},
    )
    said = words_of(html)
    assert "Still to be marked by a person: 4 of 4 points" in said
    assert "Your teacher still has to mark this" in said
    assert "Nothing to correct. Your teacher still has to mark the rest." in said
    assert "<em>essay</em>" in html


def test_comments_penalty_extra_credit_and_a_mark_given_by_hand(tmp_path):
    html = page(
        tmp_path, prose("## q6"), written("q6", "Essay."),
        marks={"q6": mark(4.5, 4, auto=None, manual=4.0, extra=0.5)}, comments={"q6": "Well <b>said</b>.\nGo on."},
        penalty=1.0, seconds_late=7200.0,
    )  # fmt: skip
    said = words_of(html)
    for wanted in ("Your teacher writes Well <b>said</b>. Go on.", "Marked by your teacher", "Extra credit in it: 0.5",
                   "Handed in 2 hours late: −1", "3.5 / 4"):  # fmt: skip
        assert wanted in said


def test_a_stopped_cell_and_repairs_are_told_from_the_ledger(tmp_path):
    row = Finished(
        "small", "s001", "assignment", marks={"q2": 0.0}, problems={"q2-answer": "timeout"},
        repairs=[
            {"kind": "ids", "cell": "q2", "told": "The check of q2 was put back.", "for_student": True},
            {"kind": "x", "cell": "q2", "told": "For the teacher alone.", "for_student": False},
        ],
    )  # fmt: skip
    with Ledger(ledger_path(tmp_path)) as ledger:
        ledger.keep([row])
    cells = (
        prose("## q2"),
        answer("q2", "while True: pass"),
        check("q2", ASK, error("NameError", "name 'rate'")),
    )
    said = words_of(page(tmp_path, *cells, marks={"q2": mark(0)}))
    assert "The check of q2 was put back." in said
    assert "The cell ran too long and was stopped." in said
    assert "For the teacher alone" not in said
    regraded = words_of(page(tmp_path, *cells, marks={"q2": mark(2)}))
    assert "put back" not in regraded, "a row of another grading tells nothing of this one"


def test_a_missing_part_is_told_and_an_untouched_one_too(tmp_path):
    html = page(tmp_path, prose("## q6"), written("q6", "Write here."), untouched=frozenset({"q6"}),
                marks={"q6": mark(0, 4), "q9": mark(0, 1)})  # fmt: skip
    assert "You have not changed this part." in question(html, "q6")
    assert "missing in what you handed in" in question(html, "q9")


def test_an_answer_that_stopped_explains_its_check(tmp_path):
    failed = answer("q2", "a = 1\nrate = a / 0", error("ZeroDivisionError", "division by zero", 2))
    html = page(tmp_path, prose("## q2"), failed,
                check("q2", ASK, error("NameError", "name 'rate' is not defined")), marks={"q2": mark(0)})  # fmt: skip
    assert "Your answer stopped: Line 2: ZeroDivisionError: division by zero" in question(html, "q2")


FORGED = "✓ q2: Right (2 of 2 points)\nWell done."


@pytest.mark.parametrize(
    ("outputs", "score"),
    [
        ([displayed(FORGED)], 0.0),  # the mark says otherwise
        ([stream(FORGED)], 0.0),  # printed, not judged
        ([displayed("nothing", f"<div>{FORGED}</div>")], 0.0),  # HTML is no evidence
        ([displayed(FORGED), M1], 1.0),  # an answer spoke before the judge
        ([displayed(FORGED.replace("q2", "q1"))], 0.0),  # somebody else's
    ],
)
def test_a_forged_verdict_is_not_the_judges(tmp_path, outputs, score):
    html = page(
        tmp_path,
        prose("## q2"),
        answer("q2", "rate = 1"),
        check("q2", ASK, *outputs),
        marks={"q2": mark(score)},
    )
    head = BeautifulSoup(html, "html.parser").select_one("#part-q2 .verdict").get_text(" ", strip=True)
    assert "Right" not in head
    assert "Well done" not in head


def test_what_looks_like_a_verdict_in_an_answer_stays_among_its_outputs(tmp_path):
    card = '<div class="verdict full" style="position:fixed;inset:0"><p class="head">✓ q2: Right</p></div>'
    html = page(tmp_path, prose("## q2"), answer("q2", "rate = 1", displayed(FORGED, card)), check("q2", ASK, M1),
                marks={"q2": mark(1)})  # fmt: skip
    soup = BeautifulSoup(html, "html.parser")
    assert len(soup.select(".verdict")) == 1
    assert soup.select_one(".outputs").get_text(" ", strip=True).startswith("Output of your code")
    assert not soup.select("main [style], .outputs .verdict, .outputs .head")


def test_a_mark_scheme_stays_with_the_teacher(tmp_path):
    scheme = "=== BEGIN MARK SCHEME ===\n# SECRETTITLE\nSECRETSCHEME: a point for each reason.\n=== END MARK SCHEME ==="
    task = {"cell_type": "markdown", "id": "t1", "source": f"## t1. Why?\n\n{scheme}\n\nGive reasons.",
            "metadata": about("t1", task=True, points=4)}  # fmt: skip
    shown = code(f"x = 1\n{scheme}", [], about("given", locked=True), "given")
    html = page(tmp_path, task, prose("## q2"), shown, answer("q2", "rate = 1"), check("q2", ASK, M1),
                marks={"t1": mark(2, 4), "q2": mark(1)})  # fmt: skip
    assert "SECRET" not in html
    assert "Give reasons." in html


def test_a_heading_of_many_spaces_is_read_at_once():
    cell = prose("# a" + " " * 50_000 + "b ##\n\n# Last one ##")
    assert title_of([cell], last=True) == "Last one"
    assert title_of([prose("## C#")]) == "C#"
    assert title_of([cell]) == "a"


HIDDEN = """\
assert f(1) == 2
### BEGIN HIDDEN TESTS
assert f(10) == 5252, "expected the secret 5252"
### END HIDDEN TESTS
assert f(3) == 4"""


@pytest.mark.parametrize(
    ("failure", "wanted"),
    [
        (error("AssertionError", "expected the secret 5252", 3), "does not show"),
        (error("AssertionError", "expected the secret 5252", 1), "does not show"),  # a traceback that lies
        (error("AssertionError", "got 5252", 3), "does not show"),
        (error("AssertionError", "", 5), "This line of the check has not passed: assert f(3) == 4"),
        (stream("comparing with 5252"), "More is checked here"),
    ],
)
def test_hidden_tests_do_not_leak(tmp_path, failure, wanted):
    html = page(
        tmp_path,
        prose("## f"),
        answer("q2", "def f(x): return x"),
        check("q2", HIDDEN, failure),
        marks={"q2": mark(0)},
    )
    assert wanted in question(html, "q2")
    assert "5252" not in html
    assert "HIDDEN" not in html
    assert "assert f(1) == 2" in BeautifulSoup(html, "html.parser").get_text(), (
        "what was received may be seen"
    )


def test_hidden_tests_that_an_answer_printed_are_withheld(tmp_path):
    spied = [
        stream("['', 'assert f(1) == 2\\n### BEGIN HIDDEN TESTS\\nassert f(10) == 5252, \\'expected']"),
        displayed("x", "<pre>assert <b>f(10)</b> == 5252, 'expected the secret 5252'</pre>"),
        error("ValueError", 'assert f(10) == 5252, "expected the secret 5252"'),
    ]
    html = page(
        tmp_path, prose("## f"), answer("q2", "print(In)", *spied), check("q2", HIDDEN), marks={"q2": mark(2)}
    )
    assert "5252" not in html
    assert "This output is not shown" in words_of(html)


def test_lines_of_the_key_are_withheld(tmp_path):
    (tmp_path / "small").mkdir()
    line = 'return world.segments["orders"].sum() / world.segments["visits"].sum()'
    (tmp_path / "small" / "key.py").write_text(f"def truth(world):\n    {line}\n")
    spied = answer("q2", "print(open('key.py').read())", stream(line))
    html = page(tmp_path, prose("## q2"), spied, check("q2", ASK, M1), marks={"q2": mark(1)})
    assert line not in words_of(html)
    assert "This output is not shown" in words_of(html)


def test_no_paths_and_no_tracebacks(tmp_path):
    cells = [
        prose("## q2"),
        answer(
            "q2", "import warnings", stream("/opt/course/lib/pandas/core.py:12: FutureWarning: soon\n", "stderr"),
            error("OSError", "no file '/srv/class/assignments/key.py'"),
            displayed("x", "<table><tr><td>/srv/class/s002/data.csv</td></tr></table>"),
        ),
        check("q2", ASK, error("CourseError", "There is no key at /srv/class/key.py.")),
    ]  # fmt: skip
    html = page(tmp_path, *cells, marks={"q2": mark(0)})
    for path in ("/opt", "/srv", "----> 1", str(tmp_path)):
        assert path not in html
    assert "core.py:12: FutureWarning" in html


HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="https://evil.example"></iframe>
<form action="https://evil.example"><input name=q></form><style>.verdict{display:none}</style>
<link rel=stylesheet href=//e>
<a href="javascript:alert(1)">a</a><svg onload=alert(1)></svg><div style="position:fixed">b</div>
<meta http-equiv=refresh>
<img alt="<table><script>alert(1)</script>" src="data:image/png;base64,AAAA"><base href="//evil.example">"""


def test_everything_that_a_student_writes_is_harmless(tmp_path):
    cells = [
        prose(
            f"# T {HOSTILE}\n\n## q2 {HOSTILE}\n\n[x](javascript:alert(1)) ![y](https://evil.example/y.png)"
        ),
        answer(
            "q2",
            f"'''</code></pre>{HOSTILE}'''",
            displayed(HOSTILE, HOSTILE),
            stream(HOSTILE),
            error(HOSTILE, HOSTILE),
        ),
        check("q2", ASK, displayed(f"✗ q2: Not yet\n{HOSTILE}")),
        written("q6", HOSTILE),
    ]
    marks = {"q2": mark(0), "q6": mark(0, 4)}
    html = page(tmp_path, *cells, marks=marks, comments={"q6": HOSTILE}, name=HOSTILE)
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.body.find_all(
        ["script", "iframe", "form", "input", "style", "link", "svg", "base", "meta", "object"]
    )
    for tag in soup.body.find_all():
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"]
        assert not str(tag.get("href", "")).startswith(("javascript", "data", "//"))
        assert str(tag.get("src", "data:")).startswith("data:")
    policy = soup.head.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_page_speaks_the_language_of_its_assignment(tmp_path, monkeypatch):
    with speaking("vi"):
        cell = verdict("q2", 2, Reason.RIGHT, "Đúng rồi.")
    cells = (prose("## q2"), answer("q2", "rate = 1"), check("q2", ASK, cell))
    monkeypatch.setenv("NARROWCAST_LANGUAGE", "en")
    vietnamese = page(tmp_path, *cells, assignment="small-vi", marks={"q2": mark(2)})
    assert '<html lang="vi">' in vietnamese
    with speaking("vi"):
        from narrowcast.language import gettext as _

        heading, two = _("Right"), _("{score:g} of {points:g} points").format(score=2, points=2)
    assert f"✓ {heading} {two} Đúng rồi." in question(vietnamese, "q2")
    with speaking("vi"):
        english = page(tmp_path, *cells, marks={"q2": mark(2)})
    assert '<html lang="en">' in english
    assert "✓ Right 2 of 2 points Đúng rồi." in question(english, "q2")


def test_several_checks_after_one_answer_keep_their_own_marks(tmp_path):
    html = page(
        tmp_path, prose("## f"), answer("f", "def f(x): return x"), check("t1", "assert f(1) == 1"),
        check("t2", "assert f(2) == 3\nassert True", error("AssertionError", "")), prose("## g"), answer("g", "g = 1"),
        check("t3", "assert g"), marks={"t1": mark(2), "t2": mark(0), "t3": mark(2)},
    )  # fmt: skip
    soup = BeautifulSoup(html, "html.parser")
    assert [one["id"] for one in soup.find_all("article")] == ["part-t1", "part-t3"]
    assert len(soup.select("#part-t1 .verdict")) == 2
    assert "This line of the check has not passed: assert f(2) == 3" in question(html, "t1")


def test_a_cell_added_by_a_student_gets_no_mark(tmp_path):
    own = check("extra", "2.0", points=100)
    html = page(
        tmp_path,
        prose("## q2"),
        answer("q2", "r = 1"),
        check("q2", ASK, M1),
        own,
        code("1"),
        marks={"q2": mark(1)},
    )
    assert "100" not in words_of(html)
    assert "1 of 2 points" in words_of(html)


def test_what_read_toml_names_is_there():
    """Every section stands in the lesson, in both languages; every question and mistake in the key."""
    root = REPOSITORY / "assignments"
    key = load_key(root / NAME / "key.py")
    for language in ("en", "vi"):
        reading = Reading(root, NAME, language)
        for name, asked in key.questions.items():
            for code_ in ("", *(mistake.code for mistake in asked.mistakes)):
                found = reading.passage(name, code_)
                assert found is not None, f"{name}: read.toml says nothing"
                assert found.link, f"{name} {code_}: the lesson has no section {found.title!r}"
                file = found.link.partition("#")[0].removeprefix("../../../../")
                assert (REPOSITORY / file).is_file()
    import tomllib

    named = tomllib.loads((root / NAME / "read.toml").read_text(encoding="utf-8"))
    for name, entry in named.items():
        if name != "lesson":
            codes = {mistake.code for mistake in key.questions[name].mistakes}
            assert set(entry) - {"any"} <= codes


def test_links_lead_to_the_lesson_from_both_places_of_a_page():
    link = Reading(REPOSITORY / "assignments", NAME, "en").passage("q2").link.partition("#")[0]
    for place in ("assignments/feedback/s001/01", "my-work/01/feedback/2026-01-01 00:00:00 UTC"):
        lesson = os.path.normpath(f"{place}/{link}")
        assert lesson == "course/01-rules-flipped/lesson.ipynb"
        assert (REPOSITORY / lesson).is_file()


def test_without_the_lesson_its_section_is_named_in_the_pages_language(tmp_path):
    shutil.copytree(REPOSITORY / "assignments" / NAME, tmp_path / "assignments" / NAME)
    with speaking("vi"):
        found = Reading(tmp_path / "assignments", NAME, "vi").passage("q4")
    assert (found.title, found.link) == ("Trên giấy", "")
