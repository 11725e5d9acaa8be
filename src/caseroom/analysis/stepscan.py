"""Find the segment and the week in which a weekly share changed for good.

In: weekly successes and trials per segment. Out: the `Step` with the largest likelihood ratio.
The scan is a change-point search by the binomial likelihood ratio (the count model of Kulldorff's
scan statistic, doi:10.1080/03610929708831995, with one split in time).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

__all__ = ["Step", "Weekly", "best_step", "scan_steps", "share_between"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Successes and trials by week (arrays of equal length; week k is position k)."""

    hits: NDArray[np.float64]
    trials: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A lasting change of a share in one segment.

    `ratio` is the log likelihood ratio of a split at `week` against no split; `before` and `after`
    are the shares, `rest_before` and `rest_after` those of all other segments together.
    """

    segment: str
    week: int
    ratio: float
    before: float
    after: float
    rest_before: float
    rest_after: float
    n_before: int
    n_after: int

    @property
    def own_change(self) -> float:
        """Give the change in log-odds that the other segments do not share."""
        return (_logit(self.after) - _logit(self.before)) - (
            _logit(self.rest_after) - _logit(self.rest_before)
        )


def _logit(share: float) -> float:
    clipped = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(clipped / (1 - clipped)))


def _log_likelihood(hits: NDArray[np.float64], trials: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.divide(hits, trials, out=np.zeros_like(hits), where=trials > 0)
    return xlogy(hits, share) + xlogy(trials - hits, 1 - share)


def share_between(weekly: Weekly, first: int, last: int) -> tuple[float, int]:
    """Give the share and the trials of weeks first..last-1."""
    trials = float(weekly.trials[first:last].sum())
    return (float(weekly.hits[first:last].sum()) / trials if trials else 0.0), int(trials)


def best_step(weekly: Weekly, weeks: Sequence[int], sign: int) -> tuple[int, float]:
    """Give the split week of largest likelihood ratio among `weeks` with a change of this sign.

    Returns (week, ratio); the ratio is 0 where no split has the sign.
    """
    hits, trials = np.cumsum(weekly.hits), np.cumsum(weekly.trials)
    at = np.asarray(weeks)
    h0, t0 = hits[at - 1], trials[at - 1]
    h1, t1 = hits[-1] - h0, trials[-1] - t0
    ratio = (
        _log_likelihood(h0, t0) + _log_likelihood(h1, t1) - _log_likelihood(hits[-1:], trials[-1:])
    )
    rises = h1 * t0 - h0 * t1
    ratio = np.where(rises * sign > 0, ratio, 0.0)
    best = int(np.argmax(ratio))
    return int(at[best]), float(ratio[best])


def scan_steps(segments: Mapping[str, Weekly], weeks: Sequence[int], sign: int) -> list[Step]:
    """Find the best step of every segment, largest likelihood ratio first.

    Args:
        segments: Weekly counts by segment name, all of the same length.
        weeks: Weeks that may be the first of the new level (each >= 1).
        sign: +1 to look for rises, -1 for falls.
    """
    total = Weekly(
        hits=np.sum([w.hits for w in segments.values()], axis=0),
        trials=np.sum([w.trials for w in segments.values()], axis=0),
    )
    steps: list[Step] = []
    for name, weekly in segments.items():
        week, ratio = best_step(weekly, weeks, sign)
        rest = Weekly(hits=total.hits - weekly.hits, trials=total.trials - weekly.trials)
        end = len(weekly.hits)
        before, n_before = share_between(weekly, 0, week)
        after, n_after = share_between(weekly, week, end)
        steps.append(
            Step(
                segment=name,
                week=week,
                ratio=ratio,
                before=before,
                after=after,
                rest_before=share_between(rest, 0, week)[0],
                rest_after=share_between(rest, week, end)[0],
                n_before=n_before,
                n_after=n_after,
            )
        )
    return sorted(steps, key=lambda step: -step.ratio)
