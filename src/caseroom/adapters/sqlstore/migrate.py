"""Bringing a progress store to the newest schema.

In: a connection. Out: the same database with every migration of the package applied; a SQLite file
is copied first. Alembic is imported only when a migration is due.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["HEAD", "MIGRATIONS", "migrate", "revision_of"]

HEAD = "0004"
"""The newest migration (a test compares it with the files)."""

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: Connection, head: str = HEAD, migrations: Path = MIGRATIONS) -> Path | None:
    """Apply the migrations that are due, all or none, inside the caller's write transaction.

    Gives the copy that was made of a SQLite file before, if any.

    Raises:
        CaseroomError: For a store that a newer Caseroom made.
    """
    _lock_against_others(connection)
    current = revision_of(connection)
    if current == head:
        return None
    _refuse_newer(connection.engine, current, head, migrations)
    copy = _copy(connection.engine, current, head) if current else None
    _upgrade(connection, head, migrations)
    return copy


def revision_of(connection: Connection) -> str | None:
    """Give the migration that a database stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _lock_against_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite holds its write lock already
        connection.execute(text("SELECT pg_advisory_xact_lock(4207849484)"))


def _refuse_newer(engine: Engine, current: str | None, head: str, migrations: Path) -> None:
    known = {path.name.split("_")[0] for path in (migrations / "versions").glob("[0-9]*.py")}
    if current is not None and current not in known:
        raise CaseroomError(
            f"The progress store {engine.url.database} was made by a newer Caseroom "
            f"(schema {current}).",
            allowed=f"schema {head} or older",
            next_step="install the newest Caseroom, or choose another folder with --data-dir.",
            code=ExitCode.ENVIRONMENT,
        )


def _copy(engine: Engine, current: str, head: str) -> Path | None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    source = Path(engine.url.database)
    copy = source.with_name(f"{source.stem}-before-{head}-from-{current}{source.suffix}")
    reader, writer = sqlite3.connect(source), sqlite3.connect(copy)
    try:
        reader.backup(writer)
    finally:
        reader.close()
        writer.close()
    return copy


def _upgrade(connection: Connection, head: str, migrations: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, head)
