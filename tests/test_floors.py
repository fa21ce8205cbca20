"""The import rule: an import only ever points to an earlier floor of the house."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import narrowcast

PACKAGE = Path(narrowcast.__file__).parent
ROOT = PACKAGE.parent
FLOORS = (
    "worlds",
    "campaigns",
    "measure",
    "simulate",
    "judge",
    "grade",
    "widgets",
    "author",
    "serve",
    "cli",
)
GROUND = {"errors", "home", "language"}
CORE = ("worlds", "campaigns", "measure", "simulate", "judge")
FOREIGN = {
    "IPython",
    "anywidget",
    "ipykernel",
    "ipywidgets",
    "jupyterlab",
    "nbclient",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "notebook",
    "traitlets",
    "voila",
}

SCRIPT = """
import narrowcast as nc
world = nc.open_world("hcmc-fashion", customers=50)
nc.simulate(world, nc.Plan(flights=[nc.Flight("social", 9_000, to="trend")])).kpis()
"""


def imported(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [base])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def broken(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """Return the imports of a module that point to its own roof or above."""
    parts = module.split(".")
    here = parts[1] if len(parts) > 1 else ""
    package = module if is_package else module.rpartition(".")[0]
    found = []
    for line, name in imported(ast.parse(source), package):
        first, _dot, rest = name.partition(".")
        if first != "narrowcast":
            continue
        there = rest.partition(".")[0]
        if there in GROUND or there in {"", "__version__"} or there == here:
            continue
        allowed = here == "cli" or (
            here in FLOORS and there in FLOORS and FLOORS.index(there) < FLOORS.index(here)
        )
        if not allowed:
            found.append(f"{module}:{line} imports {name}")
    return found


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_point_down() -> None:
    doors = {"narrowcast", "narrowcast.__main__"}  # the front door has a rule of its own, below
    found = [
        complaint
        for path in modules()
        if dotted(path) not in doors
        for complaint in broken(path.read_text("utf-8"), dotted(path), is_package=path.name == "__init__.py")
    ]
    assert not found, "\n".join(found)


def test_every_module_stands_on_a_known_floor() -> None:
    known = {*FLOORS, *GROUND, "__main__", ""}
    strangers = [dotted(p) for p in modules() if [*dotted(p).split("."), ""][1] not in known]
    assert not strangers


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("narrowcast.worlds.world", "from narrowcast.simulate import simulate"),
        ("narrowcast.worlds.world", "def f():\n    import narrowcast.judge.key"),
        ("narrowcast.measure.kpis", "if TYPE_CHECKING:\n    from narrowcast.simulate import Outcome"),
        ("narrowcast.worlds.world", "from ..campaigns import Plan"),
        ("narrowcast.worlds.world", "from narrowcast import simulate"),
        ("narrowcast.errors", "from narrowcast.worlds import World"),
        ("narrowcast.judge.key", "import narrowcast.cli"),
    ],
)
def test_the_rule_sees_a_wrong_import(module: str, source: str) -> None:
    assert broken(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("narrowcast.simulate.run", "from narrowcast.worlds import World"),
        ("narrowcast.simulate.run", "from .kernel import run_region"),
        ("narrowcast.serve.start", "from narrowcast import __version__"),
        ("narrowcast.worlds.world", "from narrowcast.errors import RecipeError"),
        ("narrowcast.cli", "from narrowcast.serve import start"),
    ],
)
def test_the_rule_lets_a_right_import_be(module: str, source: str) -> None:
    assert not broken(source, module)


def test_the_front_door_opens_core_rooms_and_widgets_alone() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    names = [name.split(".") for _line, name in imported(tree, "narrowcast")]
    assert {name[1] for name in names if name[0] == "narrowcast"} <= {*CORE, "widgets", *GROUND}


def loaded_after(code: str) -> set[str]:
    """Return the top-level names in sys.modules of a fresh process that ran `code`."""
    script = (
        f"{code}\nimport sys\nprint(' '.join(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


def foreign(names: set[str]) -> set[str]:
    return {name for name in names if name in FOREIGN or name.startswith("jupyter")}


@pytest.mark.parametrize(
    "code",
    [
        "\n".join(f"import narrowcast.{floor}" for floor in CORE),
        "import narrowcast as nc\nnc.Plan, nc.check, nc.open_lesson, nc.open_assignment",
        SCRIPT,
    ],
    ids=["floors", "front door", "a plain script"],
)
def test_core_runs_without_jupyter(code: str) -> None:
    assert not foreign(loaded_after(code))


def test_a_widget_is_loaded_when_asked_for() -> None:
    assert "ipywidgets" in loaded_after("import narrowcast as nc\nnc.FlipLab")


@pytest.mark.parametrize("folder", ["course", "assignments", "datasets", "widgets", "docs"])
def test_content_is_no_package(folder: str) -> None:
    assert not list((ROOT / folder).rglob("__init__.py"))
