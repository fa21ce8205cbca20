"""What the gallery says: its own words, and a card for each app."""

from __future__ import annotations

from typing import Any

from narrowcast.language import LANGUAGES, speaking
from narrowcast.language import gettext as _

__all__ = ["gallery_words"]

NAMES = {"en": "English", "vi": "Tiếng Việt"}
"""A language is called by its own name, whatever is spoken."""


def gallery_words() -> dict[str, dict[str, Any]]:
    """Return, by language, every word that the gallery and an app's page show."""
    words = {}
    for language in LANGUAGES:
        with speaking(language):
            words[language] = {"name": NAMES[language], "apps": _cards(), **_page()}
    return words


def _cards() -> dict[str, dict[str, str]]:
    """Return a card for each app by its name, which is its address; its notebook is widgets/<language>/<name>.ipynb."""
    return {
        "fliplab": {
            "title": "FlipLab",
            "sentence": _(
                "One message for everybody, or one for each small group? Spend the same money both ways on the "
                "same people, and find out when the rules of marketing flip."
            ),
            "picture": _(
                "Two maps of people at night. On the left one wide light; on the right a light on each of three "
                "groups, with more people lit up."
            ),
            "lesson": _("Lesson 1: The rules flipped"),
            "minutes": _("5 minutes"),
        }
    }


def _page() -> dict[str, str]:
    return {
        "gallery_title": _("Markets to play with"),
        "gallery_lede": _(
            "Small apps from an open course on how marketing turned from broadcast to narrowcast. Place a bet, "
            "run the campaign on simulated people, see who was right. No account, nothing to install."
        ),
        "languages": _("Language"),
        "markets": _("Markets"),
        "markets_lede": _(
            "The invented markets that the course is taught on. Each has a card that says who lives there and what "
            "was sold to them, down to the last column of its tables."
        ),
        "look": _("Look around →"),
        "contents": _("On this page"),
        "sample": _("Take the first 100 customers along (CSV)"),
        "all_markets": _("All markets"),
        "play": _("Play →"),
        "all": _("All apps"),
        "about": _(
            "Narrowcast is free to use and to change: code BSD-3-Clause, texts CC BY 4.0. "
            "All people are invented."
        ),
        "empty": _("There is no app here yet."),
        "full_title": _("All places are taken"),
        "full": _(
            "As many people are playing as this computer has room for. This page looks again every few seconds and "
            "opens the app as soon as somebody has left."
        ),
        "again": _("Look again now"),
        "meanwhile": _("Look at the markets meanwhile"),
        "gone": _("The simulation behind this page has ended."),
        "reload": _("Start it again"),
        "noscript": _("This app needs JavaScript."),
        "broken": _("This app could not start. Please try again later."),
    }
