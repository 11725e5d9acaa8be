"""The language-model judge: closed verdicts per point, checked and counted by our own code.

In: a question, an answer, its offline report and a model endpoint. Out: a `JudgedReport`.
"""
