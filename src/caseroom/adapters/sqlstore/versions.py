"""Texts of which every version is kept: one rule for drafts of cases, practice and interviews.

In: a table with the columns version, text and kept, and the key of one text in it. Out: the
current row, and the caller's own where another text had come first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

__all__ = ["save_version", "versions"]


def save_version(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    text: str,
    version: int,
    more: Mapping[str, Any],
) -> tuple[Row[Any], Row[Any] | None]:
    """Save a text on top of `version` (0 for none); `more` are the values of further columns.

    Gives the current row and, when another text had come first, the caller's as kept. A text that
    is current already is not saved again, so that a repeated request is harmless.
    """
    found = versions(connection, table, key)
    current = next((row for row in found if not row.kept), None)
    if current is not None and current.text == text:
        return current, None
    late = current is not None and current.version != version
    row = {**key, **more, "text": text, "version": len(found) + 1, "kept": late}
    connection.execute(insert(table).values(row))
    saved = versions(connection, table, key)[0]
    return (current, saved) if current is not None and late else (saved, None)


def versions(connection: Connection, table: Table, key: Mapping[str, Any]) -> list[Row[Any]]:
    """Give every version of a text, newest first."""
    wanted = select(table).where(*(table.c[name] == value for name, value in key.items()))
    return list(connection.execute(wanted.order_by(table.c.version.desc())))
