"""The three ways to the same environment stay in step: pyproject.toml, requirements.lock, environment.yml."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# Where conda-forge calls a library by another name. The base of matplotlib comes without a desktop's window kit.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}


def conda() -> list[object]:
    return list(yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"])


def locked() -> dict[str, list[str]]:
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, flags=re.MULTILINE):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


def test_conda_installs_the_libraries_of_the_project():
    ours = {Requirement(one) for one in PROJECT["dependencies"]}
    wanted = {CONDA_NAMES.get(one.name, one.name) + str(one.specifier) for one in ours}
    listed = {str(Requirement(one)) for one in conda() if isinstance(one, str)}
    assert listed - {"pip", "python" + PROJECT["requires-python"]} == wanted


def test_conda_has_the_python_of_the_project_and_adds_the_rest_with_pip():
    assert "python" + PROJECT["requires-python"] in conda()
    assert {"pip": ["-e .[dev]"]} in conda()


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
def test_the_lock_holds_a_version_that_the_project_allows(text):
    wanted = Requirement(text)
    versions = locked().get(canonicalize_name(wanted.name))
    assert versions, f"{wanted.name} is not locked: make lock"
    for version in versions:
        assert version in SpecifierSet(str(wanted.specifier)), f"{wanted.name} {version}: make lock"


def test_the_lock_pins_everything_by_hash_and_names_no_address():
    lines = [line for line in LOCK.splitlines() if line and not line.startswith("#")]
    assert all("==" in line or line.startswith("    --hash=sha256:") for line in lines)
    starts = [number for number, line in enumerate(lines) if not line.startswith(" ")]
    assert all(lines[number + 1].startswith("    --hash=") for number in starts)
    assert not re.search(r"://|^-|--index|--find-links", LOCK, flags=re.MULTILINE)


def test_make_alone_lists_every_target_with_a_line():
    said = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for target in targets:
        assert re.search(rf"^  make {target} +[A-Z]", said, flags=re.MULTILINE), target
    assert {"start", "test", "bench", "build", "fidelity", "lint", "lock", "help"} == set(targets)


def test_hooks_are_local():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    for hook in hooks["repos"][0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")
