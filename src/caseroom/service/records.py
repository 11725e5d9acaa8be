"""What the store keeps of a case, as values.

In: rows of whatever store is wired. Out: frozen records that use cases read; no truth among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from caseroom.case.contract import CaseSpec
from caseroom.grading.evidence import GradeReport

__all__ = [
    "BuiltFile",
    "CaseRecord",
    "ColumnInfo",
    "DraftRecord",
    "PinRecord",
    "ReportRecord",
    "State",
    "SubmissionRecord",
    "TableInfo",
]


class State(StrEnum):
    """What has happened to a case: building or failed, then open, submitted, graded."""

    BUILDING = "building"
    FAILED = "failed"
    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFile:
    """The company's database as it stands: file name, size, and how many purchases are in it."""

    name: str
    size_bytes: int
    purchases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord:
    """A started case. `built` is None until the first build is done; `error` tells why one failed.

    `purchases` counts those that were paid and not refunded: more than `built.purchases` means that
    a build is due. `total` and `passed` are those of the newest report, None before there is one.
    """

    id: str
    spec: CaseSpec
    title: str
    state: State
    created_at: datetime
    built: BuiltFile | None = None
    purchases: int = 0
    error: str = ""
    total: float | None = None
    passed: bool | None = None

    @property
    def build_due(self) -> bool:
        """Tell whether the database does not yet stand as it was paid for."""
        return self.built is None or self.built.purchases < self.purchases


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRecord:
    """A pin as it stands now, with the head of the result as it was when it was pinned.

    `chart` is None or holds spec, columns, rows and sentence of the chart.
    """

    id: int
    query_id: int
    sql: str
    note: str
    at: datetime
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRecord:
    """The text of one field at one version; `kept` marks a text that lost against another tab."""

    field: str
    text: str
    version: int
    at: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRecord:
    """What was handed in, word for word. `seq` is its place among all events of the case."""

    number: int
    seq: int
    raw: Mapping[str, Any]
    sha256: str
    self_score: float | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRecord:
    """One immutable report on one submission."""

    number: int
    submission: int
    report: GradeReport
    at: datetime


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column's name and DuckDB type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table's name, number of rows and columns."""

    name: str
    row_count: int
    columns: tuple[ColumnInfo, ...]
