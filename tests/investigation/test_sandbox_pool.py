"""The pool: many threads, crashes, replaced files, the life of workers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from caseroom.investigation.sandbox import QueryRefused, SandboxPool
from caseroom.vocabulary.errors import ExitCode
from toy_company import write_company

COUNT = "SELECT count(*) FROM accounts"
SLOW = "SELECT count(*) FROM events a, events b, events c"


def rows(pool: SandboxPool, database: Path, sql: str = COUNT) -> tuple[tuple[object, ...], ...]:
    """Run a query and give its rows."""
    return pool.query(database, sql, limit=10).rows


def wait_until_gone(pids: list[int], seconds: float = 10.0) -> list[int]:
    """Wait for processes to end; give those that still run."""
    end = time.monotonic() + seconds
    while (left := [pid for pid in pids if runs(pid)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """Give a process with all that it started."""
    try:
        started = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(deeper for child in started for deeper in children(int(child)))]


def test_many_threads_get_their_own_answers(company: Path) -> None:
    """Forty queries from twelve threads, on two workers, each get the right rows."""
    with SandboxPool(most=2, spares=1) as pool, ThreadPoolExecutor(12) as threads:
        found = threads.map(lambda n: rows(pool, company, f"SELECT {n} * 2"), range(40))

        assert list(found) == [((2 * n,),) for n in range(40)]
        assert pool.worker_count <= 2


def test_a_runaway_query_does_not_hold_up_others(company: Path) -> None:
    """While one worker is busy until its time limit, another one answers."""
    with SandboxPool(most=2, spares=1) as pool, ThreadPoolExecutor(1) as threads:
        runaway = threads.submit(pool.query, company, SLOW, limit=1, seconds=1.5)
        time.sleep(0.3)
        answered = [rows(pool, company) for _ in range(3)]

        assert not runaway.done()
        assert answered == [((1000,),)] * 3
        with pytest.raises(QueryRefused, match=r"stopped after 1\.5 s"):
            runaway.result()


def test_query_that_waits_too_long_for_a_worker_is_told(company: Path) -> None:
    """When every worker stays busy, a query says so instead of waiting for ever."""
    with (
        SandboxPool(most=1, spares=0, wait_seconds=0.2) as pool,
        ThreadPoolExecutor(1) as threads,
    ):
        runaway = threads.submit(pool.query, company, SLOW, limit=1, seconds=1.5)
        time.sleep(0.3)
        with pytest.raises(QueryRefused, match=r"busy for 0\.2 s") as caught:
            rows(pool, company)
        with pytest.raises(QueryRefused):
            runaway.result()

        assert caught.value.code == ExitCode.ENVIRONMENT
        assert rows(pool, company) == ((1000,),)


def test_idle_worker_that_was_killed_is_replaced(company: Path) -> None:
    """After kill -9 of every idle worker the next query runs as if nothing had happened."""
    with SandboxPool(most=2, spares=1) as pool:
        rows(pool, company)
        for pid in pool.idle_pids():
            os.killpg(pid, signal.SIGKILL)
            wait_until_gone([pid])

        assert rows(pool, company) == ((1000,),)


def test_worker_that_dies_under_a_query_is_replaced(company: Path) -> None:
    """Kill -9 under a query tells that person what happened; the next query runs."""
    with SandboxPool(most=1, spares=1) as pool, ThreadPoolExecutor(1) as threads:
        rows(pool, company)
        (pid,) = pool.idle_pids()
        running = threads.submit(pool.query, company, SLOW, limit=1, seconds=20)
        time.sleep(0.3)
        os.kill(children(pid)[-1], signal.SIGKILL)
        with pytest.raises(QueryRefused) as caught:
            running.result()

        assert caught.value.reason == "crash"
        assert rows(pool, company) == ((1000,),)


def test_workers_end_with_their_server(company: Path, tmp_path: Path) -> None:
    """Kill -9 of the server leaves no worker behind, idle or in the middle of a query."""
    script = tmp_path / "server.py"
    script.write_text(
        "import sys, threading\nfrom pathlib import Path\n"
        "from caseroom.investigation.sandbox import SandboxPool\n"
        "database = Path(sys.argv[1])\npool = SandboxPool(most=3, spares=1)\n"
        "pool.query(database, 'SELECT 1', limit=1)\n"
        "print('ready', flush=True)\n"
        f"pool.query(database, {SLOW!r}, limit=1, seconds=60)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script), str(company)], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        time.sleep(0.3)
        _server, *workers = children(server.pid)
        server.kill()

    assert len(workers) >= 2
    assert wait_until_gone(workers) == []


def test_two_cases_are_kept_apart(company: Path, other_case: Path) -> None:
    """A worker belongs to one case; the other one's tables are not there."""
    with SandboxPool(most=3, spares=1) as pool:
        assert rows(pool, company) == ((1000,),)
        assert rows(pool, other_case, "SELECT truth FROM secrets") == (("planted cause",),)
        with pytest.raises(QueryRefused, match="no table named secrets"):
            rows(pool, company, "SELECT * FROM secrets")


def test_more_cases_than_workers_take_turns(tmp_path: Path) -> None:
    """The least used worker makes room for another case."""
    cases = [write_company(tmp_path / f"{n}.duckdb", accounts=n) for n in (1, 2, 3)]
    with SandboxPool(most=2, spares=0) as pool:
        found = [rows(pool, case)[0][0] for case in (*cases, *reversed(cases))]

        assert found == [1, 2, 3, 3, 2, 1]
        assert pool.worker_count <= 2


def test_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    """After bought evidence the database is another file under the same name: it is read."""
    database = write_company(tmp_path / "company.duckdb", accounts=10)
    with SandboxPool(most=2, spares=0) as pool:
        before = rows(pool, database)
        write_company(tmp_path / "next.duckdb", accounts=20).replace(database)
        after = rows(pool, database)

        assert (before, after) == (((10,),), ((20,),))
        assert pool.worker_count == 1


def test_forgotten_database_has_no_worker(tmp_path: Path) -> None:
    """After `forget` no worker holds the file."""
    database = write_company(tmp_path / "company.duckdb")
    with SandboxPool(most=2, spares=0) as pool:
        rows(pool, database)
        held = pool.idle_pids()
        pool.forget(database)

        assert pool.worker_count == 0
        assert wait_until_gone(list(held)) == []


def test_workers_are_recycled(company: Path) -> None:
    """A worker is replaced after its number of queries."""
    with SandboxPool(most=1, spares=0, recycle_after=2) as pool:
        rows(pool, company)
        first = pool.idle_pids()
        rows(pool, company)
        rows(pool, company)

        assert pool.idle_pids() != first
        assert pool.worker_count == 1


def test_missing_database_is_told(pool: SandboxPool, tmp_path: Path) -> None:
    """A database that is gone is an error of its own, with its exit code and no path."""
    with pytest.raises(QueryRefused, match="cannot be opened") as caught:
        rows(pool, tmp_path / "gone.duckdb")

    assert caught.value.code == ExitCode.DAMAGED
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "header"])
def test_damaged_database_is_told(
    pool: SandboxPool, company: Path, tmp_path: Path, damage: str
) -> None:
    """A damaged database is told as such, and other cases go on."""
    database = tmp_path / "company.duckdb"
    whole = company.read_bytes()
    broken = {
        "empty": b"",
        "text": b"not a database" * 1_000,
        "cut": whole[:5_000],
        "header": b"\0" * 12_288 + whole[12_288:],
    }
    database.write_bytes(broken[damage])
    with pytest.raises(QueryRefused) as caught:
        rows(pool, database)

    assert caught.value.reason in ("database", "crash")
    assert str(tmp_path) not in str(caught.value)
    assert rows(pool, company) == ((1000,),)


def test_database_that_may_not_be_changed_can_be_queried(company: Path, tmp_path: Path) -> None:
    """A read-only file in a read-only folder is enough."""
    database = tmp_path / "company.duckdb"
    shutil.copy(company, database)
    database.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        with SandboxPool(most=1, spares=0) as pool:
            assert rows(pool, database) == ((1000,),)
    finally:
        tmp_path.chmod(0o700)


def test_closed_pool_refuses(company: Path) -> None:
    """A closed pool ends its workers and says that it is closed."""
    pool = SandboxPool(most=2, spares=1)
    rows(pool, company)
    workers = list(pool.idle_pids())
    pool.close()
    pool.close()

    assert wait_until_gone(workers) == []
    with pytest.raises(QueryRefused, match="shutting down"):
        rows(pool, company)


def test_close_during_a_query_ends_that_worker_too(company: Path) -> None:
    """A query that runs while the pool closes gets its answer; its worker then ends."""
    pool = SandboxPool(most=1, spares=0)
    rows(pool, company)
    workers = list(pool.idle_pids())
    refused: list[str] = []

    def run() -> None:
        try:
            pool.query(company, SLOW, limit=1, seconds=0.5)
        except QueryRefused as error:
            refused.append(error.reason)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.2)
    pool.close()
    thread.join()

    assert refused == ["timeout"]
    assert wait_until_gone(workers) == []


def test_isolation_is_named(pool: SandboxPool) -> None:
    """The pool says how its workers are walled in."""
    assert pool.isolation in ("bubblewrap", "process limits")
