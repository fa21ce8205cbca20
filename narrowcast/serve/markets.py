"""The markets in the gallery: a few words for the front page, and each card as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from narrowcast.errors import NarrowcastError
from narrowcast.language import gettext as _
from narrowcast.language import in_course, speaking
from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.card import PLOTS

__all__ = ["MarketPage", "market_cards", "market_page", "picture_file", "sample_file"]

_PICTURE = re.compile(r"plots/([a-z]+)\.([a-z]{2})\.svg")
_SIZE = re.compile(r'<svg [^>]*width="(\d+)" height="(\d+)"')


def market_cards(language: str) -> dict[str, dict[str, Any]]:
    """Return what the front page says of each market by its name, in a language.

    A market without a card has no page yet, and a faulty recipe is its author's to mend: both are left out.
    """
    found = {}
    for name in world_names():
        file = world_folder(name) / "recipe.toml"
        if file.with_name("card.md").is_file():
            try:
                found[name] = _card(file, file.stat().st_mtime_ns, language)
            except NarrowcastError:
                continue
    return found


@lru_cache(maxsize=64)
def _card(file: Path, _changed: int, language: str) -> dict[str, Any]:
    recipe = load_recipe(file)
    with speaking(language):
        facts = _("{customers:,} customers · {groups} groups").format(
            customers=round(recipe.market.customers.value), groups=len(recipe.segments)
        )
        segments = recipe.segments.values()
        return {
            "title": in_course(recipe.title),
            "sentence": in_course(recipe.story),
            "facts": facts,
            "groups": [(in_course(one.title), round(100 * one.share.value)) for one in segments],
        }


def sample_file(name: str) -> Path | None:
    """Return the file with a market's first customers; None where there is no such market or file."""
    return _file(name, "sample.csv")


def picture_file(name: str, plot: str, language: str) -> Path | None:
    """Return the file of a market's picture; None where there is none."""
    return _file(name, f"plots/{plot}.{language}.svg") if plot in PLOTS else None


def _file(name: str, inside: str) -> Path | None:
    # A name is compared with those of the worlds and never made part of a path before that.
    file = world_folder(name) / inside if name in world_names() else None
    return file if file is not None and file.is_file() else None


@dataclass(frozen=True)
class MarketPage:
    """A card as HTML.

    Attributes
    ----------
    language
        In which it is written: English where there is no translation yet.
    title
        The market's name.
    head, body
        What stands above the first section, and the sections.
    contents
        Id and title of each section.
    """

    language: str
    title: str
    head: str
    body: str
    contents: tuple[tuple[str, str], ...]


def market_page(name: str, language: str, pictures: str) -> MarketPage | None:
    """Return a market's card as a page; None where there is no such market, or no card.

    Parameters
    ----------
    name
        Of the market, as a reader wrote it into the address.
    language
        In which to show it.
    pictures
        Address under which pictures are found, with a slash at its end.
    """
    own = None if language == "en" else _file(name, f"card.{language}.md")
    file = own or _file(name, "card.md")
    if file is None:
        return None
    tokens = _reader().parse(file.read_text(encoding="utf-8"))
    contents = tuple(_identified(tokens))
    tokens = list(_folded(list(_figures(_tables(tokens), name, pictures))))
    first = next((at for at, token in enumerate(tokens) if token.tag == "h2"), len(tokens))
    title = next((tokens[at + 1].content for at, token in enumerate(tokens) if token.tag == "h1"), name)
    written = {"head": tokens[:first], "body": tokens[first:]}
    html = {part: _reader().renderer.render(some, _reader().options, {}) for part, some in written.items()}
    return MarketPage(language if own else "en", title, html["head"], html["body"], contents)


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    """Return a reader of Markdown that lets no HTML through: wording of a recipe stays wording."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _identified(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Give every section's heading an id, and yield those of the second level with their titles."""
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            token.attrSet("id", f"s{number}")
            if token.tag == "h2":
                yield f"s{number}", tokens[number + 1].content


def _tables(tokens: Sequence[Token]) -> Iterator[Token]:
    """Put each table into a box of its own that scrolls, and make the first cell of a row its heading."""
    heading, first = "", False
    for token in tokens:
        if token.type == "heading_open":
            heading = str(token.attrGet("id") or "")
        if token.type == "tr_open":
            first = True
        if first and token.type == "td_open":
            token.tag, token.attrs = "th", {**token.attrs, "scope": "row"}
        if token.type == "td_close" and first:
            token.tag, first = "th", False
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "table_open":
            box = Token("box_open", "div", 1, block=True)
            box.attrs = {"class": "scroll", "tabindex": "0", "role": "group", "aria-labelledby": heading}
            yield box
        yield token
        if token.type == "table_close":
            yield Token("box_close", "div", -1, block=True)


def _figures(tokens: Iterator[Token], name: str, pictures: str) -> Iterator[Token]:
    """Make a picture and the sentence below it a figure with a caption; figures in a row share a box."""
    waiting, at, boxed = list(tokens), 0, False
    while at < len(waiting):
        inside = waiting[at + 1].children if waiting[at].type == "paragraph_open" else None
        picture = inside is not None and len(inside) == 1 and inside[0].type == "image"
        if picture != boxed:
            box = Token("box_open" if picture else "box_close", "div", 1 if picture else -1, block=True)
            box.attrs = {"class": "figures"} if picture else {}
            yield box
        boxed = picture
        if inside is not None and picture:
            _show(inside[0], name, pictures)
            yield from _figure(waiting[at + 1], waiting[at + 4])
        else:
            yield waiting[at]
        at += 6 if picture else 1  # a picture's paragraph and its sentence's: three tokens each


def _figure(picture: Token, sentence: Token) -> Iterator[Token]:
    sentence.children = [one for one in sentence.children or [] if one.type not in ("em_open", "em_close")]
    yield Token("figure_open", "figure", 1, block=True)
    yield picture
    yield Token("caption_open", "figcaption", 1)
    yield sentence
    yield Token("caption_close", "figcaption", -1)
    yield Token("figure_close", "figure", -1, block=True)


def _folded(tokens: Sequence[Token]) -> Iterator[Token]:
    """Fold away what stands below a third heading that leads straight to a table: the columns of each table."""
    opened = False
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            if opened:
                yield Token("details_close", "details", -1, block=True)
            opened = token.tag == "h3" and tokens[at + 3 : at + 4] != [] and tokens[at + 3].type == "box_open"
            if opened:
                yield Token("details_open", "details", 1, block=True)
                yield Token("summary_open", "summary", 1)
        yield token
        if opened and token.type == "heading_close":
            yield Token("summary_close", "summary", -1, block=True)
        elif opened and token.type == "box_close":
            yield Token("details_close", "details", -1, block=True)
            opened = False


def _show(image: Token, name: str, pictures: str) -> None:
    """Point a picture to its address here, and say its size, so that nothing jumps when it arrives."""
    found = _PICTURE.fullmatch(str(image.attrGet("src")))
    file = picture_file(name, *found.groups()) if found else None
    if found is None or file is None:
        return
    image.attrSet("src", f"{pictures}{name}/{found[1]}.{found[2]}.svg")
    size = _SIZE.search(file.read_text(encoding="utf-8"))
    if size:
        image.attrs |= {"width": size[1], "height": size[2]}
