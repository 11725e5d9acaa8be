"""Numbers and days: an interval by the interval score, a date by its distance.

In: an `IntervalRule` or a `DateRule` and the answer. Out: a judgment that states the numbers.
Source of the interval score: Gneiting and Raftery 2007, doi:10.1198/016214506000001437.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from caseroom.case.form import Form, Interval, IntervalField
from caseroom.case.rubric import DateRule, ForecastRule, IntervalRule
from caseroom.grading.criteria.setting import Judgment, Setting, unanswered
from caseroom.vocabulary.numbers import readable

__all__ = [
    "date_score",
    "interval_score",
    "judge_date",
    "judge_forecast",
    "judge_interval",
    "relative_score",
]


def interval_score(interval: Interval, true: float, level: float) -> float:
    """Give the interval score S of a central interval (unit of the field; smaller is better).

    S = (high - low) + (2 / (1 - level)) * distance of `true` outside the interval.
    """
    outside = max(interval.low - true, true - interval.high, 0.0)
    return (interval.high - interval.low) + 2 / (1 - level) * outside


def relative_score(rule: IntervalRule, interval: Interval) -> float:
    """Give the score 0..1 between a vague answer (0) and an honest interval (1)."""
    score = interval_score(interval, rule.true, rule.level)
    if score <= rule.full:
        return 1.0
    if rule.vague <= rule.full:
        return 0.0
    return min(1.0, max(0.0, (rule.vague - score) / (rule.vague - rule.full)))


def judge_interval(rule: IntervalRule, setting: Setting) -> Judgment:
    """Score an interval; the value itself counts only through the interval around it."""
    interval = setting.submission.get(rule.field)
    if interval is None:
        return unanswered()
    unit = _unit(setting.case.form, rule.field)
    outside = max(interval.low - rule.true, rule.true - interval.high, 0.0)
    where = "inside it" if outside == 0 else f"{readable(outside)}{unit} outside it"
    reached = readable(interval_score(interval, rule.true, rule.level))
    why = (
        f"You gave {readable(interval.value)}{unit} with {rule.level:.0%} between "
        f"{readable(interval.low)} and {readable(interval.high)}; the truth is "
        f"{readable(rule.true)}{unit}, {where}. Interval score {reached}: {readable(rule.full)} or "
        f"less gets full credit, {readable(rule.vague)} (an uninformed answer) none."
    )
    return Judgment(score=relative_score(rule, interval), why=why)


def judge_forecast(rule: ForecastRule, setting: Setting) -> Judgment:
    """Score a forecast against what happens under the person's own decision."""
    chosen = setting.consequence.chosen
    judgment = judge_interval(rule.against(chosen.customers), setting)
    if setting.submission.get(rule.field) is None:
        return judgment
    return replace(judgment, why=f"{judgment.why} The truth is that of your decision.")


def _unit(form: Form, field_id: str) -> str:
    field = form.field(field_id)
    unit = field.unit if isinstance(field, IntervalField) else ""
    return f" {unit}" if unit else ""


def date_score(rule: DateRule, day: date) -> float:
    """Give 1 within the tolerance, falling in a line to 0 at `zero_days`."""
    off = abs((day - rule.true).days)
    if off <= rule.tolerance_days:
        return 1.0
    if off >= rule.zero_days:
        return 0.0
    return (rule.zero_days - off) / (rule.zero_days - rule.tolerance_days)


def judge_date(rule: DateRule, setting: Setting) -> Judgment:
    """Score a day by its distance from the true one."""
    day = setting.submission.get(rule.field)
    if day is None:
        return unanswered()
    off = (day - rule.true).days
    distance = (
        "on the day" if off == 0 else f"{_days(abs(off))} too {'late' if off > 0 else 'early'}"
    )
    why = (
        f"You gave {day}; it was {rule.true}, so you are {distance}. Up to "
        f"{_days(rule.tolerance_days)} gets full credit, {_days(rule.zero_days)} or more none."
    )
    return Judgment(score=date_score(rule, day), why=why)


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"
