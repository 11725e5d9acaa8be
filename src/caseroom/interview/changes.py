"""What would change the verdict, computed: gate points found, or a dimension one step higher.

In: what was heard and its parts. Out: changes with the score and verdict that they would bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.items import Item, items_of
from caseroom.interview.panel import Heard
from caseroom.interview.scales import Dimension, Verdict, load_scales
from caseroom.interview.state import State
from caseroom.interview.verdicts import above, verdict_of, vetoes_in
from caseroom.questions.model import Band

__all__ = ["Change", "changes_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that would move the overall score: what, to which score and verdict.

    Either `questions` whose gate points would have to be found, or a `dimension`. `lifts` says
    that the verdict would be better than it is.
    """

    what: str
    questions: tuple[str, ...]
    dimension: Dimension | None
    overall: float
    verdict: Verdict
    lifts: bool


def changes_for(
    state: State, heard: Sequence[Heard], items: Sequence[Item], *, vetoed: bool
) -> tuple[Change, ...]:
    """Compute what would move the verdict, those that lift it first."""
    overall = fmean(item.score for item in items)
    now = verdict_of(overall, vetoed=vetoed)
    gates = _gate_changes(state, heard, now)
    together = [] if any(change.lifts for change in gates) else _together(state, heard, gates, now)
    dimensions = _dimension_changes(items, overall, now, vetoed=vetoed)
    changes = [*gates, *together, *dimensions]
    return tuple(sorted(changes, key=lambda change: (not change.lifts, -change.overall)))


def _gate_changes(state: State, heard: Sequence[Heard], now: Verdict) -> list[Change]:
    """Recompute everything with one gate point found, for each that was not; best first."""
    missing = [one for one in heard if one.final.gate.band is not Band.FOUND]
    changes = [_with_gates(state, heard, (one.question.id,), now) for one in missing]
    return sorted(changes, key=lambda change: -change.overall)


def _together(
    state: State, heard: Sequence[Heard], gates: Sequence[Change], now: Verdict
) -> list[Change]:
    """Give the first gate points, best first, that lift the verdict only together."""
    for count in range(2, len(gates) + 1):
        questions = tuple(change.questions[0] for change in gates[:count])
        change = _with_gates(state, heard, questions, now)
        if change.lifts:
            return [change]
    return []


def _with_gates(
    state: State, heard: Sequence[Heard], questions: tuple[str, ...], now: Verdict
) -> Change:
    """Recompute everything with these questions' gate points found from the first answer on."""
    better = [_with_gate(one) if one.question.id in questions else one for one in heard]
    overall = fmean(item.score for item in items_of(state, better))
    verdict = verdict_of(overall, vetoed=bool(vetoes_in(better)))
    titles = [f"“{one.question.title}”" for one in heard if one.question.id in questions]
    return Change(
        what=f"Say in the first answer what it turns on: {', '.join(titles)}.",
        questions=questions,
        dimension=None,
        overall=overall,
        verdict=verdict,
        lifts=above(verdict, now),
    )


def _with_gate(one: Heard) -> Heard:
    """Give the same answer with its gate point found from the first answer on."""

    def found(report: AnswerReport) -> AnswerReport:
        points = tuple(
            replace(point, band=Band.FOUND) if point.gate else point for point in report.points
        )
        return replace(report, points=points)

    return replace(one, first=found(one.first), final=found(one.final), probed=found(one.probed))


def _dimension_changes(
    items: Sequence[Item], overall: float, now: Verdict, *, vetoed: bool
) -> list[Change]:
    """Raise each dimension by one step (1) wherever it was scored below 5, and recompute."""
    changes: list[Change] = []
    for one in Dimension:
        gain = fmean(_gain(item, one) for item in items)
        if gain <= 0:
            continue
        name = load_scales().dimensions[one].name.lower()
        verdict = verdict_of(overall + gain, vetoed=vetoed)
        changes.append(
            Change(
                what=f"One step more in {name}, in every part that shows it.",
                questions=(),
                dimension=one,
                overall=overall + gain,
                verdict=verdict,
                lifts=above(verdict, now),
            )
        )
    return changes


def _gain(item: Item, one: Dimension) -> float:
    """Give what one step more in a dimension adds to a part's score."""
    if one not in item.profiles:
        return 0.0
    return min(1.0, 5.0 - item.panel[one]) / len(item.panel)
