"""Pitfalls: known mistakes that an answer steps into.

In: a question and an answer. Out: hits with the words that they rest on. Good answers name a
mistake in order to reject it, so a window counts only when it is very close to people who make the
mistake and covers no point of the rubric. `bench/text_grading.py` prints which share of pitfalls is
named in good answers and in poor ones.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from caseroom.grading.text.features import Sought
from caseroom.grading.text.looked import Looked, quoted
from caseroom.grading.text.reader import embedded_reader
from caseroom.grading.text.report import PitfallHit
from caseroom.questions.model import Pitfall, Point, PointKind, Question

__all__ = ["find_pitfalls"]

CLOSE, COVERED = 0.90, 0.10
"""A pitfall is named from this likelihood on, in sentences where no point is likelier than this."""

_WHY = "These words are close to how people put this mistake, and to no point of the rubric."


def find_pitfalls(question: Question, text: str, looked: Looked) -> tuple[PitfallHit, ...]:
    """Name the pitfalls in sentences that may count and cover no point, each in one of its own."""
    if not question.pitfalls:
        return ()
    alone = np.array([part.first == part.last for part in looked.parts])
    free = looked.may & alone & (looked.likely.max(axis=0) < COVERED)
    sought = _sought(question.pitfalls, question.points)
    close = np.where(free, embedded_reader().likelihood(sought, text), 0.0)
    shares = Looked(looked.parts, free, close).shared_out()
    return tuple(
        PitfallHit(
            pitfall=pitfall.id,
            statement=pitfall.statement,
            span=quoted(text, looked.parts[window]),
            why=_WHY,
        )
        for pitfall, (window, likely) in zip(question.pitfalls, shares, strict=True)
        if likely >= CLOSE
    )


@lru_cache(maxsize=256)
def _sought(pitfalls: tuple[Pitfall, ...], points: tuple[Point, ...]) -> Sought:
    """Look for pitfalls as if they were points; against them speak the points."""
    return Sought(tuple(map(_as_point, pitfalls)), tuple(point.says for point in points))


def _as_point(pitfall: Pitfall) -> Point:
    """Give a pitfall the form of a point."""
    return Point(
        id=pitfall.id,
        statement=pitfall.statement,
        kind=PointKind.CONTENT,
        weight=1,
        gate=False,
        says=pitfall.says,
        near_miss=pitfall.near_miss,
    )
