from __future__ import annotations

import os
import stat
import subprocess
import sys

import psutil
import pytest

from narrowcast.serve.doors import Doors
from narrowcast.serve.place import Place
from narrowcast.serve.record import Record, claim

DOORS = Doors(
    "http://a/lab?token=t", "http://a/formgrader?token=t", {"en": "http://b/en/", "vi": "http://b/vi/"}
)


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_the_first_run_has_the_place_to_itself(place):
    record, mine = claim(place)
    assert mine
    assert record.alive
    assert stat.S_IMODE(record.file.stat().st_mode) == 0o600
    record.remove()
    assert list(place.state.iterdir()) == []


def test_a_second_run_reads_what_the_first_wrote(place):
    record, _mine = claim(place)
    record.doors = DOORS
    record.add(os.getpid())
    other, mine = claim(place)
    assert not mine
    assert other.doors == DOORS
    assert other.leader[0] == os.getpid()
    assert [pid for pid, _born in other.servers] == [os.getpid()]


def test_a_run_whose_process_died_is_put_aside_and_its_servers_ended(place, sleeper):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    place.state.mkdir()
    left = Record(place.state / "run.json", (dead.pid, 1.0), doors=DOORS)
    left.add(sleeper.pid)
    record, mine = claim(place)
    assert mine
    assert record.servers == []
    sleeper.wait(timeout=5)  # raises if it still runs


def test_a_process_id_that_is_used_again_is_not_taken_for_ours(place, sleeper):
    place.state.mkdir()
    somebody = (sleeper.pid, psutil.Process(sleeper.pid).create_time() - 1000.0)
    left = Record(place.state / "run.json", somebody, servers=[somebody], doors=DOORS)
    left.write()
    _record, mine = claim(place)
    assert mine
    assert sleeper.poll() is None, "not our server: it must live"


@pytest.mark.parametrize(
    "rubbish", ["", "{", "[]", '{"leader": 1}', '{"leader": [1, 2], "servers": [3], "doors": null}']
)
def test_rubbish_in_the_record_does_not_stop_a_start(place, rubbish):
    place.state.mkdir()
    (place.state / "run.json").write_text(rubbish)
    assert claim(place)[1]
