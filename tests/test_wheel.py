"""What `pip install narrowcast` gives: one importable name, and markets that open outside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORLDS = ("hcmc-fashion", "soft-drink")

OPEN_BOTH = """
import json, pathlib, sys
import narrowcast as nc
told = {"file": nc.__file__}
for name in sys.argv[1:]:
    world = nc.open_world(name, customers=500)
    told[name] = [len(world.customers), world.card.strip()[:1]]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_one_name_at_the_top(names):
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"narrowcast"}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("file", ["recipe.toml", "card.md", "sample.csv"])
def test_markets_travel_along(names, world, file):
    assert f"narrowcast/datasets/{world}/{file}" in names


@pytest.mark.parametrize(
    "file",
    [
        "narrowcast/py.typed",
        "narrowcast/locale/vi/LC_MESSAGES/narrowcast.mo",
    ],
)
def test_what_is_no_python_travels_along(names, file):
    assert file in names


@pytest.mark.parametrize("kind", [".js", ".css"])
def test_views_of_widgets_travel_along(names, kind):
    here = {path.relative_to(ROOT).as_posix() for path in (ROOT / "narrowcast" / "widgets").rglob(f"*{kind}")}
    assert here
    assert here <= set(names)


def test_nothing_is_there_twice_nor_by_accident(names):
    assert len(names) == len(set(names))
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".ipynb"))]


def test_what_only_teachers_have_stays_at_home(wheel, names):
    teachers = {path.name: path.read_bytes() for path in (ROOT / "assignments").glob("*/*.py")}
    assert {"key.py", "answers.py", "stories.py"} <= set(teachers)
    with zipfile.ZipFile(wheel) as archive:
        packed = [archive.read(name) for name in names]
    assert not [data for data in packed if data in teachers.values()]
    assert not [data for data in packed if b"conversion_rate =" in data], "an answer to Assignment 1"


def test_both_licences_are_in_it(names):
    assert {"LICENSE", "LICENSE-TEXTS"} <= {
        Path(name).name for name in names if ".dist-info/licenses/" in name
    }


def test_both_worlds_open_outside_the_repository(wheel, tmp_path):
    target = tmp_path / "installed"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
    ]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    # -S reads no .pth file, so the editable Narrowcast of this environment is not there; its libraries are.
    libraries = os.pathsep.join([str(target), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    done = subprocess.run(
        [sys.executable, "-S", "-c", OPEN_BOTH, *WORLDS],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": libraries},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert Path(told["file"]).is_relative_to(target)
    for world in WORLDS:
        assert told[world] == [500, "#"]
