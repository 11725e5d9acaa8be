"""Pitfalls: known mistakes that an answer steps into.

In: a question and an answer. Out: hits with the words that they rest on. Good answers name a
mistake in order to reject it, so a window counts only when it is very close to people who make the
mistake and covers no point of the rubric. Measured on the bank's strong anchors and the labeled
answers of the styles paraphrase and terse (198 answers): 3 % of their pitfalls are named; of the
weak anchors and the style "wrong" (161 answers), which are not labeled for pitfalls, 45 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from caseroom.grading.evidence import Span
from caseroom.grading.text.features import PointExamples, features
from caseroom.grading.text.head import load_head
from caseroom.grading.text.reader import embedded_reader
from caseroom.grading.text.report import PitfallHit
from caseroom.grading.text.vectors import load_vectors
from caseroom.grading.text.words import Window
from caseroom.questions.model import Pitfall, Point, PointKind, Question

__all__ = ["beside_points", "find_pitfalls"]

CLOSE, COVERED = 0.98, 0.10
"""A pitfall is named from this likelihood on, in windows where no point is likelier than this."""

_WHY = "These words are close to how people put this mistake, and to no point of the rubric."


def find_pitfalls(
    question: Question, text: str, parts: Sequence[Window], countable: NDArray[np.bool_]
) -> tuple[PitfallHit, ...]:
    """Name the pitfalls in windows that may count."""
    head, vectors = load_head(), load_vectors()
    examples = beside_points(question.pitfalls, question.points)
    close = head.likelihood(features(examples, text, vectors))
    covered = embedded_reader().likelihood(question.points, text).max(axis=0)
    close = np.where(countable & (covered < COVERED), close, 0.0)
    return tuple(
        PitfallHit(
            pitfall=pitfall.id,
            statement=pitfall.statement,
            span=_span(text, parts[int(row.argmax())]),
            why=_WHY,
        )
        for pitfall, row in zip(question.pitfalls, close, strict=False)
        if row.max() >= CLOSE
    )


@lru_cache(maxsize=256)
def beside_points(pitfalls: tuple[Pitfall, ...], points: tuple[Point, ...]) -> PointExamples:
    """Lay out the pitfalls as if they were points, then the points themselves."""
    mistakes = tuple(
        Point(
            id=pitfall.id,
            statement=pitfall.statement,
            kind=PointKind.CONTENT,
            weight=1,
            gate=False,
            says=pitfall.says,
            near_miss=pitfall.near_miss,
        )
        for pitfall in pitfalls
    )
    return PointExamples.of((*mistakes, *points), load_vectors())


def _span(text: str, window: Window) -> Span:
    """Give a window as a verbatim quote."""
    quote = text[window.start : window.end]
    return Span(source="answer", ref="answer", quote=quote, start=window.start, end=window.end)
