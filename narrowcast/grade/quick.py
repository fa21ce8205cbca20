"""What a command that starts often leaves out."""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["import_quickly"]

GRAMMARS = ("rfc3987_syntax", "rfc3987")
"""jsonschema compiles the grammar of internationalised addresses when it is imported, for more than a second, if the
package for it is there. No schema of a notebook asks for such an address."""


def import_quickly(name: str = "jsonschema") -> None:
    """Import jsonschema without the grammars of addresses; later imports of those find them as ever."""
    before = {grammar: sys.modules[grammar] for grammar in GRAMMARS if grammar in sys.modules}
    for grammar in GRAMMARS:
        sys.modules[grammar] = None  # type: ignore[assignment]  # says: act as if it were not there
    try:
        import_module(name)
    finally:
        for grammar in GRAMMARS:
            sys.modules.pop(grammar, None)
        sys.modules.update(before)
