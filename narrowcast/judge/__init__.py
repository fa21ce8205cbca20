"""RIGHT?: answer keys, questions, named mistakes, verdicts."""

from narrowcast.judge.key import Key, load_key
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.worksheet import Worksheet, check, open_assignment, open_lesson

__all__ = [
    "Key",
    "Reason",
    "Verdict",
    "Worksheet",
    "check",
    "load_key",
    "open_assignment",
    "open_lesson",
]
