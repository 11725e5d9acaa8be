"""Criteria: one module per family of rules, found by the rule's type.

In: a criterion and the setting it is judged on. Out: its evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caseroom.case.rubric import (
    CauseRule,
    ChoiceRule,
    Criterion,
    DateRule,
    FindingsRule,
    ForecastRule,
    IntervalRule,
    MemoRule,
    ProcessRule,
    RegretRule,
    SegmentRule,
)
from caseroom.grading.criteria.choices import judge_causes, judge_choice, judge_segment
from caseroom.grading.criteria.decisions import judge_decision
from caseroom.grading.criteria.findings import judge_findings
from caseroom.grading.criteria.memo import judge_memo
from caseroom.grading.criteria.numbers import judge_date, judge_forecast, judge_interval
from caseroom.grading.criteria.process import judge_process
from caseroom.grading.criteria.setting import Judgment, Setting, evidence
from caseroom.grading.evidence import Evidence

__all__ = ["Setting", "judge"]

_JUDGES: dict[type, Callable[[Any, Setting], Judgment]] = {
    CauseRule: judge_causes,
    ChoiceRule: judge_choice,
    DateRule: judge_date,
    FindingsRule: judge_findings,
    ForecastRule: judge_forecast,
    IntervalRule: judge_interval,
    MemoRule: judge_memo,
    ProcessRule: judge_process,
    RegretRule: judge_decision,
    SegmentRule: judge_segment,
}


def judge(criterion: Criterion, setting: Setting) -> Evidence:
    """Judge one criterion. Raises TypeError for a rule that no module knows."""
    found = _JUDGES.get(type(criterion.rule))
    if found is None:
        raise TypeError(f"no criterion knows the rule {type(criterion.rule).__name__}")
    return evidence(criterion, found(criterion.rule, setting))
