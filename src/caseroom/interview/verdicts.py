"""Verdicts and vetoes: what a score amounts to, and what forbids a "yes".

In: an overall score, what was heard. Out: one of four verdicts; vetoes with their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.panel import Heard
from caseroom.interview.scales import Verdict
from caseroom.questions.model import Band
from caseroom.vocabulary.levels import Competency

__all__ = ["BARS", "IN_DOUBT", "Veto", "above", "doubts_in", "verdict_of", "vetoes_in"]

BARS: Mapping[Verdict, float] = {
    Verdict.STRONG_NO: 1.0,
    Verdict.NO: 2.0,
    Verdict.YES: 3.0,
    Verdict.STRONG_YES: 4.0,
}
"""The overall score from which a verdict holds."""

IN_DOUBT = (
    "The grader is not sure, so a person has to judge this. If it is so, the verdict is “no” at "
    "most. Until then it counts for the verdict's range only."
)
"""What a doubt means, in the words of page, command and export."""

VETO_COMPETENCIES = (Competency.QUALITY, Competency.GOVERNANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """A floor in data validity or privacy, and why: it allows no more than "no"."""

    question: str
    title: str
    competency: Competency
    why: str


def verdict_of(overall: float, *, vetoed: bool = False) -> Verdict:
    """Give the verdict of a score; a veto allows no more than "no"."""
    reached = [verdict for verdict, bar in BARS.items() if overall >= bar]
    verdict = reached[-1] if reached else Verdict.STRONG_NO
    return Verdict.NO if vetoed and verdict in (Verdict.YES, Verdict.STRONG_YES) else verdict


def above(one: Verdict, other: Verdict) -> bool:
    """Say whether a verdict is better than another."""
    levels = list(Verdict)
    return levels.index(one) > levels.index(other)


def vetoes_in(heard: Sequence[Heard]) -> tuple[Veto, ...]:
    """Find answers at the floor in data validity or privacy, one veto per question."""
    return tuple(veto for one in heard if (veto := _veto(one, _floor(one.probed))))


def doubts_in(heard: Sequence[Heard]) -> tuple[Veto, ...]:
    """Find answers that may be at the floor, for a person to judge.

    The grader is not sure there: the gate point is not found with fair confidence only, or is
    uncertain beside a known mistake. Both happen to strong answers, too (about 1 and 2 of 39 in
    the bank), so they lower the verdict's range and not the verdict.
    """
    return tuple(veto for one in heard if (veto := _veto(one, _doubt(one.probed))))


def _veto(one: Heard, why: str) -> Veto | None:
    """Give the veto of an answer, where there is a reason and the question is about such data."""
    question = one.question
    guarded = [name for name in question.competencies if name in VETO_COMPETENCIES]
    if not (guarded and why):
        return None
    return Veto(question=question.id, title=question.title, competency=guarded[0], why=why)


def _at_floor(report: AnswerReport) -> bool:
    """Say whether the gate point is not found and the answer is at level 2 or below."""
    return report.gate.band is Band.NOT_FOUND and report.level <= 2


def _missing(report: AnswerReport) -> str:
    """Say what is missing at the floor."""
    where = f"the answer is at level {report.level} of 5"
    return f"What the question turns on was not found, and {where}."


def _floor(report: AnswerReport) -> str:
    """Say why an answer is at the floor for sure, or ""."""
    sure = report.gate.confidence == "high"
    return _missing(report) if sure and _at_floor(report) else ""


def _doubt(report: AnswerReport) -> str:
    """Say why an answer may be at the floor, or ""."""
    if _at_floor(report):
        return "" if _floor(report) else _missing(report)
    if report.gate.band is not Band.PERHAPS or not report.pitfalls:
        return ""
    return f"It seems to step into a known mistake: {report.pitfalls[0].statement}."
