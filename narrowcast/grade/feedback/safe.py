"""Texts, code and HTML of strangers, made harmless: what comes out of here may stand in a page.

No script, no form, no frame, no style, nothing that is fetched from elsewhere, no path of the machine.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import bleach  # type: ignore[import-untyped]
from bs4 import BeautifulSoup, Comment
from bs4.element import NavigableString, PageElement
from bs4.exceptions import ParserRejectedMarkup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from narrowcast.language import gettext as _

__all__ = ["clean", "code", "image", "markdown", "plain", "without_paths"]

TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em",
    "figcaption", "figure", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
})  # fmt: skip
GONE = [
    "script", "style", "template", "noscript", "iframe", "frame", "frameset", "object", "embed", "applet", "svg",
    "math", "form", "input", "button", "select", "textarea", "option", "link", "meta", "base", "audio", "video",
    "source", "canvas", "dialog", "slot", "portal", "title", "head",
]  # fmt: skip
"""Left out with all that stands in them; any other tag that is not in TAGS goes and leaves its text."""
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/svg+xml"}
LARGEST_PICTURE = 4_000_000
"""Letters of a picture's text; nbgrader's notebooks hold it in base 64."""

MOST_TAGS = 5_000
"""Signs "<" in a piece of HTML: a table of sixty rows and twenty columns has 2,500."""

DEEPEST = 250
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
_HEADING = re.compile(r"h[1-6]")
_ANSI = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)"
    r"|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
)
_PATH = re.compile(
    r"(?<![\w./\\:+=%-])(?:(?:file://)?(?:[A-Za-z]:)?(?:/[\w.+@~-]+)+/|[A-Za-z]:\\(?:[\w.+@~ -]+\\)*)([\w.+@~-]+)"
)


def plain(text: str, most: int = 20_000) -> str:
    """Return a text without control characters, colours and paths of the machine, cut to `most` letters."""
    text = _ANSI.sub("", text[: 4 * most].replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > most:
        text = f"{text[:most]}\n… {_('(the rest is left out)')}"
    return without_paths(text)


def without_paths(text: str) -> str:
    """Return a text in which of a path only the file's name is left."""
    return _PATH.sub(r"…/\1", text)


def code(source: str) -> str:
    """Return Python code as HTML with its words marked; classes only, no style."""
    formatter: Any = HtmlFormatter(nowrap=True)
    marked: str = highlight(_ANSI.sub("", source), PythonLexer(stripnl=False), formatter)
    return marked.rstrip("\n")


def image(kind: str, data: str, alt: str) -> str:
    """Return a picture that stands in the page itself, or nothing where it is none.

    Parameters
    ----------
    kind
        Its MIME type.
    data
        In base 64; for SVG its text.
    alt
        What it shows, for somebody who does not see it.
    """
    if kind not in PICTURES or len(data) > LARGEST_PICTURE:
        return ""
    if kind == "image/svg+xml":  # as a picture it runs no script and fetches nothing
        data = base64.b64encode(data.encode("utf-8", "replace")).decode()
    address = f"data:{kind};base64,{''.join(data.split())}"
    if not _PICTURE.fullmatch(address):
        return ""
    return f'<img src="{address}" alt="{html.escape(alt)}">'


def markdown(text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return Markdown as harmless HTML; headings become strong lines, so that they don't mix with the page's.

    Parameters
    ----------
    text
        As it stands in a cell.
    attachments
        By name, pictures that the cell carries: MIME type to base 64.
    """
    return clean(str(_parser().render(_with_pictures(text, attachments or {}))))


def _with_pictures(text: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    """Return Markdown with its attachments in their places, in one pass and up to a picture's size together."""
    ready = {
        f"attachment:{name}": address
        for name, forms in attachments.items()
        if isinstance(forms, Mapping)
        for kind, data in forms.items()
        if kind in PICTURES
        and len(address := f"data:{kind};base64,{''.join(str(data).split())}") <= LARGEST_PICTURE
        and _PICTURE.fullmatch(address)
    }
    room = LARGEST_PICTURE

    def put(found: re.Match[str]) -> str:
        nonlocal room
        room -= len(ready[found[0]])
        return ready[found[0]] if room >= 0 else found[0]

    names = sorted(map(re.escape, ready), key=len, reverse=True)  # the longest first: "a" stands in "ab" too
    return re.sub("|".join(names), put, text) if names else text


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, renderer=lambda tex, _how: html.escape(tex), allow_digits=False)
    setattr(parser, "validateLink", bool)  # noqa: B010 - what is cleaned later needs no second judge
    return parser


def clean(text: str) -> str:
    """Return HTML in which only plain tags are left, each picture has a text and each table can be scrolled.

    What no parser can follow, or not within a second, comes back as a text.
    """
    if text.count("<") <= MOST_TAGS and _depth(text) <= DEEPEST:
        try:
            return _cleaned(text)
        except (RecursionError, ValueError, AssertionError, ParserRejectedMarkup):
            pass
    return f"<pre>{html.escape(plain(text))}</pre>"


def _depth(text: str) -> int:
    """Return about how deep tags stand in one another: parsers take quadratic time over that."""
    deepest = depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in {"br", "col", "hr", "img", "input", "meta", "wbr"}:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _cleaned(text: str) -> str:
    soup = BeautifulSoup(text, "html.parser")
    for gone in soup.find_all(GONE):
        gone.decompose()
    for comment in soup.find_all(string=lambda one: isinstance(one, Comment)):
        comment.extract()
    for heading in soup.find_all(_HEADING):
        heading.name = "strong"
        heading.wrap(soup.new_tag("p"))
    for picture in soup.find_all("img"):
        alt = str(picture.get("alt") or "") or _("Picture")
        if _PICTURE.fullmatch(str(picture.get("src") or "")):
            picture["alt"] = alt
        else:
            picture.replace_with(NavigableString(f"[{alt}]"))
    for head in soup.find_all("th"):
        if not head.get_text(strip=True):
            head.name = "td"  # a head without a word is read out as nothing
    for table in soup.find_all("table"):
        table.wrap(soup.new_tag("div", attrs=_box()))
    _shorten_paths(soup)
    cleaned: str = bleach.clean(
        str(soup), tags=TAGS, attributes=_allowed, protocols={"http", "https", "mailto", "data"}, strip=True,
        strip_comments=True,
    )  # fmt: skip
    return cleaned


def _box() -> dict[str, str]:
    """Return what makes a box that scrolls by its side, with the keyboard too."""
    return {"class": "scroll", "role": "group", "tabindex": "0", "aria-label": _("Table")}


def _shorten_paths(soup: BeautifulSoup) -> None:
    texts: list[PageElement] = list(soup.find_all(string=True))
    for text in texts:
        short = without_paths(str(text))
        if short != str(text):
            text.replace_with(NavigableString(short))


def _allowed(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute may stay."""
    if name == "src":
        return tag == "img" and _PICTURE.fullmatch(value) is not None and len(value) <= LARGEST_PICTURE
    if name == "href":
        return tag == "a" and re.match(r"(?:https?://|mailto:)", value, re.IGNORECASE) is not None
    if name in {"colspan", "rowspan"}:
        return tag in {"td", "th"} and re.fullmatch(r"[1-9]\d{0,2}", value) is not None
    if name == "scope":
        return tag == "th" and value in {"row", "col"}
    if tag == "div":
        return _box().get(name) == value
    return (tag, name) in {("img", "alt"), ("ol", "start"), ("abbr", "title")}
