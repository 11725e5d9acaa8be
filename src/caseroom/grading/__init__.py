"""Submissions against rubrics: criteria in, evidence out.

In: a case, an investigation log, a submission, a consequence. Out: a `GradeReport` of `Evidence`.
Never imports `caseroom.learner`.
"""
