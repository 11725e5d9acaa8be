"""Scores of intervals and days."""

from __future__ import annotations

from datetime import timedelta
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.form import Interval
from caseroom.case.rubric import DateRule, ForecastRule, IntervalRule
from caseroom.grading.criteria.numbers import date_score, interval_score, relative_score
from toy_grading import judged

CASE = toy_kind.toy_case()
RULE = IntervalRule(field="effect", true=40, sd=2, vague=60)
FORECAST = ForecastRule(field="effect", sd_share=0.03, vague_share=0.4)
TRUE_DAY = toy_kind.day(60)
DAY_RULE = DateRule(field="onset", true=TRUE_DAY, tolerance_days=3, zero_days=23)


def around(value: float, half: float) -> Interval:
    """Give the interval value +- half."""
    return Interval(value=value, low=value - half, high=value + half)


@pytest.mark.parametrize(
    ("interval", "score"),
    [(around(40, 5), 10), (around(30, 5), 10 + 10 * 5), (around(40, 0), 0)],
)
def test_the_interval_score_is_width_plus_ten_times_the_miss(
    interval: Interval, score: float
) -> None:
    """At 80% the part of the truth outside the interval costs ten times."""
    assert interval_score(interval, 40, 0.8) == pytest.approx(score)


def test_the_full_credit_score_is_that_of_an_honest_interval() -> None:
    """S_full is the width of +-1.28 sd at 80%; at 50% it allows for a truth just outside."""
    half = IntervalRule(field="effect", true=40, sd=2, vague=60, level=0.5)
    z = NormalDist().inv_cdf(0.75)

    assert RULE.full == pytest.approx(2 * 1.2816 * 2, rel=1e-4)
    assert half.full == pytest.approx(interval_score(around(42, 2 * z), 40, 0.5))


@given(st.floats(-1, 1))
def test_an_honest_interval_gets_full_credit(offset: float) -> None:
    """Whoever is within 1 sd and reports that noise gets 1."""
    assert relative_score(RULE, around(40 + 2 * offset, 1.2816 * 2)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("interval", "low", "high"),
    [
        (around(40, 30), 0.0, 0.0),
        (around(10, 1), 0.0, 0.0),
        (around(40, 10), 0.7, 0.75),
        (around(48, 4), 0.2, 0.3),
    ],
)
def test_vague_and_wrong_intervals_earn_little(interval: Interval, low: float, high: float) -> None:
    """The vague answer earns 0, certainty in the wrong place too, and width costs in a line."""
    assert low <= relative_score(RULE, interval) <= high


@given(st.floats(0, 30), st.floats(0, 30))
def test_a_wider_interval_around_the_truth_never_scores_more(one: float, other: float) -> None:
    """Once the truth is inside, width only costs."""
    narrow, wide = sorted((one, other))

    assert relative_score(RULE, around(40, wide)) <= relative_score(RULE, around(40, narrow))


def test_a_rubric_whose_vague_answer_is_too_good_still_grades() -> None:
    """Where the uninformed answer beats the honest one, only the honest one scores."""
    rule = IntervalRule(field="effect", true=40, sd=20, vague=10)

    assert relative_score(rule, around(40, 20)) == 1
    assert relative_score(rule, around(40, 40)) == 0


def test_the_reason_states_the_numbers() -> None:
    """A person sees what was given, what is true, and how far off it was."""
    why = judged(CASE, RULE, {"effect": {"value": 30, "low": 25, "high": 35}}).why

    assert "You gave 30 % with 80% between 25 and 35; the truth is 40 %, 5 % outside it" in why


@pytest.mark.parametrize(("off", "score"), [(0, 1), (3, 1), (-3, 1), (13, 0.5), (-23, 0), (50, 0)])
def test_a_day_loses_credit_in_a_line(off: int, score: float) -> None:
    """Full credit within the tolerance, none from the zero distance on."""
    assert date_score(DAY_RULE, TRUE_DAY + timedelta(days=off)) == pytest.approx(score)


def test_the_reason_says_early_or_late() -> None:
    """The distance has a direction."""
    evidence = judged(CASE, DAY_RULE, {"onset": TRUE_DAY - timedelta(days=1)})

    assert "1 day too early" in evidence.why
    assert evidence.band == "met"


def test_a_forecast_is_scored_on_the_outcome_of_the_own_decision() -> None:
    """The toy world always ends with 100 customers, whatever the plan was."""
    right = {"effect": {"value": 100, "low": 97, "high": 100}, "decision": "nothing"}
    wrong = {"effect": {"value": 50, "low": 40, "high": 60}, "decision": "nothing"}
    evidence = judged(CASE, FORECAST, right)

    assert evidence.score == 1
    assert "The truth is that of your decision." in evidence.why
    assert judged(CASE, FORECAST, wrong).score == 0


@pytest.mark.parametrize("rule", [RULE, DAY_RULE, FORECAST])
def test_an_empty_field_scores_nothing(rule: IntervalRule | DateRule | ForecastRule) -> None:
    """An answer that was not given earns 0, and the reason says so."""
    evidence = judged(CASE, rule, {})

    assert evidence.score == 0
    assert "empty" in evidence.why
