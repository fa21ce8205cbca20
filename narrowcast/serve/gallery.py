"""The public reader's door: Voila, with a front page for each language and nothing that lists or opens more.

    /                          the reader's language, by what their browser prefers
    /en/                       the gallery                  /vi/...  the same in Vietnamese
    /en/fliplab                an app                       /vi/...  the same in Vietnamese
    /en/markets/hcmc-fashion   a market's card              /vi/...  the same in Vietnamese
    /markets/hcmc-fashion/sample.csv                        its first customers
    /health, /metrics                                       for those who look after it

An app is a notebook in widgets/<language>/, and runs only if it has a card (`narrowcast.serve.cards`). Of a
market its card, its pictures and its sample are shown (`narrowcast.serve.markets`), and no other file. Where all
places are taken (`narrowcast.serve.crowd`), a reader is shown a page that looks again by itself.
"""

from __future__ import annotations

import os
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tornado.web
from tornado.web import StaticFileHandler
from voila.app import Voila
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.contentshandler import VoilaContentsHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.treehandler import TornadoVoilaTreeHandler

from narrowcast.language import LANGUAGES
from narrowcast.serve.cards import gallery_words
from narrowcast.serve.crowd import Crowd
from narrowcast.serve.health import AWAY, READERS, Health, Metrics
from narrowcast.serve.markets import market_cards, market_page, picture_file, sample_file

__all__ = ["Gallery"]

JUPYTER = Path(__file__).parent / "jupyter"
"""A Jupyter data folder: Voila finds our template in it."""
STATIC = JUPYTER / "voila" / "templates" / "narrowcast" / "static"
WAIT = 4
"""Seconds after which who waits for a place may look again; static/wait.js does."""
OPEN_DOORS = (TornadoVoilaTreeHandler, TornadoVoilaHandler, VoilaContentsHandler, AllowListFileHandler)
"""Voila's own pages that list, run or hand out whatever lies in the folder."""


class Gallery(Voila):  # type: ignore[misc]
    """Voila, whose pages are ours."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read widgets/voila.json and the command line, and find our template."""
        path = os.environ.get("JUPYTER_PATH")
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(JUPYTER), path]))
        super().initialize(argv)
        self.config.VoilaConfiguration.resources = {"narrowcast": gallery_words()}
        self.voila_configuration.multi_kernel_manager_class = Crowd

    def init_handlers(self) -> list[Any]:
        """Return Voila's handlers less those that open more than the apps, and ours."""
        base = self.server_url
        kept = [handler for handler in super().init_handlers() if handler[1] not in OPEN_DOORS]
        spoken = "|".join(LANGUAGES)
        app = {
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            *kept,
            (rf"{base}", _Welcome),
            (rf"{base}health", Health, {"crowd": self.kernel_manager}),
            (rf"{base}metrics", Metrics, {"crowd": self.kernel_manager}),
            (rf"{base}({spoken})/?", _Front, {"folder": Path(self.root_dir)}),
            (rf"{base}({spoken})/([a-z0-9-]+)", _App, app),
            (rf"{base}({spoken})/([a-z0-9-]+)/place", _Place, {"crowd": self.kernel_manager}),
            (rf"{base}({spoken})/markets/([a-z0-9-]+)", _Market),
            (rf"{base}markets/([a-z0-9-]+)/sample\.csv", _Sample),
            (rf"{base}pictures/markets/([a-z0-9-]+)/([a-z]+)\.({spoken})\.svg", _Picture),
            (
                rf"{base}pictures/((?:page|line|wait|icon)\.(?:css|js|svg))",
                StaticFileHandler,
                {"path": STATIC},
            ),
            (
                rf"{base}pictures/([a-z0-9-]+\.webp)",
                StaticFileHandler,
                {"path": Path(self.root_dir) / "pictures"},
            ),
        ]


class _Welcome(tornado.web.RequestHandler):
    """Sends a reader to the gallery in the language that their browser prefers."""

    def get(self) -> None:
        self.set_header("Vary", "Accept-Language")
        wanted = self.request.headers.get("Accept-Language", "")[:2].lower()
        self.redirect(f"{self.settings['base_url']}{wanted if wanted in LANGUAGES else 'en'}/")


class _Page(tornado.web.RequestHandler):
    """A page that no kernel stands behind."""

    def set_default_headers(self) -> None:
        for name, value in self.settings.get("headers", {}).items():
            self.set_header(name, value)

    def show(self, template: str, **values: Any) -> None:  # noqa: ANN401 - whatever a template shows
        """Write a template of ours with the gallery's words."""
        page = self.settings["voila_jinja2_env"].get_template(template)
        self.write(page.render(base=self.settings["base_url"], base_url=self.settings["base_url"], **values))

    def write_error(self, status_code: int, **_how: Any) -> None:  # noqa: ANN401 - tornado's own
        self.finish(
            self.settings["voila_jinja2_env"]
            .get_template("error.html")
            .render(
                base_url=self.settings["base_url"],
                status_code=status_code,
                status_message=HTTPStatus(status_code).phrase,
            )
        )


class _Front(_Page):
    """The gallery in one language."""

    def initialize(self, folder: Path) -> None:
        self.folder = folder

    def get(self, language: str) -> None:
        words = gallery_words()
        apps = {file.stem for file in (self.folder / language).glob("*.ipynb")}
        markets = market_cards(language)
        self.show(
            "gallery.html", language=language, words=words[language], all=words, apps=apps, markets=markets
        )


class _Market(_Page):
    """A market's card in one language."""

    def get(self, language: str, name: str) -> None:
        page = market_page(name, language, f"{self.settings['base_url']}pictures/markets/")
        if page is None:
            raise tornado.web.HTTPError(404)
        words = gallery_words()
        self.show("market.html", language=language, words=words[language], all=words, name=name, page=page)


class _Sample(_Page):
    """A market's first customers, to keep."""

    def get(self, name: str) -> None:
        _hand_out(self, sample_file(name), "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{name}-sample.csv"')


class _Picture(_Page):
    """One of a market's pictures."""

    def get(self, name: str, plot: str, language: str) -> None:
        _hand_out(self, picture_file(name, plot, language), "image/svg+xml; charset=utf-8")


def _hand_out(handler: _Page, file: Path | None, kind: str) -> None:
    if file is None:
        raise tornado.web.HTTPError(404)
    handler.set_header("Content-Type", kind)
    handler.write(file.read_bytes())


class _App(TornadoVoilaHandler):  # type: ignore[misc]
    """One app in one language, with a kernel of its own."""

    async def get(self, language: str, name: str) -> None:
        words = gallery_words()[language]
        if name not in words["apps"]:
            raise tornado.web.HTTPError(404)
        notebook = f"{language}/{name}.ipynb"
        if not self.kernel_manager.holds_one_more(notebook):
            AWAY.labels(name, language).inc()
            self._wait(language, words)
            return
        READERS.labels(name, language).inc()
        await super().get(notebook)

    def _wait(self, language: str, words: dict[str, Any]) -> None:
        self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
        self.set_header("Retry-After", str(WAIT))
        self.set_header("Cache-Control", "no-store")
        page, base = self.get_template("wait.html"), self.settings["base_url"]
        self.write(page.render(base=base, language=language, words=words))


class _Place(tornado.web.RequestHandler):
    """Whether an app has a place for one more reader: 204, or 503."""

    def initialize(self, crowd: Any) -> None:  # noqa: ANN401 - Voila's kernel manager
        self.crowd = crowd

    def get(self, language: str, name: str) -> None:
        if name not in gallery_words()[language]["apps"]:
            raise tornado.web.HTTPError(404)
        free = self.crowd.holds_one_more(f"{language}/{name}.ipynb")
        self.set_header("Cache-Control", "no-store")
        self.set_status(HTTPStatus.NO_CONTENT if free else HTTPStatus.SERVICE_UNAVAILABLE)


if __name__ == "__main__":
    Gallery.launch_instance()
