"""Cells in a box run as they do in a notebook."""

from __future__ import annotations

import nbformat
import pytest
from box_cells import opened, problems, run, text

from narrowcast.grade.box import Boxes

LEVELS = ("bubblewrap", "namespaces", "limits")


@pytest.fixture(params=LEVELS)
def boxes(request: pytest.FixtureRequest) -> Boxes:
    return opened(request.param)


def test_outputs_are_those_of_a_notebook_in_their_order(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import sys\nprint('a')\ndisplay({'b': 1})\nprint('c', file=sys.stderr)\n'd'",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "import pandas as pd\npd.DataFrame({'a': [1]})",
        "len(Out), In[1][:10]",
    )
    assert result.problem == ""
    assert problems(result) == [""] * 4
    first, figure, frame, last = (cell.outputs for cell in result.cells)
    assert [output["output_type"] for output in first] == [
        "stream",
        "display_data",
        "stream",
        "execute_result",
    ]
    assert [output.get("name") for output in first] == ["stdout", None, "stderr", None]
    assert first[-1]["data"] == {"text/plain": "'d'"}
    assert first[-1]["execution_count"] == 1
    assert figure[0]["data"]["image/png"].startswith("iVBOR")
    assert "<table" in frame[0]["data"]["text/html"]
    assert last[0]["data"]["text/plain"] == "(2, 'import sys')"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(outputs=cell.outputs) for cell in result.cells]
    )
    nbformat.validate(nbformat.from_dict(notebook))
    assert [cell.index for cell in result.cells] == [1, 3, 5, 7]


def test_an_error_ends_its_cell_alone(boxes: Boxes) -> None:
    result = run(
        boxes, "a = 1\n1/0", "def f(:", "import no_such_package", "raise SystemExit(3)", "exit()", "a"
    )
    assert problems(result)[:4] == ["error"] * 4
    names = [cell.outputs[0]["ename"] for cell in result.cells[:3]]
    assert names == ["ZeroDivisionError", "SyntaxError", "ModuleNotFoundError"]
    assert any("\x1b[" in line for line in result.cells[0].outputs[0]["traceback"])
    assert text(result.cells[5]) == "1"


def test_displays_are_updated_and_cleared(boxes: Boxes) -> None:
    result = run(
        boxes,
        "h = display('old', display_id=True)",
        "h.update('new')",
        "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
    )
    assert result.cells[0].outputs[0]["data"]["text/plain"] == "'new'"
    assert result.cells[1].outputs == []
    assert text(result.cells[2]) == "b\n"


def test_what_programs_print_is_seen(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import os, subprocess\nos.write(1, b'one')\nsubprocess.run(['echo', 'two'])\nNone",
        "!echo three",
        "%%bash\necho four",
        "os.write(2, b'five');",
        "import os\nos.close(1)",
        "print('six')",
    )
    assert [text(cell).strip() for cell in result.cells[:3]] == ["onetwo", "three", "four"]
    assert result.cells[3].outputs[0]["name"] == "stderr"
    assert text(result.cells[5]) == "six\n"


def test_widgets_input_and_waiting_code(boxes: Boxes) -> None:
    result = run(
        boxes,
        "import ipywidgets\nipywidgets.IntSlider()",
        "input('name?')",
        "import sys\nsys.stdin.read()",
        "import asyncio\nawait asyncio.sleep(0)\n'waited'",
    )
    assert problems(result) == ["", "error", "", ""]
    assert result.cells[1].outputs[0]["ename"] == "StdinNotImplementedError"
    assert text(result.cells[3]) == "'waited'"


def test_threads_and_processes_work(boxes: Boxes) -> None:
    result = run(
        boxes,
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: print(sum(pool.map(abs, range(10))))",
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, 2]))",
    )
    assert [text(cell) for cell in result.cells] == ["45\n", "[1, 2]\n"]


def test_chance_differs_from_one_submission_to_the_next_but_hashes_do_not(boxes: Boxes) -> None:
    source = "import random, numpy as np\nprint(random.random(), np.random.rand())", "print(hash('a'))"
    one, two = (run(boxes, *source) for _time in range(2))
    assert text(one.cells[0]) != text(two.cells[0])
    assert text(one.cells[1]) == text(two.cells[1])


def test_nothing_is_left_of_the_submission_before(boxes: Boxes) -> None:
    run(
        boxes,
        "import builtins, os, math, tempfile, subprocess\nbuiltins.print = None\nmath.pi = 3",
        "open('mine.txt', 'w').write('a')\nopen(tempfile.gettempdir() + '/theirs.txt', 'w').write('a')",
        "os.environ['MINE'] = '1'\nsubprocess.Popen(['sleep', '617'], start_new_session=True)",
        "mine = 1",
    )
    result = run(
        boxes,
        "import os, math, glob, subprocess, tempfile\nprint(math.pi > 3.1, 'MINE' in os.environ, 'mine' in globals())",
        "print(os.listdir(), glob.glob(tempfile.gettempdir() + '/*.txt'))",
        "processes = [open(p, 'rb').read() for p in glob.glob('/proc/[0-9]*/cmdline')]\n"
        "print(any(b'sleep\\x00617' in p for p in processes))",
    )
    assert [text(cell) for cell in result.cells] == ["True False False\n", "[] []\n", "False\n"]
