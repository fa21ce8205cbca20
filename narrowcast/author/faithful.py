"""A translation says the same with the same means: code, links, math, placeholders and comments stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

from markdown_it.token import Token

from narrowcast.author.markdown import dialect
from narrowcast.author.tags import tag_names
from narrowcast.language import gettext as _

__all__ = ["lost_in_comment", "lost_in_markdown", "lost_in_template"]

_PLACEHOLDER = re.compile(r"\{[A-Za-z_][\w.]*(?:![rsa])?(?::[^{}\s]*)?\}")
# What a comment quotes is what the code has to say, as in: # "old" or "new"
_QUOTED = re.compile(r"""(?<!\w)(?:"[\w.-]+"|'[\w.-]+')(?!\w)""")
# A Vietnamese text may lead to the Vietnamese neighbour of a page.
_NEIGHBOUR = re.compile(r"\.vi(?=\.\w+)|-vi(?=/|$)")


def lost_in_markdown(message: str, said: str) -> list[str]:
    """Return what a translation of Markdown has lost of its message, each as a phrase for people.

    Parameters
    ----------
    message
        The English.
    said
        Its translation.
    """
    missing = _means(message) - _means(said)
    lost = [f"{what} {value}" for what, value in sorted(missing)]
    if "\n" in said and "\n" not in message:
        lost.append(_("its single line"))
    return lost


def _means(message: str) -> Counter[tuple[str, str]]:
    return Counter(_found(message))


def _found(message: str) -> Iterator[tuple[str, str]]:
    for token in dialect().parseInline(message)[0].children or []:
        yield from _of_token(token)
    for placeholder in _PLACEHOLDER.findall(message):
        yield _("the placeholder"), placeholder


def _of_token(token: Token) -> Iterator[tuple[str, str]]:
    if token.type == "code_inline":
        yield _("the code"), f"`{token.content}`"
    elif token.type.startswith("math_inline"):
        yield _("the formula"), f"${token.content}$"
    elif token.type == "link_open":
        yield _("the link to"), _NEIGHBOUR.sub("", str(token.attrGet("href")))
    elif token.type == "image":
        yield _("the image"), _NEIGHBOUR.sub("", str(token.attrGet("src")))
    elif token.type == "html_inline" and token.content.startswith("<!--"):
        yield _("the comment"), token.content
    elif token.type == "html_inline":
        for name in tag_names(token.content):
            yield _("the tag"), f"{name}>"


def lost_in_comment(message: str, said: str) -> list[str]:
    """Return which quoted words of a comment in code a translation has lost."""
    missing = Counter(_QUOTED.findall(message)) - Counter(_QUOTED.findall(said))
    return [_("the quoted word") + f" {word}" for word in sorted(missing)]


def lost_in_template(message: str, said: str) -> list[str]:
    """Return which placeholders a translated template of Python has lost, or made up.

    Examples
    --------
    >>> lost_in_template("There is no {kind}.", "Khong co.")
    ['the placeholder {kind}']
    """
    try:
        wanted, there = _fields(message), _fields(said)
    except ValueError as error:
        return [_("balanced braces ({error})").format(error=error)]
    lost = [_("the placeholder") + f" {{{name}}}" for name in sorted(wanted - there)]
    return lost + [_("sense: there is no placeholder {name} to fill").format(name=f"{{{name}}}")
                   for name in sorted(there - wanted)]  # fmt: skip


def _fields(template: str) -> set[str]:
    return {name for _text, name, _format, _conversion in Formatter().parse(template) if name is not None}
