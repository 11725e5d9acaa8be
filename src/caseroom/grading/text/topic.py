"""Topic: whether an answer speaks about this question rather than about another one.

In: a question's id and an answer. Out: the reason why it seems to be off topic, or "". The answer's
mean word vector is compared with those of all questions of the bank (their words and examples);
what all questions share is taken off first. An answer to a question stands near it: of the strong
anchors 99 % have it among the nearest 12.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.vectors import Vectors, load_vectors
from caseroom.grading.text.words import function_words, tokenize
from caseroom.questions.bank import load_bank
from caseroom.questions.model import Question

__all__ = ["off_topic"]

FAR_RANK = 6
FAR_SCORE = 1.6
"""Off topic: more than 6 questions are nearer, and it is nearer than to the mean question by less
than 1.6 standard deviations. How often that happens to real answers: bench/text_grading.py."""

Floats = NDArray[np.float32]


def off_topic(question_id: str, text: str, vectors: Vectors) -> str:
    """Give the reason why an answer seems to be about something else, or ""."""
    numbers, profiles, shared = _bank()
    if question_id not in numbers:
        return ""
    likeness = profiles @ _unit(_mean([text], vectors) - shared)
    own = likeness[numbers[question_id]]
    nearer = int((likeness > own).sum())
    distance = float((own - likeness.mean()) / (likeness.std() + 1e-6))
    if nearer <= FAR_RANK or distance >= FAR_SCORE:
        return ""
    return f"Its words are nearer to {nearer} other questions of the bank than to this one."


@cache
def _bank() -> tuple[dict[str, int], Floats, Floats]:
    """Give the number of each question, unit profiles (questions, d) and what they share (d)."""
    bank, vectors = load_bank(), load_vectors()
    means = np.stack([_mean(_texts(question), vectors) for question in bank])
    shared = means.mean(axis=0)
    profiles = np.stack([_unit(mean - shared) for mean in means])
    return {question.id: at for at, question in enumerate(bank)}, profiles, shared


def _texts(question: Question) -> Iterable[str]:
    """Give the words of a question and its examples (no anchors: they are test data)."""
    yield from (question.ask, question.title)
    for point in question.points:
        yield from (point.statement, *point.says, *point.near_miss)


def _mean(texts: Iterable[str], vectors: Vectors) -> Floats:
    """Give the unit mean vector of the telling words, each counted by the log of its frequency."""
    counts = Counter(w for text in texts for w in tokenize(text) if w not in function_words)
    if not counts:
        return np.zeros_like(vectors.vector("data"))
    weights = [np.log1p(count) * vectors.weight(word) for word, count in counts.items()]
    matrix = np.stack([vectors.vector(word) for word in counts])
    return _unit(np.array(weights, np.float32) @ matrix)


def _unit(vector: Floats) -> Floats:
    """Give a vector unit length."""
    return (vector / (np.linalg.norm(vector) + 1e-6)).astype(np.float32)
