"""The progress store as one adapter, and how it is opened.

In: a SQLite file or a database URL. Out: a `SqlStore` on the newest schema.
"""

from __future__ import annotations

from pathlib import Path

from caseroom.adapters.sqlstore.draft_rows import DraftRows
from caseroom.adapters.sqlstore.engine import sqlite_engine, url_engine
from caseroom.adapters.sqlstore.event_rows import EventRows
from caseroom.adapters.sqlstore.handin_rows import HandinRows
from caseroom.adapters.sqlstore.interview_rows import InterviewRows
from caseroom.adapters.sqlstore.judgment_rows import JudgmentRows
from caseroom.adapters.sqlstore.migrate import migrate
from caseroom.adapters.sqlstore.pin_rows import PinRows

__all__ = ["SqlStore", "open_sqlite", "open_url"]


class SqlStore(EventRows, PinRows, DraftRows, HandinRows, JudgmentRows, InterviewRows):
    """Implements `caseroom.service.ports.Store`; every method is one transaction."""


def open_sqlite(path: Path, sources: Path) -> SqlStore:
    """Open a SQLite store, making or migrating it (after a copy of the file) where that is due.

    Raises:
        CaseroomError: When the file is locked, damaged, not writable or of a newer Caseroom.
    """
    return _opened(SqlStore(sqlite_engine(path), sources))


def open_url(url: str, sources: Path) -> SqlStore:
    """Open a store on a database server, such as postgresql+psycopg://name@host/database."""
    return _opened(SqlStore(url_engine(url), sources))


def _opened(store: SqlStore) -> SqlStore:
    try:
        with store.write() as connection:
            migrate(connection)
    except BaseException:
        store.close()
        raise
    return store
