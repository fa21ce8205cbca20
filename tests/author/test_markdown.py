"""Cutting Markdown into messages and putting translations back touches words alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from narrowcast.author.markdown import blocks, shape, translate, wordy
from narrowcast.author.pieces import UnreadableBlock

PROSE = [
    "Reach **many**",
    "price of `nc.Plan`",
    "a [link](https://example.org/a_b)",
    "$c = p n$ and",
    "Tiếng Việt",
    "<b>bold</b> words",
    "line one\nline two",
    "hard  \nbreak",
    "back\\\nslash",
    "1986 was",
]
FRAMES = [
    "{}",
    "# {1}",
    "## {1} ##",
    "- {}",
    "3. {}",
    "> {}",
    "> - {1}",
    "- > {1}",
    "{}\n===",
    "| {1} | b |\n|---|---|\n| c | {1} |",
    "> | {1} | `x\\|y` |\n> |:--|--:|\n> | 1 | {1} |",
    ":::{{note}} {1}\n:class: tip\n\n{}\n:::",
    "```{{tip}}\n{}\n```",
    "```python\nx = 1  # {1}\n```",
    "$$\n{1}\n$$",
    "<details><summary>{1}</summary>\n\n{}\n\n</details>",
    "<!-- {1} -->",
    "% {1}",
    "(label)=",
    "    {1}",
    "- {1}\n\n  {}\n  - {1}",
    "![{1}](a.png)",
    "---",
]


def marked(message: str) -> str:
    return f"⟦{message}⟧"


def words(text: str) -> str:
    """Return the rendered text with wrapping and marks taken out."""
    html = MarkdownIt("commonmark").enable("table").render(text)
    return re.sub(
        r"\s+", " ", html.replace("⟦", "").replace("⟧", "").replace("%E2%9F%A6", "").replace("%E2%9F%A7", "")
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    parts = []
    for frame in draw(st.lists(st.sampled_from(FRAMES), min_size=1, max_size=6)):
        prose = draw(st.sampled_from(PROSE))
        prefix = re.match(r"[>\s]*(?:-|3\.)?\s*", frame)[0]
        onwards = re.sub(r"[^>\s]", " ", prefix) if frame in {"- {}", "3. {}", "> {}"} else ""
        single = prose.replace("\\\n", " ").replace("\n", " ")
        indented = prose.replace("\n", f"\n{onwards or ('  ' if frame.startswith('- {1}') else '')}")
        parts.append(
            frame.replace("{1}", single).replace("{}", indented).replace("{{", "{").replace("}}", "}")
        )
    return "\n\n".join(parts)


@given(documents())
def test_translating_each_message_to_itself_gives_the_text_back(text: str) -> None:
    assert translate(text, lambda message: message) == text


@given(documents())
def test_translating_touches_no_code_and_no_markup(text: str) -> None:
    said = translate(text, marked)
    assert shape(said) == shape(text)
    assert words(said) == words(text)


@given(st.text(alphabet="ab*_`#->|:$ \n\\[]()<!{}1.+\t=~%", max_size=60))
def test_any_text_is_cut_or_refused_and_keeps_its_shape(text: str) -> None:
    try:
        found = blocks(text)
    except UnreadableBlock:
        assert "\t" in text or "|" in text, "only tabs and odd tables may be refused"
        return
    assert translate(text, lambda message: message) == text
    assert shape(translate(text, marked)) == shape(text)
    for block in found:
        assert wordy(block.msgid)


@given(
    st.sampled_from(["", "> ", "- ", "1. ", "> - ", "- > "]),
    st.lists(st.sampled_from(["Reach", "**many**", "people"]), min_size=2),
    st.data(),
)
def test_wrapping_anew_changes_no_message(frame: str, said: list[str], data: st.DataObject) -> None:
    onwards = re.sub(r"[^>\s]", " ", frame)
    ends = data.draw(
        st.lists(st.sampled_from([" ", f"\n{onwards}"]), min_size=len(said) - 1, max_size=len(said) - 1)
    )
    wrapped = frame + "".join(word + end for word, end in zip(said, [*ends, ""], strict=True))
    assert [block.msgid for block in blocks(wrapped)] == [" ".join(said)]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("## A *title* ##", ["A *title*"]),
        ("- one\n- two\n  goes on", ["one", "two goes on"]),
        ("> said\n> twice", ["said twice"]),
        ("| a | 12 |\n|---|---|\n| `x` | b c |", ["a", "b c"]),
        ("```python\nx = 1\n```", []),
        (":::{admonition} Mind this\n:class: tip\n\nInside.\n:::", ["Mind this", "Inside."]),
        ("```{figure} reach.png\n:alt: A curve\n\nReach by price.\n```", ["A curve", "Reach by price."]),
        ("::::{grid}\n:::{card} One\nText.\n:::\n::::", ["One", "Text."]),
        ("```{code-block} python\nx = 1\n```", []),
        ("$$\nx = y\n$$", []),
        ("62 %", []),
        ("`nc.check`", []),
        ("<!-- not for readers -->", []),
        ("<details><summary>Show</summary>\n<p title='Tip'>An <b>answer</b>\nof two lines.</p>\n</details>",
         ["Show", "Tip", "An <b>answer</b> of two lines."]),
        ("Escaped \\| bar | here\n--- | ---\nx\\|y | z", ["Escaped \\| bar", "here", "x\\|y", "z"]),
        ("two  \nlines", ["two  \nlines"]),
    ],
)  # fmt: skip
def test_messages_are_the_words_of_a_block(text: str, messages: list[str]) -> None:
    assert [block.msgid for block in blocks(text)] == messages


def test_a_translation_of_two_lines_keeps_the_marks_of_its_block() -> None:
    assert translate("- > one", lambda _message: "a  \nb") == "- > a  \n  > b"
    assert translate("> one\\\n> two", lambda _message: "a\\\nb") == "> a\\\n> b"


def test_a_shape_tells_a_list_from_a_paragraph() -> None:
    assert shape("- a") != shape("a")
    assert shape("```python\nx\n```") != shape("```python\ny\n```")
    assert shape(":::{note}\na\n:::") != shape(":::{tip}\na\n:::")
