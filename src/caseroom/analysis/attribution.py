"""How many losses each of several causes brought that act at the same time.

In: account-weeks at risk and losses by stratum, period and the causes that reach a cell. Out: one
`Effect` per cause and the sum of them all without counting a loss twice.

The model is a conditional Poisson regression: hazards are a level of the stratum times a factor of
the period times a factor of every cause that reaches the cell; conditioning on the losses of each
stratum removes the levels. Source: Armstrong, Gasparrini and Tobias 2014,
doi:10.1186/1471-2288-14-122.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from caseroom.analysis.estimate import Estimate

__all__ = ["Attribution", "Cell", "Effect", "attribute"]

_STEPS = 60
_LONGEST_STEP = 1.5
_WEAK_PRIOR = 0.01
"""Precision of a prior at no effect (standard deviation 10 in logs): keeps empty cells finite."""

_METHOD = "conditional Poisson regression of weekly hazards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Account-weeks at risk and losses where the same causes act (`reached` has one entry each)."""

    stratum: Hashable
    period: int
    reached: tuple[bool, ...]
    at_risk: float
    lost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One cause: losses it brought, the log of its factor on the hazard, how sure that is.

    `share` is the part of the reached losses that it explains (negative for a cause that
    protects), `usual` the weekly hazard of the reached without it.
    """

    losses: Estimate
    log_factor: float
    z: float
    share: float
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """All causes: `effects` in the order of `reached`, and the losses of all of them together."""

    effects: tuple[Effect, ...]
    total: Estimate


def attribute(cells: Sequence[Cell], *, level: float = 0.8) -> Attribution:
    """Fit all causes at once and attribute losses to them.

    Args:
        cells: Cells; all with the same number of causes, one at least.
        level: Coverage of the intervals.

    Raises:
        ValueError: Where there are no cells or no losses.
    """
    used = [cell for cell in cells if cell.at_risk > 0]
    if not used or not sum(cell.lost for cell in used):
        raise ValueError("There are no losses to attribute.")
    reached = np.array([cell.reached for cell in used], dtype=float)
    periods = np.array([cell.period for cell in used])
    later = sorted(set(periods.tolist()))[1:]
    design = np.column_stack([reached, *[(periods == each).astype(float) for each in later]])
    theta, covariance = _fit(used, design)
    causes = reached.shape[1]
    lost = np.array([cell.lost for cell in used])
    risk = np.array([cell.at_risk for cell in used])
    effects = tuple(
        _effect(reached[:, k], theta[k], covariance[k, k], lost, risk, level) for k in range(causes)
    )
    total = _all_together(reached, theta[:causes], covariance[:causes, :causes], lost, level)
    return Attribution(effects=effects, total=total)


def _all_together(
    reached: NDArray[np.float64],
    theta: NDArray[np.float64],
    covariance: NDArray[np.float64],
    lost: NDArray[np.float64],
    level: float,
) -> Estimate:
    explained = 1 - np.exp(-reached @ theta)
    slope = (lost * (1 - explained)) @ reached
    return _estimate(lost, explained, float(slope @ covariance @ slope), level)


def _effect(
    reached: NDArray[np.float64],
    theta: float,
    variance: float,
    lost: NDArray[np.float64],
    risk: NDArray[np.float64],
    level: float,
) -> Effect:
    explained = reached * (1 - np.exp(-theta))
    here = float(lost @ reached)
    spread = (here * float(np.exp(-theta))) ** 2 * variance
    losses = _estimate(lost, explained, spread, level)
    return Effect(
        losses=losses,
        log_factor=float(theta),
        z=float(theta / np.sqrt(variance)),
        share=float(1 - np.exp(-theta)),
        usual=(here - losses.value) / max(float(risk @ reached), 1.0),
    )


def _estimate(
    lost: NDArray[np.float64], explained: NDArray[np.float64], spread: float, level: float
) -> Estimate:
    """Sum what is explained; its variance is that of the factors and of chance in each cell."""
    value = float(lost @ explained)
    chance = float(lost @ np.abs(explained * (1 - explained)))
    half = float(special.ndtri(0.5 + level / 2)) * float(np.sqrt(spread + chance))
    return Estimate(
        value=value,
        low=value - half,
        high=value + half,
        level=level,
        n=int(lost.sum()),
        unit="accounts",
        method=_METHOD,
        assumptions=(
            "without the causes, hazards of all strata would have moved in proportion",
            "causes that meet multiply",
        ),
    )


def _fit(
    cells: Sequence[Cell], design: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Maximize the likelihood given each stratum's losses (Newton); give factors, covariance."""
    names = {name: number for number, name in enumerate(dict.fromkeys(c.stratum for c in cells))}
    stratum = np.array([names[cell.stratum] for cell in cells])
    lost = np.array([cell.lost for cell in cells])
    risk = np.array([cell.at_risk for cell in cells])
    total = np.bincount(stratum, weights=lost, minlength=len(names))
    theta = np.zeros(design.shape[1])
    information = np.eye(len(theta))
    for _ in range(_STEPS):
        weight = risk * np.exp(design @ theta)
        share = weight / np.bincount(stratum, weights=weight, minlength=len(names))[stratum]
        expected = total[stratum] * share
        mean = np.zeros((len(names), len(theta)))
        np.add.at(mean, stratum, share[:, None] * design)
        gradient = design.T @ (lost - expected) - _WEAK_PRIOR * theta
        information = (design * expected[:, None]).T @ design - (mean * total[:, None]).T @ mean
        information += _WEAK_PRIOR * np.eye(len(theta))
        step = np.linalg.solve(information, gradient)
        longest = float(np.abs(step).max(initial=0.0))
        theta += step * min(1.0, _LONGEST_STEP / max(longest, 1e-12))
        if longest < 1e-9:
            break
    return theta, np.asarray(np.linalg.inv(information), dtype=np.float64)
