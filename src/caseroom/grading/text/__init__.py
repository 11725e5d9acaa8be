"""The offline text grader: which rubric points an answer covers, and the words that show it.

In: a question of the bank and an answer. Out: a band per point with its window, flags, structure.
"""
