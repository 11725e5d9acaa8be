"""How alike example texts and the windows of an answer are.

In: example texts of a question, an answer with its windows. Out: for every text and window four
shares (0..1): how much of the text the window says, and how much of the window the text says, each
by word meaning and by word stem, weighted by how much a word tells, in English and here: what the
examples of most points have in common (the question's own words) tells little about one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.vectors import Vectors
from caseroom.grading.text.words import Window, stem, tokenize

__all__ = ["KINDS", "Answer", "Examples", "likeness", "likeness_among"]

KINDS = 4
"""Meaning of the text in the window, of the window in the text, stems likewise."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Words:
    """Distinct words with vectors (n, d), weights (n) and stems, and where they stand."""

    order: NDArray[np.intp]
    matrix: Floats
    weights: Floats
    stems: NDArray[np.str_]


def _words(tokens: Sequence[str], vectors: Vectors, tells: Mapping[str, float]) -> _Words:
    """Look the words of a token list up once each."""
    distinct, order = np.unique(np.array(tokens or [""]), return_inverse=True)
    stems = [stem(word) for word in distinct]
    weights = [
        vectors.weight(word) * tells.get(root, 1.0)
        for word, root in zip(distinct, stems, strict=True)
    ]
    return _Words(
        order=order,
        matrix=np.array([vectors.vector(word) for word in distinct], np.float32),
        weights=np.array(weights, np.float32),
        stems=np.array(stems),
    )


class Examples:
    """Texts that answers are compared with; made once per question.

    `tells` says by stem how much a word tells here (0..1), 1 for those that it does not name.
    """

    def __init__(
        self, texts: Sequence[str], vectors: Vectors, tells: Mapping[str, float] | None = None
    ) -> None:
        tokens = [tokenize(text) or [""] for text in texts]
        self.tells = tells or {}
        self.words = _words([word for text in tokens for word in text], vectors, self.tells)
        self.starts = np.cumsum([0, *(len(text) for text in tokens[:-1])])
        self.sizes = np.array([len(text) for text in tokens])

    @cached_property
    def weights(self) -> Floats:
        """Weights (texts, distinct words) of the words in each text; rows sum to 1."""
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        matrix = np.zeros((len(self.sizes), len(self.words.weights)), np.float32)
        np.add.at(matrix, (rows, self.words.order), self.words.weights[self.words.order])
        return matrix / (matrix.sum(axis=1, keepdims=True) + 1e-6)


class Answer:
    """The words of an answer and the windows they stand in; `tells` as in `Examples`."""

    def __init__(
        self,
        text: str,
        windows: Sequence[Window],
        vectors: Vectors,
        tells: Mapping[str, float] | None = None,
    ) -> None:
        self.windows = windows
        singles = [window for window in windows if window.first == window.last]
        tokens = [tokenize(text[window.start : window.end]) for window in singles]
        self.words = _words(
            [word for sentence in tokens for word in sentence], vectors, tells or {}
        )
        self.starts = np.cumsum([0, *(len(sentence) for sentence in tokens[:-1])])
        self.sizes = np.array([len(sentence) for sentence in tokens])

    @cached_property
    def weights(self) -> Floats:
        """Weights (positions, windows) of the words in each window; columns sum to 1."""
        rows = np.repeat(np.arange(len(self.sizes)), self.sizes)
        first = np.array([window.first for window in self.windows])
        last = np.array([window.last for window in self.windows])
        inside = (rows[:, None] >= first) & (rows[:, None] <= last)
        matrix = inside * self.words.weights[self.words.order][:, None]
        return (matrix / (matrix.sum(axis=0) + 1e-6)).astype(np.float32)


def likeness(examples: Examples, answer: Answer) -> Floats:
    """Compare every text with every window. Gives an array (texts, windows, KINDS)."""
    meaning = np.clip(examples.words.matrix @ answer.words.matrix.T, 0, 1)
    same = (examples.words.stems[:, None] == answer.words.stems).astype(np.float32)
    parts = [share for cells in (meaning, same) for share in _shares(cells, examples, answer)]
    return np.stack(parts, axis=2)


def likeness_among(examples: Examples) -> Floats:
    """Give how much of each text every other one says by meaning, as an array (texts, texts)."""
    meaning = np.clip(examples.words.matrix @ examples.words.matrix.T, 0, 1)
    by_text = np.maximum.reduceat(meaning[:, examples.words.order], examples.starts, axis=1)
    return examples.weights @ by_text


def _shares(cells: Floats, examples: Examples, answer: Answer) -> tuple[Floats, Floats]:
    """Give both shares (texts, windows) from the likeness of distinct words."""
    there = cells[:, answer.words.order]
    by_sentence = np.maximum.reduceat(there, answer.starts, axis=1)
    first = [window.first for window in answer.windows]
    last = [window.last for window in answer.windows]
    by_window = np.maximum(by_sentence[:, first], by_sentence[:, last])
    back = np.maximum.reduceat(there[examples.words.order], examples.starts, axis=0)
    return examples.weights @ by_window, back @ answer.weights
