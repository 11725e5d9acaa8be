"""Migrations: they make the schema that the code expects, and lose nothing on the way."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from caseroom.adapters.sqlstore import SqlStore, open_sqlite
from caseroom.adapters.sqlstore.migrate import HEAD, MIGRATIONS, migrate, revision_of
from caseroom.adapters.sqlstore.schema import metadata
from caseroom.case.contract import CaseSpec
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.levels import Level, Vertical

SPEC = CaseSpec(kind="toy", version=1, seed=7, level=Level.MID, vertical=Vertical.SAAS)
NEXT = '''
"""A later schema."""
import sqlalchemy as sa
from alembic import op
revision = "9999"
down_revision = "{head}"
def upgrade():
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("tags", sa.Text()))
    {then}
'''


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], SqlStore]:
    """Give a function that opens the same SQLite store."""
    return lambda: open_sqlite(tmp_path / "progress.sqlite", tmp_path)


def later(tmp_path: Path, then: str = "pass") -> Path:
    """Give a folder of migrations with one more than the package has."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "9999_later.py").write_text(NEXT.format(head=HEAD, then=then))
    return folder


def test_the_newest_migration_is_the_one_that_the_code_names() -> None:
    """Start-up compares with a constant, so that it needs no Alembic."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_the_tables_of_the_code(store: SqlStore) -> None:
    """Alembic finds nothing to change between a migrated store and the schema module."""
    with store.read() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)

    assert difference == []


def test_opening_again_changes_nothing(opened: Callable[[], SqlStore], tmp_path: Path) -> None:
    """A store on the newest schema is neither copied nor migrated."""
    opened().close()
    opened().close()

    assert [path.name for path in tmp_path.glob("*before*")] == []


def test_a_migration_copies_the_file_first(opened: Callable[[], SqlStore], tmp_path: Path) -> None:
    """The copy is the store as it was, with every row."""
    store = opened()
    store.add_case("a1", SPEC, "t", datetime.now(UTC))
    with store.write() as connection:
        copy = migrate(connection, "9999", later(tmp_path))
    store.close()

    assert copy == tmp_path / f"progress-before-9999-from-{HEAD}.sqlite"
    old = open_sqlite(copy, tmp_path)
    assert [record.id for record in old.cases()] == ["a1"]
    old.close()


def test_a_migration_keeps_the_rows(opened: Callable[[], SqlStore], tmp_path: Path) -> None:
    """Rows are there after the tables were changed."""
    store = opened()
    store.add_case("a1", SPEC, "t", datetime.now(UTC))
    with store.write() as connection:
        migrate(connection, "9999", later(tmp_path))

        assert revision_of(connection) == "9999"
    assert [record.id for record in store.cases()] == ["a1"]
    store.close()


def test_a_migration_that_fails_leaves_the_old_schema(
    opened: Callable[[], SqlStore], tmp_path: Path
) -> None:
    """A migration is one transaction: all of it or nothing."""
    store = opened()
    folder = later(tmp_path, "raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"), store.write() as connection:
        migrate(connection, "9999", folder)

    with store.read() as connection:
        assert revision_of(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_a_store_of_a_newer_caseroom_is_refused(
    opened: Callable[[], SqlStore], tmp_path: Path
) -> None:
    """An older program does not touch what it does not know."""
    store = opened()
    with store.write() as connection:
        migrate(connection, "9999", later(tmp_path))
    store.close()

    with pytest.raises(CaseroomError, match="newer Caseroom") as refusal:
        opened()

    assert refusal.value.code == ExitCode.ENVIRONMENT


def test_a_damaged_store_is_named(tmp_path: Path, opened: Callable[[], SqlStore]) -> None:
    """A file that is no database gives a message, not a stack trace, and stays as it is."""
    (tmp_path / "progress.sqlite").write_bytes(b"not a database at all" * 100)

    with pytest.raises(CaseroomError, match=r"progress\.sqlite is damaged") as refusal:
        opened()

    assert refusal.value.code == ExitCode.DAMAGED
    assert (tmp_path / "progress.sqlite").read_bytes().startswith(b"not a database")


def test_a_locked_store_is_named(
    tmp_path: Path, opened: Callable[[], SqlStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When another program holds the file, the message says so."""
    monkeypatch.setattr("caseroom.adapters.sqlstore.engine.BUSY_MILLISECONDS", 50)
    store = opened()
    with closing(sqlite3.connect(tmp_path / "progress.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CaseroomError, match="locked by another process") as refusal:
            store.add_case("a1", SPEC, "t", datetime.now(UTC))
    store.close()

    assert refusal.value.code == ExitCode.ENVIRONMENT


def test_foreign_keys_and_the_write_ahead_log_are_on(opened: Callable[[], SqlStore]) -> None:
    """SQLite has both switched off unless each connection asks."""
    store = opened()
    with store.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("foreign_keys", "journal_mode", "synchronous")
        }
    store.close()

    assert pragmas == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2}
