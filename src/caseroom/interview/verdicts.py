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

__all__ = ["BARS", "Veto", "above", "verdict_of", "vetoes_in"]

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
    """Why the verdict can't be above "no": a floor in data validity or privacy."""

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
    return tuple(veto for one in heard if (veto := _veto(one)))


def _veto(one: Heard) -> Veto | None:
    """Give the veto of an answer, if there is one."""
    guarded = [name for name in one.question.competencies if name in VETO_COMPETENCIES]
    why = _floor(one.probed) if guarded else ""
    if not why:
        return None
    question = one.question
    return Veto(question=question.id, title=question.title, competency=guarded[0], why=why)


def _floor(report: AnswerReport) -> str:
    """Say why an answer is at the floor, or "".

    A pitfall alone is no floor: the grader names pitfalls by nearness to a few examples, which on
    strong answers is wrong too often. It counts where the gate point is not found either.
    """
    gate = report.gate
    if gate.band is Band.NOT_FOUND and report.level <= 2:
        where = f"the answer is at level {report.level} of 5"
        return f"What the question turns on was not found, and {where}."
    if report.pitfalls and gate.band is not Band.FOUND:
        return f"It steps into a known mistake: {report.pitfalls[0].statement}."
    return ""
