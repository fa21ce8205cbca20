"""A plot as an SVG file that stays as it is until what it shows changes.

Another version of Matplotlib draws the same picture with other bytes. So a committed file is not compared byte
by byte: its second line holds the digest of the numbers and words that it was drawn from, and a digest of its
own body. It is up to date if the first is that of the plot as it would be drawn now, and untouched if the
second is that of the body; then the file stays, whatever Matplotlib is installed.
"""

from __future__ import annotations

import hashlib
import io
import re
from html import escape

from narrowcast.worlds.card.drawing import INK, LINE, PAPER, SOFT, WIDTH, draw
from narrowcast.worlds.card.plots import Plot

__all__ = ["svg", "up_to_date"]

_SHOWN = 480
"""Pixels that a picture is wide where nothing else is said."""

_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"

_DARK = {
    PAPER: "#1a1f2a",
    INK: "#eceef3",
    SOFT: "#a9b1c2",
    LINE: "#2f3645",
    "#0072b2": "#56b4e9",
    "#d55e00": "#e69f00",
    "#cfe6f5": "#23364a",
}
"""What each colour becomes for a reader who prefers a dark page. The picture brings its paper along."""

_MARK = re.compile(r"<!-- shows ([0-9a-f]{16}), drawn as ([0-9a-f]{16}) -->\n")


def svg(plot: Plot) -> str:
    """Return a plot as the text of an SVG file, ending in a newline."""
    from matplotlib import rc_context  # noqa: PLC0415 - half a second that only a plot needs

    figure = draw(plot.name, plot.content)
    out = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": plot.name, "font.family": "DejaVu Sans"}):
        figure.savefig(out, format="svg", metadata=nothing)
    drawn = re.search(r"<svg.*", out.getvalue(), re.DOTALL)
    body = _dressed(drawn[0] if drawn else "", plot.alt)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!-- shows {plot.digest}, drawn as {_print(body)} -->\n{body}'


def up_to_date(text: str, plot: Plot) -> bool:
    """Say whether a file's text shows what the plot shows, and is as it was drawn."""
    mark = _MARK.search(text)
    return mark is not None and mark[1] == plot.digest and mark[2] == _print(text[mark.end() :])


def _print(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _dressed(drawn: str, alt: str) -> str:
    """Give a drawing its title, its size, fonts of the reader's machine and colours for the dark."""
    height = float(re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', drawn)[1])  # type: ignore[index]
    size = f'width="{_SHOWN}" height="{round(height * _SHOWN / WIDTH)}"'
    drawn = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', size, drawn, count=1)
    drawn = re.sub(r"font(-family)?: ([^;\"]*)'DejaVu Sans'[^;\"]*", rf"font\1: \2{_FONTS}", drawn)
    dark = "".join(
        f'[style*="{kind}: {light}"], [{kind}="{light}"] {{ {kind}: {other} !important }} '
        for light, other in _DARK.items()
        for kind in ("fill", "stroke")
    )
    style = f"<style>@media (prefers-color-scheme: dark) {{ {dark}}}</style>"
    opened = drawn.index(">") + 1
    head = f"\n <title>{escape(alt, quote=False)}</title>\n {style}"
    lines = (drawn[:opened].replace("<svg ", '<svg role="img" ') + head + drawn[opened:]).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"
