"""View values: what web, command line and library show.

In: what use cases load. Out: frozen records of plain values; no behavior, no database objects, and
no truth before a debrief.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from caseroom.case.contract import Brief, Consequence, Offer, Quote
from caseroom.case.form import Form, FormatProblem
from caseroom.debrief.timeline import TimelineEntry
from caseroom.grading.evidence import GradeReport
from caseroom.vocabulary.levels import Level, Vertical

__all__ = [
    "BuildState",
    "CaseCard",
    "ChartView",
    "ColumnView",
    "DebriefView",
    "DraftView",
    "KindCard",
    "PinView",
    "PurchaseView",
    "QueryView",
    "QuoteView",
    "RoomView",
    "SolutionStep",
    "SubmissionCheck",
    "TableView",
    "TimelineEntry",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """A case kind in the list of cases."""

    id: str
    version: int
    title: str
    summary: str
    trains: tuple[str, ...]
    minutes: Mapping[Level, int]
    levels: tuple[Level, ...]
    verticals: tuple[Vertical, ...]
    takes_data: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """A case that was started. `state` is building, open, submitted, graded or failed."""

    id: str
    kind: str
    title: str
    seed: int
    level: Level
    vertical: Vertical
    state: str
    created_at: datetime
    total: float | None = None
    passed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildState:
    """How far a build is. `state` is building, ready or failed; `share` is 0 to 1."""

    state: str
    message: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of the company's database with its documented meaning (may be empty)."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table of the company's database."""

    name: str
    row_count: int
    meaning: str
    columns: tuple[ColumnView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryView:
    """One page of a query's result, or its error in our words.

    `rows` hold JSON-ready values (dates as ISO text). `total_rows` counts the rows of the whole
    result up to the cap; `capped` says that there were more.
    """

    id: int
    sql: str
    at: datetime
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    page: int
    page_size: int
    total_rows: int
    capped: bool
    milliseconds: float
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartView:
    """A Vega-Lite spec with the same data as a table and as a sentence."""

    spec: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinView:
    """A pin on the evidence board; `chart` is None for a plain result."""

    id: int
    query_id: int
    sql: str
    note: str
    at: datetime
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: ChartView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseView:
    """Bought evidence."""

    id: int
    offer: Offer
    params: Mapping[str, str | float]
    cost_cents: int
    weeks: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """What a person typed into a field. `version` rises with every save.

    `conflict` is set when somebody (another tab) saved a newer version first; then `text` is that
    newer text and the caller's own text was kept in the history as `kept_version`.
    """

    field: str
    text: str
    version: int
    conflict: bool = False
    kept_version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """Everything that the case room shows. `today` moves on with bought evidence.

    `history` holds the recorded queries without their rows, newest first; `hints` those taken.
    """

    card: CaseCard
    brief: Brief
    form: Form
    offers: tuple[Offer, ...]
    purchases: tuple[PurchaseView, ...]
    build: BuildState
    today: date
    cents_left: int
    weeks_left: int
    tables: tuple[TableView, ...]
    history: tuple[QueryView, ...]
    pins: tuple[PinView, ...]
    drafts: Mapping[str, DraftView]
    hints: tuple[str, ...]
    hints_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A quote, and what would be left of the budget."""

    quote: Quote
    cents_left: int
    weeks_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionCheck:
    """The result of a format check. Never costs an attempt."""

    problems: tuple[FormatProblem, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionStep:
    """One step of the worked solution, runnable as it stands on the same data."""

    title: str
    sql: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefView:
    """Score, truth, consequence, process, what to do next.

    `self_score` is what the person expected (0..100) and `calibration` the sentence about it.
    `reports` holds every report on this submission, newest first (regrading adds one).
    """

    card: CaseCard
    report: GradeReport
    reports: tuple[GradeReport, ...]
    truth: tuple[tuple[str, str], ...]
    consequence: Consequence
    timeline: tuple[TimelineEntry, ...]
    self_score: float | None
    calibration: str
    submission: Mapping[str, Any]
    next_steps: tuple[str, ...]
    hints_taken: int
