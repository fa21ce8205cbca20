"""What a gallery tells of itself to those who look after it: whether it is well, and how full."""

from __future__ import annotations

from typing import Any

import tornado.web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, generate_latest

__all__ = ["AWAY", "READERS", "Health", "Metrics"]

KERNELS = Gauge("narrowcast_gallery_kernels", "Kernels that run, those kept warm included")
MOST = Gauge("narrowcast_gallery_kernels_most", "Kernels that may run at once")
READERS = Counter("narrowcast_gallery_readers", "Readers who opened an app", ["app", "language"])
AWAY = Counter(
    "narrowcast_gallery_waiting", "Times that a reader was shown the waiting page", ["app", "language"]
)


class Health(tornado.web.RequestHandler):
    """`/health`: how many kernels run, and how many may; for a load balancer, no secret."""

    def initialize(self, crowd: Any) -> None:  # noqa: ANN401 - Voila's kernel manager
        """Take the kernels that are told of."""
        self.crowd = crowd

    def get(self) -> None:
        """Say that all is well: who can say so, is."""
        self.set_header("Cache-Control", "no-store")
        self.write({"status": "ok", "kernels": len(self.crowd), "most": self.crowd.most})


class Metrics(Health):
    """`/metrics`: the same for Prometheus, with what Jupyter Server and Python count; on this machine alone."""

    def get(self) -> None:
        """Tell, but to nobody who comes through a proxy or from another machine."""
        asked = self.request
        if asked.remote_ip not in {"127.0.0.1", "::1"} or {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & {
            *asked.headers
        }:
            raise tornado.web.HTTPError(404)
        KERNELS.set(len(self.crowd))
        MOST.set(self.crowd.most)
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(generate_latest())
