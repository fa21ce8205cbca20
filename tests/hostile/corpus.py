"""All tricks."""

from __future__ import annotations

import tricks_answers
import tricks_bombs
import tricks_escapes
import tricks_files
import tricks_forms
import tricks_kernel
import tricks_patches

__all__ = ["CORPUS", "IN_CODE"]

CORPUS = (
    *tricks_answers.TRICKS,
    *tricks_patches.TRICKS,
    *tricks_escapes.TRICKS,
    *tricks_bombs.TRICKS,
    *tricks_files.TRICKS,
    *tricks_forms.TRICKS,
    *tricks_kernel.TRICKS,
)
IN_CODE = tuple(trick for trick in CORPUS if not trick.in_file)
"""Those that a sandbox meets by itself."""
