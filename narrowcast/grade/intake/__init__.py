"""The intake: whatever a student hands in becomes a notebook that can be run and marked, and what was done is told.

`reading` gets text from a file, `decoding` and `salvage` get cells from text, `cells` makes each of them plain.
`matching` finds the assignment's cells among them, `arranging` puts them in order, `twins` looks for the right file,
and `submission` does all of it.
"""

from narrowcast.grade.intake.repair import Repair
from narrowcast.grade.intake.submission import Intake, read_submission
from narrowcast.grade.intake.template import Slot, Template

__all__ = ["Intake", "Repair", "Slot", "Template", "read_submission"]
