"""Project how many accounts will pay at the end of the window, as the reference solver does.

In: weekly losses and who pays now, by age; sign-ups a week; what a cure removes. Out: `Outlook`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from caseroom.analysis.estimate import Estimate
from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.menu import CURES
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, WEEKS, Cause

__all__ = ["Outlook", "forecast"]

_BAND_ENDS = (4, 13, 26, 52)
_SPREAD_SHARE = 0.045
"""Standard deviation of the projection, as a share: sign-ups and hazards move by themselves."""
_BANDS = len(_BAND_ENDS) + 1
_CURE_SHARE = 0.8
"""Part of the excess losses that a cure removes, on average over the window (it needs weeks)."""


class _Found(Protocol):
    @property
    def cause(self) -> Cause: ...
    @property
    def where(self) -> Mapping[str, str]: ...
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


def _band(age: int) -> int:
    return sum(age >= end for end in _BAND_ENDS)


def forecast(
    ask: Callable[[str, str], Rows], today: date, found: Sequence[_Found], option: str
) -> Outlook:
    """Run today's hazards forward week by week, less the losses that the cure removes."""
    rows = ask("Weekly losses by age, lately", queries.left_by_age(today))
    hazard, paying = np.zeros(_BANDS), np.zeros(_BANDS)
    for row in rows:
        band = int(row["age_band"])
        hazard[band] = float(row["lost"]) / max(float(row["at_risk"]), 1.0)
        paying[band] = float(row["paying_now"])
    standing = ask("Who pays now", queries.standing(today, "TRUE", TODAY - 10)).one()
    joined = _trend(ask("Sign-ups of a year", queries.signups(today)))
    if option == "end_campaign":
        joined = joined * (1.0 - 0.5 * _campaign_share(ask, today, found))
    lost_a_week = max(float(standing["left_a_week"]), 1.0)
    cured = sum(
        max(item.effect.value, 0.0) / max(TODAY - item.week, 1)
        for item in found
        if CURES[item.cause] == option
    )
    factor = max(0.3, 1.0 - _CURE_SHARE * cured / lost_a_week)
    value = _project(paying, hazard * factor, joined)
    spread = 1.2816 * _SPREAD_SHARE * value
    return Outlook(value=value, low=value - spread, high=value + spread)


def _campaign_share(ask: Callable[[str, str], Rows], today: date, found: Sequence[_Found]) -> float:
    channel = next(item.where["channel"] for item in found if "channel" in item.where)
    rows = ask("Share of the campaign", queries.campaign_share(today, channel)).one()
    return float(rows["share"] or 0.0)


def _trend(rows: Rows) -> np.ndarray:
    """Extrapolate a straight line through the weekly sign-ups of a year."""
    week = np.array(rows.column("week"), dtype=float)
    count = np.array(rows.column("sign_ups"), dtype=float)
    slope, intercept = np.polyfit(week, count, 1)
    return np.maximum(intercept + slope * np.arange(TODAY, WEEKS), 0.0)


def _project(paying: np.ndarray, hazard: np.ndarray, joined: np.ndarray) -> float:
    edges = (0, *_BAND_ENDS, TODAY)
    ages = np.zeros(WEEKS)
    for band in range(_BANDS):
        ages[edges[band] : edges[band + 1]] = paying[band] / (edges[band + 1] - edges[band])
    rates = np.array([hazard[_band(age)] for age in range(len(ages))])
    for arrivals in joined:
        ages = np.concatenate([[arrivals], (ages * (1 - rates))[:-1]])
    return float(ages.sum())
