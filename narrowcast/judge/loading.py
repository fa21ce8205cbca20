"""Python files that lie in a course, not in a package: keys, and what belongs to them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["load_module"]


def load_module(path: Path, cure: str) -> ModuleType:
    """Run a file and return it as a module; nothing is written beside it, and nobody else can import it.

    Parameters
    ----------
    path
        The file.
    cure
        What a person is told to do where that fails.

    Raises
    ------
    CourseError
        If the file is missing, is no Python file, or cannot be run.
    """
    if not path.is_file():
        raise CourseError(_("There is no {path}.").format(path=path), cure)
    name = f"narrowcast_{path.stem}_{path.parent.name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CourseError(_("{path} is no Python file.").format(path=path), cure)
    module = importlib.util.module_from_spec(spec)
    written = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # no __pycache__ among the course's texts
    try:
        spec.loader.exec_module(module)
    except CourseError:
        raise
    except Exception as error:
        problem = _("{path} cannot be run: {kind}: {why}").format(
            path=path, kind=type(error).__name__, why=error
        )
        raise CourseError(problem, cure) from error
    finally:
        sys.dont_write_bytecode = written
    return module
