"""What the use cases need from the outside, as small protocols.

In: nothing. Out: Store, CaseFiles, Sandbox and Clock; adapters implement them and
`caseroom.bootstrap` wires them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from caseroom.case.contract import CaseSpec, Purchase, Quote, SourceData
from caseroom.grading.evidence import GradeReport
from caseroom.investigation.log import InvestigationLog, PurchaseRecord, QueryRecord
from caseroom.investigation.sandbox import SandboxResult
from caseroom.service.interview_ports import InterviewStore
from caseroom.service.practice_ports import PracticeStore
from caseroom.service.records import (
    BuiltFile,
    CaseRecord,
    DraftRecord,
    PinRecord,
    ReportRecord,
    SubmissionRecord,
    TableInfo,
)

__all__ = ["CaseFiles", "Clock", "Sandbox", "Store"]


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the time as aware UTC."""
        ...


class Sandbox(Protocol):
    """Runs a candidate's SQL where it can do no harm."""

    def query(
        self,
        database: Path,
        sql: str,
        *,
        limit: int,
        offset: int = 0,
        seconds: float = 10,
        order_by: str = "",
        descending: bool = False,
    ) -> SandboxResult:
        """Run one read-only query. Raises CaseroomError (QueryRefused) with our words."""
        ...

    def forget(self, database: Path) -> None:
        """Let go of a database that is replaced or deleted."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class CaseFiles(Protocol):
    """The data folder: one folder per case with nothing in it but the company's database."""

    def database(self, case_id: str, built: BuiltFile) -> Path:
        """Give the path of a built database. Raises CaseroomError (DAMAGED) if it is not whole."""
        ...

    def tables(self, case_id: str, built: BuiltFile) -> tuple[TableInfo, ...]:
        """Read tables, columns and row counts of a built database."""
        ...

    def build(
        self, case_id: str, name: str, purchases: int, write: Callable[[Path], object]
    ) -> BuiltFile:
        """Let `write` make the file in a building folder, then move it into place in one step."""
        ...

    def leftovers(self) -> tuple[str, ...]:
        """Name the cases whose folders hold half-built, older or deleted files."""
        ...

    def prune(self, case_id: str, keep: frozenset[str]) -> None:
        """Remove half-built files of a case and all databases but those named in `keep`."""
        ...

    def lock(self, case_id: str) -> AbstractContextManager[bool]:
        """Hold a case against other processes; gives False at once when another holds it."""
        ...

    def keep_source(self, path: Path) -> SourceData:
        """Copy a person's table into the data folder (once per content)."""
        ...

    def scratch(self) -> AbstractContextManager[Path]:
        """Give an empty folder that is removed afterwards."""
        ...

    def export(self, case_id: str, name: str, write: Callable[[Path], object]) -> Path:
        """Give the path of an export; `write` makes it when it is not there yet."""
        ...

    def delete(self, case_id: str) -> None:
        """Remove everything of a case."""
        ...


class Store(PracticeStore, InterviewStore, Protocol):
    """Progress: cases, practice and interviews with their append-only events.

    Every method is one transaction. Events of a case are numbered from 1, per sort. A method that
    names a case which is not there raises CaseroomError (NOT_FOUND).
    """

    def close(self) -> None:
        """Close all connections."""
        ...

    def add_case(self, case_id: str, spec: CaseSpec, title: str, at: datetime) -> CaseRecord:
        """Add a case in state building."""
        ...

    def case(self, case_id: str) -> CaseRecord:
        """Give a case."""
        ...

    def cases(self) -> tuple[CaseRecord, ...]:
        """Give all cases, newest first."""
        ...

    def delete_case(self, case_id: str) -> None:
        """Remove a case with all its events."""
        ...

    def set_built(self, case_id: str, built: BuiltFile) -> None:
        """Switch to a newly built database; a case that was building or failed is then open."""
        ...

    def set_failed(self, case_id: str, error: str) -> None:
        """Record why a build failed; a case that has no database yet is then failed."""
        ...

    def log(self, case_id: str, before: int | None = None) -> InvestigationLog:
        """Give what was done (only events before this place, if given), oldest first."""
        ...

    def add_query(
        self,
        case_id: str,
        *,
        sql: str,
        at: datetime,
        milliseconds: float,
        row_count: int,
        columns: tuple[str, ...],
        error: str,
    ) -> QueryRecord:
        """Add a query to the history."""
        ...

    def query(self, case_id: str, query_id: int) -> QueryRecord:
        """Give one query of the history."""
        ...

    def add_pin(
        self,
        case_id: str,
        *,
        query_id: int,
        note: str,
        at: datetime,
        columns: tuple[str, ...],
        rows: Sequence[Sequence[Any]],
        chart: Mapping[str, Any] | None,
    ) -> PinRecord:
        """Add a pin."""
        ...

    def edit_pin(self, case_id: str, pin_id: int, note: str, at: datetime) -> PinRecord:
        """Add a newer note to a pin."""
        ...

    def remove_pin(self, case_id: str, pin_id: int, at: datetime) -> None:
        """Take a pin off the board (its history stays)."""
        ...

    def pins(self, case_id: str) -> tuple[PinRecord, ...]:
        """Give the pins on the board, in the order in which they were pinned."""
        ...

    def add_purchase(
        self, case_id: str, purchase: Purchase, quote: Quote, at: datetime
    ) -> PurchaseRecord:
        """Add a purchase (paid; its rows come with the next build)."""
        ...

    def refund_purchase(self, case_id: str, number: int, reason: str, at: datetime) -> None:
        """Take a purchase back that could not be delivered."""
        ...

    def add_hint(self, case_id: str, at: datetime) -> int:
        """Record that a hint was taken; gives the number of hints taken so far."""
        ...

    def save_draft(
        self, case_id: str, field: str, text: str, *, version: int, at: datetime
    ) -> tuple[DraftRecord, DraftRecord | None]:
        """Save a field's text on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        """
        ...

    def drafts(self, case_id: str) -> tuple[DraftRecord, ...]:
        """Give the current draft of every field."""
        ...

    def add_submission(
        self,
        case_id: str,
        *,
        raw: Mapping[str, Any],
        sha256: str,
        self_score: float | None,
        at: datetime,
    ) -> SubmissionRecord:
        """Save the one submission of a case. Raises CaseroomError when there is one already."""
        ...

    def submission(self, case_id: str) -> SubmissionRecord | None:
        """Give the submission, None before there is one."""
        ...

    def add_report(
        self, case_id: str, submission: int, report: GradeReport, at: datetime
    ) -> ReportRecord:
        """Add a report beside the earlier ones; the case is then graded."""
        ...

    def reports(self, case_id: str) -> tuple[ReportRecord, ...]:
        """Give all reports, newest first."""
        ...
