"""What to do next: from the gates that were hit and the criteria that lost most.

In: a kind, a case, a report. Out: a few sentences, the most useful first, the last one always the
same kind with a new seed.
"""

from __future__ import annotations

from collections.abc import Iterator

from caseroom.case.contract import Case, CaseKind
from caseroom.case.rubric import (
    CauseRule,
    ChoiceRule,
    DateRule,
    FindingsRule,
    ForecastRule,
    IntervalRule,
    MemoRule,
    ProcessRule,
    RegretRule,
    SegmentRule,
)
from caseroom.grading.evidence import Evidence, GradeReport

__all__ = ["next_steps"]

MOST = 3
"""Weak criteria that are named."""

_WORTH_NAMING = 2.0

_ADVICE: dict[type, str] = {
    CauseRule: (
        "for each cause, write down what the data would show if it were true and if it were not; "
        "run the query that could rule out your favorite before you give it more than 0.5"
    ),
    ChoiceRule: "list what would have to be true for each choice, and check the cheapest first",
    SegmentRule: (
        "split the change by one dimension at a time, and compare shares as well as totals; the "
        "slice is where the rest stays flat"
    ),
    DateRule: (
        "plot the affected slice by day, not the whole business by month, and look for the first "
        "day that stays outside the earlier range"
    ),
    IntervalRule: (
        "estimate the number twice in different ways; let the interval be as wide as the two and "
        "their noise make you doubt, and no wider"
    ),
    ForecastRule: (
        "start from what happens if nothing is done, add what your decision changes, and keep the "
        "spread that earlier half-years show"
    ),
    RegretRule: (
        "before deciding, write down what each option leads to under each cause that you still "
        "find possible, and choose by that table"
    ),
    FindingsRule: (
        "go through every table with the same four questions (is the key unique, are days missing, "
        "do values jump on a date, do joins multiply rows), and claim only what a query shows"
    ),
    ProcessRule: "check that the data hold (keys, gaps, totals) before you look for causes",
    MemoRule: (
        "in the memo, say what to do, the number with its range, what you do not know, and what "
        "would change your mind"
    ),
}

_GATES = {
    "cause_missed": "the cause outweighs the rest: find out which query would have told it apart",
    "harmful_option": "rule out options that harm somebody before you compare the others",
    "no_fault_found": "look for one fault at a time and prove it with a query",
    "criterion_below": "this point outweighs the rest: bring it above the mark first",
}


def next_steps(kind: CaseKind, case: Case, report: GradeReport) -> tuple[str, ...]:
    """Give what to do next, three to six sentences."""
    return (
        *_from_gates(case, report),
        *(_from_evidence(case, each) for each in _weakest(report)),
        "Go through the worked solution: its queries run on the data that you know.",
        _again(kind, case, report),
    )


def _from_gates(case: Case, report: GradeReport) -> Iterator[str]:
    kinds = {gate.id: gate.kind for gate in case.rubric.gates}
    for hit in report.gates:
        advice = _GATES.get(kinds.get(hit.gate, ""), "answer every field, also with doubt")
        yield f"{hit.label}, which caps the total at {hit.cap:.0f}: {advice}."


def _weakest(report: GradeReport) -> list[Evidence]:
    """Give the criteria that lost most points, at least two points each."""
    weights = sum(each.weight for each in report.evidence) or 1.0
    lost = [(100 * each.weight * (1 - each.score) / weights, each) for each in report.evidence]
    weak = [pair for pair in lost if pair[0] >= _WORTH_NAMING]
    return [each for _, each in sorted(weak, key=lambda pair: -pair[0])[:MOST]]


def _from_evidence(case: Case, weak: Evidence) -> str:
    rule = next(each.rule for each in case.rubric.criteria if each.id == weak.criterion)
    advice = _ADVICE.get(type(rule), "read the reason in the debrief and try it again")
    return f"{weak.label} ({weak.band}, {weak.score:.0%} of its weight): {advice}."


def _again(kind: CaseKind, case: Case, report: GradeReport) -> str:
    level = case.spec.level
    harder = kind.levels[kind.levels.index(level) + 1 :] if level in kind.levels else ()
    if report.passed and harder:
        return (
            f"Same kind, new seed, one level up: `caseroom new {kind.id} --level {harder[0]}` "
            "draws another truth with less help."
        )
    return (
        f"Same kind, new seed: `caseroom new {kind.id} --level {level}` draws another truth, so "
        "that today's answer will not do."
    )
