"""Grade one answer offline.

In: a question and an answer as typed. Out: an `AnswerReport`. Deterministic: the same content,
grader version and answer give the same report.

Order of work: guards first; then a reader compares every window that may count with every point's
examples (the embedded reader unless told otherwise); then level and structure. An answer that a
guard withholds gets no point, and says why; one that seems to be off topic gets no more than
"perhaps" for any point.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.evidence import Span
from caseroom.grading.text.advice import point_advice, point_why
from caseroom.grading.text.features import Sought
from caseroom.grading.text.guards import (
    copied_share,
    denial_within,
    denied,
    guard,
    instruction_at,
    own_answer,
    shown_runs,
)
from caseroom.grading.text.head import Reading
from caseroom.grading.text.looked import Looked
from caseroom.grading.text.pitfalls import find_pitfalls
from caseroom.grading.text.reader import Reader, embedded_reader
from caseroom.grading.text.report import (
    AnswerReport,
    Flag,
    FlagKind,
    PointVerdict,
)
from caseroom.grading.text.scale import level_of
from caseroom.grading.text.structure import structure
from caseroom.grading.text.topic import off_topic
from caseroom.grading.text.vectors import load_vectors
from caseroom.grading.text.words import function_words, stem, tokenize, windows
from caseroom.questions.model import Band, Category, Point, Question, Round

__all__ = ["content_id", "expected_share", "grade_answer"]

_COPIED_WINDOW = 0.5
"""A window of which half stands in the rubric can't count as the person's own words."""


def content_id(question: Question) -> str:
    """Give the versioned id of a question's content: its id and a digest of its rubric."""
    return f"{question.id}@{hashlib.sha256(repr(question).encode()).hexdigest()[:12]}"


def grade_answer(question: Question, text: str, reader: Reader | None = None) -> AnswerReport:
    """Grade an answer. An empty one is graded, too: nothing is found in it.

    Args:
        question: A question with its rubric.
        text: The answer as typed.
        reader: What looks for the points; the embedded reader by default.
    """
    looks_with = reader or embedded_reader()
    flags = _flags(question, text)
    withheld = " ".join(flag.why for flag in flags if flag.withholds)
    looked = None if withheld else _look(question, text, looks_with)
    readings = looked.readings(question.points, looks_with.head, text) if looked else {}
    doubted = any(flag.kind is FlagKind.OFF_TOPIC for flag in flags)
    verdicts = tuple(_verdict(point, readings.get(point.id), doubted) for point in question.points)
    looks = structure(
        text,
        tells_story=question.category is Category.BEHAVIORAL and question.round is Round.BEHAVIORAL,
        minutes=question.minutes,
    )
    scale = level_of(verdicts, looks, withheld)
    return AnswerReport(
        question=question.id,
        content=content_id(question),
        grader=looks_with.grader,
        answer_sha256=hashlib.sha256(text.encode()).hexdigest(),
        points=verdicts,
        pitfalls=find_pitfalls(question, text, looked) if looked else (),
        flags=flags,
        structure=looks,
        level=scale.level,
        level_low=scale.low,
        level_high=scale.high,
        score_low=scale.score_low,
        score_high=scale.score_high,
        withheld=withheld,
    )


def expected_share(question: Question, text: str, reader: Reader | None = None) -> float:
    """Give the expected weighted share of points (0..1) for putting answers in order.

    Finer than the method can carry for one answer, so it is never shown; guards are not asked.
    """
    if not tokenize(text):
        return 0.0
    looked = _look(question, text, reader or embedded_reader())
    weights = np.array([point.weight for point in question.points])
    return float(np.array([likely for _, likely in looked.shared_out()]) @ weights / weights.sum())


def _flags(question: Question, text: str) -> tuple[Flag, ...]:
    """Ask every guard; the topic is looked at when the others let the answer pass."""
    vectors, shown = load_vectors(), _shown(question)
    flags = guard(text, shown.runs, shown.rubric, vectors)
    if any(flag.withholds for flag in flags):
        return flags
    why = off_topic(question.id, own_answer(text), vectors)
    return (*flags, Flag(kind=FlagKind.OFF_TOPIC, why=why, withholds=False)) if why else flags


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a person could copy: four-word runs, and the stems of the rubric's telling words."""

    runs: frozenset[tuple[str, ...]]
    rubric: frozenset[str]


def _shown(question: Question) -> _Shown:
    """Give what a person could copy: the question, the rubric and the model answer."""
    statements = tuple(point.statement for point in question.points)
    seen = (question.ask, question.model_answer, *question.follow_ups, *statements)
    return _runs_and_words(seen, statements)


@lru_cache(maxsize=256)
def _runs_and_words(seen: tuple[str, ...], statements: tuple[str, ...]) -> _Shown:
    """Cut texts into runs and stems once."""
    words = (word for text in statements for word in tokenize(text))
    telling = frozenset(stem(word) for word in words if word not in function_words)
    return _Shown(shown_runs(seen), telling)


def _look(question: Question, text: str, reader: Reader) -> Looked:
    """Compare every window that may count with every point.

    A denied window counts for a point only if people who cover it put it like that, too.
    """
    parts = tuple(windows(text))
    quotes = [text[part.start : part.end] for part in parts]
    own = _own_words(question, quotes)
    affirmed = ~np.array([denial_within(quote) for quote in quotes])
    denying = np.array([[any(map(denied, point.says))] for point in question.points])
    likely = reader.likelihood(Sought.by(question), text)
    return Looked(parts, own & affirmed, np.where(own & (affirmed | denying), likely, 0.0))


def _own_words(question: Question, quotes: Sequence[str]) -> NDArray[np.bool_]:
    """Say which windows are a person's own words, and not spoken to the grader."""
    runs = _shown(question).runs
    return np.array(
        [
            not instruction_at(quote) and copied_share(tokenize(quote), runs) <= _COPIED_WINDOW
            for quote in quotes
        ]
    )


def _verdict(point: Point, found: tuple[Reading, Span] | None, doubted: bool) -> PointVerdict:
    """Put a reading into words; without one nothing was looked at."""
    band, confidence = (found[0].band, found[0].confidence) if found else (Band.NOT_FOUND, "high")
    if doubted and band is Band.FOUND:
        band, confidence = Band.PERHAPS, "low"
    nearest = found[1] if found else None
    return PointVerdict(
        point=point.id,
        statement=point.statement,
        weight=point.weight,
        gate=point.gate,
        band=band,
        confidence=confidence,
        span=None if band is Band.NOT_FOUND else nearest,
        why=point_why(band, looked_at=found is not None),
        advice=point_advice(point, band, nearest),
    )
