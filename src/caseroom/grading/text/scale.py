"""The answer scale: from bands to a level of 1 to 5 with bounds.

In: verdicts and structure. Out: levels. The scale: 1 no usable answer; 2 some points, or the gate
point missing; 3 gate point and about half; 4 gate point and most points; 5 nearly all of them. A
story without an own action or without a result stays at 2 (the interview guide's scale). The
bounds read every "perhaps" as not found and as found; the level reads it as half.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from caseroom.grading.text.report import PointVerdict, Structure
from caseroom.questions.model import Band

__all__ = ["Scale", "level_of"]

HALF, MOST, NEARLY_ALL, SOME = 0.40, 0.65, 0.90, 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A level with its bounds, and the bounds of the weighted share of points."""

    level: int
    low: int
    high: int
    score_low: float
    score_high: float


def level_of(verdicts: Sequence[PointVerdict], looks: Structure, withheld: str) -> Scale:
    """Place an answer on the scale."""
    readings = [_reading(verdicts, share) for share in (0.0, 0.5, 1.0)]
    low, level, high = (_level(share, gate) for share, gate in readings)
    if withheld:
        low = level = high = 1
    elif _half_told(looks):
        low, level = min(low, 2), min(level, 2)
    return Scale(
        level=level, low=low, high=high, score_low=readings[0][0], score_high=readings[2][0]
    )


def _reading(verdicts: Sequence[PointVerdict], perhaps: float) -> tuple[float, float]:
    """Give the weighted share of points and the gate point's share, with a value for perhaps."""
    value: Callable[[PointVerdict], float] = lambda verdict: {  # noqa: E731
        Band.FOUND: 1.0,
        Band.PERHAPS: perhaps,
        Band.NOT_FOUND: 0.0,
    }[verdict.band]
    total = sum(verdict.weight for verdict in verdicts)
    share = sum(value(verdict) * verdict.weight for verdict in verdicts) / total
    return share, sum(value(verdict) for verdict in verdicts if verdict.gate)


def _level(share: float, gate: float) -> int:
    """Read the scale; a gate point that is perhaps covered opens no more than level 3."""
    if share < SOME:
        return 1
    if not gate or share < HALF:
        return 2
    if share < MOST or gate < 1:
        return 3
    return 5 if share >= NEARLY_ALL else 4


def _half_told(looks: Structure) -> bool:
    """Say whether a story lacks an own action or a result."""
    scores = {part.part: part.score for part in looks.story}
    return bool(scores) and not (scores["action"] and scores["result"])
