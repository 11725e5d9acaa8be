"""The trend over interviews: a direction only where the interviews' own intervals allow one.

In: cards of interviews, newest first. Out: a `TrendView` whose sentence says how it knows.
A line is fitted by least squares, each score weighted by its own interval. Its 95% interval is the
wider of two: the one that the scores' intervals give (known errors), and the one that the scatter
about the line gives (Student's t), because people also differ from day to day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from caseroom.service.interview_views import InterviewCard, TrendView

__all__ = ["FEWEST_FOR_TREND", "TREND_LEVEL", "trend"]

FEWEST_FOR_TREND = 4
"""With fewer points a line goes through almost anything."""

TREND_LEVEL = 0.95

SCORE_LEVEL = 0.80
"""The coverage that the intervals of single scores state (`interview.scorecard.LEVEL`)."""

_FINEST = 0.05
"""Scores are shown to a tenth; no error is taken to be smaller than half of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A scored interview."""

    overall: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """The standard error that the interval amounts to.

        The longer side counts, because the other may be cut at the end of the scale; the normal
        quantile makes the error larger than the t quantile that the interval was built with.
        """
        half = max(self.overall - self.low, self.high - self.overall)
        return max(_FINEST, half / NormalDist().inv_cdf((1 + SCORE_LEVEL) / 2))


def trend(cards: Sequence[InterviewCard]) -> TrendView:
    """Fit a line through the overall scores; `cards` come newest first."""
    points = _scored(cards)
    scores = tuple(point.overall for point in points)
    if len(points) < FEWEST_FOR_TREND:
        sentence = f"A trend can be told from {FEWEST_FOR_TREND} scored interviews on."
        return TrendView(scores=scores, slope=None, low=None, high=None, sentence=sentence)
    slope, half = _line(points)
    low, high = slope - half, slope + half
    return TrendView(
        scores=scores, slope=slope, low=low, high=high, sentence=_words(points, slope, low, high)
    )


def _scored(cards: Sequence[InterviewCard]) -> tuple[_Point, ...]:
    """Give the interviews with a score, oldest first."""
    return tuple(
        _Point(overall=card.overall, low=card.low, high=card.high)
        for card in reversed(cards)
        if card.overall is not None and card.low is not None and card.high is not None
    )


def _line(points: Sequence[_Point]) -> tuple[float, float]:
    """Give the slope per interview and half of its interval."""
    import numpy as np
    from scipy.special import stdtrit

    x = np.arange(len(points), dtype=float)
    y = np.array([point.overall for point in points])
    weights = np.array([1 / point.error for point in points])
    line, covariance = np.polyfit(x, y, 1, w=weights, cov="unscaled")
    error = float(covariance[0, 0]) ** 0.5
    freedom = len(points) - 2
    scatter = float(np.sum((weights * (y - np.polyval(line, x))) ** 2)) / freedom
    reach = (1 + TREND_LEVEL) / 2
    by_scatter = float(stdtrit(freedom, reach)) * scatter**0.5
    return float(line[0]), error * max(NormalDist().inv_cdf(reach), by_scatter)


def _words(points: Sequence[_Point], slope: float, low: float, high: float) -> str:
    """Say a direction when the slope's interval has one, and what it rests on."""
    count = f"{len(points)} interviews"
    line = (
        f"a line that weighs each score by its interval moves {slope:+.2f} per interview "
        f"({TREND_LEVEL:.0%} interval {low:+.2f} to {high:+.2f})"
    )
    if low > 0 or high < 0:
        return f"Scores go {'up' if slope > 0 else 'down'}: {line}, {count}."
    overlap = max(point.low for point in points) <= min(point.high for point in points)
    why = "the intervals overlap" if overlap else "the scores go up and down"
    return f"No clear change: {why} ({count}). {line[0].upper()}{line[1:]}."
