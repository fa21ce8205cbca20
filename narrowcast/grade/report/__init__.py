"""The report on an assignment: who handed in, how each question did, what went wrong, what to look at.

`gradebook` and the ledger are read, `numbers`, `mistakes`, `timing` and `flags` make something of them, `findings`
holds it together, `advice`, `charts` and `page` put it into words and pictures, `tables` into tables; `write` writes.
"""

from narrowcast.grade.report.findings import Findings, findings_of
from narrowcast.grade.report.page import page
from narrowcast.grade.report.write import write_report

__all__ = ["Findings", "findings_of", "page", "write_report"]
