"""Unit changes: the level of a measure in one slice jumps by a constant factor and stays there.

In: daily levels. Out: `Signal`s with the factor and its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import exp, log

from caseroom.analysis.audit.levels import Cell, Level, Levels, Step, best_step, daily_levels
from caseroom.analysis.audit.relation import Query, Relation, Span, equals
from caseroom.analysis.audit.result import LEVEL, Signal, Z
from caseroom.analysis.estimate import Estimate

__all__ = ["CONVENTIONAL_FACTORS", "find_unit_steps", "natural_step", "nearest_factor"]

CONVENTIONAL_FACTORS: dict[float, str] = {
    1.609344: "miles to kilometers",
    3.28084: "meters to feet",
    2.54: "inches to centimeters",
    2.204623: "kilograms to pounds",
    7.0: "weeks to days",
    12.0: "dozens to pieces",
    24.0: "days to hours",
    60.0: "hours to minutes",
    100.0: "units to hundredths",
    1000.0: "thousands to units",
    3600.0: "hours to seconds",
    1_000_000.0: "millions to units",
}
"""Exact conversion factors (and, inverted, the way back)."""

_LEAST_STEP = log(1.35)
_LEAST_T = 6.0
_USUAL_STEPS = 2.5
_SNAP = 0.085


def nearest_factor(estimate: float, error: float) -> tuple[float, str]:
    """Give the conventional factor that fits an estimate, else the estimate itself.

    A factor fits within 8.5%, one standard error or a tenth of its own logarithm, whichever is
    largest.

    Args:
        estimate: The measured factor.
        error: Standard error of its logarithm.
    """
    both = dict(CONVENTIONAL_FACTORS)
    both |= {1 / factor: f"the inverse of {label}" for factor, label in both.items()}
    closest = min(both, key=lambda factor: abs(log(estimate / factor)))
    if abs(log(estimate / closest)) <= max(_SNAP, error, 0.1 * abs(log(closest))):
        return closest, both[closest]
    return estimate, "no conventional factor"


def find_unit_steps(
    query: Query,
    relation: Relation,
    measures: Sequence[str],
    span: Span,
    *,
    least_rows: float = 8.0,
) -> tuple[Signal, ...]:
    """Find measures whose level in one slice steps by a factor of at least 1.35 and stays.

    Levels are taken against those of all other rows, so that what moves everything is no step.
    The step must exceed six standard errors and 2.5 times the largest step that the same series
    makes within the sound period, so that measures that wander on their own don't raise alarms.
    After a slice is found it is left out and the measure is read again, so that slices that only
    overlap with it do not count as findings of their own (at most two per measure).

    Args:
        query: Runs SQL.
        relation: The rows.
        measures: Numeric columns.
        span: The calendar.
        least_rows: Fewest values a day of a slice that is looked at.
    """
    found: list[Signal] = []
    if not measures:
        return ()
    levels = daily_levels(query, relation, measures, span)
    for measure in measures:
        signal = _strongest(levels, measure, span.sound_until, least_rows)
        if signal is None:
            continue
        found.append(signal)
        rest = equals(dict(signal.slice), negate=True)
        others = daily_levels(query, relation, [measure], span, where=rest)
        second = _strongest(others, measure, span.sound_until, least_rows)
        if second is not None and signal.slice:
            found.append(second)
    return tuple(_doubt(signal, found) for signal in found)


def _doubt(signal: Signal, others: Sequence[Signal]) -> Signal:
    """Add a warning where another measure of the slice steps alike: then the mix has changed."""
    alike = [
        other.columns[0]
        for other in others
        if other.columns != signal.columns
        and other.slice == signal.slice
        and other.since is not None
        and signal.since is not None
        and abs((other.since - signal.since).days) <= 1
        and abs(log(_measured(other) / _measured(signal))) < 0.2
    ]
    if not alike:
        return signal
    warning = f"{alike[0]} steps by about the same factor: the mix may have changed instead."
    size = replace(signal.size, warnings=(*signal.size.warnings, warning))
    return replace(signal, size=size, detail={**signal.detail, "mix": True})


def _measured(signal: Signal) -> float:
    return (signal.size.low * signal.size.high) ** 0.5


def _strongest(levels: Levels, measure: str, sound_until: date, least_rows: float) -> Signal | None:
    """Give the slice whose own level and whose level against the rest both step most."""
    after = levels.index(sound_until) + 1
    steps: dict[Cell, tuple[float, Step]] = {}
    for cell in levels.cells(measure, least_rows=least_rows):
        step = best_step(levels.against_rest(measure, cell), after=after)
        if step is None or abs(step.size) < _needed(levels, measure, cell, after, step):
            continue
        level = levels.series[measure, cell]
        own = level.between(step.at, levels.days) - level.between(0, step.at)
        if own * step.size > 0 and abs(own) >= 0.8 * _LEAST_STEP:
            steps[cell] = (min(abs(own), abs(step.size)), step)
    if not steps:
        return None
    most = max(size for size, _ in steps.values())
    pure = {cell: step for cell, (size, step) in steps.items() if size >= 0.9 * most}
    cell = max(pure, key=lambda c: (pure[c].rows, c))
    return _signal(levels, measure, cell, pure[cell])


def _needed(levels: Levels, measure: str, cell: Cell, after: int, step: Step) -> float:
    """Give the step below which nothing is raised, on the log scale."""
    usual = natural_step(levels, measure, cell, until=after)
    return max(_LEAST_STEP, _LEAST_T * step.error, _USUAL_STEPS * usual)


def natural_step(levels: Levels, measure: str, cell: Cell, *, until: int) -> float:
    """Give the largest step (log scale) that a slice makes against the rest before `until`."""
    level = levels.against_rest(measure, cell)
    step = best_step(Level(level.mean[:until], level.rows[:until]), after=7)
    return abs(step.size) if step else 0.0


def _signal(levels: Levels, measure: str, cell: Cell, step: Step) -> Signal:
    measured = exp(step.size)
    factor, label = nearest_factor(measured, step.error)
    spread = Z * step.error
    return Signal(
        check="unit_step",
        columns=(measure,),
        slice=dict([cell]),
        since=levels.day(step.at),
        until=levels.day(levels.days - 1),
        size=Estimate(
            value=factor,
            low=measured * exp(-spread),
            high=measured * exp(spread),
            level=LEVEL,
            unit="times the former values",
            n=int(step.rows),
            method="Mean logarithm against all other rows, before and after the best split.",
            assumptions=("The mix within the slice did not change on that day.",),
            warnings=() if factor != measured else ("The factor fits no usual unit.",),
        ),
        detail={"measured": measured, "conversion": label},
    )
