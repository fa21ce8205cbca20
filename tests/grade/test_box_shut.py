"""What a box keeps in, and what it keeps out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from box_cells import job, opened, problems, run, text

import narrowcast
from narrowcast.errors import CourseError
from narrowcast.grade.box import Boxes, Cell, Job


@pytest.fixture(params=("bubblewrap", "namespaces"))
def boxes(request: pytest.FixtureRequest) -> Boxes:
    return opened(request.param)


def test_neither_home_nor_course_nor_this_test_can_be_seen(boxes: Boxes, tmp_path: Path) -> None:
    secret = tmp_path / "key.py"
    secret.write_text("secret")
    places = [
        secret,
        Path(__file__),
        Path(narrowcast.__file__).parents[1] / "assignments",
        Path("/etc/shadow"),
    ]
    result = run(boxes, f"import os\nprint([os.path.exists(p) for p in {[str(p) for p in places]}])")
    assert text(result.cells[0]) == f"{[False] * 4}\n"


def test_everything_that_is_seen_is_read_only_but_the_own_folder(boxes: Boxes) -> None:
    tried = ["/mine", "/usr/mine", "/dev/mine", str(Path(narrowcast.__file__).parent / "mine")]
    result = run(
        boxes,
        f"for path in {tried}:\n    try:\n        open(path, 'w'); print('written', path)\n"
        "    except OSError: pass",
        "import os\nopen(os.path.expanduser('~/a.txt'), 'w').write('a')",
    )
    assert text(result.cells[0]) == ""
    assert problems(result) == ["", ""]


def test_no_network(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import socket\nprint([name for _, name in socket.if_nameindex()])",
        "socket.create_connection(('1.1.1.1', 53), timeout=1)",
    )
    assert text(result.cells[0]) == "['lo']\n"
    assert result.cells[1].problem == "error"


def test_no_powers(boxes: Boxes) -> None:
    result = run(
        boxes,
        "print([line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'NoNewPrivs'))])",
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "print([libc.unshare(0x10000000), libc.ptrace(0, 0, 0, 0), libc.mount(b'a', b'/tmp', b'tmpfs', 0, 0),"
        " libc.syscall(272, 0x20000)])",
        "import os\nos.setuid(0)",
    )
    assert text(result.cells[0]) == "['0000000000000000', '1']\n"
    assert text(result.cells[1]) == "[-1, -1, -1, -1]\n"
    assert os.geteuid() != 0 or result.cells[2].problem == "error"


def test_the_warm_process_cannot_be_reached(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import os, signal\nkilled = []\nfor n in range(2, 50):\n    try: os.kill(n, 9); killed.append(n)\n"
        "    except OSError: pass\nprint(killed)",
        "import glob\nopened = []\nfor path in glob.glob('/proc/[0-9]*/mem'):\n"
        "    if path != f'/proc/{os.getpid()}/mem':\n"
        "        try: open(path, 'rb'); opened.append(path)\n        except OSError: pass\nprint(opened)",
        "print(sorted(os.readlink(f'/proc/self/fd/{n}').split(':')[0] for n in os.listdir('/proc/self/fd')"
        " if os.path.exists(f'/proc/self/fd/{n}') and 'socket' in os.readlink(f'/proc/self/fd/{n}')))",
    )
    assert [text(cell) for cell in result.cells] == ["[]\n", "[]\n", "[]\n"]


def test_memory_of_one_and_of_many_processes(boxes: Boxes) -> None:
    result = run(
        boxes,
        "a = bytearray(800 << 20)",
        "import os, time\nfor _ in range(6):\n    if not os.fork():\n        b = bytearray(os.urandom(1 << 20)) * 150\n"
        "        time.sleep(30)\ntime.sleep(30)",
        "'after'",
    )
    assert problems(result) == ["memory", "memory", ""]
    assert result.cells[0].outputs[-1]["ename"] == "MemoryError"
    assert result.cells[1].outputs[-1]["output_type"] == "error"
    assert text(result.cells[2]) == "'after'"


def test_disk_and_processes_are_bounded(boxes: Boxes) -> None:
    result = run(
        boxes,
        "for n in range(40):\n    open(f'f{n}', 'wb').write(bytes(1 << 20))",
        "import os\nos.system('rm -f f*')\nopen('/dev/shm/a', 'wb').write(bytes(40 << 20))",
        "import os, time\ncount = 0\ntry:\n    while True:\n        if not os.fork(): time.sleep(60)\n"
        "        count += 1\nexcept OSError: pass\nprint(count < 64)",
    )
    assert problems(result)[:2] == ["error", "error"]
    assert text(result.cells[2]) == "True\n"


def test_the_files_come_along_and_links_do_not(boxes: Boxes, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("theirs")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "elsewhere").symlink_to("/etc")
    (tmp_path / "huge.bin").write_bytes(bytes(9 << 20))
    (tmp_path / "questions.json").write_text("theirs")
    os.mkfifo(tmp_path / "pipe")
    result = run(
        boxes,
        "import os\nprint(sorted(os.path.join(p, f)[2:] for p, _, fs in os.walk('.') for f in fs))",
        "print(open('questions.json').read(), open('data/a.csv').read(), os.path.basename(os.getcwd()))",
        folder=tmp_path, extra={"questions.json": b"ours", "../b": b"no"},
    )  # fmt: skip
    assert text(result.cells[0]) == "['data/a.csv', 'questions.json']\n"
    assert text(result.cells[1]) == "ours theirs 01-rules\n"
    assert "huge.bin" in result.told
    assert result.problem == ""


def test_a_market_opens_and_the_simulator_is_compiled(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import narrowcast as nc, os\nworld = nc.open_world('hcmc-fashion', student=os.environ['NARROWCAST_STUDENT'])\n"
        "print(world.student if hasattr(world, 'student') else os.environ['NARROWCAST_STUDENT'])",
        "plan = nc.Plan('a', flights=[nc.Flight('television', spend=1_000_000)])\n"
        "nc.simulate(world, plan, seed=1).kpis();",
        "import sys\nprint([n for n in sys.modules if n.startswith(('nbgrader', 'zmq', 'narrowcast.judge.key'))"
        " and n != 'narrowcast.judge.key'])",
        student="s042",
    )  # fmt: skip
    assert problems(result) == ["", "", ""], result.cells
    assert text(result.cells[2]) == "[]\n"


def test_language_time_zone_and_no_variable_of_ours(boxes: Boxes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "a")
    result = run(
        boxes,
        "import os, time\nprint('SECRET_TOKEN' in os.environ, time.tzname[0], os.environ['NARROWCAST_LANGUAGE'])",
        language="vi",
    )
    assert text(result.cells[0]) == "False UTC vi\n"


def test_two_workers_do_each_job_once_and_ask_for_few_ahead() -> None:
    asked: list[int] = []

    def jobs() -> Iterator[Job]:
        for n in range(12):
            asked.append(n)
            yield Job(
                "a", f"s{n}", "a", None, [Cell(0, "", "import os\nos.environ['NARROWCAST_STUDENT']")], {}
            )

    with Boxes(2) as two:
        results = []
        for result in two.run(jobs()):
            results.append(result)
            assert len(asked) <= len(results) + 4
        assert {text(result.cells[0]) for result in results} == {f"'s{n}'" for n in range(12)}
        assert all(text(result.cells[0]) == repr(result.job.student) for result in results)
        assert len(results) == 12
        stream = two.run([job("1"), job("1"), job("import time\ntime.sleep(60)"), job("2")])
        assert next(stream).problem == ""
        stream.close()  # who stops asking ends what runs
        assert two._nursery._process is None
        assert [worker._child for worker in two._workers] == [None, None]
        with pytest.raises(RuntimeError, match="closed"):
            next(two.run([job("1")]))


def test_limits_alone_are_told_of_and_may_be_refused() -> None:
    boxes = Boxes(1, level="limits")
    assert "network" in boxes.warning
    with pytest.raises(CourseError, match="bubblewrap"):
        Boxes(1, level="limits", require_sandbox=True)
    with pytest.raises(CourseError, match="limits"):
        Boxes(1, level="steel")
