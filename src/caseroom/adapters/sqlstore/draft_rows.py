"""Drafts in the store: every version of every field is kept.

In: a text and the version that it was typed on. Out: the current draft, and the caller's own text
as a kept version where another one had come first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.case_rows import CaseRows, next_seq, require_case
from caseroom.service.records import DraftRecord

__all__ = ["DraftRows"]


class DraftRows(CaseRows):
    """What was typed into the fields of a case."""

    def save_draft(
        self, case_id: str, field: str, text: str, *, version: int, at: datetime
    ) -> tuple[DraftRecord, DraftRecord | None]:
        """Save a field's text on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        A text that is current already is not saved again, so that a repeated request is harmless.
        """
        with self.write() as connection:
            seq = next_seq(connection, case_id)
            versions = _versions(connection, case_id, field)
            current = next((row for row in versions if not row.kept), None)
            if current is not None and current.text == text:
                return _draft(current), None
            late = current is not None and current.version != version
            saved = _add(connection, case_id, seq, field, text, len(versions) + 1, late, at)
        return (_draft(current), saved) if current is not None and late else (saved, None)

    def drafts(self, case_id: str) -> tuple[DraftRecord, ...]:
        """Give the current draft of every field."""
        wanted = (
            select(schema.drafts)
            .where(schema.drafts.c.case_id == case_id, schema.drafts.c.kept.is_(False))
            .order_by(schema.drafts.c.field, schema.drafts.c.version)
        )
        with self.read() as connection:
            require_case(connection, case_id)
            newest = {row.field: _draft(row) for row in connection.execute(wanted)}
        return tuple(newest.values())

    def draft_history(self, case_id: str, field: str) -> tuple[DraftRecord, ...]:
        """Give every version of a field, oldest first."""
        with self.read() as connection:
            require_case(connection, case_id)
            return tuple(_draft(row) for row in reversed(_versions(connection, case_id, field)))


def _versions(connection: Connection, case_id: str, field: str) -> list[Row[Any]]:
    wanted = (
        select(schema.drafts)
        .where(schema.drafts.c.case_id == case_id, schema.drafts.c.field == field)
        .order_by(schema.drafts.c.version.desc())
    )
    return list(connection.execute(wanted))


def _add(
    connection: Connection,
    case_id: str,
    seq: int,
    field: str,
    text: str,
    version: int,
    kept: bool,
    at: datetime,
) -> DraftRecord:
    row = {
        "case_id": case_id,
        "seq": seq,
        "field": field,
        "text": text,
        "version": version,
        "kept": kept,
        "at": at,
    }
    connection.execute(insert(schema.drafts).values(row))
    return DraftRecord(field=field, text=text, version=version, at=at, kept=kept)


def _draft(row: Row[Any]) -> DraftRecord:
    return DraftRecord(
        field=row.field, text=row.text, version=row.version, at=row.at, kept=row.kept
    )
