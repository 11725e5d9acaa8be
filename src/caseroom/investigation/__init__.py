"""What the candidate does in a case: queries in a sandbox, charts, pins, bought evidence.

In: a case's company database. Out: an `InvestigationLog`, which grading reads.
"""
