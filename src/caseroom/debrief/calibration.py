"""How well a person knew what they knew: the self-score, and the stated intervals.

In: the score that was expected, the total, the submission and the rubric. Out: sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from caseroom.case.contract import Case, Consequence
from caseroom.case.form import Submission
from caseroom.case.rubric import ForecastRule, IntervalRule
from caseroom.vocabulary.numbers import readable

__all__ = ["calibration_sentence", "interval_coverage"]

CLOSE = 5.0
"""Points (of 100) up to which a self-score counts as right."""

FAR = 20.0
"""Points from which a self-score counts as far off."""


def calibration_sentence(self_score: float | None, total: float) -> str:
    """Compare the expected total with the total (both 0 to 100)."""
    if self_score is None:
        return "You gave no self-score, so there is nothing to compare the total with."
    gap = self_score - total
    said = f"You expected {self_score:.0f} and reached {total:.0f}"
    note = "One pair says little; watch it over several cases."
    if abs(gap) <= CLOSE:
        return f"{said}: you judged your own work well. {note}"
    size = "far " if abs(gap) >= FAR else ""
    side = "above" if gap > 0 else "below"
    return f"{said}: {size}{side} the total, by {abs(gap):.0f} points. {note}"


def interval_coverage(
    case: Case, submission: Submission, consequence: Consequence
) -> tuple[str, ...]:
    """Say for each interval whether it held the truth, and how many should over many cases.

    The truth of a forecast is the outcome under the person's own decision.
    """
    held = list(_held(case, submission, consequence))
    sentences = [sentence for _, sentence in held]
    if len(held) > 1:
        count = sum(inside for inside, _ in held)
        sentences.append(
            f"{count} of {len(held)} intervals held the truth. Over many cases, honest intervals "
            "hold it as often as their level says: neither always nor rarely."
        )
    return tuple(sentences)


def _held(
    case: Case, submission: Submission, consequence: Consequence
) -> Iterator[tuple[bool, str]]:
    for criterion in case.rubric.criteria:
        rule = criterion.rule
        if isinstance(rule, ForecastRule):
            rule = rule.against(consequence.chosen.customers)
        if not isinstance(rule, IntervalRule):
            continue
        interval = submission.get(rule.field)
        if interval is None:
            continue
        inside = interval.low <= rule.true <= interval.high
        label = case.form.field(rule.field).label
        verb = "held" if inside else "missed"
        yield (
            inside,
            f"{label}: your {rule.level:.0%} interval from {readable(interval.low)} to "
            f"{readable(interval.high)} {verb} the truth, {readable(rule.true)}.",
        )
