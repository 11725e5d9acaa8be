"""The mock interview: timed rounds, follow-ups, a skeptical stakeholder, a panel and its scorecard.

In: a setup, questions, answers with the instants at which they came, and a text grader. Out: what
the interviewer says, a state that can be saved and replayed, and a scorecard with its evidence.
"""
