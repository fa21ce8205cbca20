"""Texts from every kind of editor are read, or refused with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrowcast.author.problems import Problems
from narrowcast.author.text import read_source

TEXT = """---
title: A title
---

# A title

Words.

```{code-cell} ipython3
:tags: [one]

x = 1
```

+++ {"role": "answer"}

More words.
"""


def read(folder: Path, content: bytes):
    file = folder / "lesson.md"
    file.write_bytes(content)
    problems = Problems(folder)
    return read_source(file, problems), problems.found


def test_cells_know_their_lines(tmp_path: Path) -> None:
    source, found = read(tmp_path, TEXT.encode())
    assert found == []
    assert [(cell.kind, cell.line, cell.lines[0]) for cell in source.cells] == [
        ("markdown", 5, 5), ("code", 9, 12), ("markdown", 17, 17)]  # fmt: skip
    assert source.cells[1].options == {"tags": ["one"]}
    assert source.cells[2].options == {"role": "answer"}
    lines = TEXT.split("\n")
    for cell in source.cells:
        assert [lines[number - 1] for number in cell.lines] == cell.source.split("\n")


@pytest.mark.parametrize("change", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.removesuffix("\n").encode(),
])  # fmt: skip
def test_marks_of_editors_make_no_difference(tmp_path: Path, change) -> None:
    plain, _found = read(tmp_path, TEXT.encode())
    other, found = read(tmp_path, change(TEXT))
    assert found == []
    assert other.cells == plain.cells
    assert other.front == plain.front


@pytest.mark.parametrize(("text", "line", "what"), [
    ("# No front matter", 1, "front matter"),
    ("---\ntitle: never closed\n", 1, "front matter"),
    ("---\ntitle: [1\n---\n", 3, "YAML"),
    ("---\ntitle: a: b\n---\n", 2, "YAML"),
    ("---\n- a list\n---\n", 1, "key: value"),
    ("---\n3: number\n---\n", 1, "key: value"),
    ("---\n---\n", 1, "key: value"),
    ("---\ntitle: a\n---\n\n```{code-cell} ipython3\n:role: [\nx\n```\n", 5, "YAML"),
    ("---\ntitle: a\n---\n\n```{code-cell} ipython3\n:just text\nx\n```\n", 1, "MyST"),
    ("---\ntitle: a\n---\n\n+++ {broken\n\nwords\n", 5, "MyST"),
    ("---\ntitle: a\n---\n\n```{code-cell} ipython3\n:tags: 3\nx\n```\n", 1, "MyST"),
    ("---\ntitle: a\n---\n\n```{raw-cell}\nx\n```\n", 5, "raw"),
    ("---\ntitle: a\n---\n\none\u2028two\n", 5, "control character"),
    ("---\ntitle: a\n---\n\n```{code-cell} ipython3\nx\n```\n\n```{code-cell} r\nx\n```\n", 1, "ipython3"),
])  # fmt: skip
def test_a_broken_text_is_refused_with_its_place(tmp_path: Path, text: str, line: int, what: str) -> None:
    _source, found = read(tmp_path, text.encode())
    assert len(found) == 1
    assert found[0].startswith(f"lesson.md:{line}: ")
    assert what in found[0]


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    source, found = read(tmp_path, b"---\ntitle: a\n---\n\n\xff\xfe")
    assert source is None
    assert found == ["lesson.md:5: is not UTF-8; save it as UTF-8."]


def test_a_missing_file_and_a_folder_in_its_place_are_problems(tmp_path: Path) -> None:
    problems = Problems(tmp_path)
    assert read_source(tmp_path / "none.md", problems) is None
    (tmp_path / "folder.md").mkdir()
    assert read_source(tmp_path / "folder.md", problems) is None
    assert [line.split(":")[0] for line in problems.found] == ["none.md", "folder.md"]
