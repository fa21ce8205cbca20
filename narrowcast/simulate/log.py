"""All that happened, one row an event: the run again, written down."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from narrowcast.errors import DataError, PlanError
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import COUNTED, FLIGHT_SUMS, TYPES
from narrowcast.simulate.engine.moment import moments
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.region import Lived, logged
from narrowcast.simulate.run import in_threads, lay_out
from narrowcast.simulate.threads import usual_threads
from narrowcast.worlds import Region
from narrowcast.worlds.codes import codes

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["ROWS_MOST", "STRANGER_FROM", "tables", "touches"]

ROWS_MOST = 20_000_000
"""Rows that are held in memory at once, about 40 bytes each."""

STRANGER_FROM = 1 << 31
"""Numbers of the people of purchased files begin here."""

_STRANGER_DIGITS = 10

_STAGES = (
    "told", "contact", "bounce", "open", "machine_open", "click", "lead", "unsubscribe", "complaint", "visit",
    "order", "share",
)  # fmt: skip
"""What comes first where several things happen to a person on one day."""

_SHARE = TYPES.index("share")
_RANK = np.array([_STAGES.index(name) for name in TYPES])


def touches(
    outcome: Outcome, path: str | os.PathLike[str] | None = None, threads: int | None = None
) -> pd.DataFrame:
    """Return all that happened in an outcome, one row an event.

    Parameters
    ----------
    outcome
        What was run; its regions are run again.
    path
        A Parquet file to write the log to, a region at a time, so that a market of any size has one. It is there
        only once it is whole. None: return the log.
    threads
        Regions that run side by side; None takes the machine's processors. The log is the same.

    Returns
    -------
    pandas.DataFrame
        ==============  ==========================================================================================
        customer_id     such as "C0000042"; people of purchased files who are no customers are "X0134217769"
        week            from 1
        day             0 to 6: drawn, as the model's step is a week; effects come on the day of their cause or later
        type            one of `TYPES`; "open" stands for noticed in every medium
        channel,        what it came from; of an order, the flight that a code or cookie credits; missing for what
        flight          came of itself
        count           how many the row stands for: 2 contacts of a flight in a week are one row
        value           money of an order, after the discount, in the smallest unit; else 0
        ==============  ==========================================================================================

        Region by region, in each its customers before strangers; of one person by week and day, and what led to
        something before it. With a path: how much was written, index type, columns rows, count and value.

    Raises
    ------
    PlanError
        If the log is too large for memory and there is no path.
    DataError
        If the file cannot be written.
    """
    regions = outcome.regions
    parts = tables(outcome, threads)
    if path is not None:
        return _written(parts, _place(path), len(regions))
    rows = _rows_most(outcome)
    if rows > ROWS_MOST:
        problem = _("the log has up to {rows:,} rows; {most:,} are held in memory at most.")
        cure = _('Write it to a file: outcome.touches("touches.parquet").')
        raise PlanError(_("measure"), problem.format(rows=rows, most=ROWS_MOST), cure)
    whole = []
    with Bar(_("writing the log"), len(regions)) as bar:
        for part in parts:
            whole.append(part)
            bar.step()
    frame: pd.DataFrame = pa.concat_tables(whole).to_pandas()
    return frame


def tables(outcome: Outcome, threads: int | None = None) -> Iterator[pa.Table]:
    """Yield the log of each region of an outcome, in order; what is yielded is as `touches` tells."""
    workers = threads or usual_threads()
    layout = lay_out(outcome.world, outcome.plan, outcome.seed, workers)
    yield from in_threads(lambda region: _table(layout, region), outcome.regions, workers)


def _rows_most(outcome: Outcome) -> int:
    """Return how many rows a log cannot have more than: as if every event had a row of its own."""
    sums = dict(zip(FLIGHT_SUMS, outcome.part.flights.sum(axis=(0, 1)).tolist(), strict=True))
    week = dict(zip(COUNTED, outcome.part.weekly.sum(axis=0).tolist(), strict=True))
    kinds = (
        "contacts",
        "bounced",
        "noticed",
        "machine_opens",
        "clicked",
        "leads",
        "unsubscribed",
        "complaints",
        "shares",
    )
    own = ("visits", "orders", "advocated", "told")
    return int(sum(sums[kind] for kind in kinds) + sum(week[kind] for kind in own))


def _table(layout: Layout, region: Region) -> pa.Table:
    """Run a region again and return its log."""
    lived = logged(layout, region)
    events = lived.results.events[: int(lived.results.seen[0])]
    flights = layout.flights
    slots = layout.table(region.size / layout.world.size)["slot"]
    rules = layout.rules[0]
    days = moments(events, lived.people["number"].copy(), slots.copy(), rules["k0"], rules["k1"])
    order = np.lexsort((_RANK[events["type"]], days, events["week"], events["person"]))
    events, days = events[order], days[order]
    names = list(dict.fromkeys(flight.channel for flight in flights))
    channel = np.array([*(names.index(flight.channel) for flight in flights), -1], np.int16)
    return pa.table(
        {
            "customer_id": _ids(lived, events["person"]),
            "week": pa.array(events["week"] + np.int16(1)),
            "day": pa.array(days),
            "type": _category(events["type"].astype(np.int16), TYPES),
            "channel": _category(channel[events["flight"]], names),
            "flight": _category(events["flight"].copy(), [flight.name for flight in flights]),
            # The engine notes the friends that a share reached, none perhaps; it is one share all the same.
            "count": pa.array(np.where(events["type"] == _SHARE, np.int32(1), events["count"])),
            "value": pa.array(events["value"].copy()),
        }
    )


def _ids(lived: Lived, person: npt.NDArray[Any]) -> pa.Array:
    """Return the id of each event's person."""
    numbers = lived.people["number"].astype(np.int64)
    mine, others = numbers[: lived.customers], numbers[lived.customers :] - STRANGER_FROM
    everybody = pa.concat_arrays([codes("C", mine), codes("X", others, _STRANGER_DIGITS)])
    return everybody.take(pa.array(person))


def _category(code: npt.NDArray[np.int16], names: list[str] | tuple[str, ...]) -> pa.Array:
    """Return a column of few values, missing where the code is negative."""
    return pa.DictionaryArray.from_arrays(pa.array(code, mask=code < 0), pa.array(names, pa.string()))


def _place(path: object) -> Path:
    """Return where the log goes."""
    cure = _("Give the name of a file, such as touches.parquet, in a folder that is there.")
    if not isinstance(path, str | os.PathLike) or not str(path).strip() or "\0" in str(path):
        raise DataError(_("{path!r} is no name of a file.").format(path=path), cure)
    place = Path(path).expanduser()
    if place.is_dir():
        raise DataError(_("{path} is a folder.").format(path=place), cure)
    if not place.parent.is_dir():
        raise DataError(_("There is no folder {path}.").format(path=place.parent), cure)
    if place.suffix not in {"", ".parquet"}:
        raise DataError(_("{path} would be a Parquet file under another name.").format(path=place), cure)
    return place


def _written(parts: Iterator[pa.Table], place: Path, regions: int) -> pd.DataFrame:
    """Write tables one after the other; the file bears its name only once it is whole."""
    sums = np.zeros((len(TYPES), 3), np.int64)
    draft = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with Bar(_("writing the log"), regions) as bar:
            _stream(parts, draft, sums, bar)
        draft.replace(place)
    except OSError as error:
        problem = _("{path} cannot be written: {why}.").format(path=place, why=error.strerror or error)
        raise DataError(problem, _("Give another place.")) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return pd.DataFrame(sums, index=pd.Index(TYPES, name="type"), columns=["rows", "count", "value"])


def _stream(parts: Iterator[pa.Table], draft: Path, sums: npt.NDArray[np.int64], bar: Bar) -> None:
    """Write tables to a file, a row group each, and add up what is in them."""
    writer = None
    try:
        for part in parts:
            writer = writer or pq.ParquetWriter(draft, part.schema, compression="zstd")
            writer.write_table(part)
            kind = part["type"].combine_chunks().indices.to_numpy()
            for column, weight in enumerate((None, part["count"].to_numpy(), part["value"].to_numpy())):
                sums[:, column] += np.rint(np.bincount(kind, weight, minlength=len(TYPES))).astype(np.int64)
            bar.step()
    finally:
        if writer is not None:
            writer.close()
