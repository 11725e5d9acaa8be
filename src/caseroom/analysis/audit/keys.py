"""Which columns identify a row: the business key, apart from technical ids.

In: a query function, a relation and candidate columns. Out: `KeyCandidate`s, shortest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from caseroom.analysis.audit.profile import TableProfile
from caseroom.analysis.audit.relation import Query, name
from caseroom.analysis.audit.result import counted
from caseroom.analysis.estimate import Estimate

__all__ = ["KeyCandidate", "find_keys"]

_SAMPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCandidate:
    """Columns that together identify (nearly) every row; `uniqueness` is a share of the rows."""

    columns: tuple[str, ...]
    uniqueness: Estimate


def find_keys(
    query: Query,
    sql: str,
    profile: TableProfile,
    candidates: Sequence[str],
    *,
    first: str = "",
    at_least: float = 0.995,
    longest: int = 4,
) -> tuple[KeyCandidate, ...]:
    """Find the shortest sets of columns that identify a row.

    Sets are screened on the first 20,000 rows and confirmed on all. Sets that identify every row
    win over sets that reach only `at_least`; of these, only the sets of the smallest size are
    given, those with the column `first` before others.

    Args:
        query: Runs SQL.
        sql: Table name (quoted) or query in parentheses.
        profile: Profile of the table, for the numbers of distinct values.
        candidates: Columns that may be part of a key (at most 9 are tried).
        first: Column that a key should hold, such as the moment of a row.
        at_least: Share of different values among all rows from which a set counts as a key.
        longest: Most columns of a key.
    """
    columns = sorted(candidates, key=lambda c: (c != first, -profile.column(c).distinct))[:9]
    for share in (1.0, at_least):
        for size in range(1, longest + 1):
            sets = [s for s in combinations(columns, size) if _may_identify(profile, s)]
            passed = _screen(query, f"(SELECT * FROM {sql} LIMIT {_SAMPLE})", sets, share)
            found = _screen(query, sql, [columns for columns, _, _ in passed][:6], share)
            if found:
                found.sort(key=lambda entry: (first not in entry[0], -entry[1], entry[0]))
                return tuple(_candidate(*entry) for entry in found)
    return ()


def _may_identify(profile: TableProfile, columns: tuple[str, ...]) -> bool:
    possible = 1.0
    for column in columns:
        possible *= max(1, profile.column(column).distinct)
    return possible >= 0.9 * profile.rows


def _screen(
    query: Query, sql: str, sets: Sequence[tuple[str, ...]], at_least: float
) -> list[tuple[tuple[str, ...], float, int]]:
    if not sets:
        return []
    parts = [
        f"count(DISTINCT {_tuple(columns)}) AS distinct_{at}" for at, columns in enumerate(sets)
    ]
    found = query(
        f"SELECT count(*) AS row_total, {', '.join(parts)} FROM {sql} AS keyed",
        title="Which columns identify a row?",
    ).one()
    rows = int(found["row_total"])
    shares = [
        (columns, int(found[f"distinct_{at}"]) / max(1, rows), rows)
        for at, columns in enumerate(sets)
    ]
    return [entry for entry in shares if entry[1] >= at_least]


def _tuple(columns: tuple[str, ...]) -> str:
    names = ", ".join(name(column) for column in columns)
    return f"({names})" if len(columns) > 1 else names


def _candidate(columns: tuple[str, ...], share: float, rows: int) -> KeyCandidate:
    warnings = () if share == 1 else ("Some rows share this key already.",)
    return KeyCandidate(
        columns=columns,
        uniqueness=counted(
            share,
            "share of rows",
            n=rows,
            method="Different values of the columns together, divided by rows.",
            assumptions=("A row is one business event.",),
            warnings=warnings,
        ),
    )
