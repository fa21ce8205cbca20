"""nbconvert's door: `nbgrader generate_feedback` hands an autograded notebook in, and a page comes out."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters import Exporter, HTMLExporter

from narrowcast.grade.feedback.page import Page, page_of
from narrowcast.grade.feedback.standing import standing_of
from narrowcast.grade.feedback.words import late_told, waiting_told, words
from narrowcast.judge.places import VIETNAMESE
from narrowcast.language import speaking

__all__ = ["FeedbackExporter", "language_of"]

HERE = Path(__file__).parent / "templates"


def language_of(assignment: str) -> str:
    """Return the language of an assignment: a folder that ends in "-vi" is the Vietnamese one."""
    return "vi" if assignment.endswith(VIETNAMESE) else "en"


class FeedbackExporter(HTMLExporter):
    """Makes the page that a student gets back; for nbgrader's `GenerateFeedback` alone.

    Marks and comments come from the gradebook, what the judge said from the check cells' outputs, what happened on
    the way from the ledger, where `narrowcast grade` has left one. Every text of the student's is made harmless; a
    strict Content-Security-Policy stands in the page. It loads nothing and has no script.
    """

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:  # noqa: ANN401
        """Return a notebook's page and the resources.

        Parameters
        ----------
        nb
            The autograded notebook.
        resources
            nbgrader's: whose notebook it is, and where the gradebook lies.

        Raises
        ------
        ValueError
            If it is called by another program than nbgrader.
        """
        about = (resources or {}).get("nbgrader")
        if not about:
            raise ValueError("FeedbackExporter makes pages for `nbgrader generate_feedback` alone")
        nb, resources = Exporter.from_notebook_node(self, nb, resources, **kw)
        names = about["assignment"], about["student"], about["notebook"]
        language = language_of(about["assignment"])
        with speaking(language):
            standing = standing_of(about["db_url"], *names)
            return render(
                page_of(nb, about, self._root(), standing, language, self.config), language
            ), resources

    def _root(self) -> Path:
        """Return nbgrader's course root."""
        course = getattr(self.parent, "coursedir", None)
        return Path(course.root if course is not None else ".").resolve()


def render(page: Page, language: str) -> str:
    """Return a page as HTML, in the language in force."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    standing = page.standing
    sentences = {
        "waiting": waiting_told(standing.waiting, standing.points),
        "late": late_told(standing.seconds_late, standing.penalty),
    }
    html: str = _template().render(
        page=page, w=words(), language=language, style=style, policy=policy, **sentences
    )
    return html


@lru_cache(maxsize=1)
def _template() -> Any:  # noqa: ANN401 - jinja2's
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{round(float(value), 2):g}"
    return environment.get_template("page.html.j2")
