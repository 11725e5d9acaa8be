"""Static word vectors: what a word means, without a model at run time.

In: words. Out: unit vectors and weights. The table was distilled from BAAI/bge-small-en-v1.5 (MIT)
by `tools/distil_vectors.py`: each of its 30,522 word pieces ran through the model once, alone;
the vectors were reduced by principal components and stored as signed bytes.
Source of the method: https://github.com/MinishLab/model2vec (idea), WordPiece:
https://arxiv.org/abs/1609.08144.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.words import function_words

__all__ = ["Vectors", "load_vectors"]

TABLE = "word_vectors.npz"
_UNKNOWN = 100
_FIRST_WORD = 996
"""Pieces from this number on are words and word parts, the frequent ones first."""

_FUNCTION_WEIGHT = 0.15


class Vectors:
    """Vectors and weights of words; unknown words are put together from pieces."""

    def __init__(self, pieces: list[str], table: NDArray[np.int8]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self._table = table
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._weights: dict[str, float] = {}

    def numbers(self, word: str) -> list[int]:
        """Split a word into the longest known pieces from the left (WordPiece)."""
        found: list[int] = []
        start = 0
        while start < len(word):
            number, start = self._longest(word, start)
            if number == _UNKNOWN:
                return [_UNKNOWN]
            found.append(number)
        return found or [_UNKNOWN]

    def _longest(self, word: str, start: int) -> tuple[int, int]:
        """Give the longest piece that starts here and where it ends."""
        for end in range(len(word), start, -1):
            number = self._number.get(("##" if start else "") + word[start:end])
            if number is not None:
                return number, end
        return _UNKNOWN, len(word)

    def vector(self, word: str) -> NDArray[np.float32]:
        """Give the unit vector of a word: the mean of its pieces."""
        if word not in self._vectors:
            mean = self._table[self.numbers(word)].mean(axis=0, dtype=np.float32)
            self._vectors[word] = mean / (np.linalg.norm(mean) + 1e-6)
        return self._vectors[word]

    def weight(self, word: str) -> float:
        """Say how much a word tells: rare words more, function words little.

        The number of a piece stands for its rank by frequency, so that the logarithm follows
        Zipf's law; a word of several pieces is as rare as its rarest.
        """
        if word not in self._weights:
            rarest = max(self.numbers(word)) - _FIRST_WORD
            weight = float(np.log(2 + max(0, rarest) / 20))
            self._weights[word] = weight * (_FUNCTION_WEIGHT if word in function_words else 1.0)
        return self._weights[word]

    def knows(self, word: str) -> bool:
        """Say whether a word stands in the table whole, or as a number."""
        return word in self._number or word.isdigit()


@cache
def load_vectors() -> Vectors:
    """Read the table that ships in the package."""
    packed = (files("caseroom.content") / "data" / TABLE).read_bytes()
    with np.load(BytesIO(packed)) as arrays:
        stored: dict[str, Any] = dict(arrays)
    return Vectors(bytes(stored["pieces"]).decode().split("\n"), stored["table"])
