from __future__ import annotations

import io

from rich.console import Console

from narrowcast.language import speaking
from narrowcast.serve.doors import Doors, doors_of, show
from narrowcast.serve.place import Place


def shown(doors: Doors, width: int = 80) -> str:
    out = io.StringIO()
    show(doors, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_addresses_are_whole_however_narrow_the_terminal(tmp_path):
    doors = doors_of(Place(tmp_path), "127.0.0.1", 8888, 8866, "t" * 48)
    lines = shown(doors, width=40).splitlines()
    assert [line.split()[0] for line in lines] == ["Student", "Instructor", "Public"]
    assert lines[0].endswith("?token=" + "t" * 48)
    assert len({line.index("http") for line in lines}) == 1


def test_one_address_a_language(tmp_path):
    for language in ("en", "vi"):
        (tmp_path / "widgets" / language).mkdir(parents=True)
    doors = doors_of(Place(tmp_path), "127.0.0.1", 8888, 8866, "t")
    assert doors.public == {"en": "http://127.0.0.1:8866/en/", "vi": "http://127.0.0.1:8866/vi/"}
    text = shown(doors)
    assert "English" in text
    assert "Tiếng Việt" in text
    assert len({line.index("http") for line in text.splitlines()}) == 1, text


def test_the_students_door_is_in_the_language_of_the_command(tmp_path):
    lessons = tmp_path / "course" / "01-rules-flipped"
    lessons.mkdir(parents=True)
    (lessons / "lesson.vi.ipynb").touch()
    with speaking("vi"):
        assert "lesson.vi.ipynb" in doors_of(Place(tmp_path), "127.0.0.1", 1, 2, "t").student
