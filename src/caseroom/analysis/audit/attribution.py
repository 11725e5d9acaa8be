"""Where flagged rows sit: the slice that holds them, the first day, how many more than before.

In: flagged rows counted per day and slice. Out: a `Place`, or None where nothing stands out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caseroom.analysis.audit.relation import Query, Relation, Span

__all__ = ["Flagged", "Groups", "Place", "count_flagged", "locate", "narrowest_slice"]

Groups = Mapping[str, Mapping[str, int]]
"""Rows per value of each slicing column."""

_PURITY = 0.95


@dataclass(frozen=True, slots=True)
class Flagged:
    """Flagged rows per day, for all rows ("", "") and for every (dimension, value)."""

    cells: Mapping[tuple[str, str], Mapping[date, int]]

    def total(self, cell: tuple[str, str] = ("", ""), *, after: date | None = None) -> int:
        """Count the flagged rows of a cell, after a day if one is given."""
        days = self.cells.get(cell, {})
        return sum(n for day, n in days.items() if after is None or day > after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A slice, first and last day, the rows flagged after the sound period and the number that the
    rate of the sound period would have given."""

    slice: Mapping[str, str]
    since: date
    until: date
    rows: int
    usual: float


def count_flagged(query: Query, flagged: Relation, *, title: str) -> Flagged:
    """Count the rows of a relation (all of which are flagged) per day and slice in one query."""
    cells: dict[tuple[str, str], dict[date, int]] = {}
    rows = query(flagged.by_slice("count(*) AS row_count", keys=["audit_day AS day"]), title=title)
    for row in rows:
        if row["day"] is not None and row["value"] is not None:
            cell = cells.setdefault((row["dimension"], row["value"]), {})
            cell[row["day"]] = int(row["row_count"])
    return Flagged(cells)


def narrowest_slice(
    rows: Mapping[tuple[str, str], float], total: float, groups: Groups
) -> dict[str, str]:
    """Give the smallest group that holds at least 95% of the rows; empty where none does."""
    sizes = [
        (groups.get(dimension, {}).get(value, 0), dimension, value)
        for (dimension, value), count in rows.items()
        if dimension and count >= _PURITY * total
    ]
    if not sizes:
        return {}
    size, dimension, value = min(sizes)
    everything = sum(groups.get(dimension, {}).values())
    return {} if size >= 0.97 * everything else {dimension: value}


def locate(flagged: Flagged, groups: Groups, span: Span, *, at_least: int = 10) -> Place | None:
    """Say where flagged rows appeared after a sound period.

    Args:
        flagged: Flagged rows per day and cell.
        groups: Rows per value, to prefer the narrowest slice.
        span: The calendar.
        at_least: Fewest rows above the usual number that count as a signal.
    """
    sound_until = span.sound_until
    last = max(flagged.cells.get(("", ""), {}), default=None)
    if last is None or last <= sound_until:
        return None
    cells = flagged.cells
    days_after, days_before = (last - sound_until).days, max(1, span.sound_days)
    early = {cell: flagged.total(cell) - flagged.total(cell, after=sound_until) for cell in cells}
    rates = {cell: count / days_before for cell, count in early.items()}
    excess = {
        cell: flagged.total(cell, after=sound_until) - rate * days_after
        for cell, rate in rates.items()
    }
    usual = rates[("", "")] * days_after
    if excess[("", "")] < max(at_least, 4 * usual**0.5):
        return None
    slice_ = narrowest_slice(excess, excess[("", "")], groups)
    cell = next(iter(slice_.items()), ("", ""))
    days = _unusual_days(flagged.cells[cell], sound_until)
    return Place(
        slice=slice_,
        since=days[0],
        until=days[-1],
        rows=flagged.total(cell, after=sound_until),
        usual=rates[cell] * days_after,
    )


def _unusual_days(days: Mapping[date, int], sound_until: date) -> list[date]:
    most = max((n for day, n in days.items() if day <= sound_until), default=0)
    unusual = sorted(day for day, n in days.items() if day > sound_until and n > most)
    return unusual or sorted(day for day in days if day > sound_until)
