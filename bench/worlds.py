"""Drawing customers: against Faker and mimesis row by row, and against a floor that does as little as can be.

The floor draws columns of the same types with NumPy's own generator, without any rule that ties one column to
another, and takes its texts with Arrow from pools as long as ours: nothing with these columns can be much faster.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from faker import Faker
from matplotlib.figure import Figure
from mimesis import Address, Datetime, Person
from mimesis.locales import Locale

from bench.timing import RUNS, median_seconds, versions
from narrowcast.worlds import VietnamesePeople, load_recipe, world_folder
from narrowcast.worlds.blueprint import BLOCK_SIZE, Blueprint
from narrowcast.worlds.calendar import TODAY
from narrowcast.worlds.people.names import names_of
from narrowcast.worlds.people.nations import nation
from narrowcast.worlds.tables.customers import TABLE

WORLD = "hcmc-fashion"
ROWS = 1_000_000
FAKER_ROWS, MIMESIS_ROWS = 3_000, 30_000
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
CORES = os.cpu_count() or 1


def drawing(customers: int, threads: int = 1) -> Callable[[], object]:
    """Return work that draws every block of a market with all its columns, and drops it."""
    blueprint = Blueprint(load_recipe(world_folder(WORLD) / "recipe.toml"), customers, seed=1)

    def draw(number: int) -> int:
        return len(TABLE.draw(blueprint.block(number)))

    def alone() -> object:
        return sum(draw(number) for number in range(blueprint.blocks))

    def together() -> object:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(draw, range(blueprint.blocks)))

    return alone if threads == 1 else together


def floor() -> Callable[[], object]:
    """Return work that fills `ROWS` rows with the same seventeen types of column, block by block."""
    rng, n, world = np.random.default_rng(1), BLOCK_SIZE, load_recipe(world_folder(WORLD) / "recipe.toml")
    names = names_of("vi_VN").full
    work = nation("vi_VN").work
    pools = {
        "id": [f"C{number:07d}" for number in range(n)],
        "email": [f"minh.nguyen{number}@example.com" for number in range(len(names))],
        "phone": [f"091{number:07d}" for number in range(n)],
        "province": [f"Thanh Hóa {number}" for number in range(34)],
        "job": [work.pupil, work.student, work.retired, *work.first, *work.later],
    }
    texts = {name: pa.array(pool, pa.large_string()) for name, pool in pools.items()} | {"name": names}

    def pick(pool: str, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
        return texts[pool].take(pa.array(rng.integers(0, len(texts[pool]), n), mask=missing))

    def code(kinds: int) -> pa.Array:
        labels = pa.array([str(kind) for kind in range(kinds)], pa.large_string())
        return pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, kinds, n, dtype=np.int8)), labels)

    def day(days: npt.NDArray[np.int64]) -> pa.Array:
        return pa.array(TODAY - (days * 86_400).astype("timedelta64[s]"))

    def block() -> pa.Table:
        email, phone = rng.random(n) < 0.9, rng.random(n) < 0.9
        columns = [
            *(pick("id"), pick("name"), code(2), day((rng.normal(33, 9, n) * 365.25).astype(np.int64))),
            *(pick("province"), pick("job"), pick("email", ~email), pick("phone", ~phone)),
            *(pa.array(email & (rng.random(n) < 0.6)), pa.array(phone & (rng.random(n) < 0.5)), code(1)),
            *(
                code(len(world.segments)),
                day(rng.integers(1, 1_093, n)),
                code(len(world.history.acquisition)),
            ),
            *(code(2), pick("id", rng.random(n) > 0.12), code(3)),
        ]
        return pa.Table.from_arrays(columns, names=TABLE.schema().names)

    return lambda: sum(block().num_rows for _block in range(ROWS // n))


def faker_rows() -> Callable[[], object]:
    """Return work that makes six columns of identity with Faker and our provider, row by row."""
    fake = Faker("vi_VN")
    fake.add_provider(VietnamesePeople)
    fake.seed_instance(1)

    def row(number: int) -> tuple[object, ...]:
        name = fake.vietnamese_name("F" if number % 2 else "M")
        born = fake.date_of_birth(minimum_age=16, maximum_age=85)
        return name, born, fake.province(), fake.job(), fake.email(name), fake.mobile()

    return lambda: [row(number) for number in range(FAKER_ROWS)]


def stock_faker_rows() -> Callable[[], object]:
    """Return work that makes six columns of identity with Faker as it comes, row by row."""
    fake = Faker("vi_VN")
    fake.seed_instance(1)

    def row() -> tuple[object, ...]:
        born = fake.date_of_birth(minimum_age=16, maximum_age=85)
        return fake.name(), born, fake.administrative_unit(), fake.job(), fake.email(), fake.phone_number()

    return lambda: [row() for _row in range(FAKER_ROWS)]


def whole_faker_rows() -> Callable[[], object]:
    """Return work that makes all seventeen columns with Faker as it comes, row by row, none tied to another."""
    fake = Faker("vi_VN")
    fake.seed_instance(1)
    segments = ("bargain", "loyal", "trend")

    def row(number: int) -> tuple[object, ...]:
        born = fake.date_of_birth(minimum_age=16, maximum_age=85)
        came = fake.date_between(start_date="-3y")
        return (
            *(f"C{number:07d}", fake.name(), fake.random_element("FM"), born, fake.administrative_unit()),
            *(fake.job(), fake.email(), fake.phone_number(), fake.boolean(62), fake.boolean(38), "house"),
            *(fake.random_element(segments), came, fake.random_element(("search", "social", "direct"))),
            *(fake.random_element(("mobile", "desktop")), fake.random_int(0, number)),
            fake.random_element(("none", "treated", "holdout")),
        )

    return lambda: [row(number) for number in range(FAKER_ROWS)]


def mimesis_rows() -> Callable[[], object]:
    """Return work that makes six columns of identity with mimesis, row by row: it has no Vietnamese, so English."""
    person, address, dates = (
        Person(Locale.EN, seed=1),
        Address(Locale.EN, seed=1),
        Datetime(Locale.EN, seed=1),
    )
    last = int(str(TODAY)[:4])

    def row() -> tuple[object, ...]:
        born = dates.date(last - 85, last - 16)
        home = address.province()
        return person.full_name(), born, home, person.occupation(), person.email(), person.phone_number()

    return lambda: [row() for _row in range(MIMESIS_ROWS)]


def costs_by_rows() -> dict[int, float]:
    """Return microseconds a row, on one thread, for markets of many sizes."""
    costs = {}
    for rows in SIZES:
        work, times = (
            drawing(rows),
            max(1, 300_000 // rows),
        )  # small markets several times: a clock has an end
        costs[rows] = median_seconds(lambda: [work() for _time in range(times)]) / times / rows * 1e6  # noqa: B023
    return costs


OPENING = """
import time, narrowcast
begin = time.perf_counter()
world = narrowcast.open_world("{world}", student="{student}")
world.customers, world.orders
print(time.perf_counter() - begin)
"""


def opening() -> dict[str, float]:
    """Return seconds to open a student's world of 20,000 with customers and orders, in new processes."""
    times: dict[str, list[float]] = {"first on this machine": [], "again": []}
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as cache:
            for taken in times.values():
                script = OPENING.format(world=WORLD, student=f"bench-{run}")
                done = subprocess.run(
                    [sys.executable, "-c", script],
                    env=os.environ | {"XDG_CACHE_HOME": cache},
                    check=True,
                    capture_output=True,
                    text=True,
                )
                taken.append(float(done.stdout))
    return {kind: statistics.median(taken) for kind, taken in times.items()}


def plot(costs: dict[int, float], lowest: float, file: Path) -> None:
    """Draw cost a row against rows."""
    with mpl.rc_context({"svg.hashsalt": "narrowcast", "svg.fonttype": "none", "font.size": 11}):
        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        axes.semilogx(
            list(costs), list(costs.values()), "o-", color="#1f5f8b", label="narrowcast, 17 columns"
        )
        axes.axhline(lowest, color="#8a5a00", linestyle="--", label="floor: NumPy and Arrow, 1,000,000 rows")
        axes.set(xlabel="Customers in the market", ylabel="Microseconds a customer, one thread")
        axes.set_title("Customers drawn block by block: cost of a row")
        axes.set_ylim(0, max(*costs.values(), lowest) * 1.5)
        axes.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
        axes.grid(visible=True, alpha=0.3)
        axes.legend(loc="upper right")
        figure.savefig(file, metadata={"Date": None})


def bench_worlds(results: Path) -> dict[str, Any]:
    """Measure, and plot the cost of a row into the folder of results."""
    work = {
        f"narrowcast, 17 columns, {CORES} threads": (drawing(ROWS, CORES), ROWS),
        "narrowcast, 17 columns, 1 thread": (drawing(ROWS), ROWS),
        "floor, 17 columns, 1 thread": (floor(), ROWS),
        "Faker with our provider, 6 columns": (faker_rows(), FAKER_ROWS),
        "Faker alone, 6 columns": (stock_faker_rows(), FAKER_ROWS),
        "Faker alone, 17 columns": (whole_faker_rows(), FAKER_ROWS),
        "mimesis, 6 columns": (mimesis_rows(), MIMESIS_ROWS),
    }
    cost = {name: median_seconds(run) / rows * 1e6 for name, (run, rows) in work.items()}
    threads, alone, lowest, ours, stock, whole, mimesis = cost.values()
    by_rows = costs_by_rows()
    plot(by_rows, lowest, results / "worlds-rows.svg")
    return {
        "work": f"customers of {WORLD}, {ROWS:,} rows, drawn block by block; peers on samples of {FAKER_ROWS:,}"
        f" (Faker) and {MIMESIS_ROWS:,} rows (mimesis): name, birth date, province, job, e-mail, phone",
        "microseconds_a_row": cost,
        "times_faster_than_faker_on_all_threads": {
            "the same 17 columns": whole / threads,
            "6 of them, by Faker alone": stock / threads,
            "6 of them, by Faker with our provider": ours / threads,
        },
        "times_faster_than_faker_on_1_thread": {
            "the same 17 columns": whole / alone,
            "6 of them, by Faker alone": stock / alone,
            "6 of them, by Faker with our provider": ours / alone,
        },
        "times_faster_than_mimesis": {"all threads": mimesis / threads, "1 thread": mimesis / alone},
        "times_the_floor_on_1_thread": alone / lowest,
        "microseconds_a_row_by_rows_on_1_thread": by_rows,
        "dearest_row_over_cheapest": max(by_rows.values()) / min(by_rows.values()),
        "seconds_to_open_a_students_world": opening(),
        "versions": versions("numpy", "pyarrow", "scipy", "faker", "mimesis"),
    }
