"""Interviews in the store: their events, drafts, answers and cases.

In: what happens in an interview, as JSON. Out: records; events are numbered from 1 and never
change, and the state that is kept with them is a cache.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, and_, insert, select, update

from caseroom.adapters.sqlstore import interview_schema as schema
from caseroom.adapters.sqlstore.engine import Transactions
from caseroom.adapters.sqlstore.versions import save_version, versions
from caseroom.service.interview_records import (
    EventRecord,
    Graded,
    InterviewRecord,
    TurnAnswerRecord,
)
from caseroom.service.records import DraftRecord
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["InterviewRows"]


class InterviewRows(Transactions):
    """The interviews of a store."""

    def add_interview(
        self, interview_id: str, *, setup: Mapping[str, Any], begun: str, at: datetime
    ) -> InterviewRecord:
        """Add an interview in its first state."""
        row = {
            "id": interview_id,
            "setup": dict(setup),
            "begun": begun,
            "state": begun,
            "events": 0,
            "asked": [],
            "closed": False,
            "created_at": at,
            "seen_at": at,
        }
        with self.write() as connection:
            connection.execute(insert(schema.interviews).values(row))
        return self.interview(interview_id)

    def interview(self, interview_id: str) -> InterviewRecord:
        """Give an interview. Raises CaseroomError (NOT_FOUND) for an unknown id."""
        with self.read() as connection:
            return _record(_require(connection, interview_id))

    def interviews(self) -> tuple[InterviewRecord, ...]:
        """Give all interviews, newest first."""
        order = (schema.interviews.c.created_at.desc(), schema.interviews.c.id)
        with self.read() as connection:
            rows = connection.execute(select(schema.interviews).order_by(*order))
            return tuple(map(_record, rows))

    def open_interviews(self) -> tuple[str, ...]:
        """Give the ids of all interviews that are not over, oldest first."""
        table = schema.interviews
        wanted = select(table.c.id).where(table.c.closed.is_(False))
        with self.read() as connection:
            return tuple(connection.execute(wanted.order_by(table.c.created_at)).scalars())

    def asked_questions(self) -> frozenset[str]:
        """Give the ids of all questions that were asked in any interview."""
        with self.read() as connection:
            asked = connection.execute(select(schema.interviews.c.asked)).scalars()
            return frozenset(question for questions in asked for question in questions)

    def add_interview_event(
        self,
        interview_id: str,
        *,
        number: int,
        turn: str,
        event: str,
        graded: tuple[Graded, ...],
        state: str,
        asked: Collection[str],
        closed: bool,
        at: datetime,
    ) -> bool:
        """Add the event `number` with the state after it; False when there is one already."""
        row = {
            "interview_id": interview_id,
            "number": number,
            "turn": turn,
            "event": event,
            "graded": msgspec.to_builtins(graded),
            "at": at,
        }
        now = {"state": state, "events": number, "asked": sorted(asked), "closed": closed}
        now |= {"seen_at": at}
        with self.write() as connection:
            before = _hold(connection, interview_id)
            if before.events + 1 != number:
                return False
            ended = {"ended_at": at} if closed and before.ended_at is None else {}
            connection.execute(insert(schema.interview_events).values(row))
            _change(connection, interview_id, {**now, **ended})
        return True

    def interview_events(self, interview_id: str) -> tuple[EventRecord, ...]:
        """Give all events, in order."""
        table = schema.interview_events
        wanted = select(table).where(table.c.interview_id == interview_id).order_by(table.c.number)
        with self.read() as connection:
            _require(connection, interview_id)
            return tuple(map(_event, connection.execute(wanted)))

    def seen_interview(self, interview_id: str, at: datetime) -> None:
        """Record a sign of life."""
        with self.write() as connection:
            _require(connection, interview_id)
            _change(connection, interview_id, {"seen_at": at})

    def save_turn_draft(
        self, interview_id: str, turn: str, text: str, *, version: int, at: datetime
    ) -> tuple[DraftRecord, DraftRecord | None]:
        """Save what was typed at a turn on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        """
        key = {"interview_id": interview_id, "turn": turn}
        with self.write() as connection:
            _hold(connection, interview_id)
            _change(connection, interview_id, {"seen_at": at})
            table = schema.interview_drafts
            current, kept = save_version(connection, table, key, text, version, {"at": at})
        return _draft(current), _draft(kept) if kept is not None else None

    def turn_draft(self, interview_id: str, turn: str) -> DraftRecord | None:
        """Give the current draft of a turn."""
        key = {"interview_id": interview_id, "turn": turn}
        with self.read() as connection:
            _require(connection, interview_id)
            found = versions(connection, schema.interview_drafts, key)
        return next((_draft(row) for row in found if not row.kept), None)

    def add_turn_answer(
        self, interview_id: str, turn: str, text: str, at: datetime
    ) -> TurnAnswerRecord:
        """Save what is handed in at a turn; gives what was handed in first."""
        row = self._first(schema.interview_answers, interview_id, turn, {"text": text, "at": at})
        return TurnAnswerRecord(turn=row.turn, text=row.text, at=row.at)

    def turn_answer(self, interview_id: str, turn: str) -> TurnAnswerRecord | None:
        """Give what was handed in at a turn."""
        row = self._one(schema.interview_answers, interview_id, turn)
        return TurnAnswerRecord(turn=row.turn, text=row.text, at=row.at) if row else None

    def link_case(self, interview_id: str, turn: str, case_id: str, at: datetime) -> str:
        """Link a case to a turn; gives the case that was linked first."""
        values = {"case_id": case_id, "at": at}
        return self._first(schema.interview_cases, interview_id, turn, values).case_id

    def linked_case(self, interview_id: str, turn: str) -> str | None:
        """Give the case of a turn."""
        row = self._one(schema.interview_cases, interview_id, turn)
        return row.case_id if row else None

    def interview_of_case(self, case_id: str) -> str | None:
        """Give the interview that a case belongs to."""
        table = schema.interview_cases
        with self.read() as connection:
            wanted = select(table.c.interview_id).where(table.c.case_id == case_id)
            return connection.execute(wanted).scalars().first()

    def _first(
        self, table: Table, interview_id: str, turn: str, values: Mapping[str, Any]
    ) -> Row[Any]:
        """Add a turn's row unless there is one; give the one that is there then."""
        with self.write() as connection:
            _hold(connection, interview_id)
            if (there := _of_turn(connection, table, interview_id, turn)) is not None:
                return there
            key = {"interview_id": interview_id, "turn": turn}
            connection.execute(insert(table).values({**key, **values}))
            added = _of_turn(connection, table, interview_id, turn)
        if added is None:
            raise RuntimeError(f"the row of turn {turn} is gone")
        return added

    def _one(self, table: Table, interview_id: str, turn: str) -> Row[Any] | None:
        with self.read() as connection:
            _require(connection, interview_id)
            return _of_turn(connection, table, interview_id, turn)


def _of_turn(connection: Connection, table: Table, interview_id: str, turn: str) -> Row[Any] | None:
    one = and_(table.c.interview_id == interview_id, table.c.turn == turn)
    return connection.execute(select(table).where(one)).one_or_none()


def _require(connection: Connection, interview_id: str) -> Row[Any]:
    """Give an interview's row. Raises CaseroomError (NOT_FOUND) for an unknown one."""
    wanted = select(schema.interviews).where(schema.interviews.c.id == interview_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise _unknown(interview_id)
    return row


def _hold(connection: Connection, interview_id: str) -> Row[Any]:
    """Give an interview's row and hold it until the transaction ends."""
    wanted = select(schema.interviews).where(schema.interviews.c.id == interview_id)
    row = connection.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        raise _unknown(interview_id)
    return row


def _change(connection: Connection, interview_id: str, values: Mapping[str, Any]) -> None:
    one = schema.interviews.c.id == interview_id
    connection.execute(update(schema.interviews).where(one).values(**values))


def _record(row: Row[Any]) -> InterviewRecord:
    return InterviewRecord(
        id=row.id,
        begun=row.begun,
        state=row.state,
        events=row.events,
        closed=row.closed,
        created_at=row.created_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
    )


def _event(row: Row[Any]) -> EventRecord:
    return EventRecord(
        number=row.number,
        turn=row.turn,
        event=row.event,
        graded=msgspec.convert(row.graded, tuple[Graded, ...]),
        at=row.at,
    )


def _draft(row: Row[Any]) -> DraftRecord:
    return DraftRecord(field=row.turn, text=row.text, version=row.version, at=row.at, kept=row.kept)


def _unknown(interview_id: str) -> CaseroomError:
    return CaseroomError(
        f"There is no interview {interview_id!r}.",
        next_step="`caseroom interview list` shows the interviews that were started.",
        code=ExitCode.NOT_FOUND,
    )
