"""Project how many accounts will pay at the end of the window, as the reference solver does.

In: weekly losses and who pays now, by age; sign-ups a week; what a cure removes. Out: `Outlook`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from caseroom.analysis.estimate import Estimate
from caseroom.case.kinds.saas_churn import queries
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, WEEKS, Cause

__all__ = ["Outlook", "forecast"]

_BAND_ENDS = (4, 13, 26)
_CURE_SHARE = 0.8
"""Part of the excess losses that a cure removes, on average over the window (it needs weeks)."""


class _Found(Protocol):
    @property
    def cause(self) -> Cause: ...
    @property
    def week(self) -> int: ...
    @property
    def effect(self) -> Estimate: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Accounts that pay at the end of the window, with an 80% interval."""

    value: float
    low: float
    high: float


_CURES = {
    Cause.BROKEN_ONBOARDING: "redesign_onboarding",
    Cause.LOW_INTENT_CAMPAIGN: "end_campaign",
    Cause.PRICE_RISE: "rollback_price",
    Cause.CHANNEL_MIX_SHIFT: "rebalance_channels",
    Cause.SLOW_SERVICE: "scale_service",
    Cause.FAILED_PAYMENTS: "retry_payments",
}


def _band(age: int) -> int:
    return sum(age >= end for end in _BAND_ENDS)


def forecast(
    ask: Callable[[str, str], Rows], today: date, found: Sequence[_Found], option: str
) -> Outlook:
    """Run today's hazards forward week by week, less the losses that the cure removes."""
    rows = ask("Weekly losses by age, lately", queries.left_by_age(today))
    hazard, paying = np.zeros(4), np.zeros(4)
    for row in rows:
        band = int(row["age_band"])
        hazard[band] = float(row["lost"]) / max(float(row["at_risk"]), 1.0)
        paying[band] = float(row["paying_now"])
    standing = ask("Who pays now", queries.standing(today, "TRUE", TODAY - 10)).one()
    joined = float(standing["joined_a_week"])
    lost_a_week = max(float(standing["left_a_week"]), 1.0)
    cured = sum(
        max(item.effect.value, 0.0) / max(TODAY - item.week, 1)
        for item in found
        if _CURES.get(item.cause) == option
    )
    factor = max(0.3, 1.0 - _CURE_SHARE * cured / lost_a_week)
    value = _project(paying, hazard * factor, joined)
    spread = 1.2816 * max(0.02 * value, np.sqrt(joined * (WEEKS - TODAY)))
    return Outlook(value=value, low=value - spread, high=value + spread)


def _project(paying: np.ndarray, hazard: np.ndarray, joined: float) -> float:
    edges = (0, *_BAND_ENDS, 60)
    ages = np.zeros(60 + WEEKS - TODAY)
    for band in range(4):
        ages[edges[band] : edges[band + 1]] = paying[band] / (edges[band + 1] - edges[band])
    rates = np.array([hazard[_band(age)] for age in range(len(ages))])
    for _ in range(WEEKS - TODAY):
        ages = np.concatenate([[joined], (ages * (1 - rates))[:-1]])
    return float(ages.sum())
