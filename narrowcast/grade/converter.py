"""nbgrader's autograde with the student's code in a box: for assert-style courses that keep nbgrader's commands.

One setting turns it on, in an nbgrader_config.py, under unmodified nbgrader::

    from narrowcast.grade.converter import AUTOGRADE_PREPROCESSORS

    c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS

All else is nbgrader's: cleaning, overwriting, scoring, late penalties, the gradebook.
"""

from __future__ import annotations

import atexit
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from nbformat import from_dict
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

from narrowcast.errors import CourseError
from narrowcast.grade.box import Boxes, Cell, CellResult, Job, Limits, Result
from narrowcast.language import gettext as _

__all__ = ["AUTOGRADE_PREPROCESSORS", "SandboxAutograde", "SandboxExecute"]

DAY = 86_400.0
"""Seconds that stand for no limit."""

SETTING_UP = Cell(-1, "", '__import__("os").environ["NBGRADER_EXECUTION"] = "autograde"')
"""Run before the student's cells: nbgrader promises them this variable."""


class SandboxExecute(Execute):  # type: ignore[misc]
    """nbgrader's Execute, but that the cells run in a box instead of a kernel.

    It reads `Execute.timeout` and `Execute.enabled`. A notebook for another language than Python is refused: to run
    it without a box would let the notebook choose whether there is one.
    """

    def preprocess(
        self,
        nb: Any,  # noqa: ANN401 - nbformat has no types
        resources: Any = None,  # noqa: ANN401
        km: object = None,  # noqa: ARG002 - there is no kernel
    ) -> tuple[Any, Any]:
        """Run a notebook's code cells and write what they gave out into them.

        Parameters
        ----------
        nb
            The notebook; changed in place.
        resources
            nbgrader's: whose it is, and the folder that it lies in.

        Returns
        -------
        tuple
            Notebook and resources.

        Raises
        ------
        NoSuchKernel
            If the notebook's kernel is not known here.
        CourseError
            If it is not for Python, or this machine cannot run it.
        """
        self._refuse_others(self.kernel_name or nb.metadata.get("kernelspec", {}).get("name") or "python3")
        (result,) = _boxes(self._cell_seconds()).run([_job(nb, resources)])
        if result.problem in {"machine", "sandbox"}:
            raise CourseError(result.told, _("Grade this submission again."))
        if result.told:
            self.log.warning(result.told)
        _write(nb, result)
        version = platform.python_version()
        nb.metadata["language_info"] = _node(
            {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "version": version}
        )
        return nb, resources

    def _cell_seconds(self) -> float:
        """Return the time limit of a cell; nbclient reads None, 0 and -1 as none."""
        return float(self.timeout) if self.timeout and self.timeout > 0 else DAY

    def _refuse_others(self, kernel: str) -> None:
        native = NATIVE_KERNEL_NAME if kernel == "python" else kernel  # as jupyter_client reads the name
        language = KernelSpecManager(parent=self).get_kernel_spec(native).language
        if language.casefold() != "python":
            problem = _("The notebook is for {language}; the sandbox runs Python.").format(language=language)
            cure = _("Grade such courses with nbgrader's own Execute, on a machine that has nothing to lose.")
            raise CourseError(problem, cure)


AUTOGRADE_PREPROCESSORS = [
    SandboxExecute if one is Execute else one for one in Autograde.autograde_preprocessors.default_args[0]
]
"""nbgrader's, with the box in place of the kernel."""


class SandboxAutograde(Autograde):  # type: ignore[misc]
    """nbgrader's converter, for whoever calls it from Python: whatever Execute it is configured with runs in a box.

    Traits and configuration are `Autograde`'s.
    """

    def _init_preprocessors(self) -> None:
        ours = [
            SandboxExecute if one in {Execute, "nbgrader.preprocessors.Execute"} else one
            for one in self.autograde_preprocessors
        ]
        self.set_trait("autograde_preprocessors", ours)
        super()._init_preprocessors()


@cache
def _boxes(cell_seconds: float) -> Boxes:
    """Return the box of this process; it stays warm from one submission to the next.

    As in nbgrader, a notebook may take as long as all its cells together.
    """
    boxes = Boxes(1, Limits(cell_seconds=cell_seconds, seconds=DAY))
    atexit.register(boxes.close)
    return boxes


def _job(notebook: Any, resources: Mapping[str, Any]) -> Job:  # noqa: ANN401
    whose, folder = resources["nbgrader"], resources.get("metadata", {}).get("path")
    cells = [SETTING_UP, *_code(notebook)]
    return Job(
        whose["assignment"], whose["student"], whose["notebook"], Path(folder) if folder else None, cells, {}
    )


def _code(notebook: Any) -> Iterator[Cell]:  # noqa: ANN401
    """Yield the cells that a kernel would run."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and cell.source.strip():
            yield Cell(index, cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source)


def _write(notebook: Any, result: Result) -> None:  # noqa: ANN401
    ran = [one for one in result.cells if one.index >= 0]
    for count, one in enumerate(ran, start=1):
        cell = notebook.cells[one.index]
        cell.execution_count = count
        cell.outputs = [_node(output) for output in _outputs(one)]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def _outputs(one: CellResult) -> list[dict[str, Any]]:
    """Return a cell's outputs; a cell that failed never looks as if it had not.

    A student can turn off what IPython shows of an error, which nbgrader would take for a pass.
    """
    shown = any(output["output_type"] == "error" for output in one.outputs)
    if shown or one.problem in {"", "output"}:
        return one.outputs
    told = _("This cell failed, and showed no error.")
    error = {
        "output_type": "error",
        "ename": "CellFailed",
        "evalue": told,
        "traceback": [f"CellFailed: {told}"],
    }
    return [*one.outputs, error]


def _node(data: dict[str, Any]) -> Any:  # noqa: ANN401
    return from_dict(data)  # type: ignore[no-untyped-call]
