"""The trend over interviews: a direction only when their intervals allow one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseroom.service.interview_trend import trend
from caseroom.service.interview_views import InterviewCard


def card(score: float | None, half: float = 0.1) -> InterviewCard:
    """Give the card of an interview with this overall score and half interval."""
    return InterviewCard(
        id="i1",
        title="t",
        role="ml",
        level="mid",
        vertical="saas",
        rounds=(),
        minutes=20,
        started_at=datetime(2025, 3, 1, tzinfo=UTC),
        ended_at=None,
        state="closed",
        ended="complete",
        answers=3,
        overall=score,
        low=None if score is None else score - half,
        high=None if score is None else score + half,
        verdict=None,
    )


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ((3.0, 2.0, 1.0), "from 4 scored interviews on"),
        ((3.1, 2.2, 3.0, 2.0, 2.9), "No clear change: the scores go up and down (5 interviews)."),
        ((4.0, 3.4, None, 3.1, 2.6, 2.0), "Scores go up: "),
        ((2.0, 2.6, 3.1, 3.4, 4.0), "Scores go down: "),
    ],
)
def test_a_direction_is_said_when_it_is_clear(scores: tuple[float | None, ...], words: str) -> None:
    """Newest first; scatter is no direction, and a few points are no trend."""
    assert words in trend([card(score) for score in scores]).sentence


def test_overlapping_intervals_are_no_change() -> None:
    """Scores that fall in a perfect line say nothing while each could be any of the others."""
    scores = (2.91, 2.94, 2.97, 3.0)
    found = trend([card(score, 0.9) for score in scores])

    assert found.sentence == (
        "No clear change: the intervals overlap (4 interviews). A line that weighs each score by "
        "its interval moves -0.03 per interview (95% interval -0.65 to +0.59)."
    )  # 0.9 / 1.2816 per score, divided by the root of 5 for the slope, times 1.96


def test_the_same_scores_with_narrow_intervals_are_a_change() -> None:
    """The sentence says what the direction rests on."""
    found = trend([card(score, 0.2) for score in (4.2, 3.6, 3.0, 2.4)])

    assert found.sentence.startswith("Scores go up: a line that weighs each score by its interval")
    assert "(95% interval +" in found.sentence
    assert found.sentence.endswith(", 4 interviews.")


def test_a_score_that_is_hardly_known_hardly_counts() -> None:
    """A last interview of one answer, with the whole scale as its interval, makes no direction."""
    known = [card(score, 0.3) for score in (3.0, 3.0, 3.0, 3.0)]
    doubtful = trend([card(1.0, 4.0), *known])

    assert "No clear change" in doubtful.sentence
    assert doubtful.slope == pytest.approx(0.0, abs=0.05)


@given(
    scores=st.lists(st.floats(1, 5), min_size=4, max_size=9),
    half=st.floats(0.1, 2),
    wider=st.floats(1, 5),
)
def test_wider_intervals_never_make_a_direction_clearer(
    scores: list[float], half: float, wider: float
) -> None:
    """The slope stays, and its interval holds the narrower one."""
    narrow = trend([card(score, half) for score in scores])
    wide = trend([card(score, half * wider) for score in scores])

    assert wide.slope == pytest.approx(narrow.slope, abs=1e-9)
    assert (wide.low or 0.0) <= (narrow.low or 0.0) + 1e-9


@given(scores=st.lists(st.floats(1, 5), min_size=4, max_size=9))
def test_a_mirrored_history_has_the_mirrored_trend(scores: list[float]) -> None:
    """Up read backward is down."""
    there = trend([card(score, 0.4) for score in scores])
    back = trend([card(score, 0.4) for score in reversed(scores)])

    assert there.slope == pytest.approx(-(back.slope or 0.0), abs=1e-9)
    assert there.low == pytest.approx(-(back.high or 0.0), abs=1e-9)
