"""How many more accounts were lost than expected: difference in differences of hazards by age.

In: account-weeks at risk and losses by (in the segment?, after the change?, age band).
Out: an `Estimate` of the excess losses in the segment after the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import special

from caseroom.analysis.estimate import Estimate

__all__ = ["Risk", "excess_losses"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Account-weeks at risk and losses of one cell."""

    inside: bool
    after: bool
    age: int
    at_risk: float
    lost: float


def _sum(cells: list[Risk], inside: bool, after: bool, age: int) -> tuple[float, float]:
    chosen = [c for c in cells if (c.inside, c.after, c.age) == (inside, after, age)]
    return sum(c.at_risk for c in chosen), sum(c.lost for c in chosen)


def excess_losses(cells: Iterable[Risk], *, level: float = 0.8) -> Estimate:
    """Estimate the losses in the segment after the change beyond what was to be expected.

    Expected losses are the segment's own hazards before the change, at equal age, times the ratio
    by which hazards outside the segment moved (standardized to equal age as well). The standard
    error follows from independent Poisson counts by the delta method.

    Args:
        cells: One `Risk` per cell; cells may repeat.
        level: Coverage of the interval.

    Raises:
        ValueError: Where there is nobody at risk inside, or nobody outside.
    """
    all_cells = list(cells)
    ages = sorted({c.age for c in all_cells})
    lost = expected = before_lost = 0.0
    out_lost = out_expected = out_before = 0.0
    for age in ages:
        risk_after, lost_after = _sum(all_cells, True, True, age)
        risk_before, lost_before = _sum(all_cells, True, False, age)
        o_risk_after, o_lost_after = _sum(all_cells, False, True, age)
        o_risk_before, o_lost_before = _sum(all_cells, False, False, age)
        lost += lost_after
        if risk_before:
            expected += risk_after * lost_before / risk_before
            before_lost += lost_before if risk_after else 0.0
        if o_risk_before:
            out_lost += o_lost_after
            out_expected += o_risk_after * o_lost_before / o_risk_before
            out_before += o_lost_before if o_risk_after else 0.0
    if expected <= 0 or out_expected <= 0:
        raise ValueError("Nobody was at risk before the change inside or outside the segment.")
    drift = out_lost / out_expected
    base = expected * drift
    spread = 1 / max(before_lost, 1) + 1 / max(out_lost, 1) + 1 / max(out_before, 1)
    error = float(np.sqrt(lost + base**2 * spread))
    half = float(special.ndtri(0.5 + level / 2)) * error
    return Estimate(
        value=lost - base,
        low=lost - base - half,
        high=lost - base + half,
        level=level,
        n=int(lost + before_lost + out_lost + out_before),
        unit="accounts",
        method="difference in differences of weekly hazards at equal age",
        assumptions=(
            "without the change, hazards inside and outside would have moved in proportion",
            "losses are independent between accounts",
        ),
        warnings=("few losses before the change",) if before_lost < 20 else (),
    )
