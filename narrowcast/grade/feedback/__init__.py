"""FEEDBACK: the page that a student gets back, made by `nbgrader generate_feedback`.

It is selected in nbgrader_config.py: `c.GenerateFeedback.exporter_class`.

::

    standing   a notebook's marks and comments, from the gradebook
    verdicts   what the judge said, read back from a check cell's output
    hidden     what no student may read: hidden tests, the key
    safe       texts, code and HTML of strangers, made harmless
    outputs    what a cell gave out, fit for a page
    sections   a notebook cut into its questions
    checks     one graded cell: its mark and what is said about it
    reading    where to read again
    page       all of it together
    exporter   nbconvert's door
"""

from __future__ import annotations

from narrowcast.grade.feedback.exporter import FeedbackExporter

__all__ = ["FeedbackExporter"]
