"""Topic: whether an answer speaks about this question rather than about another one.

In: a question's id and an answer. Out: the reason why it seems to be off topic, or "". The answer
is compared with every question of the bank in two ways: by its words (cosine over stems; a
question's stem counts by how many of its texts have it, which damps what stands in one example
alone, times the inverse document frequency) and by what they mean (cosine of mean word vectors,
without what all questions share). How far the question stands out among all of them, in standard
deviations, is added up. What the questions talk about is counted by `tools/compile_bank.py`.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.vectors import Vectors
from caseroom.grading.text.words import function_words, stem, tokenize
from caseroom.questions.model import Question

__all__ = ["TABLE", "count_topics", "off_topic"]

TABLE = "topics.npz"

STANDS_OUT = 3.7
"""Off topic: below this sum of two standard scores. Of real answers 2 % were below it, of strong
answers to other questions 99 % (`bench/text_grading.py` prints both)."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Profiles:
    """What the questions of the bank talk about.

    `numbers` gives a question's row in `meanings` (questions, d) and `words` (questions, stems);
    `shared` (d) is what all questions mean; `columns` and `rarity` (stems; the root of the inverse
    document frequency, as it stands on both sides of a cosine) belong to the words.
    """

    numbers: dict[str, int]
    meanings: Floats
    shared: Floats
    words: Floats
    columns: dict[str, int]
    rarity: Floats


def off_topic(question_id: str, text: str, vectors: Vectors) -> str:
    """Give the reason why an answer seems to be about something else, or ""."""
    profiles = _bank()
    if question_id not in profiles.numbers:
        return ""
    own = profiles.numbers[question_id]
    scores = _by_meaning(profiles, text, vectors) + _by_words(profiles, text)
    if scores[own] >= STANDS_OUT:
        return ""
    nearer = int((scores > scores[own]).sum())
    return f"Its words are nearer to {nearer} other questions of the bank than to this one."


def _by_meaning(profiles: _Profiles, text: str, vectors: Vectors) -> Floats:
    """Say how far each question stands out by the meaning of the words (questions)."""
    return _standard(profiles.meanings @ _unit(_mean([text], vectors) - profiles.shared))


def _by_words(profiles: _Profiles, text: str) -> Floats:
    """Say how far each question stands out by the words themselves (questions)."""
    counts = {word: n for word, n in _stems([text]).items() if word in profiles.columns}
    at = [profiles.columns[word] for word in counts]
    weights = np.log1p(np.array(list(counts.values()), np.float32)) * profiles.rarity[at]
    return _standard(profiles.words[:, at] @ _unit(weights))


def _standard(likeness: Floats) -> Floats:
    """Give standard scores."""
    return (likeness - likeness.mean()) / (likeness.std() + 1e-6)


@cache
def _bank() -> _Profiles:
    """Read what all questions talk about, once."""
    table = np.load(io.BytesIO((files("caseroom.content") / "data" / TABLE).read_bytes()))
    counts, meanings = table["counts"], table["meanings"].astype(np.float32)
    rarity = np.sqrt(np.log(len(counts) / (counts > 0).sum(axis=0))).astype(np.float32)
    shared = meanings.mean(axis=0)
    return _Profiles(
        numbers={str(question): at for at, question in enumerate(table["questions"])},
        meanings=_unit(meanings - shared),
        shared=shared,
        words=_unit(counts * rarity),
        columns={str(word): at for at, word in enumerate(table["stems"])},
        rarity=rarity,
    )


def count_topics(bank: Sequence[Question], vectors: Vectors) -> bytes:
    """Give the file of what questions talk about.

    Per question how many of its texts have a stem (questions, stems), and its mean word vector
    (questions, d), in half precision so that every machine writes the same.
    """
    counts = [_texts_with(_texts(question)) for question in bank]
    stems = sorted(set().union(*counts))
    file = io.BytesIO()
    np.savez_compressed(
        file,
        questions=np.array([question.id for question in bank]),
        stems=np.array(stems),
        counts=np.array([[counted[word] for word in stems] for counted in counts], np.uint8),
        meanings=np.stack([_mean(_texts(question), vectors) for question in bank]).astype("f2"),
    )
    return file.getvalue()


def _texts(question: Question) -> Iterable[str]:
    """Give the words of a question and its examples (no anchors: they are test data)."""
    yield from (question.ask, question.title, question.model_answer, *question.follow_ups)
    yield from (*question.best_practices, *question.avoid)
    for sought in (*question.points, *question.pitfalls):
        yield from (sought.statement, *sought.says, *sought.near_miss)


def _stems(texts: Iterable[str]) -> Counter[str]:
    """Count the stems of telling words."""
    return Counter(stem(w) for text in texts for w in tokenize(text) if w not in function_words)


def _texts_with(texts: Iterable[str]) -> Counter[str]:
    """Count for each stem the texts that have it."""
    return Counter(word for text in texts for word in _stems([text]))


def _mean(texts: Iterable[str], vectors: Vectors) -> Floats:
    """Give the unit mean vector of the telling words, each counted by the log of its frequency."""
    counts = Counter(w for text in texts for w in tokenize(text) if w not in function_words)
    if not counts:
        return np.zeros_like(vectors.vector("data"))
    weights = [np.log1p(count) * vectors.weight(word) for word, count in counts.items()]
    matrix = np.stack([vectors.vector(word) for word in counts])
    return _unit(np.array(weights, np.float64) @ matrix)


def _unit(vectors: NDArray[np.floating]) -> Floats:
    """Give vectors (..., d) unit length."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / (length + 1e-6)).astype(np.float32)
