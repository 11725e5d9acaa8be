"""The semantic reader: the embedded features, and what two small models add to them.

In: what is sought and an answer. Out: a `Reader`. Belongs to the optional extra `semantic`;
everything else of the grader (windows, guards, topic, level, pitfalls) is the embedded one. Late
interaction (every piece of one text looks for its nearest piece in the other):
https://arxiv.org/abs/2004.12832.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.features import FEATURES, GROUPS, Sought, compare_groups
from caseroom.grading.text.head import load_head
from caseroom.grading.text.reader import Reader, embedded_features, laid_out
from caseroom.grading.text.report import GRADER
from caseroom.grading.text.semantic_models import Encoder, Meaning, load_encoder
from caseroom.grading.text.words import Window, windows

__all__ = [
    "SEMANTIC_FEATURES",
    "SEMANTIC_GRADER",
    "SEMANTIC_HEAD",
    "Encoded",
    "encoded",
    "semantic_features",
    "semantic_likeness",
    "semantic_reader",
]

SEMANTIC_GRADER = f"{GRADER}+semantic-2"
SEMANTIC_HEAD = "text_head_semantic.json"
KINDS = ("whole", "pieces, mean", "pieces, lower quartile")
SEMANTIC_FEATURES = (*FEATURES, *(f"{group}, {kind}" for group in GROUPS for kind in KINDS))
"""Names of the features, in the order of the last axis: the embedded ones, then the models'."""

_LOWER = 0.25
_QUESTIONS = 48
"""Questions whose examples stay encoded, about 1.3 MB each."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Encoded:
    """Encoded texts: unit vectors (texts, d), their pieces (all, d) and where each text starts."""

    wholes: Floats
    tokens: NDArray[np.float16]
    starts: NDArray[np.intp]


def semantic_reader() -> Reader:
    """Give the semantic reader. Raises CaseroomError where the extra is not installed."""
    encode = load_encoder()
    return Reader(
        grader=SEMANTIC_GRADER,
        head=load_head(SEMANTIC_HEAD, SEMANTIC_FEATURES),
        features=lambda sought, text: semantic_features(sought, text, encode),
    )


def semantic_features(sought: Sought, text: str, encode: Encoder) -> Floats:
    """Give the features (points, windows, SEMANTIC_FEATURES) of an answer with words."""
    parts, examples = windows(text), laid_out(sought)
    texts = encoded(examples.texts, encode)
    found = semantic_likeness(texts, _sentences(text, parts, encode), parts)
    return np.concatenate(
        [embedded_features(sought, text), compare_groups(examples, found)], axis=2
    )


def semantic_likeness(texts: Encoded, answer: Sequence[Meaning], parts: Sequence[Window]) -> Floats:
    """Compare encoded texts with windows of encoded sentences (texts, windows, KINDS)."""
    first, last = [part.first for part in parts], [part.last for part in parts]
    wholes = np.stack([sentence.whole for sentence in answer])
    both = wholes[first] + wholes[last]
    cosine = texts.wholes @ (both / (np.linalg.norm(both, axis=1, keepdims=True) + 1e-6)).T
    pieces = texts.tokens.astype(np.float32)
    by_sentence = np.stack([(pieces @ each.tokens.T).max(axis=1) for each in answer], axis=1)
    by_window = np.maximum(by_sentence[:, first], by_sentence[:, last])
    of_text = np.split(by_window, texts.starts[1:])
    mean = np.stack([best.mean(axis=0) for best in of_text])
    lower = np.stack([_quartile(best) for best in of_text])
    return np.stack([cosine, mean, lower], axis=2)


def _quartile(best: Floats) -> Floats:
    """Give the lower quartile over the pieces of a text (pieces, windows)."""
    at = int(_LOWER * (len(best) - 1))
    return np.partition(best, at, axis=0)[at]


def _sentences(text: str, parts: Sequence[Window], encode: Encoder) -> list[Meaning]:
    """Encode the sentences of an answer, each alone."""
    return [encode(text[part.start : part.end]) for part in parts if part.first == part.last]


@lru_cache(maxsize=_QUESTIONS)
def encoded(texts: tuple[str, ...], encode: Encoder) -> Encoded:
    """Encode the texts of a question's points once."""
    meanings = [encode(text) for text in texts]
    sizes = [len(meaning.tokens) for meaning in meanings]
    return Encoded(
        wholes=np.stack([meaning.whole for meaning in meanings]),
        tokens=np.concatenate([meaning.tokens for meaning in meanings]).astype(np.float16),
        starts=np.cumsum([0, *sizes[:-1]]),
    )
