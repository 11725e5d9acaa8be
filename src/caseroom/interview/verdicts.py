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

__all__ = ["BARS", "Veto", "above", "doubts_in", "verdict_of", "vetoes_in"]

BARS: Mapping[Verdict, float] = {
    Verdict.STRONG_NO: 1.0,
    Verdict.NO: 2.0,
    Verdict.YES: 3.0,
    Verdict.STRONG_YES: 4.0,
}
"""The overall score from which a verdict holds."""

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

    They show a known mistake beside an uncertain gate point, which the grader sees in strong
    answers, too (2 of 39 in the bank): that lowers the verdict's range, not the verdict.
    """
    return tuple(veto for one in heard if (veto := _veto(one, _mistake(one.probed))))


def _veto(one: Heard, why: str) -> Veto | None:
    """Give the veto of an answer, where there is a reason and the question is about such data."""
    question = one.question
    guarded = [name for name in question.competencies if name in VETO_COMPETENCIES]
    if not (guarded and why):
        return None
    return Veto(question=question.id, title=question.title, competency=guarded[0], why=why)


def _floor(report: AnswerReport) -> str:
    """Say why an answer is at the floor, or ""."""
    if report.gate.band is not Band.NOT_FOUND or report.level > 2:
        return ""
    where = f"the answer is at level {report.level} of 5"
    return f"What the question turns on was not found, and {where}."


def _mistake(report: AnswerReport) -> str:
    """Say which known mistake stands beside an uncertain gate point, or ""."""
    if report.gate.band is not Band.PERHAPS or not report.pitfalls:
        return ""
    return f"It seems to step into a known mistake: {report.pitfalls[0].statement}."
