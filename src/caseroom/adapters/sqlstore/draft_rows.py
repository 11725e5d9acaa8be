"""Drafts of a case in the store: every version of every field is kept.

In: a text and the version that it was typed on. Out: the current draft, and the caller's own text
as a kept version where another one had come first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from caseroom.adapters.sqlstore import schema
from caseroom.adapters.sqlstore.case_rows import CaseRows, next_seq, require_case
from caseroom.adapters.sqlstore.versions import save_version, versions
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
        key = {"case_id": case_id, "field": field}
        with self.write() as connection:
            more = {"seq": next_seq(connection, case_id), "at": at}
            current, kept = save_version(connection, schema.drafts, key, text, version, more)
        return _draft(current), _draft(kept) if kept is not None else None

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
        key = {"case_id": case_id, "field": field}
        with self.read() as connection:
            require_case(connection, case_id)
            return tuple(map(_draft, reversed(versions(connection, schema.drafts, key))))


def _draft(row: Row[Any]) -> DraftRecord:
    return DraftRecord(
        field=row.field, text=row.text, version=row.version, at=row.at, kept=row.kept
    )
