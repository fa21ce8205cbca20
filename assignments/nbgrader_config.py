# The course as nbgrader sees it. This folder is the course root: instructors run nbgrader from here,
# and JupyterLab, opened by `narrowcast start`, reads this file too.
# Every path is made from where this file lies, so it holds wherever nbgrader is called from.

import os
from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader hands it in

here = Path(__file__).resolve().parent
course = here.parent

c.CourseDirectory.course_id = "narrowcast"
c.CourseDirectory.root = str(here)

# Releasing, fetching and submitting go through one folder; students work in my-work/.
c.Exchange.root = str(here / "exchange")
c.Exchange.cache = str(course / ".narrowcast" / "submissions")
c.Exchange.assignment_dir = str(course / "my-work")

# What a student finds where the solution stood, in both languages (nbgrader has one setting for both).
# It raises nothing: an empty cell runs, and its check says what is missing.
c.ClearSolutions.code_stub = {"python": "# Your code here / Mã của bạn ở đây"}
c.ClearSolutions.text_stub = "*Your answer here / Câu trả lời của bạn ở đây*"

# A cell that was deleted comes back, empty, and is marked as such instead of waiting for a person for ever.
c.OverwriteCells.add_missing_cells = True

# An endless loop costs its own cell: it is interrupted after this many seconds, and grading goes on.
c.Execute.timeout = 30
c.Execute.interrupt_on_timeout = True

# Feedback and formgrader load nothing from outside: our templates stand before nbconvert's.
package = find_spec("narrowcast")
if package is not None and package.origin is not None:
    templates = str(Path(package.origin).parent / "serve" / "jupyter")
    paths = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [templates, *(path for path in paths if path and path != templates)]
    )
    # What a student gets back: our page, which says what to do next and shows no hidden test.
    c.GenerateFeedback.exporter_class = "narrowcast.grade.feedback.FeedbackExporter"

# The formgrader's page would otherwise carry the whole configuration of the server.
c.FormgradeExtension.debug = False
