"""What is asked in a world: the brief, the form to fill in, the truth, the rubric, the kinds.

In: a world. Out: a `Case` value; an investigation opens it, grading reads its rubric.
"""
