"""Attempts in the store: adding, reading, drafts, closing.

In: a question and what is typed into the parts of an attempt. Out: records of attempts and drafts.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from caseroom.adapters.sqlstore import practice_schema as schema
from caseroom.adapters.sqlstore.engine import Transactions
from caseroom.adapters.sqlstore.versions import save_version
from caseroom.service.practice_records import (
    AttemptRecord,
    AttemptState,
    Mode,
    Part,
    PartDraftRecord,
)
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["AttemptRows", "close_attempt", "next_attempt_seq", "require_attempt"]


def next_attempt_seq(connection: Connection, attempt_id: str) -> int:
    """Give the next place among an attempt's events; holds its row until the transaction ends."""
    taken = connection.execute(
        update(schema.attempts)
        .where(schema.attempts.c.id == attempt_id)
        .values(sequence=schema.attempts.c.sequence + 1)
        .returning(schema.attempts.c.sequence)
    ).scalar_one_or_none()
    if taken is None:
        raise _unknown(attempt_id)
    return taken


def require_attempt(connection: Connection, attempt_id: str) -> Row[Any]:
    """Give an attempt's row. Raises CaseroomError (NOT_FOUND) for an unknown one."""
    wanted = select(schema.attempts).where(schema.attempts.c.id == attempt_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise _unknown(attempt_id)
    return row


class AttemptRows(Transactions):
    """The attempts of a store, and what is typed into them."""

    def add_attempt(
        self, attempt_id: str, question: str, mode: Mode, origin: str, at: datetime
    ) -> AttemptRecord:
        """Add an open attempt, or give the open one of this question, mode and origin."""
        same = {"question": question, "mode": str(mode), "origin": origin}
        same["state"] = str(AttemptState.OPEN)
        found = select(schema.attempts).where(
            *(schema.attempts.c[name] == value for name, value in same.items())
        )
        row = {**same, "id": attempt_id, "sequence": 0, "created_at": at}
        with contextlib.suppress(IntegrityError), self.write() as connection:
            if connection.execute(found).first() is None:  # else another one was faster
                connection.execute(insert(schema.attempts).values(row))
        with self.read() as connection:
            return _records(connection, connection.execute(found).all())[0]

    def attempt(self, attempt_id: str) -> AttemptRecord:
        """Give an attempt. Raises CaseroomError (NOT_FOUND) for an unknown id."""
        with self.read() as connection:
            return _records(connection, [require_attempt(connection, attempt_id)])[0]

    def attempts(self, question: str | None = None) -> tuple[AttemptRecord, ...]:
        """Give all attempts (at one question, if given), newest first."""
        order = (schema.attempts.c.created_at.desc(), schema.attempts.c.id)
        wanted = select(schema.attempts).order_by(*order)
        if question is not None:
            wanted = wanted.where(schema.attempts.c.question == question)
        with self.read() as connection:
            return _records(connection, connection.execute(wanted).all())

    def finish_attempt(self, attempt_id: str, at: datetime) -> AttemptRecord:
        """Close an attempt; one that is closed stays as it is."""
        with self.write() as connection:
            require_attempt(connection, attempt_id)
            close_attempt(connection, attempt_id, at)
        return self.attempt(attempt_id)

    def save_part_draft(
        self,
        attempt_id: str,
        part: Part,
        text: str,
        *,
        version: int,
        seconds: int,
        at: datetime,
    ) -> tuple[PartDraftRecord, PartDraftRecord | None]:
        """Save a part's text on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        """
        key = {"attempt_id": attempt_id, "part": str(part)}
        with self.write() as connection:
            more = {"seq": next_attempt_seq(connection, attempt_id), "seconds": seconds, "at": at}
            table = schema.attempt_drafts
            current, kept = save_version(connection, table, key, text, version, more)
        return _draft(current), _draft(kept) if kept is not None else None

    def part_drafts(self, attempt_id: str) -> tuple[PartDraftRecord, ...]:
        """Give the current draft of every part."""
        drafts = schema.attempt_drafts
        wanted = (
            select(drafts)
            .where(drafts.c.attempt_id == attempt_id, drafts.c.kept.is_(False))
            .order_by(drafts.c.part, drafts.c.version)
        )
        with self.read() as connection:
            require_attempt(connection, attempt_id)
            newest = {row.part: _draft(row) for row in connection.execute(wanted)}
        return tuple(newest.values())


def close_attempt(connection: Connection, attempt_id: str, at: datetime) -> None:
    """Close an open attempt."""
    connection.execute(
        update(schema.attempts)
        .where(
            schema.attempts.c.id == attempt_id,
            schema.attempts.c.state == str(AttemptState.OPEN),
        )
        .values(state=str(AttemptState.FINISHED), finished_at=at)
    )


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[AttemptRecord, ...]:
    """Give the records of some attempts, or of all when there are many."""
    parts: dict[str, dict[Part, int]] = defaultdict(dict)
    levels: dict[str, dict[Part, int]] = defaultdict(dict)
    only = rows[0].id if len(rows) == 1 else None
    for row in connection.execute(_of(schema.attempt_parts, only)):
        parts[row.attempt_id][Part(row.part)] = row.seconds
    for row in connection.execute(_of(schema.attempt_reports, only)):
        levels[row.attempt_id][Part(row.part)] = row.level
    return tuple(_record(row, parts[row.id], levels[row.id]) for row in rows)


def _of(table: Table, attempt_id: str | None) -> Any:
    """Select the light columns of an attempt's events (of all attempts' for None), in order."""
    columns = [column for column in table.c if column.name not in ("text", "body")]
    wanted = select(*columns).order_by(table.c.attempt_id, table.c.seq)
    return wanted if attempt_id is None else wanted.where(table.c.attempt_id == attempt_id)


def _record(row: Row[Any], parts: dict[Part, int], levels: dict[Part, int]) -> AttemptRecord:
    return AttemptRecord(
        id=row.id,
        question=row.question,
        mode=Mode(row.mode),
        origin=row.origin,
        state=AttemptState(row.state),
        created_at=row.created_at,
        finished_at=row.finished_at,
        handed_in=tuple(parts),
        levels=levels,
        seconds=sum(parts.values()),
    )


def _draft(row: Row[Any]) -> PartDraftRecord:
    return PartDraftRecord(
        part=Part(row.part),
        text=row.text,
        version=row.version,
        seconds=row.seconds,
        at=row.at,
        kept=row.kept,
    )


def _unknown(attempt_id: str) -> CaseroomError:
    return CaseroomError(
        f"There is no attempt {attempt_id!r}.",
        next_step="choose a question and start one with `caseroom drill QUESTION`.",
        code=ExitCode.NOT_FOUND,
    )
