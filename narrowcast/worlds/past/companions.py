"""Rows that go with customers at a rate: three addresses in a purchased file for every two customers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.draws import Floats, Purpose, uniforms

__all__ = ["LEADS", "Companions"]

Whole = npt.NDArray[np.int64]

_MOST_LISTS = 16
"""Lists of strangers in a market; the leads are the last of them."""

LEADS = _MOST_LISTS - 1

_SLOTS = 64
"""Slots of one list's draws; the next list's begin so many further on."""


@dataclass(frozen=True)
class Companions:
    """The rows of a list that go with a block's customers; row k goes with customer k / `per_customer`.

    Parameters
    ----------
    block
        The customers.
    per_customer
        Rows a customer, 0 or more.
    purpose
        What the rows' draws decide.
    number
        Which list of that purpose, from 0.
    """

    block: Block
    per_customer: float
    purpose: Purpose
    number: int = 0

    @cached_property
    def first(self) -> int:
        """Number of the first row in the whole list."""
        return math.ceil(self.block.start * self.per_customer)

    @cached_property
    def size(self) -> int:
        """Rows."""
        return math.ceil(self.block.stop * self.per_customer) - self.first

    @cached_property
    def numbers(self) -> Whole:
        """Numbers of the rows in the whole list, shape (rows,)."""
        return self.first + np.arange(self.size)

    @cached_property
    def strangers(self) -> Whole:
        """Numbers for the e-mail addresses of people who are no customers, shape (rows,).

        They go on where the customers' numbers end, list by list in turn, so that no two people share one.
        """
        return self.block.blueprint.customers + self.numbers * _MOST_LISTS + self.number

    @cached_property
    def customer(self) -> Whole:
        """Number within the block of the customer each row goes with, shape (rows,)."""
        if not self.size:
            return np.zeros(0, dtype=np.int64)
        near = (self.numbers / self.per_customer).astype(np.int64) - self.block.start
        return np.clip(near, 0, self.block.size - 1)

    @cached_property
    def foremost(self) -> npt.NDArray[np.bool_]:
        """Whether a row is the first that goes with its customer, shape (rows,)."""
        new: npt.NDArray[np.bool_] = np.diff(self.customer, prepend=-1) != 0
        return new

    def draw(self, slot: int, before: int = 0) -> Floats:
        """Draw one uniform a row, shape (rows + before,), with some rows before the first, where there are any."""
        start = max(0, self.first - before)
        return uniforms(
            self.block.blueprint.seed,
            self.purpose,
            start,
            self.first + self.size - start,
            channel=self.number * _SLOTS + slot,
            remember=False,
        )
