"""What is said of self-scores and intervals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import toy_kind
from caseroom.case.contract import Case
from caseroom.case.rubric import ForecastRule
from caseroom.debrief.calibration import calibration_sentence, interval_coverage
from toy_grading import setting_of

CASE = toy_kind.toy_case()


def covered(case: Case, raw: dict[str, Any]) -> tuple[str, ...]:
    """Give the sentences on the intervals of an answer."""
    setting = setting_of(case, raw)
    return interval_coverage(case, setting.submission, setting.consequence)


@pytest.mark.parametrize(
    ("expected", "total", "says"),
    [
        (70, 74.6, "judged your own work well"),
        (80, 68, "above the total, by 12 points"),
        (90, 50, "far above the total, by 40 points"),
        (40, 55, "below the total, by 15 points"),
        (20, 85, "far below the total, by 65 points"),
        (None, 85, "no self-score"),
    ],
)
def test_a_self_score_is_compared_with_the_total(
    expected: float | None, total: float, says: str
) -> None:
    """The sentence names both numbers, the side and the distance."""
    assert says in calibration_sentence(expected, total)


def test_one_pair_is_not_called_calibration() -> None:
    """The sentence says that one comparison carries little."""
    assert "One pair says little" in calibration_sentence(70, 71)


@pytest.mark.parametrize(("low", "verb"), [(30, "held the truth, 40"), (41, "missed the truth")])
def test_an_interval_held_or_missed_the_truth(low: float, verb: str) -> None:
    """Each interval is compared with the truth in words."""
    raw = {"effect": {"value": 45, "low": low, "high": 50}}
    (sentence,) = covered(CASE, raw)

    assert verb in sentence
    assert "80% interval" in sentence


def test_without_intervals_nothing_is_said() -> None:
    """A submission without the field has no coverage."""
    assert covered(CASE, {}) == ()


def test_a_forecast_is_compared_with_the_outcome_of_the_decision() -> None:
    """Several intervals are counted; a forecast's truth comes from the consequence."""
    rule = ForecastRule(field="effect", sd_share=0.03, vague_share=0.4)
    forecast = replace(CASE.rubric.criteria[0], id="forecast", rule=rule)
    case = replace(CASE, rubric=replace(CASE.rubric, criteria=(*CASE.rubric.criteria, forecast)))
    raw = {"effect": {"value": 45, "low": 30, "high": 50}, "decision": "nothing"}
    held, missed, count = covered(case, raw)

    assert "held the truth, 40" in held
    assert "missed the truth, 100" in missed
    assert count.startswith("1 of 2 intervals held the truth")
