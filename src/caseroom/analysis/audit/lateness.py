"""How late rows arrive, and how many of the last days are still to come.

In: a relation with the time of loading. Out: one `Signal` for the slice that arrives late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from caseroom.analysis.audit.attribution import Groups, narrowest_slice
from caseroom.analysis.audit.relation import Query, Relation, equals, name
from caseroom.analysis.audit.result import LEVEL, Signal, Z
from caseroom.analysis.estimate import Estimate

__all__ = ["Completeness", "completeness", "find_late"]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Share of a slice's rows that are there by age in days (index 0: loaded on the day itself)."""

    shares: tuple[float, ...]
    rows: int

    def at(self, age: int) -> float:
        """Give the share that is there at this age; 1 beyond the longest lag that was seen."""
        if age < 0:
            return 0.0
        return self.shares[age] if age < len(self.shares) else 1.0


def find_late(
    query: Query, relation: Relation, loaded: str, groups: Groups, *, as_of: date, since: date
) -> Signal | None:
    """Find the slice whose rows arrive later than the rest and estimate what is still to come.

    A row's lag is its load day minus its own day. The usual lag is the most frequent one.

    Args:
        query: Runs SQL.
        relation: The rows.
        loaded: Column with the time of loading.
        groups: Rows per value of each slicing column.
        as_of: The day on which the table was read.
        since: First day whose lags are counted.
    """
    lags = _lags(query, relation, loaded, since)
    overall = lags.get(("", ""), {})
    if not overall:
        return None
    usual = max(overall, key=lambda lag: overall[lag])
    late = {cell: _late_rows(counts, usual) for cell, counts in lags.items()}
    total = late[("", "")]
    if total < 30 or total < 0.002 * sum(overall.values()):
        return None
    slice_ = narrowest_slice(late, total, groups)
    return _signal(query, relation, loaded, slice_, usual, as_of=as_of, since=since)


def _late_rows(counts: Mapping[int, int], usual: int) -> int:
    return sum(n for lag, n in counts.items() if lag > usual)


def _lags(
    query: Query, relation: Relation, loaded: str, since: date
) -> dict[tuple[str, str], dict[int, int]]:
    lag = f"date_diff('day', audit_day, CAST({name(loaded)} AS DATE))"
    where = f"CAST({relation.day} AS DATE) >= DATE '{since}'"
    rows = query(
        relation.by_slice("count(*) AS row_count", keys=[f"{lag} AS lag"], where=where),
        title="How many days after the event do rows arrive?",
    )
    found: dict[tuple[str, str], dict[int, int]] = {}
    for row in rows:
        if row["value"] is not None and row["lag"] is not None:
            found.setdefault((row["dimension"], row["value"]), {})[int(row["lag"])] = int(
                row["row_count"]
            )
    return found


def completeness(
    query: Query,
    relation: Relation,
    loaded: str,
    slice_: Mapping[str, str],
    *,
    as_of: date,
    since: date,
    settled: int = 10,
) -> Completeness:
    """Estimate a completeness curve from days that are at least `settled` days old."""
    where = (
        f"{equals(dict(slice_))} AND CAST({relation.day} AS DATE) "
        f"BETWEEN DATE '{since}' AND DATE '{as_of - timedelta(days=settled)}'"
    )
    lag = f"date_diff('day', audit_day, CAST({name(loaded)} AS DATE))"
    rows = query(
        f"SELECT {lag} AS lag, count(*) AS row_count FROM {relation.days(where=where)} AS settled "
        "GROUP BY ALL ORDER BY ALL",
        title="Completeness by age, from days that are settled",
    )
    counts = {int(r["lag"]): int(r["row_count"]) for r in rows if r["lag"] is not None}
    total = sum(counts.values())
    longest = max(counts, default=0)
    running, shares = 0, []
    running += sum(n for lag_days, n in counts.items() if lag_days < 0)
    for age in range(longest + 1):
        running += counts.get(age, 0)
        shares.append(running / max(1, total))
    return Completeness(tuple(shares), total)


def _signal(
    query: Query,
    relation: Relation,
    loaded: str,
    slice_: dict[str, str],
    usual: int,
    *,
    as_of: date,
    since: date,
) -> Signal | None:
    curve = completeness(query, relation, loaded, slice_, as_of=as_of, since=since)
    ages = [age for age in range(max(0, usual), len(curve.shares)) if curve.at(age) < 0.995]
    if not ages or curve.rows < 100:
        return None
    seen = _recent(query, relation, slice_, as_of - timedelta(days=max(ages)))
    missing = variance = 0.0
    for age in ages:
        share, rows = curve.at(age), seen.get(as_of - timedelta(days=age), 0)
        if share > 0:
            missing += rows * (1 / share - 1)
            variance += rows * (1 - share) / share**2
    spread = Z * variance**0.5
    return Signal(
        check="late",
        columns=(loaded,),
        slice=slice_,
        since=as_of - timedelta(days=max(ages)),
        until=as_of - timedelta(days=min(ages)),
        size=Estimate(
            value=missing,
            low=max(0.0, missing - spread),
            high=missing + spread,
            level=LEVEL,
            unit="rows still to come",
            n=sum(seen.values()),
            method="Rows seen divided by the completeness of their age, minus rows seen.",
            assumptions=("Rows arrive as late as they did on settled days.",),
        ),
        detail={"completeness": curve.shares},
    )


def _recent(
    query: Query, relation: Relation, slice_: dict[str, str], first: date
) -> dict[date, int]:
    where = f"{equals(slice_)} AND CAST({relation.day} AS DATE) >= DATE '{first}'"
    rows = query(
        f"SELECT audit_day AS day, count(*) AS row_count FROM {relation.days(where=where)} AS late "
        "GROUP BY ALL ORDER BY ALL",
        title="Rows of the last days in the slice that arrives late",
    )
    return {row["day"]: int(row["row_count"]) for row in rows}
