"""What is said of self-scores and intervals."""

from __future__ import annotations

import pytest

import toy_kind
from caseroom.debrief.calibration import calibration_sentence, interval_coverage
from toy_grading import submission_of

CASE = toy_kind.toy_case()


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
    (sentence,) = interval_coverage(CASE, submission_of(raw))

    assert verb in sentence
    assert "80% interval" in sentence


def test_without_intervals_nothing_is_said() -> None:
    """A submission without the field has no coverage."""
    assert interval_coverage(CASE, submission_of({})) == ()
