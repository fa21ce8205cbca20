"""SEE: one widget is one module, with its script and its style beside it."""

from narrowcast.widgets.fliplab import FlipLab

__all__ = ["FlipLab"]
