"""A reader: what compares the windows of an answer with the examples of points.

In: what is sought and an answer. Out: the likelihood of every window for every point. The embedded
reader needs NumPy and its table of word vectors only; `caseroom.grading.text.semantic` makes
another one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.features import PointExamples, Sought, features
from caseroom.grading.text.head import Head, load_head
from caseroom.grading.text.report import GRADER
from caseroom.grading.text.vectors import load_vectors

__all__ = ["Reader", "embedded_features", "embedded_reader", "laid_out"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Features and the head that was fitted on them.

    `grader` is the version that reports carry. `features` takes what is sought and an answer
    with at least one word and gives (points, windows, `head.features`).
    """

    grader: str
    head: Head
    features: Callable[[Sought, str], Floats]

    def likelihood(self, sought: Sought, text: str) -> NDArray[np.float64]:
        """Say how likely it is that a window covers a point, as an array (points, windows)."""
        return self.head.likelihood(self.features(sought, text))


def embedded_reader() -> Reader:
    """Give the reader that every installation has."""
    return Reader(grader=GRADER, head=load_head(), features=embedded_features)


def embedded_features(sought: Sought, text: str) -> Floats:
    """Give what words and their vectors say about points and windows."""
    return features(laid_out(sought), text, load_vectors())


@lru_cache(maxsize=512)
def laid_out(sought: Sought) -> PointExamples:
    """Lay the texts of a question's points, or of its pitfalls, out once."""
    return PointExamples.of(sought, load_vectors())
