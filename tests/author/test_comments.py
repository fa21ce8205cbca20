"""Comments are translated, code is not."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.author.comments import comments, translate_comments

LINES = ["x = 1  # a number", "# a remark", "s = '# no comment'", "", "if x:\n    y = 2  # inside\n    # and alone",
         "### BEGIN SOLUTION", "### END SOLUTION",
         "z = 3  # noqa: E501", "def f():\n    '''doc # text'''\n    return 1",
         "#: a remark of another kind", "t = f\"{s}#{x}\""]  # fmt: skip


@given(st.lists(st.sampled_from(LINES)))
def test_translating_comments_leaves_the_program_as_it_is(lines: list[str]) -> None:
    code = "\n".join(lines)
    assert translate_comments(code, lambda message: message) == code
    said = translate_comments(code, lambda message: f"{message} — nói khác\ncòn nữa")
    assert ast.dump(ast.parse(said)) == ast.dump(ast.parse(code))
    assert said.count("còn nữa") == len(comments(code))


def test_lines_of_one_comment_are_one_message() -> None:
    code = "# first\n# second\nx = 1  # third\n# fourth"
    assert [comment.msgid for comment in comments(code)] == ["first\nsecond", "third", "fourth"]
    assert translate_comments(code, str.upper) == "# FIRST\n# SECOND\nx = 1  # THIRD\n# FOURTH"


@pytest.mark.parametrize(
    "code", ["### BEGIN SOLUTION", "x = 1  # noqa", "# 12", "#", "x = '#'", "# type: ignore"]
)
def test_marks_for_machines_are_no_messages(code: str) -> None:
    assert comments(code) == []


def test_magics_do_not_hide_the_comments() -> None:
    code = "!echo don't\n%matplotlib inline\nworld?\nx = 1  # a remark"
    assert [comment.msgid for comment in comments(code)] == ["a remark"]


def test_code_that_is_not_python_is_refused() -> None:
    with pytest.raises(SyntaxError):
        comments("x = '''never closed  # remark")
