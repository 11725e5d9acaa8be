"""The question bank: what interviewers ask, what a good answer covers, and examples of both.

In: reviewed content. Out: questions with rubric points for study, grading and interviews.
"""
