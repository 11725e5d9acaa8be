"""The scorecard: independent scores combined by formula, with spread, interval, verdict and veto.

In: an interview's state. Out: an immutable `Scorecard` in which every number says how it was made.
The overall score is the mean over what was heard (answers, a case, a stakeholder talk); its
interval joins the spread between them (Student's t, https://doi.org/10.1093/biomet/6.1.1) with what
the uncertain points could be worth. No claim that it predicts hiring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy.special import stdtrit

from caseroom.interview.changes import Change, changes_for
from caseroom.interview.items import Item, heard_in, items_of
from caseroom.interview.panel import PANEL, panel_score
from caseroom.interview.scales import Dimension, Verdict, load_scales
from caseroom.interview.state import State
from caseroom.interview.verdicts import Veto, doubts_in, verdict_of, vetoes_in
from caseroom.vocabulary.errors import CaseroomError

__all__ = [
    "DimensionScore",
    "ProfileScore",
    "Scorecard",
    "scorecard",
]

LEVEL = 0.80
SMALLEST_SD = 0.5
"""Answers of one person differ by at least this much from question to question; a few alike ones
may be luck, so the interval is never built on less."""

FEWEST_ANSWERS = 6
"""From single-answer reliabilities of .25 to .30 (assumed, not measured here), fewer than six
answers stay below a reliability of about .7 (Spearman-Brown)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionScore:
    """A dimension: the panel's score, what it rests on and how far the profiles differ.

    `low` and `high` read every "perhaps" as not found and as found. `spread_low`, `spread_high` and
    `spread_sd` are between the profiles. `anchor` describes the level next to the score.
    """

    dimension: Dimension
    name: str
    score: float
    low: float
    high: float
    n: int
    profiles: Mapping[str, float]
    spread_low: float
    spread_high: float
    spread_sd: float
    anchor: str
    rests_on: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileScore:
    """A panel member's own scores, before the panel meets."""

    id: str
    name: str
    how: str
    overall: float
    dimensions: Mapping[Dimension, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """The panel's result. `verdict` holds after the veto, `raw_verdict` before it.

    `low` and `high` bound the overall score with `level` coverage (not validated); the verdicts
    of these bounds are `verdict_low` and `verdict_high`. `doubts` may be vetoes, which a person has
    to judge; they count for `verdict_low` only. `answers` counts graded answers.
    """

    overall: float
    low: float
    high: float
    level: float
    n: int
    answers: int
    verdict: Verdict
    raw_verdict: Verdict
    verdict_low: Verdict
    verdict_high: Verdict
    vetoes: tuple[Veto, ...]
    doubts: tuple[Veto, ...]
    indicative: str
    dimensions: tuple[DimensionScore, ...]
    profiles: tuple[ProfileScore, ...]
    items: tuple[Item, ...]
    changes: tuple[Change, ...]
    how: tuple[str, ...]
    disclaimer: str


def scorecard(state: State) -> Scorecard:
    """Score an interview, also one that was broken off.

    Raises:
        CaseroomError: When nothing was said that could be scored.
    """
    heard = heard_in(state)
    items = items_of(state, heard)
    if not items:
        raise CaseroomError(
            "Nothing was answered in this interview.",
            allowed="an interview with at least one answer",
            next_step="Go on with the interview, or start a new one.",
        )
    low, high = _interval(items)
    overall = fmean(item.score for item in items)
    vetoes, doubts = vetoes_in(heard), doubts_in(heard)
    scales = load_scales()
    answers = len(heard)
    return Scorecard(
        overall=overall,
        low=low,
        high=high,
        level=LEVEL,
        n=len(items),
        answers=answers,
        verdict=verdict_of(overall, vetoed=bool(vetoes)),
        raw_verdict=verdict_of(overall),
        verdict_low=verdict_of(low, vetoed=bool(vetoes or doubts)),
        verdict_high=verdict_of(high, vetoed=bool(vetoes)),
        vetoes=vetoes,
        doubts=doubts,
        indicative=scales.indicative.strip() if answers < FEWEST_ANSWERS else "",
        dimensions=_dimensions(items),
        profiles=_profiles(items),
        items=items,
        changes=changes_for(state, heard, items, vetoed=bool(vetoes)),
        how=_how(items),
        disclaimer=scales.disclaimer.strip(),
    )


def _interval(items: Sequence[Item]) -> tuple[float, float]:
    """Give the bounds of the overall score; of a single item, the whole scale."""
    if len(items) < 2:
        return 1.0, 5.0
    spread = max(SMALLEST_SD, stdev(item.score for item in items))
    half = float(stdtrit(len(items) - 1, (1 + LEVEL) / 2)) * spread / len(items) ** 0.5
    low = fmean(item.low for item in items) - half
    high = fmean(item.high for item in items) + half
    return max(1.0, low), min(5.0, high)


def _how(items: Sequence[Item]) -> tuple[str, ...]:
    """Say how the overall numbers were made."""
    return (
        f"Overall: the mean over {len(items)} parts (answers, case, stakeholder talk), each the "
        "mean of its dimensions.",
        "Each dimension: the weighted mean of four profiles that scored alone; the data partner "
        "counts double in evidence and risk, the business stakeholder in user sense and "
        "communication.",
        f"Interval: {LEVEL:.0%}, the t distribution over the parts (standard deviation at least "
        f"{SMALLEST_SD}), widened by reading every “perhaps” as not found and as found. Its "
        "coverage was not checked against people.",
        "Verdict: from 2 no, from 3 yes, from 4 strong yes; below 2 strong no.",
    )


def _dimensions(items: Sequence[Item]) -> tuple[DimensionScore, ...]:
    """Combine the parts per dimension; a dimension that nothing fed is left out."""
    return tuple(
        _dimension(one, [item for item in items if one in item.profiles])
        for one in Dimension
        if any(one in item.profiles for item in items)
    )


def _dimension(one: Dimension, items: Sequence[Item]) -> DimensionScore:
    """Combine one dimension."""
    words = load_scales().dimensions[one]
    own = {profile.id: fmean(item.profiles[one][profile.id] for item in items) for profile in PANEL}
    score = panel_score(own, one)
    return DimensionScore(
        dimension=one,
        name=words.name,
        score=score,
        low=fmean(item.bounds[one][0] for item in items),
        high=fmean(item.bounds[one][1] for item in items),
        n=len(items),
        profiles=own,
        spread_low=min(own.values()),
        spread_high=max(own.values()),
        spread_sd=stdev(own.values()),
        anchor=words.anchor(score),
        rests_on=tuple(item.id for item in items),
        how=f"Weighted mean of {len(own)} profiles, each the mean over {len(items)} parts.",
    )


def _profiles(items: Sequence[Item]) -> tuple[ProfileScore, ...]:
    """Give each panel member's own view."""
    words = load_scales().profiles

    def of(name: str) -> ProfileScore:
        fed = {
            one: [item.profiles[one][name] for item in items if one in item.profiles]
            for one in Dimension
        }
        return ProfileScore(
            id=name,
            name=words[name].name,
            how=words[name].how,
            overall=fmean(
                fmean(scores[name] for scores in item.profiles.values()) for item in items
            ),
            dimensions={one: fmean(scores) for one, scores in fed.items() if scores},
        )

    return tuple(of(profile.id) for profile in PANEL)
