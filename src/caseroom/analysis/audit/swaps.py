"""Exchanged columns: from a day on, one column of a slice holds what another one held, and back.

In: daily levels of several measures. Out: `Signal`s that name both columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import log

from caseroom.analysis.audit.levels import Cell, Levels, best_step, daily_levels
from caseroom.analysis.audit.relation import Query, Relation, Span
from caseroom.analysis.audit.result import Signal, counted

__all__ = ["find_swaps"]

_APART = log(1.6)
_CLOSE = 0.2


def find_swaps(
    query: Query,
    relation: Relation,
    measures: Sequence[str],
    span: Span,
    *,
    least_rows: float = 8.0,
) -> tuple[Signal, ...]:
    """Find pairs of measures whose levels change places in one slice and stay so.

    Two columns count as exchanged where each one's level after the split lies within 22% of the
    other's level before it, and the two were at least 60% apart. One signal per pair.
    """
    if len(measures) < 2:
        return ()
    levels = daily_levels(query, relation, measures, span)
    signals = (
        _pair(levels, pair, levels.index(span.sound_until) + 1, least_rows)
        for pair in combinations(measures, 2)
    )
    return tuple(signal for signal in signals if signal is not None)


def _pair(levels: Levels, pair: tuple[str, str], after: int, least_rows: float) -> Signal | None:
    found: dict[Cell, tuple[float, int, float]] = {}
    for cell in levels.cells(pair[0], least_rows=least_rows):
        match = _exchanged(levels, pair, cell, after)
        if match is not None:
            found[cell] = match
    if not found:
        return None
    best = min(miss for miss, _, _ in found.values())
    close = {cell: entry for cell, entry in found.items() if entry[0] <= best + 0.05}
    cell = max(close, key=lambda c: (close[c][2], c))
    return _signal(levels, pair, cell, close[cell][1], close[cell][2])


def _exchanged(
    levels: Levels, pair: tuple[str, str], cell: Cell, after: int
) -> tuple[float, int, float] | None:
    one, other = (levels.series.get((measure, cell)) for measure in pair)
    if one is None or other is None:
        return None
    step = best_step(one, after=after)
    if step is None or abs(step.size) < _APART:
        return None
    at, end = step.at, levels.days
    before = one.between(0, at), other.between(0, at)
    later = one.between(at, end), other.between(at, end)
    miss = max(abs(later[0] - before[1]), abs(later[1] - before[0]))
    if miss > _CLOSE or abs(before[0] - before[1]) < _APART:
        return None
    return miss, at, max(step.rows, float(other.rows[at:].sum()))


def _signal(levels: Levels, pair: tuple[str, str], cell: Cell, at: int, rows: float) -> Signal:
    return Signal(
        check="swap",
        columns=pair,
        slice=dict([cell]),
        since=levels.day(at),
        until=levels.day(levels.days - 1),
        size=counted(
            rows,
            "rows",
            n=int(rows),
            method="Rows of the slice from the best split on.",
            assumptions=("All rows of the slice are exchanged from that day on.",),
        ),
    )
