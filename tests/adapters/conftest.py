"""Stores to test: a SQLite file, and PostgreSQL in a throw-away cluster.

In: PostgreSQL's own programs. Out: the fixture `store`, once per engine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from caseroom.adapters.sqlstore import SqlStore, open_sqlite, open_url


def program(name: str) -> str:
    """Give the path of one of PostgreSQL's programs; skip where there is none (CI then fails)."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/local/pgsql").glob("bin")]
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"PostgreSQL's {name} is not installed")
    return found


def owner() -> str | None:
    """Give the user to run the cluster as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def run(*command: str) -> None:
    """Run one of PostgreSQL's programs to its end."""
    subprocess.run(command, check=True, user=owner(), cwd="/", stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a cluster in a folder of its own that listens on no network, only on a socket there."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="caseroom-pg-"))
    if user := owner():
        shutil.chown(folder, user)
    data = str(folder / "data")
    run(initdb, "-D", data, "-U", "caseroom", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c fsync=off -k {folder}"
    run(pg_ctl, "-D", data, "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://caseroom@/postgres?host={folder}"
    finally:
        run(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def emptied(store: SqlStore) -> SqlStore:
    """Remove everything that earlier tests put into a shared store."""
    with store.write() as connection:
        for table in ("cases", "attempts", "interviews"):
            connection.execute(text(f"DELETE FROM {table}"))
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Give an empty store, once per engine."""
    if request.param == "sqlite":
        opened = open_sqlite(tmp_path / "progress.sqlite", tmp_path / "sources")
    else:
        opened = emptied(open_url(request.getfixturevalue("postgresql_url"), tmp_path / "sources"))
    yield opened
    opened.close()
