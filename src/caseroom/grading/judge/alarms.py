"""The tripwire: what the offline grader and the checks say against a model's verdicts.

In: judged points and the offline report. Out: alarms. They block nothing: a candidate who talks
the model round fools nobody else, but should see that it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from caseroom.grading.evidence import Method
from caseroom.grading.judge.report import Alarm, AlarmKind, JudgedPoint
from caseroom.grading.text.report import AnswerReport, FlagKind
from caseroom.questions.model import Band

__all__ = ["alarms"]


def alarms(points: Sequence[JudgedPoint], offline: AnswerReport) -> tuple[Alarm, ...]:
    """Give all alarms: those on the whole answer first."""
    found = [_instruction(points, offline)]
    for point in points:
        found += [_unverified(point), _far(point)]
    return tuple(alarm for alarm in found if alarm)


def _instruction(points: Sequence[JudgedPoint], offline: AnswerReport) -> Alarm | None:
    """Warn when the answer speaks to the grader and a model has read it."""
    asked = any(point.votes for point in points)
    if not asked or all(flag.kind is not FlagKind.INSTRUCTION for flag in offline.flags):
        return None
    why = "The answer speaks to the grader; a model may have followed it."
    return Alarm(kind=AlarmKind.INSTRUCTION, point="", why=why)


def _unverified(point: JudgedPoint) -> Alarm | None:
    """Warn when the model gave credit for words that cannot carry it."""
    count = sum(vote.is_unverified for vote in point.votes)
    if not count:
        return None
    why = (
        f"In {count} of {len(point.votes)} runs the model gave credit, but the words that it "
        "quoted are not in the answer, or not the candidate's own."
    )
    return Alarm(kind=AlarmKind.UNVERIFIED_QUOTE, point=point.verdict.point, why=why)


def _far(point: JudgedPoint) -> Alarm | None:
    """Warn when the two graders are at opposite ends."""
    bands = {point.verdict.band, point.offline}
    if point.verdict.method is not Method.LANGUAGE_MODEL or bands != {Band.FOUND, Band.NOT_FOUND}:
        return None
    why = (
        f"The model says {point.verdict.band.value}, the offline grader {point.offline.value}. "
        "Read the quoted words and decide for yourself."
    )
    return Alarm(kind=AlarmKind.FAR_FROM_OFFLINE, point=point.verdict.point, why=why)
