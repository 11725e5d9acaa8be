"""Progress in SQLite (one person) or PostgreSQL (a team), through SQLAlchemy Core.

In: an engine. Out: `SqlStore`, which gives and takes values; nothing of SQLAlchemy leaves here.
"""

from caseroom.adapters.sqlstore.store import SqlStore, open_sqlite, open_url

__all__ = ["SqlStore", "open_sqlite", "open_url"]
