"""Each wall of the sandbox on its own: it must hold although another one were missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from caseroom.investigation.sandbox import Limits
from caseroom.investigation.sandbox.inside import engine
from caseroom.investigation.sandbox.inside.statements import Refused, Vetting
from caseroom.investigation.sandbox.isolation import (
    bubblewrap_works,
    wall_arguments,
    worker_command,
)

ENGINE_REFUSES = (
    "SELECT content FROM read_text('/etc/hostname')",
    "SELECT content FROM read_blob('{case}')",
    "SELECT content FROM read_blob('{case}.wal')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_duckdb('{other}')",
    "SELECT * FROM glob('/*')",
    "FROM '/etc/passwd'",
    "FROM 'https://example.com/x.csv'",
    "COPY accounts TO '{case}.wal'",
    "COPY (SELECT 1) TO '/tmp/caseroom-out.csv'",
    "EXPORT DATABASE '/tmp/caseroom-out'",
    "ATTACH '{other}' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "INSERT INTO accounts SELECT * FROM accounts",
    "DROP TABLE accounts",
    "CREATE TABLE company.x AS SELECT 1",
    "SET disabled_filesystems = ''",
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "RESET lock_configuration",
    "PRAGMA threads = 64",
    "SELECT * FROM enable_logging()",
    "CREATE PERSISTENT SECRET s (TYPE http)",
)


@pytest.fixture(scope="module")
def locked(company: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the locked engine on the company, without vetting and without a process around it."""
    descriptor = os.open(company, os.O_RDONLY)
    connection = engine.open_locked(descriptor, memory_limit="200MB", threads=1)
    yield connection
    connection.close()
    os.close(descriptor)


@pytest.mark.parametrize("template", ENGINE_REFUSES)
def test_engine_alone_refuses(
    locked: duckdb.DuckDBPyConnection, company: Path, other_case: Path, template: str
) -> None:
    """The locked engine refuses files, writes, extensions and settings by itself."""
    sql = template.replace("{case}", str(company)).replace("{other}", str(other_case))
    with pytest.raises(duckdb.Error):
        locked.execute(sql).fetchall()

    assert locked.execute("SELECT count(*) FROM accounts").fetchall() == [(1000,)]
    assert sorted(path.name for path in company.parent.iterdir()) == ["company.duckdb"]


def test_vetting_knows_every_function_that_reads_files(
    locked: duckdb.DuckDBPyConnection,
) -> None:
    """Every function in FROM of this engine is either on the short list or refused."""
    vetting = Vetting(locked)
    offered = locked.execute(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'table'"
    ).fetchall()
    passed = []
    for (name,) in offered:
        try:
            vetting.vet(f"SELECT * FROM {name}('x')")
        except Refused:
            continue
        passed.append(name)

    assert not [
        name for name in passed if name.startswith(("read_", "parquet_", "enable_", "glob"))
    ]
    assert {"range", "unnest", "generate_series"} <= set(passed)
    assert len(passed) < 25


def in_worker(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python behind bubblewrap's walls, exactly as a worker is started."""
    command = [*wall_arguments(), os.path.realpath(sys.executable), "-I", "-S", "-c", code]
    return subprocess.run(command, env={}, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def walls() -> None:
    """Skip where bubblewrap does not work (CI then fails)."""
    if not bubblewrap_works():
        pytest.skip("bubblewrap does not work here")


@pytest.mark.usefixtures("walls")
def test_process_sees_no_files(company: Path) -> None:
    """Behind bubblewrap there is no case, no home, no /etc, and nothing can be written."""
    code = (
        "import os\n"
        f"print([path for path in ({str(company)!r}, '/etc/passwd', '/home', '/var') "
        "if os.path.exists(path)])\n"
        "for folder in ('', '/usr', '/caseroom', '/caseroom/engine', '/caseroom/worker/inside'):\n"
        "    try:\n"
        "        open(folder + '/x', 'w')\n"
        "        print('written', folder)\n"
        "    except OSError:\n"
        "        pass\n"
    )

    assert in_worker(code).stdout == "[]\n"


@pytest.mark.usefixtures("walls")
def test_process_has_no_network() -> None:
    """Behind bubblewrap nothing can be reached, not even this machine's other services."""
    code = (
        "import socket\n"
        "print(sorted(name for _, name in socket.if_nameindex()))\n"
        "try:\n"
        "    socket.create_connection(('192.0.2.1', 80), 2)\n"
        "except OSError as error:\n"
        "    print(type(error).__name__)\n"
    )

    assert in_worker(code).stdout == "['lo']\nOSError\n"


@pytest.mark.usefixtures("walls")
def test_process_sees_no_other_process() -> None:
    """Behind bubblewrap only the worker's own processes exist."""
    code = "import os; print(len([name for name in os.listdir('/proc') if name.isdigit()]))"

    assert in_worker(code).stdout.strip() in ("1", "2")


def test_limits_hold() -> None:
    """The limits on memory and files hold, and cannot be raised again by a plain user."""
    code = (
        "import resource, sys\n"
        "from caseroom.investigation.sandbox.inside import limits\n"
        "limits.limit_process(2**30)\n"
        "try:\n"
        "    bytearray(2**31)\n"
        "except MemoryError:\n"
        "    print('memory')\n"
        "try:\n"
        "    with open(sys.argv[1], 'wb') as file:\n"
        "        file.write(b'x')\n"
        "except OSError:\n"
        "    print('files')\n"
        "limits.allow_seconds(1.0, 2)\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "print(soft < 60, resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, os.devnull + "x"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.stdout.splitlines() == ["memory", "files", "True (0, 0)"]


def test_settings_reach_the_worker() -> None:
    """The limits of a pool are on the command line of its workers, and nothing else is."""
    limits = Limits(memory_limit="300MB", address_space=2**31, threads=1)
    command = worker_command("process limits", limits)

    settings = {
        "memory_limit": "300MB",
        "address_space": 2147483648,
        "threads": 1,
        "optimizer": True,
    }
    assert json.dumps(settings) in command
    assert command[1:4] == ["-I", "-S", "-B"]
