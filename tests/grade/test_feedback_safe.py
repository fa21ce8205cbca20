"""Whatever a stranger writes comes out harmless; whatever is hidden stays hidden."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.grade.feedback import safe
from narrowcast.grade.feedback.hidden import Secrets, parts
from narrowcast.grade.feedback.verdicts import told_in
from narrowcast.judge import Reason, Verdict
from narrowcast.language import LANGUAGES, speaking

PIECES = st.sampled_from([
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!--", "-->", "<table>",
    "<td>", "</table>", "<style>", "</style>", "<a href='java\tscript:alert(1)'>", "<p style=color:red>", "'", '"',
    "<noscript>", "<math><mtext></p>", "<iframe srcdoc='<script>1</script>'>", "&lt;script&gt;", "<b", "text",
    "<![CDATA[", "]]>", "\x00", "<img alt='<table><script>1</script>' src='data:image/png;base64,AA=='>",
    "<form action=//e>", "<h1>", "`", "$", "\n\n", "<![%x[",
])  # fmt: skip
SOUP = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=14).map("".join)


class Tags(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in safe.TAGS:
            self.bad.append(tag)
        for name, value in attrs:
            if name not in {"src", "alt", "href", "colspan", "rowspan", "scope", "title", "start", "class", "role",
                            "tabindex", "aria-label"}:  # fmt: skip
                self.bad.append(name)
            if name == "class" and value != "scroll":
                self.bad.append(f"class={value}")
            if name == "src" and not str(value).startswith("data:image/"):
                self.bad.append(str(value))
            if name == "href" and not str(value).lower().startswith(("http://", "https://", "mailto:")):
                self.bad.append(str(value))


def tags(text: str) -> list[str]:
    seen = Tags()
    seen.feed(text)
    seen.close()
    return seen.bad


@settings(max_examples=60)
@given(SOUP)
def test_html_and_markdown_come_out_harmless(text):
    assert not tags(safe.clean(text))
    assert not tags(safe.markdown(text))


@given(SOUP)
def test_code_comes_out_as_code(text):
    made = safe.code(text)
    assert not [bad for bad in tags(made) if bad != "class" and not bad.startswith("class=")]


@given(st.text(max_size=200))
def test_code_keeps_every_letter(text):
    shown = html.unescape(re.sub(r"<[^>]*>", "", safe.code(text)))
    kept = [letter for letter in text if letter.isalnum()]
    assert [letter for letter in shown if letter.isalnum()] == kept


@given(st.lists(st.from_regex(r"\A[a-z]{1,8}\Z"), min_size=2, max_size=5))
def test_only_the_name_of_a_file_is_left_of_its_path(folders):
    path = "/" + "/".join(folders)
    assert safe.without_paths(f"in {path}, line 2") == f"in …/{folders[-1]}, line 2"
    address = f"https://example.org{path}"
    assert safe.without_paths(address) == address


def test_deep_and_huge_html_is_shown_as_text_or_cut():
    for text in ("<div>" * 40_000, "<table>" * 4_000, "<b>" * 3_000 + "deep", "&" * 50_000):
        made = safe.clean(text)
        assert not tags(made)
    assert safe.clean("<p>x<br></p>" * 300).count("<p>") == 300, "what is long and flat is still HTML"


@given(st.sampled_from(["assert f(10) == 5252", 'raise ValueError("only three are allowed")']), st.data())
def test_a_hidden_line_is_found_however_it_is_spaced_and_quoted(line, data):
    secrets = Secrets.of([line])
    spaced = "".join(letter + data.draw(st.sampled_from(["", "", "\n", "  "])) for letter in line)
    assert secrets.in_text(f"before {spaced} after")
    assert secrets.in_text(repr([f"x\n    {line}\n"]))
    assert not secrets.in_text("another text, of the student's own")


def test_a_hidden_region_without_an_end_hides_the_rest():
    hidden, visible = parts("a = 1\n# BEGIN HIDDEN TESTS\nassert a\nassert b")
    assert [line for _number, line in visible] == ["a = 1"]
    assert "assert b" in hidden


def test_a_course_may_have_other_words_for_what_is_hidden():
    from traitlets.config import Config

    config = Config({"ClearHiddenTests": {"begin_test_delimeter": "SECRET", "end_test_delimeter": "OPEN"}})
    hidden, visible = parts("a\n# SECRET\nb\n# OPEN\nc", config)
    assert [line for _number, line in visible] == ["a", "c"]
    assert "b" in hidden


@given(
    st.sampled_from(list(Reason)), st.sampled_from(LANGUAGES), st.sampled_from(["", "M1", "L8"]),
    st.text(alphabet="abc é.:()[]\n", max_size=60),
)  # fmt: skip
def test_every_verdict_is_read_back(reason, language, mistake, message):
    right = {Reason.RIGHT: 2.0, Reason.BET: 2.0, Reason.PARTLY: 1.0, Reason.MISTAKE: 0.5}
    score = None if reason in {Reason.RECORDED, Reason.BY_HAND} else right.get(reason, 0.0)
    with speaking(language):
        text = str(Verdict("q2", score, 2, reason, message, mistake))
    told = told_in([{"output_type": "display_data", "data": {"text/plain": text}}], "q2", score, 2)
    assert told is not None
    assert (told.reason, told.mistake) == (reason, mistake)
    assert list(told.lines) == [line.strip() for line in message.strip().splitlines() if line.strip()]


@given(
    st.sampled_from([Reason.RIGHT, Reason.PARTLY, Reason.WRONG, Reason.MISTAKE]),
    st.sampled_from([0.0, 1.0, 2.0]), st.sampled_from([None, 0.0, 1.0, 2.0]),
    st.sampled_from(["", "", "x", "\n", "✓ q2: "]), st.text(max_size=100),
)  # fmt: skip
def test_a_printed_verdict_counts_only_where_it_agrees_with_the_mark(reason, claimed, auto, before, after):
    verdict = str(Verdict("q2", claimed, 2, reason, "", "M1" if reason is Reason.MISTAKE else ""))
    data = {"text/plain": before + verdict + after}
    told = told_in([{"output_type": "display_data", "data": data}], "q2", auto, 2)
    marks = {Reason.RIGHT: {2.0}, Reason.WRONG: {None, 0.0}}
    if not before and not after:
        assert (told is not None) == (auto in marks.get(reason, {0.0, 1.0}))
    if told is not None:
        assert auto in marks.get(told.reason, {0.0, 1.0})


def test_pictures_stand_in_their_places_and_take_no_more_than_one() -> None:
    data = {"image/png": "QUJD"}
    made = safe.markdown("![a](attachment:a) ![b](attachment:ab)", {"a": data, "ab": {"image/png": "REVG"}})
    assert "base64,QUJD" in made
    assert "base64,REVG" in made
    chained = {f"a{n}": {"image/png": f"attachment:a{n + 1:02}" * 2} for n in range(60)}
    assert len(safe.markdown("![x](attachment:a0)", chained)) < 1_000
    large = {"image/png": "A" * 400_000}
    assert len(safe.markdown("![x](attachment:a)\n" * 1_000, {"a": large})) < 2 * safe.LARGEST_PICTURE


def test_half_a_letter_in_a_picture_costs_nothing_but_itself() -> None:
    assert safe.image("image/svg+xml", "<svg>\ud800</svg>", "a").startswith("<img")


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("\x1b]0;title\x1b\\output\x07 rest", "output rest"),
        ("\x1b[38:5:1mred\x1b[0m", "red"),
        ("\x1b]8;;https://example.org\x07link\x1b]8;;\x07", "link"),
    ],
)
def test_signs_of_a_terminal_go_and_what_was_put_out_stays(given: str, left: str) -> None:
    assert safe.plain(given) == left
