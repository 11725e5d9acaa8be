"""Submissions and reports in the store: written once, never changed.

In: what was handed in, and graded reports. Out: the same values again; regrading adds a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy import update as update_rows

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.case_rows import CaseRows, next_number, next_seq, require_case
from caseroom.adapters.sqlstore.report_json import from_json, to_json
from caseroom.grading.evidence import GradeReport
from caseroom.service.records import ReportRecord, State, SubmissionRecord
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["HandinRows"]


class HandinRows(CaseRows):
    """Submissions and their reports."""

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
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            number = next_number(connection, schema.submissions.c.number, case_id)
            if number > 1:
                raise _second(case_id)
            row = {
                "case_id": case_id,
                "number": number,
                "seq": seq,
                "raw": dict(raw),
                "sha256": sha256,
                "self_score": self_score,
                "at": at,
            }
            connection.execute(insert(schema.submissions).values(row))
            connection.execute(_to_state(case_id, State.SUBMITTED))
        return SubmissionRecord(
            number=number, seq=seq, raw=raw, sha256=sha256, self_score=self_score, at=at
        )

    def submission(self, case_id: str) -> SubmissionRecord | None:
        """Give the submission, None before there is one."""
        wanted = select(schema.submissions).where(schema.submissions.c.case_id == case_id)
        with self.read() as connection:
            require_case(connection, case_id)
            row = connection.execute(wanted).one_or_none()
        return _submission(row) if row is not None else None

    def add_report(
        self, case_id: str, submission: int, report: GradeReport, at: datetime
    ) -> ReportRecord:
        """Add a report beside the earlier ones; the case is then graded."""
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            number = next_number(connection, schema.reports.c.number, case_id)
            row = {
                "case_id": case_id,
                "number": number,
                "seq": seq,
                "submission": submission,
                "content": report.content,
                "grader": report.grader,
                "total": report.total,
                "passed": report.passed,
                "body": to_json(report),
                "at": at,
            }
            connection.execute(insert(schema.reports).values(row))
            connection.execute(_to_state(case_id, State.GRADED))
        return ReportRecord(number=number, submission=submission, report=report, at=at)

    def reports(self, case_id: str) -> tuple[ReportRecord, ...]:
        """Give all reports, newest first."""
        wanted = (
            select(schema.reports)
            .where(schema.reports.c.case_id == case_id)
            .order_by(schema.reports.c.number.desc())
        )
        with self.read() as connection:
            require_case(connection, case_id)
            return tuple(_report(row) for row in connection.execute(wanted))


def _to_state(case_id: str, state: State) -> Any:
    return update_rows(schema.cases).where(schema.cases.c.id == case_id).values(state=str(state))


def _submission(row: Row[Any]) -> SubmissionRecord:
    return SubmissionRecord(
        number=row.number,
        seq=row.seq,
        raw=row.raw,
        sha256=row.sha256,
        self_score=row.self_score,
        at=row.at,
    )


def _report(row: Row[Any]) -> ReportRecord:
    return ReportRecord(
        number=row.number, submission=row.submission, report=from_json(row.body), at=row.at
    )


def _second(case_id: str) -> CaseroomError:
    return CaseroomError(
        f"Case {case_id} was submitted already.",
        allowed="one submission per case",
        next_step="read its debrief, or start the same kind with a new seed.",
    )
