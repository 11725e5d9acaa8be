"""Engines: SQLite set up for safety beside other processes, PostgreSQL as it is.

In: a path or a URL. Out: an engine whose write transactions take the write lock at once, and
transactions that turn the engine's errors into ours.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["Transactions", "sqlite_engine", "url_engine"]

BUSY_MILLISECONDS = 5_000
"""How long SQLite waits for another process's write before it gives up."""


def sqlite_engine(path: Path) -> Engine:
    """Open a SQLite file with WAL, foreign keys, a busy timeout and explicit transactions."""
    engine = create_engine(f"sqlite+pysqlite:///{path}")
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def url_engine(url: str) -> Engine:
    """Open a database server, such as postgresql+psycopg://name@host/database."""
    return create_engine(url, pool_pre_ping=True)


def _set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("caseroom_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Transactions:
    """Read and write transactions on one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(caseroom_write=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection inside one consistent read."""
        with _our_errors(self.engine), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection that holds the write lock; commits at the end, or nothing is kept."""
        with _our_errors(self.engine), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@contextmanager
def _our_errors(engine: Engine) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise _environment(engine, error) from error
    except DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise _damaged(engine) from error
        raise


def _where(engine: Engine) -> str:
    return (
        engine.url.render_as_string(hide_password=True)
        if engine.url.host
        else str(engine.url.database)
    )


def _environment(engine: Engine, error: Any) -> CaseroomError:
    said = str(error.orig)
    if "malformed" in said or "not a database" in said:
        return _damaged(engine)
    if "locked" in said:
        return CaseroomError(
            f"The progress store {_where(engine)} is locked by another process.",
            next_step="close the other Caseroom or the tool that has the file open, and try again.",
            code=ExitCode.ENVIRONMENT,
        )
    return CaseroomError(
        f"The progress store {_where(engine)} cannot be used: {said}.",
        allowed="a folder on a disk with free space that this user may write to",
        next_step="make it writable, or choose another folder with --data-dir or CASEROOM_HOME.",
        code=ExitCode.ENVIRONMENT,
    )


def _damaged(engine: Engine) -> CaseroomError:
    return CaseroomError(
        f"The progress store {_where(engine)} is damaged.",
        next_step="put a backup in its place, or move the file away to start with an empty store.",
        code=ExitCode.DAMAGED,
    )
