"""A box for a student's code: it runs in a warm process, forked for each submission and shut in.

::

    job        what goes in, what comes out, the limits
    boxes      several workers                                     outside
    rounds     one submission, again without the cell that killed it
    attempt    one run of it, watched by the clock
    outputs    what a cell put out, bounded
    nursery    the warm process, from which workers come
    worker     a process forked from it, and the socket to it
    probe      whether that works here
    levels     how strongly it is shut in; seen: what can be seen inside
    parcel     a job on its way in; frames: messages on their way out
    zygote     the warm process, the workers, and their forks      inside
    warming    what it does once, for everybody
    jail       its root folder, without bubblewrap
    confine    a submission's process shuts itself in; filter, linux: the kernel's calls
    running    the cells; shell, streams: IPython and what it prints
    memory     how much a submission takes

Nothing in a box knows a key, an expected value or a gradebook. What comes out of it is not trusted.
"""

from narrowcast.grade.box.boxes import Boxes
from narrowcast.grade.box.job import Cell, CellResult, Handed, Job, Limits, Result, Warmth
from narrowcast.grade.box.levels import chosen
from narrowcast.grade.box.nursery import Nursery, Trouble

__all__ = [
    "Boxes", "Cell", "CellResult", "Handed", "Job", "Limits", "Nursery", "Result", "Trouble", "Warmth", "chosen",
]  # fmt: skip
