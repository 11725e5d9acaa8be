"""Segments of the company by age, run forward week by week.

In: a `Bench`. Out: `Flow`s (who pays now, weekly hazards, fees, sign-ups), the `Company` as a
whole, and who pays in each week of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from caseroom.case.kinds.saas_churn import queries
from caseroom.case.kinds.saas_churn.bench import JOINERS, Bench, Found
from caseroom.vocabulary.rows import Rows
from caseroom.world.saas.blueprint import TODAY, WEEKS, Cause

__all__ = [
    "AGES",
    "WINDOW",
    "Company",
    "Floats",
    "Flow",
    "look_ahead",
    "paying",
    "read",
    "segments",
]

Floats = NDArray[np.float64]

WINDOW = WEEKS - TODAY
"""Weeks from today to the end of the window that the brief names."""
AGES = WEEKS + WINDOW
"""Ages in weeks that an account can reach."""
_BANDS = (0, 4, 13, 26, 39, 52, 53, 66, AGES)
"""First weeks of age bands: early weeks are risky, yearly accounts decide in week 52."""
_ENOUGH = 400.0
"""Account-weeks at risk from which a band's own hazard is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A segment by age in weeks: stock that pays now, weekly hazards, fee, sign-ups a week.

    `unpaid` is the part of `hazard` that failed payments bring.
    """

    stock: Floats
    hazard: Floats
    unpaid: Floats
    fee_cents: float
    joined_a_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everybody, and sign-ups to come by week of the window."""

    everybody: Flow
    joining: Floats

    def joins(self, flow: Flow) -> Floats:
        """Give the sign-ups to come of a segment, at its share of the last ten weeks."""
        share = flow.joined_a_week / max(self.everybody.joined_a_week, 1e-9)
        return self.joining * share


def look_ahead(bench: Bench, since: int) -> Company:
    """Read who pays, at which hazards since a week, and who will join."""
    rows = bench.ask(
        "Who is at risk, leaves and pays, by age", queries.flow(bench.today, "TRUE", since)
    )
    joining = _joining(bench.ask("Sign-ups by week", queries.signups(bench.today)))
    return Company(everybody=_flow(rows), joining=joining)


def _joining(rows: Rows) -> Floats:
    """Project sign-ups: the same weeks a year earlier plus the growth of a year."""
    count = np.zeros(TODAY)
    count[np.array(rows.column("week"), dtype=int)] = rows.column("sign_ups")
    growth = count[52:].mean() - count[: TODAY - 52].mean()
    return np.maximum(count[TODAY - 52 : WEEKS - 52] + growth, 0.0)


def _flow(rows: Rows, usual: Flow | None = None) -> Flow:
    """Read a flow; bands with little exposure take `usual` hazards, raised as the others are."""
    stock, risk, lost, unpaid = np.zeros((4, AGES))
    ages = np.array(rows.column("age"), dtype=int)
    for name, into in (("paying", stock), ("at_risk", risk), ("lost", lost), ("unpaid", unpaid)):
        into[ages] = rows.column(name)
    hazard, failing = _by_band(risk, lost), _by_band(risk, unpaid)
    if usual is not None:
        own = _by_band(np.ones(AGES), risk, mean=False) >= _ENOUGH
        expected = float((risk * usual.hazard)[own].sum())
        raised = float(lost[own].sum()) / expected if expected > 0 else 1.0
        hazard = np.where(own, hazard, usual.hazard * raised)
        failing = np.where(own, failing, usual.unpaid)
    return Flow(
        stock=stock,
        hazard=hazard,
        unpaid=failing,
        fee_cents=float(sum(rows.column("fees_cents"))) / max(float(stock.sum()), 1.0),
        joined_a_week=float(sum(rows.column("joined_lately"))) / 10,
    )


def _by_band(risk: Floats, lost: Floats, *, mean: bool = True) -> Floats:
    """Give losses per account-week (or their plain sum) of each age's band."""
    by_age = np.zeros(AGES)
    for first, last in pairwise(_BANDS):
        band = slice(first, last)
        by_age[band] = lost[band].sum() / (max(risk[band].sum(), 1.0) if mean else 1.0)
    return by_age


def read(bench: Bench, inside: str, since: int, usual: Flow | None = None) -> Flow:
    """Read a segment (an SQL condition): stock and sign-ups now, hazards since a week."""
    rows = bench.ask(
        f"At risk, leaving, paying by age: {inside}", queries.flow(bench.today, inside, since)
    )
    return _flow(rows, usual)


def segments(bench: Bench, company: Company, found: Sequence[Found], since: int) -> list[Flow]:
    """Split everybody by the causes that reach them, each part with its own hazards."""
    parts = ["TRUE"]
    for item in found:
        if item.cause is Cause.LOST_EVENT:
            continue
        here = f"({item.inside}" + (
            f" AND joined >= {item.week})" if item.cause in JOINERS else ")"
        )
        parts = [f"{part} AND {side}" for part in parts for side in (here, f"NOT {here}")]
    return [read(bench, part, since, company.everybody) for part in parts]


def paying(stock: Floats, arrivals: Floats, hazards: Floats) -> Floats:
    """Run accounts forward; `hazards` (weeks, ages). Gives who pays in each week, by age."""
    alive = stock.copy()
    series = np.zeros((len(arrivals), len(stock)))
    for week, joined in enumerate(arrivals):
        alive[1:] = (alive * (1 - np.clip(hazards[week], 0.0, 1.0)))[:-1]
        alive[0] = joined
        series[week] = alive
    return series
