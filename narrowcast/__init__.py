"""Narrowcast: learn how marketing turned from broadcast to narrowcast, on markets you can play with."""

__version__ = "0.1.0"
