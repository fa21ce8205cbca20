"""Arrow arrays as the tables need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.codes import codes
from narrowcast.worlds.population import REGION_SIZE

__all__ = ["category", "customer_ids", "row_ids", "take", "texts"]

Whole = npt.NDArray[np.int64]

_IN_REGION = 100_000_000
"""Rows of a table that a region may have, so that its numbers are its own."""


def customer_ids(block: Block) -> pa.Array:
    """Return the ids of a block's customers; take from them rather than write them anew."""
    return codes("C", np.arange(block.start, block.stop))


def take(values: pa.Array, rows: Whole, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return values at rows of an array; nothing where `missing` says so."""
    return values.take(pa.array(rows, mask=missing))


def category(codes: npt.NDArray[Any], names: Sequence[str]) -> pa.Array:
    """Return text with few values from its codes; a negative code is a missing value."""
    missing = codes < 0
    index = pa.array(codes.astype(np.int8), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(index, texts(names))


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return text."""
    return pa.array(values, pa.large_string())


def row_ids(block: Block, customer: Whole, moment: npt.NDArray[Any]) -> tuple[Whole, Whole]:
    """Return the order of rows by region and time, and their numbers in that order.

    A region's rows are numbered from 100,000,000 times the region's number plus one on, so that they
    are the same whatever else is drawn.

    Parameters
    ----------
    block
        Whose rows they are.
    customer
        Shape (rows,): number of each row's customer within the block.
    moment
        Shape (rows,): when.
    """
    region = (customer + block.start) // REGION_SIZE
    order = np.lexsort((customer, moment, region))
    counts = np.bincount(region - block.start // REGION_SIZE, minlength=len(block.regions))
    within = np.arange(customer.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return order, (region[order] + 1) * _IN_REGION + within
