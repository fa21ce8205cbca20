"""A small course of its own: the author's floor is tested without the course that is taught."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

LESSON = """\
---
kernelspec:
  name: python3
title: A small lesson
claims: [S9.1]
---

# A small lesson

<!-- taught: S9.1 -->

Broadcast reaches **everybody**, and `nc.compare` shows what it costs: $c = p n$.

- Look at the [market](https://example.org/market).
- Then bet.

<!-- tried: S9.1 -->

```{code-cell} ipython3
import narrowcast as nc

nc.set_language("en")
rate = 0.5  # your bet, a share
```

```{code-cell} ipython3
:tags: [remove-output]
nc.check("before1", rate)
```
"""
ASSIGNMENT = """\
---
kernelspec:
  name: python3
title: A small assignment
points: 6
---

# A small assignment

Run the cell.

```{code-cell} ipython3
:role: given
import narrowcast as nc

nc.set_language("en")
```

## The rate

<!-- asked: S9.1 -->

What is the rate?

```{code-cell} ipython3
:question: q1
:role: answer
:answer: rate
rate = ...  # a share between 0 and 1
### BEGIN SOLUTION
rate = 0.5  # orders over visits
### END SOLUTION
```

## In words

+++ {"question": "q2", "role": "answer"}

It depends on the price.
"""
LESSON_KEY = """\
PUBLIC = {"before1": {"kind": "choice", "points": 0, "options": ["a", "b"]}}
MESSAGES = [("before1", "Old rules first.")]
"""
ASSIGNMENT_KEY = """\
PUBLIC = {
    "q1": {"kind": "number", "points": 2, "unit": "share", "hints": ["Orders over visits."]},
    "q2": {"kind": "written", "points": 4, "rubric": ["Evidence: two numbers."]},
}
MESSAGES = [("q1", "Orders over visits."), ("q2", "Evidence: two numbers.")]
"""
CLAIMS = """\
[[claim]]
id = "S9.1"
en = "Broadcast reaches everybody."
lessons = [1]
"""


class DoubleKey:
    """Stands in for a key: it shows what the builder is allowed to see."""

    def __init__(self, file: Path) -> None:
        self._made = runpy.run_path(str(file))

    def public(self) -> dict[str, object]:
        return {"name": "01-small", "questions": self._made["PUBLIC"]}

    def messages(self) -> list[tuple[str, str]]:
        return self._made["MESSAGES"]


@pytest.fixture
def double_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("narrowcast.judge.load_key", DoubleKey, raising=False)


@pytest.fixture
def root(tmp_path: Path, double_judge: None) -> Path:
    """A course of one lesson and one assignment, in English."""
    files = {
        "course/claims.toml": CLAIMS,
        "course/01-small/lesson.md": LESSON,
        "course/01-small/key.py": LESSON_KEY,
        "assignments/01-small/assignment.md": ASSIGNMENT,
        "assignments/01-small/key.py": ASSIGNMENT_KEY,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def bilingual(root: Path) -> Path:
    """The same course with every message translated: each is said between angle marks."""
    from narrowcast.author.catalogue import update

    update(root)
    translate_all(root)
    return root


@pytest.fixture
def say_all(root: Path):
    """Return a function that gathers every message of the course, and translates it."""
    from narrowcast.author.catalogue import update

    def say() -> None:
        update(root)
        translate_all(root)

    return say


def translate_all(root: Path) -> None:
    """Translate every message of a course's catalogue by putting marks around it."""
    import io

    from babel.messages.pofile import read_po

    from narrowcast.author.pofiles import as_po, merged

    po = root / "course/locale/vi/LC_MESSAGES/course.po"
    catalogue = read_po(io.BytesIO(po.read_bytes()), locale="vi")
    for entry in catalogue:
        if entry.id:
            entry.string = "\n".join(f"«{line}»" for line in entry.id.split("\n"))
    po.write_bytes(as_po(merged(steady(catalogue), catalogue)))


def steady(catalogue):
    from narrowcast.author.pofiles import SteadyCatalog

    made = SteadyCatalog(locale="vi", charset="utf-8", header_comment="")
    for entry in catalogue:
        if entry.id:
            made.add(entry.id, locations=entry.locations)
    return made


@pytest.fixture
def edit(root: Path):
    """Return a function that replaces a passage of a file in the course, which must be there."""

    def change(name: str, old: str, new: str) -> None:
        file = root / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return change
