"""From votes to a verdict: majority, lowered where runs disagree.

In: the votes of the runs that count, and the offline verdict. Out: a `JudgedPoint`.

Judges are too generous more often than too strict, so a lone vote never raises a band: a majority
for a band of credit that is not unanimous becomes "perhaps", a majority for "not found" stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from caseroom.grading.evidence import Method
from caseroom.grading.judge.report import JudgedPoint, Mark, Vote
from caseroom.grading.text.advice import point_advice
from caseroom.grading.text.report import PointVerdict
from caseroom.questions.model import Band, Point

__all__ = ["BANDS", "decide"]

BANDS = {
    Mark.MET: Band.FOUND,
    Mark.PARTLY: Band.PERHAPS,
    Mark.NOT_MET: Band.NOT_FOUND,
    Mark.CONTRADICTED: Band.NOT_FOUND,
    Mark.CANNOT_TELL: None,
}
"""The band that a mark stands for; a model that cannot tell names none."""


def decide(point: Point, votes: Sequence[Vote], offline: PointVerdict) -> JudgedPoint:
    """Give the verdict that stands. Without one of the model's, it is the offline grader's."""
    bands = Counter(BANDS[vote.mark] for vote in votes)
    band, agree = _band(bands, len(votes)), max(bands.values())
    return JudgedPoint(
        verdict=offline
        if band is None
        else _verdict(point, band, votes, unanimous=len(bands) == 1),
        votes=tuple(votes),
        agreement=f"{agree} of {len(votes)}",
        offline=offline.band,
    )


def _band(bands: Counter[Band | None], count: int) -> Band | None:
    """Take the majority's band, None when the model could not tell."""
    ((band, times), *_) = bands.most_common(1)
    if times * 2 <= count:
        return Band.PERHAPS if bands[Band.FOUND] or bands[Band.PERHAPS] else None
    return Band.PERHAPS if band is Band.FOUND and len(bands) > 1 else band


def _verdict(point: Point, band: Band, votes: Sequence[Vote], *, unanimous: bool) -> PointVerdict:
    """Put the model's verdict into the form of the offline ones.

    Its confidence is never "high": nobody has compared this model with people on these questions.
    """
    speaker = _speaker(band, votes)
    span = None if band is Band.NOT_FOUND else speaker.span
    return PointVerdict(
        point=point.id,
        statement=point.statement,
        weight=point.weight,
        gate=point.gate,
        band=band,
        confidence="fair" if unanimous else "low",
        span=span,
        why=_why(speaker.reason, unanimous=unanimous),
        advice=point_advice(point, band, span),
        method=Method.LANGUAGE_MODEL,
    )


def _speaker(band: Band, votes: Sequence[Vote]) -> Vote:
    """Choose the vote whose words are shown: of this band, else one with credit."""
    credit = (Band.FOUND, Band.PERHAPS)
    fitting = [vote for vote in votes if BANDS[vote.mark] is band]
    return next(iter(fitting), None) or next(v for v in votes if BANDS[v.mark] in credit)


def _why(reason: str, *, unanimous: bool) -> str:
    """Give the model's reason as the model's, and whether its runs agreed."""
    said = f"The model says: {reason}" if reason else "The model gave no reason."
    return said if unanimous else f"{said} Its runs did not agree."
