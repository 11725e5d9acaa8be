"""What a person learns from a graded case: process, calibration, highlights, what to do next.

In: a case, its log, a submission, a report. Out: values and sentences to show.
"""
