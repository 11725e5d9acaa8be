"""Project how many accounts will pay at the end of the window, as the reference solver does.

In: the company as it stands and the cure that was chosen. Out: `Outlook`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caseroom.case.kinds.saas_churn.flows import WINDOW, Company, Flow, paying
from caseroom.case.kinds.saas_churn.futures import Cure

__all__ = ["Outlook", "forecast"]

_SPREAD_SHARE = 0.03
"""Standard deviation of the projection, as a share: sign-ups and hazards move by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Accounts that pay at the end of the window, with an 80% interval."""

    value: float
    low: float
    high: float


def forecast(company: Company, parts: Sequence[Flow], chosen: Cure) -> Outlook:
    """Run today's hazards of every part forward week by week and add what the cure keeps."""
    end = sum(
        float(paying(part.stock, company.joins(part), np.tile(part.hazard, (WINDOW, 1)))[-1].sum())
        for part in parts
    )
    value = end + chosen.kept
    spread = 1.2816 * _SPREAD_SHARE * value
    return Outlook(value=value, low=value - spread, high=value + spread)
