"""Word order: whether words follow each other as in sentences.

In: a text. Out: the mean pointwise mutual information of neighboring word classes. A class is the
word itself for function words, otherwise the word's ending; so the table is small and knows
grammar rather than topics. Counted over the texts of the question bank by `tools/compile_bank.py`.
Source of the measure: Church and Hanks 1990, https://aclanthology.org/J90-1003/.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from caseroom.grading.text.words import function_words, sentences, tokenize

__all__ = ["TABLE", "count_order", "order_score", "word_class"]

TABLE = "word_order.json"
_ENDINGS = ("ing", "ed", "ly", "tion", "ment", "ness", "ity", "ous", "able", "al", "er", "s")
_SMOOTHING = 0.5


def word_class(word: str) -> str:
    """Give a word's class: a function word itself, a number, or an ending."""
    if word in function_words or "'" in word:
        return word
    if word[0].isdigit():
        return "#"
    return next((f"-{end}" for end in _ENDINGS if word.endswith(end) and len(word) > 3), "-")


def _pairs(text: str) -> list[tuple[str, str]]:
    """Give the neighboring classes inside sentences."""
    parts = ([word_class(word) for word in tokenize(text[a:b])] for a, b in sentences(text))
    return [pair for classes in parts for pair in pairwise(classes)]


def count_order(texts: Iterable[str]) -> dict[str, Any]:
    """Count neighboring classes: {"pairs": {"the -": n, ...}, "total": n}."""
    counts = Counter(" ".join(pair) for text in texts for pair in _pairs(text))
    return {"pairs": dict(sorted(counts.items())), "total": counts.total()}


def order_score(text: str, table: Mapping[str, Any] | None = None) -> tuple[float, int]:
    """Give the mean information of neighboring words in nats, and how many pairs there are.

    Sentences of this domain have 0.3 to 0.7, shuffled words below 0. A text without pairs has 0.
    """
    known = _Table(table) if table else _shipped()
    pairs = _pairs(text)
    return (sum(map(known.information, pairs)) / len(pairs) if pairs else 0.0), len(pairs)


class _Table:
    """Counts of pairs with their margins."""

    def __init__(self, counts: Mapping[str, Any]) -> None:
        self._pairs: Mapping[str, int] = counts["pairs"]
        self._total: int = counts["total"]
        self._first: Counter[str] = Counter()
        self._second: Counter[str] = Counter()
        for pair, count in self._pairs.items():
            first, second = pair.split(" ")
            self._first[first] += count
            self._second[second] += count

    def information(self, pair: tuple[str, str]) -> float:
        """Give log(p(pair) / p(first) p(second)), smoothed; 0 for a class never seen."""
        first, second = self._first[pair[0]], self._second[pair[1]]
        if not first or not second:
            return 0.0
        expected = first * second / self._total
        seen = self._pairs.get(" ".join(pair), 0)
        return math.log((seen + _SMOOTHING) / (expected + _SMOOTHING))


@cache
def _shipped() -> _Table:
    """Read the table that ships in the package."""
    packed = (files("caseroom.content") / "data" / TABLE).read_text(encoding="utf-8")
    return _Table(json.loads(packed))
