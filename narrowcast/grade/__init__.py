"""MARKS: a class and its marks.

`narrowcast demo-class` makes a class of invented students and takes it through nbgrader, as a term would.

::

    roster      who is in the class
    answers     what students write, right and wrong
    stories     one student each: what was handed in, and what it should get
    submission  answers put into a released notebook
    folder      the course that is left behind
    loop        nbgrader's loop from release to feedback, in a process of its own
    running     that process, watched, with the time left
    marks       what was given beside what should be, as a table
    demo        all of it together
"""
