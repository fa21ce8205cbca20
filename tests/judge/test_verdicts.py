"""What a student sees: words, a sign, a card; and a plain float where nbgrader asks for a mark."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from narrowcast.judge import Reason, Verdict

EVIL = "<script>alert('x')</script> & \"quotes\" {braces} %s"


def test_a_mark_is_a_plain_float_and_is_shown(capsys):
    import numpy as np

    mark = Verdict("q2", np.float64(1.5), 2, Reason.MISTAKE, "You averaged.", "M1").mark()
    assert mark == 1.5
    assert type(mark) is float
    assert capsys.readouterr().out == "✗ q2: Not quite (1.5 of 2 points) [M1]\nYou averaged.\n"


def test_an_integer_score_becomes_a_float():
    assert type(Verdict("q", 2, 2, Reason.RIGHT, "").mark()) is float


def test_without_a_score_there_is_no_mark(capsys):
    assert Verdict("q6", None, 4, Reason.BY_HAND, "A person reads this.").mark() is None
    assert "A person reads this." in capsys.readouterr().out


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sign_and_words(reason):
    verdict = Verdict("q1", 0.0, 2, reason, "Message.")
    text, card = str(verdict), verdict._repr_html_()
    heading = text.splitlines()[0]
    assert re.fullmatch(r"\S q1: [A-Z][a-z].* \(0 of 2 points\)", heading)
    assert heading.split(": ")[1].split(" (")[0] in html.unescape(card)  # told in words, not by colour alone


def test_practice_shows_no_points():
    assert "points" not in str(Verdict("q1", 0.0, 0, Reason.RIGHT, "Yes."))
    assert "points" not in Verdict("q1", 0.0, 0, Reason.RIGHT, "Yes.")._repr_html_()


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)

    def handle_data(self, data):
        self.text += data


def test_html_is_escaped_everywhere():
    card = Tags()
    card.feed(Verdict(EVIL, 1.0, 2, Reason.WRONG, EVIL + "\n" + EVIL, EVIL)._repr_html_())
    assert set(card.seen) <= {"div", "p", "strong", "span"}
    assert card.text.count(EVIL) == 4


def test_what_a_student_hands_in_comes_back_escaped(key, world):
    card = key.judge("when", "<img src=x onerror=alert(1)>", world)._repr_html_()
    assert "<img" not in card
    assert "&lt;img" in card


def test_the_worst_line_is_cut_short(key, world):
    assert len(str(key.judge("when", "x" * 10**6, world))) < 500
    assert len(str(key.judge("rate", "x" * 10**6, world))) < 500


def test_in_a_notebook_it_is_a_card():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            mark = Verdict("q1", 2.0, 2, Reason.RIGHT, "Yes.").mark()
    finally:
        shell.clear_instance()
    assert mark == 2.0
    assert len(captured.outputs) == 1
    assert set(captured.outputs[0].data) == {"text/plain", "text/html"}
