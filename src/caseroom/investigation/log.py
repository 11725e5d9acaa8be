"""The record of an investigation: queries, pins and purchases in the order in which they happened.

In: what was done at the desk. Out: immutable values that grading and the debrief read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from caseroom.case.contract import Purchase

__all__ = ["InvestigationLog", "Pin", "PurchaseRecord", "QueryRecord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRecord:
    """One query: what was asked, when (aware UTC), how long it took and what came back.

    `error` is empty for a query that ran. `columns` are the result's column names.
    """

    id: int
    sql: str
    at: datetime
    milliseconds: float
    row_count: int
    columns: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A query result or chart on the evidence board, with a note of what it shows."""

    id: int
    query_id: int
    at: datetime
    note: str
    chart: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRecord:
    """Bought evidence: what, when, for how much and after how many weeks."""

    id: int
    purchase: Purchase
    at: datetime
    cost_cents: int
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationLog:
    """Everything that was done in a case, oldest first."""

    queries: tuple[QueryRecord, ...] = ()
    pins: tuple[Pin, ...] = ()
    purchases: tuple[PurchaseRecord, ...] = ()
    hints_taken: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)
