"""Judgments of language models in the store: asked for first, filled in when they end.

In: who is asked beside which report, and what came of it. Out: records; a report that another
version wrote and this one can't read is said to be unreadable, and stays in the store.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, update

from caseroom.adapters.sqlstore import practice_schema as schema
from caseroom.adapters.sqlstore.answer_rows import AnswerRows, next_number, no_report
from caseroom.adapters.sqlstore.attempt_rows import next_attempt_seq, require_attempt
from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.grading.judge.report import JudgedReport
from caseroom.service.practice_records import JudgmentRecord, JudgmentState, Part
from caseroom.service.texts import clean

__all__ = ["JudgmentRows"]


class JudgmentRows(AnswerRows):
    """What language models were asked about attempts."""

    def add_judgment(
        self, attempt_id: str, *, report: int, asked: ModelIdentity, at: datetime
    ) -> int:
        """Keep that a model is asked beside a report, before it is; gives the judgment's number.

        Raises CaseroomError (NOT_FOUND) for an unknown report.
        """
        reports, table = schema.attempt_reports, schema.judgments
        one = select(reports.c.part).where(
            reports.c.attempt_id == attempt_id, reports.c.number == report
        )
        with self.write() as connection:
            seq = next_attempt_seq(connection, attempt_id)
            part = connection.execute(one).scalar_one_or_none()
            if part is None:
                raise no_report(attempt_id, report)
            row = {
                "attempt_id": attempt_id,
                "number": next_number(connection, table, attempt_id),
                "seq": seq,
                "report": report,
                "part": part,
                "state": str(JudgmentState.ASKED),
                "model": asked.name,
                "address": asked.address,
                "body": {},
                "at": at,
            }
            connection.execute(insert(table).values(row))
        return row["number"]

    def finish_judgment(
        self,
        attempt_id: str,
        number: int,
        *,
        stands: str,
        notice: str,
        judged: JudgedReport | None,
    ) -> None:
        """Keep what became of a judgment; one that is done stays as it is."""
        table = schema.judgments
        body = {"stands": stands, "notice": notice, "judged": msgspec.to_builtins(judged)}
        with self.write() as connection:
            connection.execute(
                update(table)
                .where(
                    table.c.attempt_id == attempt_id,
                    table.c.number == number,
                    table.c.state == str(JudgmentState.ASKED),
                )
                .values(state=str(JudgmentState.DONE), body=_storable(body))
            )

    def judgments(self, attempt_id: str) -> tuple[JudgmentRecord, ...]:
        """Give all judgments, oldest first; one of another version may be unreadable."""
        table = schema.judgments
        wanted = select(table).where(table.c.attempt_id == attempt_id).order_by(table.c.number)
        with self.read() as connection:
            require_attempt(connection, attempt_id)
            return tuple(_record(row) for row in connection.execute(wanted))


def _storable(value: Any) -> Any:
    """Give JSON without the characters that databases and pages can't hold."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


class _Body(msgspec.Struct):
    """What a judgment came to; the report is read apart, since its form may be another one."""

    stands: str = ""
    notice: str = ""
    judged: Any = None


def _record(row: Row[Any]) -> JudgmentRecord:
    body, judged, readable = _Body(), None, True
    try:
        body = msgspec.convert(row.body, _Body)
        judged = msgspec.convert(body.judged, JudgedReport | None)
    except msgspec.ValidationError:
        readable = False
    return JudgmentRecord(
        number=row.number,
        report=row.report,
        part=Part(row.part),
        state=JudgmentState(row.state),
        model=row.model,
        address=row.address,
        asked_at=row.at,
        stands=body.stands,
        notice=body.notice,
        judged=judged,
        readable=readable,
    )
