"""Catalogues gather every message once, keep translations, and never pass a broken one on."""

from __future__ import annotations

import gettext
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.author.build import build
from narrowcast.author.catalogue import update
from narrowcast.author.faithful import lost_in_comment, lost_in_markdown, lost_in_template
from narrowcast.author.pofiles import load, said
from narrowcast.author.problems import Problems
from narrowcast.errors import BuildError

PO = "course/locale/vi/LC_MESSAGES/course.po"
CODE_PO = "narrowcast/locale/vi/LC_MESSAGES/narrowcast.po"


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def translated(root: Path, message: str) -> tuple[str, ...] | None:
    return said(load(root / PO, Problems(root)), message)


def test_gathering_twice_changes_nothing(root: Path) -> None:
    first = update(root)
    assert {file.name for file in first.written} == {"course.pot", "course.po"}
    assert update(root).written == ()
    assert "to translate" in str(first)


def test_a_template_names_files_and_no_lines_and_no_dates(root: Path, edit) -> None:
    update(root)
    before = (root / "course/locale/course.pot").read_bytes()
    assert b"#: course/01-small/lesson.md\n" in before
    assert b"Date" not in before
    edit("course/01-small/lesson.md", "Broadcast reaches", "+++\n\nBroadcast\nreaches")
    update(root)
    assert (root / "course/locale/course.pot").read_bytes() == before


def test_a_message_that_goes_and_comes_back_keeps_its_translation(bilingual: Path, edit) -> None:
    edit("course/01-small/lesson.md", "Then bet.", "Then wait.")
    update(bilingual)
    assert translated(bilingual, "Then bet.") is None
    assert translated(bilingual, "Then wait.") is None
    assert '#~ msgstr "«Then bet.»"' in (bilingual / PO).read_text(encoding="utf-8")
    edit("course/01-small/lesson.md", "Then wait.", "Then bet.")
    update(bilingual)
    assert translated(bilingual, "Then bet.") == ("«Then bet.»",)


def test_what_a_translator_wrote_beside_it_is_kept(bilingual: Path, edit) -> None:
    plain = '#: course/01-small/lesson.md\nmsgid "Then bet."'
    edit(PO, plain, f"# cá cược is too strong\n{plain}")
    update(bilingual)
    assert "# cá cược is too strong" in (bilingual / PO).read_text(encoding="utf-8")


def test_recipes_are_gathered_and_cards_made_from_them_are_not(root: Path) -> None:
    write(root, "datasets/shop/recipe.toml", 'title = "A shop"\nname = "shop"\n[segments.a]\ntitle = "Buyers"\n'
          'description = "They buy."\nsource = "teaching"\n')  # fmt: skip
    write(root, "datasets/shop/card.md", "# A shop\n\nIt sells\nclothes.\n\n12\n")
    update(root)
    pot = (root / "course/locale/course.pot").read_text(encoding="utf-8")
    for message in ('"A shop"', '"Buyers"', '"They buy."'):
        assert message in pot
    assert "It sells" not in pot
    assert '"shop"' not in pot
    assert "teaching" not in pot


def test_all_that_a_card_says_in_words_is_gathered(root: Path) -> None:
    write(root, "datasets/shop/recipe.toml", """
[personas.an]
title = "An"
interests = "Tea"
purchasing_power = "Little"
demographics = "Twenty"
geography = "Huế"
psychographics = "Calm"
segment = "students"
[benchmarks.open]
title = "Opens"
figure = { value = 0.2, unit = "opens a letter", source = "A book" }
[benchmarks.click]
title = "Clicks"
figure = { value = 0.1, unit = "€", source = "teaching" }
[business.roles]
buyer = { value = 1, unit = "share of a firm", source = "teaching" }
""")  # fmt: skip
    update(root)
    pot = (root / "course/locale/course.pot").read_text(encoding="utf-8")
    for message in (
        "An",
        "Tea",
        "Little",
        "Twenty",
        "Huế",
        "Calm",
        "Opens",
        "opens a letter",
        "A book",
        "Clicks",
    ):
        assert f'msgid "{message}"' in pot
    for message in ("students", "teaching", "€", "share of a firm", "buyer"):
        assert f'msgid "{message}"' not in pot


@pytest.mark.parametrize(
    "odd", ["benchmarks = 3", "benchmarks = [1]", "[benchmarks]\na = 1", "[benchmarks.a]\nfigure = 2"]
)
def test_odd_benchmarks_are_left_to_whoever_reads_the_recipe(root: Path, odd: str) -> None:
    write(root, "datasets/shop/recipe.toml", f'title = "A shop"\n{odd}\n')
    update(root)
    assert 'msgid "A shop"' in (root / "course/locale/course.pot").read_text(encoding="utf-8")


def test_strings_of_python_and_javascript_are_gathered(root: Path) -> None:
    write(
        root, "narrowcast/errors.py", 'told = _("There is no {name}.")\nngettext("{n} day", "{n} days", 2)\n'
    )
    write(root, "narrowcast/widgets/flip.js", 'const label = _("Reach");\n')
    update(root)
    pot = (root / "narrowcast/locale/narrowcast.pot").read_text(encoding="utf-8")
    for message in ('msgid "There is no {name}."', 'msgid_plural "{n} days"', 'msgid "Reach"'):
        assert message in pot
    po = (root / CODE_PO).read_text(encoding="utf-8")
    assert 'msgid_plural "{n} days"\nmsgstr[0] ""' in po


def test_untranslated_strings_of_the_package_fail_the_build(bilingual: Path, edit) -> None:
    write(bilingual, "narrowcast/errors.py", 'x = 1\ntold = _("There is no {name}.")\n')
    update(bilingual)
    with pytest.raises(BuildError, match=r'narrowcast/errors\.py:2: not translated: "There is no {name}\."'):
        build(bilingual)
    edit(
        CODE_PO,
        'msgid "There is no {name}."\nmsgstr ""',
        'msgid "There is no {name}."\nmsgstr "Không có {ten}."',
    )
    with pytest.raises(BuildError) as caught:
        build(bilingual)
    assert "loses the placeholder {name}" in caught.value.problems[0]
    assert "no placeholder {ten}" in caught.value.problems[1]
    edit(CODE_PO, "{ten}", "{name}")
    build(bilingual)
    compiled = gettext.translation("narrowcast", bilingual / "narrowcast/locale", languages=["vi"])
    assert compiled.gettext("There is no {name}.") == "Không có {name}."


def test_the_course_is_read_at_run_time_from_what_is_compiled(bilingual: Path) -> None:
    build(bilingual)
    compiled = gettext.translation("course", bilingual / "course/locale", languages=["vi"])
    assert compiled.gettext("Orders over visits.") == "«Orders over visits.»"


def test_an_untranslated_message_fails_the_build_with_its_place(bilingual: Path, edit) -> None:
    edit(PO, 'msgstr "«Then bet.»"', 'msgstr ""')
    with pytest.raises(BuildError) as caught:
        build(bilingual)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith('course/01-small/lesson.md:15: not translated: "Then bet."; ')
    assert not list(bilingual.rglob("*.ipynb"))


def test_a_fuzzy_translation_is_none(bilingual: Path, edit) -> None:
    edit(PO, 'lesson.md\nmsgid "Then bet."', 'lesson.md\n#, fuzzy\nmsgid "Then bet."')
    with pytest.raises(BuildError, match="not translated"):
        build(bilingual)
    update(bilingual)
    assert "#, fuzzy" in (bilingual / PO).read_text(encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "told"), [
    ("`nc.compare`", "so sánh", "loses the code `nc.compare`"),
    ("$c = p n$", "c = p n", "loses the formula $c = p n$"),
    ("https://example.org/market", "https://example.org", "loses the link to https://example.org/market"),
])  # fmt: skip
def test_a_translation_that_loses_something_fails_the_build(
    bilingual: Path, edit, old: str, new: str, told: str
) -> None:
    text = (bilingual / PO).read_text(encoding="utf-8")
    start = text.index("msgstr", text.index(old))
    (bilingual / PO).write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        build(bilingual)
    assert told in caught.value.problems[0]
    assert caught.value.problems[0].startswith("course/01-small/lesson.md:1")


def test_a_translation_that_changes_the_markup_fails_the_build(bilingual: Path, edit) -> None:
    edit(PO, 'msgstr "«What is the rate?»"', 'msgstr "- tỷ lệ nào?"')
    with pytest.raises(
        BuildError, match=r'assignment\.md:23: the translation of "What is the rate\?" changes'
    ):
        build(bilingual)


def test_a_broken_catalogue_is_told(bilingual: Path) -> None:
    before = (bilingual / PO).read_text(encoding="utf-8")
    for line in ('msgid "never closed', "<<<<<<< ours", 'msgstr "a "quoted" word"'):
        (bilingual / PO).write_text(f"{before}\n{line}\n", encoding="utf-8")
        number = before.count("\n") + 2
        with pytest.raises(
            BuildError, match=rf"course\.po:{number}: this line of the catalogue cannot be read"
        ):
            update(bilingual)
        assert (bilingual / PO).read_text(encoding="utf-8") == f"{before}\n{line}\n"
    (bilingual / PO).write_bytes(b'msgid "\xff"')
    with pytest.raises(BuildError, match="is not a catalogue"):
        build(bilingual)


def test_without_a_package_there_is_no_catalogue_of_it(bilingual: Path) -> None:
    shutil.rmtree(bilingual / "narrowcast", ignore_errors=True)
    names = {file.name for file in build(bilingual).written}
    assert "course.mo" in names
    assert "narrowcast.mo" not in names


@pytest.mark.parametrize(("message", "form", "lost"), [
    ("a `x` b", "`x`", []),
    ("a `x` b `x`", "`x`", ["the code `x`"]),
    ("see [it](lesson.ipynb)", "xem [nó](lesson.vi.ipynb)", []),
    ("see [it](../01-small/a.ipynb)", "xem [nó](../01-small-vi/a.ipynb)", []),
    ("![curve](a.png)", "đường cong", ["the image a.png"]),
    ("a <!-- note --> b", "a b", ["the comment <!-- note -->"]),
    ("a <b>b</b>", "a b", ["the tag </b>", "the tag <b>"]),
    ("{count} people", "người", ["the placeholder {count}"]),
    ("one", "một\nhai", ["its single line"]),
])  # fmt: skip
def test_what_is_lost_is_named(message: str, form: str, lost: list[str]) -> None:
    assert lost_in_markdown(message, form) == lost


def test_what_a_comment_quotes_stays_in_quotation_marks() -> None:
    assert lost_in_comment('"old" or "new"', '"cũ" hay "new"') == ['the quoted word "old"']
    assert lost_in_comment("Hạnh's and the shop's", "của Hạnh và của tiệm") == []


@given(st.text(max_size=40))
def test_a_message_loses_nothing_to_itself(message: str) -> None:
    assert lost_in_markdown(message, message) == []


@pytest.mark.parametrize(("message", "form", "count"), [
    ("{a} of {b:.1%}", "{b:.2%} {a!r}", 0), ("{a}", "", 1), ("x", "{a}", 1), ("{a}", "{a", 1), ("{{a}}", "{{b}}", 0),
])  # fmt: skip
def test_placeholders_of_a_template_are_compared_by_name(message: str, form: str, count: int) -> None:
    assert len(lost_in_template(message, form)) == count
