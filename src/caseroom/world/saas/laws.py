"""The laws of the business: how probabilities follow from what an account is.

In: nothing. Out: tables and factors. Transcendental functions are taken once, here, and rounded to
nine decimals, so that every machine multiplies the same numbers; after that only products, sums
and comparisons of 64-bit floats are used, which IEEE 754 fixes to the bit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from caseroom.world.saas.blueprint import CHANNELS, WEEKS

__all__ = [
    "ACTIVITY_BINS",
    "AGE_FACTOR",
    "BASE_HAZARD",
    "CAMPAIGN_INTENT",
    "CHANNEL_INTENT",
    "CHANNEL_SHARE",
    "EVENT_TABLE",
    "EVENT_TYPES",
    "EXP_HALF",
    "EXP_INTENT",
    "EXP_LEAVE",
    "INTENT_SLOPE",
    "LOW_INTENT",
    "PAYMENT_FAILURE",
    "PLAN_HAZARD",
    "PLAN_SHARE",
    "PLATFORM_SHARE",
    "POISSON",
    "REGION_SHARE",
    "SEATS",
    "STEP_ODDS",
    "WEEK_SECONDS",
    "YEARLY_FACTOR",
    "factor",
    "season",
]

Floats = NDArray[np.float64]

CHANNEL_SHARE = (0.30, 0.26, 0.18, 0.08, 0.18)
PLAN_SHARE = (0.42, 0.40, 0.18)
REGION_SHARE = (0.36, 0.34, 0.13, 0.17)
PLATFORM_SHARE = (0.40, 0.30, 0.18, 0.12)
CHANNEL_INTENT = dict(zip(CHANNELS, (0.2, 0.0, 0.15, 0.1, -0.35), strict=True))
LOW_INTENT = -1.6
"""Shift of intent (standard deviations) of a channel that brings people who are only curious."""
CAMPAIGN_INTENT = -1.9
"""Shift of intent of sign-ups that a free offer brings."""
INTENT_SLOPE = 0.6
"""Weight of intent in the log of the weekly churn hazard (negative)."""

BASE_HAZARD = 0.0135
YEARLY_FACTOR = 13.0
"""A yearly account decides once a year: its chance then is this many weekly hazards."""
PAYMENT_FAILURE = 0.002
"""Chance per invoice that no attempt to collect succeeds, before any cause."""
PLAN_HAZARD = (1.2, 1.0, 0.75)
STEP_ODDS = (30.0, 9.0, 6.0, 2.2, 6.0)
"""Odds of completing each onboarding step once the one before is done, at average intent."""

EVENT_TYPES = (
    "session_started",
    "task_edited",
    "comment_added",
    "file_shared",
    "report_viewed",
    "search_run",
)


def factor(exponent: float) -> float:
    """Give exp(exponent), rounded to nine decimals."""
    return round(math.exp(exponent), 9)


def _intent_grid() -> Floats:
    shares = (np.arange(4096) + 0.5) / 4096
    grid: Floats = np.asarray(special.ndtri(shares), dtype=np.float64)
    return grid.round(9)


def _exp_table(slope: float) -> Floats:
    return np.array([factor(slope * float(z)) for z in _intent_grid()])


EXP_INTENT = _exp_table(1.0)
EXP_HALF = _exp_table(0.5)
EXP_LEAVE = _exp_table(-INTENT_SLOPE)


def _age_factor() -> Floats:
    ages = np.arange(WEEKS + 1)
    return np.array([2.2, 1.6, 1.0, 0.55], dtype=np.float64)[np.searchsorted([3, 12, 25], ages)]


AGE_FACTOR = _age_factor()
"""Factor on the hazard by weeks since sign-up: most who leave do so early."""


def season(week_of_year: int) -> tuple[float, float]:
    """Give (sign-up factor, activity factor) of a calendar week 0..52."""
    signup = 1.0 + 0.18 * (week_of_year <= 5) - 0.16 * (29 <= week_of_year <= 34)
    activity = 1.0 - 0.14 * (29 <= week_of_year <= 34) - 0.45 * (week_of_year >= 51)
    return round(signup, 6), round(activity, 6)


ACTIVITY_BINS = 96
_BIN_STEP = 0.1


def _poisson_quantile(shares: Floats, rate: float) -> Floats:
    """Give the smallest counts whose distribution function reaches these shares."""
    high = np.ceil(special.pdtrik(shares, rate))
    low = np.maximum(high - 1, 0)
    return np.where(special.pdtr(low, rate) >= shares, low, high)


def _poisson_table() -> NDArray[np.uint16]:
    rates = [factor(_BIN_STEP * (b - 32)) for b in range(ACTIVITY_BINS)]
    quantiles = (np.arange(1024) + 0.5) / 1024
    return np.array([_poisson_quantile(quantiles, rate) for rate in rates]).astype(np.uint16)


POISSON = _poisson_table()
"""Counts by (activity bin, 10 random bits); bin b has mean exp(0.1 * (b - 32))."""


def _seat_tables() -> NDArray[np.int32]:
    quantiles = (np.arange(1024) + 0.5) / 1024
    shapes = ((4.0, 0.7, 1, 15), (17.0, 0.8, 4, 120), (60.0, 0.9, 15, 600))
    rows = [
        np.clip(np.round(m * np.exp(s * special.ndtri(quantiles)), 6), lo, hi)
        for m, s, lo, hi in shapes
    ]
    return np.array(rows).astype(np.int32)


SEATS = _seat_tables()
"""Seats by (plan, 10 random bits): heavy-tailed (log-normal), cut at both ends."""


def _week_seconds() -> NDArray[np.int32]:
    hours = np.array([0.3] * 7 + [1, 3, 5, 6, 6, 4, 5, 6, 6, 5, 4, 2, 1.5, 1, 1, 0.7, 0.4])
    days = np.array([1.05, 1.1, 1.1, 1.05, 0.95, 0.25, 0.2])
    weights = (days[:, None] * hours[None, :]).ravel()
    edges = np.concatenate([[0.0], np.cumsum(weights) / weights.sum()])
    shares = (np.arange(65536) + 0.5) / 65536
    return np.floor(np.round(np.interp(shares, edges, np.arange(169) * 3600.0), 6)).astype(np.int32)


WEEK_SECONDS = _week_seconds()
"""Second of the week by 16 random bits: working hours and working days are busier."""


def _event_table() -> NDArray[np.uint8]:
    shares = np.array([0.30, 0.28, 0.16, 0.08, 0.10, 0.08])
    edges = np.round(np.concatenate([[0.0], np.cumsum(shares)]) * 256).astype(int)
    return np.repeat(np.arange(6), np.diff(edges)).astype(np.uint8)


EVENT_TABLE = _event_table()
"""Event type by 8 random bits."""
