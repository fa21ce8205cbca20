"""Text, key and claims agree, or every disagreement is told at once with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowcast.author.build import build
from narrowcast.errors import BuildError

TEXT, KEY = "assignments/01-small/assignment.md", "assignments/01-small/key.py"
LESSON = "course/01-small/lesson.md"


def problems(root: Path) -> list[str]:
    with pytest.raises(BuildError) as caught:
        build(root, languages=("en",))
    assert not list(root.rglob("*.ipynb"))
    return caught.value.problems


@pytest.mark.parametrize(("file", "old", "new", "told"), [
    (TEXT, ":question: q1", ":question: q11", f"{TEXT}:25: the key has no question 'q11'. Did you mean 'q1'"),
    (TEXT, ":question: q1", ":question: q11", f"{KEY}:1: question 'q1' is not asked in {TEXT}"),
    (TEXT, ":question: q1\n", "", f"{TEXT}:25: an answer needs `:question:`"),
    (TEXT, ":question: q1", ":question: q1-answer", f"{TEXT}:25: an answer needs `:question:`"),
    (TEXT, ":question: q1", ":question: no", f"{TEXT}:25: an answer needs `:question:`"),
    (TEXT, '"question": "q2"', '"question": "q1"', f"{TEXT}:39: question 'q1' is asked twice; first on line 25"),
    (TEXT, ":role: answer", ":role: anwser", "there is no role 'anwser'. Did you mean 'answer'"),
    (TEXT, ":role: answer", ":role: [answer]", "there is no role ['answer']"),
    (TEXT, ":role: answer", ":role: check", "check cells are written by the builder"),
    (TEXT, ":role: answer\n", "", f"{TEXT}:25: a cell with a question needs a role"),
    (TEXT, ":role: answer\n", "", f"{TEXT}:25: a solution stands in a cell that is no answer"),
    (TEXT, ":answer: rate", ":anwser: rate", "there is no cell option 'anwser'. Did you mean 'answer'"),
    (TEXT, ":answer: rate", ":answer: 3", "the answer needs `:answer:`"),
    (TEXT, ":answer: rate", ":answer: rates", "does not make 'rates', which its check reads. Did you mean 'rate'"),
    (TEXT, "### BEGIN SOLUTION\n", "", f"{TEXT}:31: a solution ends that did not begin"),
    (TEXT, "### END SOLUTION\n", "", f"{TEXT}:30: this solution does not end"),
    (TEXT, "rate = 0.5", "### BEGIN SOLUTION", f"{TEXT}:31: a solution begins within a solution"),
    (TEXT, "### BEGIN SOLUTION\nrate = 0.5  # orders over visits\n### END SOLUTION\n", "", "has no solution"),
    (TEXT, "rate = 0.5", "rate = = 0.5", f"{TEXT}:31: not Python"),
    (TEXT, "points: 6", "points: 20", f"{TEXT}:5: the questions of the key sum to 6 points, the front matter says 20"),
    (TEXT, "points: 6\n", "", f"{TEXT}:1: the front matter needs `points`"),
    (TEXT, "points: 6", "points: true", f"{TEXT}:5: the front matter needs `points`"),
    (TEXT, "title: A small assignment\n", "", "needs a `title`"),
    (TEXT, "title: A small assignment", "title: 7", f"{TEXT}:4: the front matter needs a `title`"),
    (TEXT, "name: python3", "name: ir", "the kernelspec's name must be python3"),
    (TEXT, "# A small assignment", "A small assignment", f"{TEXT}:8: the first cell must begin with the title"),
    (TEXT, 'nc.set_language("en")', "", "an opening cell must say"),
    (KEY, '"kind": "written"', '"kind": "number"', f"{TEXT}:39: question 'q2' is computed: its cell must be code"),
    (KEY, '"kind": "number"', '"kind": "written"', f"{TEXT}:25: question 'q1' is written: its cell must be Markdown"),
    (KEY, "PUBLIC = {", "PUBLIC = {\n    1 / 0: 1,", f"{KEY}:2: the key does not load: ZeroDivisionError"),
    (KEY, "PUBLIC = {", "PUBLIC = (", f"{KEY}:"),
    (TEXT, "asked: S9.1", "asked: S9.2", f"{TEXT}:21: the mark 'asked' names 'S9.2', which is no claim here"),
    (TEXT, "asked: S9.1", "taught: S9.1", f"{TEXT}:21: an assignment asks"),
    (TEXT, "<!-- asked: S9.1 -->", "", f"{LESSON}:5: claim S9.1 is not marked as asked"),
    (TEXT, "points: 6", "points: 6\nclaims: [S9.1, S9.7]", f"{TEXT}:6: claim S9.7 is not marked as asked"),
    (LESSON, "<!-- taught: S9.1 -->", "", f"{LESSON}:5: claim S9.1 is not marked as taught"),
    (LESSON, "<!-- tried: S9.1 -->", "", f"{LESSON}:5: claim S9.1 is not marked as tried"),
    (LESSON, "claims: [S9.1]", "claims: [S9.3]", f"{LESSON}:5: there is no claim 'S9.3' in claims.toml. Did you"),
    (LESSON, "claims: [S9.1]", "claims: []", f"{LESSON}:5: claims.toml says that this lesson has claim S9.1"),
    (LESSON, "claims: [S9.1]", "claims: S9.1", f"{LESSON}:5: the front matter needs `claims:"),
    (LESSON, '"before1"', '"befor1"', f"{LESSON}:26: the key has no question 'befor1'. Did you mean 'before1'"),
    (LESSON, 'nc.check("before1", rate)', "rate", "question 'before1' is not asked"),
    (LESSON, ":tags: [remove-output]", ":role: given", "a lesson asks with `nc.check`"),
    ("course/claims.toml", 'id = "S9.1"', "", "claim number 1 needs an `id`"),
    ("course/claims.toml", "lessons = [1]", "lessons = [1", "course/claims.toml:"),
])  # fmt: skip
def test_a_disagreement_is_told_with_its_place(
    root: Path, edit, file: str, old: str, new: str, told: str
) -> None:
    edit(file, old, new)
    found = problems(root)
    assert any(told in line for line in found), "\n".join(found)


def test_all_problems_are_told_at_once(root: Path, edit) -> None:
    edit(TEXT, ":question: q1", ":question: q11")
    edit(TEXT, "points: 6", "points: 20")
    edit(LESSON, "<!-- tried: S9.1 -->", "")
    found = problems(root)
    assert len(found) == 4
    assert len({line.split(":")[0] for line in found}) == 3


def test_a_missing_key_is_told(root: Path) -> None:
    (root / KEY).unlink()
    assert problems(root) == [f"{KEY}:1: the key is missing; every question's points and truth stand there."]


def test_a_missing_text_is_told(root: Path) -> None:
    (root / TEXT).unlink()
    assert f"{TEXT}:1: the file is missing; its key stands beside it." in problems(root)


def test_a_lesson_that_asks_needs_a_key(root: Path) -> None:
    (root / "course/01-small/key.py").unlink()
    assert problems(root) == [f"{LESSON}:26: asks a question, but there is no key.py beside it."]


def test_a_mark_within_a_paragraph_leaves_the_paragraph_whole(root: Path, edit) -> None:
    edit(LESSON, "<!-- taught: S9.1 -->\n\nBroadcast reaches", "Broadcast\n<!-- taught: S9.1 -->\nreaches")
    edit(LESSON, "- Then bet.\n\n<!-- tried: S9.1 -->", "- Then bet. <!-- tried: S9.1 -->")
    build(root, languages=("en",))
    made = (root / "course/01-small/lesson.ipynb").read_text(encoding="utf-8")
    assert '"Broadcast\\n",\n    "reaches **everybody**' in made
    assert '"- Then bet."' in made
