"""How cells end that will not end, or that end too much."""

from __future__ import annotations

import signal

import pytest
from box_cells import QUICK, job, opened, problems, run, text

from narrowcast.grade.box import Boxes, Limits
from narrowcast.grade.box.rounds import run_job

SEND = (
    "import os, json, struct\n"
    "def send(message, raw=None):\n"
    "    body = raw or json.dumps(message).encode()\n"
    "    for n in range(3, 64):\n"
    "        try:\n"
    "            if 'pipe' in os.readlink(f'/proc/self/fd/{n}'): os.write(n, struct.pack('<I', len(body)) + body)\n"
    "        except OSError: pass\n"
)


@pytest.fixture(params=("bubblewrap", "limits"))
def boxes(request: pytest.FixtureRequest) -> Boxes:
    return opened(request.param)


def test_a_slow_cell_is_interrupted_and_the_next_go_on_from_there(boxes: Boxes) -> None:
    result = run(boxes, "a = 1", "print('begun')\na = 2\nwhile True: pass", "a")
    assert problems(result) == ["", "timeout", ""]
    assert text(result.cells[1]).startswith("begun\n")
    assert [output["output_type"] for output in result.cells[1].outputs][1:] == ["error", "error"]
    assert text(result.cells[2]) == "2"


def test_a_cell_that_hears_nothing_is_killed_and_left_out(boxes: Boxes) -> None:
    result = run(
        boxes,
        "a = 1\nprint('once')",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\na = 2\nwhile True: pass",
        "a",
    )
    assert problems(result) == ["", "timeout", ""]
    assert text(result.cells[0]) == "once\n"
    assert text(result.cells[2]) == "1"


def test_cells_that_kill_their_process_cost_themselves_only(boxes: Boxes) -> None:
    result = run(
        boxes,
        "a = 1\nprint('a')",
        "print('last words')\nimport os\nos._exit(0)",
        "a += 1",
        "import ctypes\nctypes.string_at(0)",
        "import os, threading, time\nthreading.Timer(0.2, os._exit, [1]).start()\ntime.sleep(1)",
        "import os\nos.abort()",
        "a",
    )
    assert problems(result) == ["", "died", "", "died", "died", "died", ""]
    assert text(result.cells[1]).startswith("last words\n")
    assert result.cells[1].outputs[-1]["output_type"] == "error"
    assert text(result.cells[6]) == "2"
    assert result.problem == ""


def test_rounds_end(boxes: Boxes) -> None:
    result = run(boxes, *["import os\nos._exit(0)"] * 9, "'end'")
    assert problems(result) == ["died"] * 7 + ["skipped"] * 3
    assert all(cell.outputs[-1]["output_type"] == "error" for cell in result.cells)


def test_the_whole_submission_has_its_time(boxes: Boxes) -> None:
    assert problems(run(boxes, "1")) == [""]
    hurried = job("print('a')", "import time\ntime.sleep(9)", "1")
    result = run_job(boxes._workers[0], hurried, Limits(cell_seconds=10, seconds=1))
    assert problems(result) == ["", "timeout", "skipped"]
    assert result.problem == "timeout"
    assert "1 second" in result.told


def test_output_is_cut_and_what_decides_a_mark_is_kept(boxes: Boxes) -> None:
    result = run(
        boxes,
        "print('a' * 500_000)\n1.5",
        "print('a' * 500_000)\nassert False",
        "import sys\nprint('a' * 500_000)\nprint('warned', file=sys.stderr)",
        "for n in range(4 * 10**4): print(n)",
        "import os\nos.write(1, b'b' * 500_000);",
        "from IPython.display import HTML\nHTML('c' * 500_000)",
    )
    assert problems(result) == ["output", "error", "output", "output", "output", "output"]
    assert all(len(str(cell.outputs)) < 2 * QUICK.output for cell in result.cells)
    assert [
        o["data"]["text/plain"] for o in result.cells[0].outputs if o["output_type"] == "execute_result"
    ] == ["1.5"]
    assert "AssertionError" in str(result.cells[1].outputs)
    assert any(output.get("name") == "stderr" for output in result.cells[2].outputs)
    assert all("was cut" in text(cell) for cell in result.cells)


def test_what_a_notebook_says_of_itself_is_doubted(boxes: Boxes) -> None:
    forged = {"kind": "output", "output": {"output_type": "execute_result", "data": [], "metadata": 3}}
    result = run(
        boxes,
        "'mine'",
        SEND + "send({'kind': 'begin', 'cell': 0})\nsend({'kind': 'end', 'cell': 0})\nsend({'kind': 'done'})",
        f"send({forged!r})\nsend(0, b'[' * 40_000)\nsend(0, b'{{\"kind\": 1e999}}')\nsend(0, b'\\xff')\nsend([1])",
        "send({'kind': 'answer', 'question': 1, 'data': {}})\nsend({'kind': 'answer', 'question': 'q', 'data': []})\n"
        "send({'kind': 'answer', 'question': 'q', 'data': {'a': 'b' * 60_000}})",
        "send({'kind': 'answer', 'question': 'q', 'data': {'a': '\\ud800'}})",
        "'last'",
    )
    assert problems(result) == [""] * 6
    assert text(result.cells[0]) == "'mine'"
    assert text(result.cells[5]) == "'last'"
    assert [(a.cell, a.question, a.data) for a in result.answers] == [(9, "q", {"a": "?"})]


def test_a_flood_ends_its_cell(boxes: Boxes) -> None:
    result = run(boxes, SEND + "while True: send({'kind': 'x', 'a': 'b' * 10_000})", "send(0, None)", "1")
    assert problems(result)[0] == "output"
    assert result.cells[0].outputs[-1]["output_type"] == "error"
    assert text(result.cells[2]) == "1"


def test_answers_are_those_of_the_cell_that_runs_and_count_once(boxes: Boxes) -> None:
    hand = "from narrowcast.judge import worksheet\n"
    hand += "worksheet.hand_out('q1', {'value': 1, 'inputs': worksheet.inputs_for('q1')})"
    result = run(boxes, hand, "import os\nos._exit(1)", hand.replace("q1", "q2"), inputs={"q1": [[1, 2]]})
    told = [(answer.cell, answer.question, answer.data["inputs"]) for answer in result.answers]
    assert told == [(1, "q1", [[1, 2]]), (5, "q2", None)]


def test_trouble_of_ours_is_tried_again(boxes: Boxes) -> None:
    assert problems(run(boxes, "1")) == [""]
    process = boxes._nursery._process
    assert process is not None
    process.kill()
    result = run(boxes, "2")
    assert result.problem == ""
    assert text(result.cells[0]) == "2"
    assert boxes._nursery._process is not process


def test_a_worker_whose_process_was_killed_gets_another_one(boxes: Boxes) -> None:
    assert problems(run(boxes, "1")) == [""]
    child, warm = boxes._workers[0]._child, boxes._nursery._process
    assert child is not None
    signal.pidfd_send_signal(child._handle, signal.SIGKILL)
    assert text(run(boxes, "2").cells[0]) == "2"
    assert boxes._workers[0]._child is not child
    assert boxes._nursery._process is warm


def test_a_machine_that_cannot_go_on_is_no_fault_of_the_student(monkeypatch: pytest.MonkeyPatch) -> None:
    with Boxes(1, QUICK) as broken:
        broken._nursery._end()  # it had begun to grow warm
        monkeypatch.setattr("narrowcast.grade.box.levels.sys.executable", "/nowhere/python")
        result = run(broken, "1")
    assert result.problem == "machine"
    assert result.told
    assert problems(result) == ["skipped"]
