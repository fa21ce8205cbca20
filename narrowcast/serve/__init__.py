"""OPEN: the three doors of the course.

`narrowcast start` runs JupyterLab (students, and instructors through nbgrader's formgrader) and the Voila
gallery (public readers) side by side, and ends both together.

::

    place       where the course lies on this machine
    ports       which address a server may listen on
    environ     what a server is told through its environment and configuration
    handout     a released assignment, and a student's working copy of it
    gallery     Voila with a front page for each language; cards says what stands on it
    servers     one running server: start, answers, last words, end
    doors       the addresses, and how they are shown
    record      the note of what runs, for a second start
    opening     both servers started, and answering
    start       all of it together
"""
