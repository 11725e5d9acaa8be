"""Answers of attempts in the store, their reports, and verdicts that were contested.

In: what was handed in, reports, a person's objections. Out: the same values again; nothing is ever
changed, regrading adds a report.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, func, insert, select

from caseroom.adapters.sqlstore import practice_schema as schema
from caseroom.adapters.sqlstore.attempt_rows import (
    AttemptRows,
    close_attempt,
    next_attempt_seq,
    require_attempt,
)
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band
from caseroom.service.practice_records import (
    AnswerRecord,
    AttemptReportRecord,
    AttemptState,
    ContestRecord,
    Part,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["AnswerRows", "next_number", "no_report"]

_ORDER = tuple(Part)


class AnswerRows(AttemptRows):
    """What was handed in, and what was said about it."""

    def add_answer(
        self, attempt_id: str, part: Part, text: str, *, seconds: int, at: datetime
    ) -> AnswerRecord:
        """Save a part as handed in; the same text again is harmless.

        The last part closes the attempt. Raises CaseroomError for another text, for a part out of
        turn, and on a closed attempt.
        """
        with self.write() as connection:
            seq = next_attempt_seq(connection, attempt_id)
            there = {answer.part: answer for answer in _answers(connection, attempt_id)}
            if part in there:
                return _same(attempt_id, there[part], text)
            _require_turn(require_attempt(connection, attempt_id), part, len(there))
            row = {"attempt_id": attempt_id, "part": str(part), "seq": seq, "text": text}
            more = {"seconds": seconds, "at": at}
            connection.execute(insert(schema.attempt_parts).values({**row, **more}))
            if part is _ORDER[-1]:
                close_attempt(connection, attempt_id, at)
        return AnswerRecord(part=part, text=text, seconds=seconds, at=at)

    def answers(self, attempt_id: str) -> tuple[AnswerRecord, ...]:
        """Give the parts that were handed in, in order."""
        with self.read() as connection:
            require_attempt(connection, attempt_id)
            return _answers(connection, attempt_id)

    def add_attempt_report(
        self, attempt_id: str, part: Part, report: AnswerReport, at: datetime, *, again: bool
    ) -> None:
        """Add a report; without `again`, a part that has one already keeps only that one."""
        table = schema.attempt_reports
        of_part = and_(table.c.attempt_id == attempt_id, table.c.part == str(part))
        with self.write() as connection:
            seq = next_attempt_seq(connection, attempt_id)
            if not again and connection.execute(select(table.c.number).where(of_part)).first():
                return
            row = {
                "attempt_id": attempt_id,
                "number": next_number(connection, table, attempt_id),
                "seq": seq,
                "part": str(part),
                "content": report.content,
                "grader": report.grader,
                "level": report.level,
                "body": msgspec.to_builtins(report),
                "at": at,
            }
            connection.execute(insert(table).values(row))

    def attempt_reports(self, attempt_id: str) -> tuple[AttemptReportRecord, ...]:
        """Give all reports, oldest first."""
        table = schema.attempt_reports
        wanted = select(table).where(table.c.attempt_id == attempt_id).order_by(table.c.number)
        with self.read() as connection:
            require_attempt(connection, attempt_id)
            return tuple(_report(row) for row in connection.execute(wanted))

    def ungraded(self) -> tuple[str, ...]:
        """Name the attempts that hold a part without a report."""
        parts, reports = schema.attempt_parts, schema.attempt_reports
        same = and_(parts.c.attempt_id == reports.c.attempt_id, parts.c.part == reports.c.part)
        wanted = (
            select(parts.c.attempt_id)
            .outerjoin(reports, same)
            .where(reports.c.number.is_(None))
            .distinct()
            .order_by(parts.c.attempt_id)
        )
        with self.read() as connection:
            return tuple(connection.execute(wanted).scalars())

    def add_contest(
        self, attempt_id: str, *, report: int, point: str, band: Band, reason: str, at: datetime
    ) -> None:
        """Keep a contested verdict. Raises CaseroomError (NOT_FOUND) for an unknown report."""
        table = schema.attempt_reports
        one = and_(table.c.attempt_id == attempt_id, table.c.number == report)
        with self.write() as connection:
            seq = next_attempt_seq(connection, attempt_id)
            if connection.execute(select(table.c.number).where(one)).first() is None:
                raise no_report(attempt_id, report)
            row = {
                "attempt_id": attempt_id,
                "number": next_number(connection, schema.contests, attempt_id),
                "seq": seq,
                "report": report,
                "point": point,
                "band": str(band),
                "reason": reason,
                "at": at,
            }
            connection.execute(insert(schema.contests).values(row))

    def contests(self, attempt_id: str) -> tuple[ContestRecord, ...]:
        """Give all contested verdicts, oldest first."""
        table = schema.contests
        wanted = select(table).where(table.c.attempt_id == attempt_id).order_by(table.c.number)
        with self.read() as connection:
            require_attempt(connection, attempt_id)
            return tuple(_contest(row) for row in connection.execute(wanted))


def _answers(connection: Connection, attempt_id: str) -> tuple[AnswerRecord, ...]:
    table = schema.attempt_parts
    wanted = select(table).where(table.c.attempt_id == attempt_id).order_by(table.c.seq)
    return tuple(
        AnswerRecord(part=Part(row.part), text=row.text, seconds=row.seconds, at=row.at)
        for row in connection.execute(wanted)
    )


def next_number(connection: Connection, table: Any, attempt_id: str) -> int:
    """Give the number of the next row of an attempt in this table."""
    largest = select(func.coalesce(func.max(table.c.number), 0))
    return connection.execute(largest.where(table.c.attempt_id == attempt_id)).scalar_one() + 1


def _same(attempt_id: str, there: AnswerRecord, text: str) -> AnswerRecord:
    """Give what was handed in already. Raises CaseroomError when `text` is another one."""
    if there.text == text:
        return there
    raise CaseroomError(
        f"The part {there.part} of attempt {attempt_id} was handed in already.",
        allowed="one answer per part",
        next_step="answer the next part, or start a new attempt.",
    )


def _require_turn(attempt: Row[Any], part: Part, handed_in: int) -> None:
    if attempt.state != str(AttemptState.OPEN):
        raise CaseroomError(
            f"Attempt {attempt.id} is finished.", next_step="start a new attempt at the question."
        )
    if part is not _ORDER[handed_in]:
        raise CaseroomError(
            f"It is not the turn of {part} in attempt {attempt.id}.",
            allowed=str(_ORDER[handed_in]),
            next_step="hand in the parts one after the other.",
        )


def _report(row: Row[Any]) -> AttemptReportRecord:
    return AttemptReportRecord(
        number=row.number,
        part=Part(row.part),
        report=msgspec.convert(row.body, AnswerReport),
        at=row.at,
    )


def _contest(row: Row[Any]) -> ContestRecord:
    return ContestRecord(
        number=row.number,
        report=row.report,
        point=row.point,
        band=Band(row.band),
        reason=row.reason,
        at=row.at,
    )


def no_report(attempt_id: str, report: int) -> CaseroomError:
    """Say that an attempt has no such report."""
    return CaseroomError(
        f"Attempt {attempt_id} has no report number {report}.",
        next_step="open the attempt to see its reports.",
        code=ExitCode.NOT_FOUND,
    )
