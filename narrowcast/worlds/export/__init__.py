"""Data that leaves: a market's tables written to a folder, and folders held to what they say of themselves."""

from narrowcast.worlds.export.bar import Bar, SlowBar
from narrowcast.worlds.export.build import build
from narrowcast.worlds.export.check import check
from narrowcast.worlds.export.formats import FORMATS
from narrowcast.worlds.export.manifest import Manifest, manifest_in
from narrowcast.worlds.export.report import Problem, Report, aspect_titles
from narrowcast.worlds.export.wish import MOST_BUILT, Wish, blueprint_of

__all__ = [
    "FORMATS",
    "MOST_BUILT",
    "Bar",
    "Manifest",
    "Problem",
    "Report",
    "SlowBar",
    "Wish",
    "aspect_titles",
    "blueprint_of",
    "build",
    "check",
    "manifest_in",
]
