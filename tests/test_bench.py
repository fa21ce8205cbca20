"""The bench measures what it says: its peers run the same market as our engine, and it would notice if they did not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import narrowcast as nc
from bench.lines import as_rows, at_least, at_most, noted, show
from bench.peers.agents import Shop, TunedShop, run_agents
from bench.peers.agreement import agreement, demand
from bench.peers.columns import run_columns
from bench.peers.market import CHANNELS, COUNTS, Market, market_of, simple_plan, simple_world
from bench.peers.words import draw_words
from bench.pictures import draw_peers, draw_sizes, draw_stages
from bench.plans import media_plan, student_plan, ten_channels
from bench.simulate import by_stage, ours
from narrowcast.worlds import World

CUSTOMERS = 4_000


@pytest.fixture(scope="module")
def world() -> World:
    return simple_world(CUSTOMERS)


@pytest.fixture(scope="module")
def market(world: World) -> Market:
    return market_of(world, simple_plan(world))


@pytest.fixture(scope="module")
def engine(world: World):
    return ours(world, simple_plan(world), 5, 1)


def test_numpy_agrees_with_the_engine(engine, market):
    demand("NumPy", agreement(engine, run_columns(market, 1)))


def test_numpy_does_not_care_how_customers_are_cut(market):
    demand("NumPy", agreement(run_columns(market, 1, block=500), run_columns(market, 2, block=CUSTOMERS)))


@pytest.mark.parametrize("kind", [Shop, TunedShop])
def test_mesa_agrees_with_the_engine(kind, engine, market):
    demand("Mesa", agreement(engine, run_agents(kind(market, 1))))


def test_people_meet_what_was_bought(market):
    assert market.mean.sum(axis=1) == pytest.approx(np.full(len(CHANNELS), 0.25 * CUSTOMERS), rel=1e-3)


@pytest.mark.parametrize("name", COUNTS)
def test_a_mean_that_is_off_is_found(name, engine, market):
    peers = run_columns(market, 1)
    peers[name] = peers[name] + (np.arange(CUSTOMERS) % 2)
    with pytest.raises(RuntimeError, match=name):
        demand("NumPy", agreement(engine, peers))


def test_a_distribution_that_is_off_is_found(engine, market):
    peers = run_columns(market, 1)
    rng = np.random.default_rng(1)
    peers["contacts"] = rng.poisson(
        market.mean.sum(axis=0).mean() * market.weeks, CUSTOMERS
    )  # everybody alike
    rows = {row.what: row for row in agreement(engine, peers)}
    assert rows["contacts"].p_distribution < 1e-6
    assert rows["visits"].p_distribution > 1e-4


def test_two_runs_that_are_the_same_agree(engine):
    assert all(row.z == 0 and row.p_distribution == pytest.approx(1) for row in agreement(engine, engine))


def test_the_large_plan_uses_ten_channels():
    world = ten_channels(1_000)
    outcome = nc.simulate(world, media_plan(world), threads=1)
    contacts = outcome.channels()["contacts"]
    assert len(contacts) == 10
    assert (contacts > 0).all()
    assert 2 < contacts.sum() / world.size / 12 < 4  # what the plan calls realistic


def test_the_students_plan_runs():
    assert nc.simulate(nc.open_world("hcmc-fashion", customers=500), student_plan()).kpis()["contacts"] > 0


def test_the_floor_runs_on_threads():
    draw_words(ten_channels(12_000).regions, flights=2, weeks=2, threads=2)


def test_stages_are_told_apart():
    stages = by_stage(3_000)
    assert {"drawing people", "census", "engine", "reducing"} < set(stages)
    assert all(seconds >= 0 for seconds in stages.values())


def test_lines_say_whether_a_target_is_reached(capsys):
    lines = [at_least("a", 3, "times", 2), at_most("b", 3, "s", 2), noted("c", 1, "s")]
    assert [line.reached for line in lines] == [True, False, None]
    rows = json.loads(json.dumps(as_rows(lines, {"python": "3"})))
    assert [row["target"] for row in rows] == ["at least 2", "at most 2", None]
    assert {"name", "value", "unit", "target", "reached", "versions"} == set(rows[0])
    show("some", lines)
    assert "at least 2" in capsys.readouterr().out


def test_plots_are_the_same_each_time(tmp_path: Path):
    def drawn(folder: str) -> list[bytes]:
        (tmp_path / folder).mkdir()
        files = [tmp_path / folder / name for name in ("peers.svg", "sizes.svg", "stages.svg")]
        draw_peers({"Narrowcast": 0.1, "Mesa": 9.0}, 100, files[0])
        draw_sizes({10: {"first": 1.0, "again": 0.5}, 100: {"first": 9.0, "again": None}}, files[1])
        draw_stages({"engine": 0.75, "census": 0.25}, 1.5, 100, files[2])
        return [file.read_bytes() for file in files]

    assert drawn("one") == drawn("other")
