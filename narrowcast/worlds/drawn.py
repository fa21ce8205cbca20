"""What was drawn of a market in another process: taken as it is, so that it is not drawn twice.

Whoever draws puts it where `Blueprint.kept` would hold it; the market's digest says to whom it belongs.
"""

from __future__ import annotations

import pickle
from collections.abc import Hashable, Mapping
from typing import Any

from narrowcast.worlds.blueprint import RECEIVED, Blueprint

__all__ = ["packed", "receive"]


def packed(blueprint: Blueprint, parts: Mapping[Hashable, Any]) -> bytes:
    """Return parts of a market as bytes, for `receive` in another process of the same version.

    Parameters
    ----------
    blueprint
        The market.
    parts
        By the key under which `Blueprint.kept` holds each.
    """
    return pickle.dumps((blueprint.digest, dict(parts)), protocol=5)


def receive(*packs: bytes) -> None:
    """Have what was packed at hand for the markets that are opened from now on; what was received before is let go.

    Parameters
    ----------
    *packs
        From `packed`. They are unpickled: only what this program itself has packed may be given.
    """
    RECEIVED.clear()
    RECEIVED.update(pickle.loads(pack) for pack in packs if pack)  # noqa: S301 - see above
