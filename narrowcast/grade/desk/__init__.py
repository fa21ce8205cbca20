"""The desk of `narrowcast grade`: who has handed in, what each submission comes to, and where that is written.

::

    course       nbgrader's configuration: folders, gradebook, penalties
    assignment   the instructor's notebooks, the key, what decides a mark
    handing      who has handed in, and when
    foresight    what boxes should have ready
    files        the folder of a graded submission
    submission   one submission on its way
    judging      processes that know the key
    assembling   the notebook that the student gets back
    desk         all of it, with one writer
    second_look  answers that were right for a classmate
    run          from wishes to a graded class
    showing      how a person sees it
"""

from narrowcast.grade.desk.run import Audience, Summary, Wishes, grade_class

__all__ = ["Audience", "Summary", "Wishes", "grade_class"]
