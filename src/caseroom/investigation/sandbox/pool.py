"""A pool of worker processes that run a candidate's SQL, usable from many threads.

In: a database file and a SQL text. Out: one page of the result, or `QueryRefused`.

A worker belongs to one database from its first query on and never sees another. Idle workers keep
their database; spare ones wait without, so that the first query of a case does not wait for a
process to start.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from caseroom.investigation.sandbox import refusals
from caseroom.investigation.sandbox.errors import translate
from caseroom.investigation.sandbox.isolation import Isolation, Limits, choose
from caseroom.investigation.sandbox.process import Worker, WorkerLost
from caseroom.investigation.sandbox.refusals import QueryRefused

__all__ = ["SandboxPool", "SandboxResult"]

ROW_CAP = 10_000
CELL_CAP = 4_000
LONGEST_SQL = 100_000
_GRACE_SECONDS = 1.0
WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxResult:
    """One page of a result.

    `rows` hold JSON-ready values. `total_rows` counts the whole result up to the pool's row cap;
    `capped` says that there were more. `milliseconds` is the time inside the worker.
    """

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total_rows: int
    capped: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class _File:
    """A database file as it stands: another file under the same name is another database."""

    path: Path
    inode: int
    size: int
    changed: int


@dataclass(slots=True)
class _Seat:
    """A worker with the database that it belongs to (None for a spare) and its last use."""

    worker: Worker
    file: _File | None = None
    used: float = 0.0


class SandboxPool:
    """Runs queries in locked-down worker processes.

    Args:
        most: Workers at one time; further queries wait for one.
        spares: Workers that are kept ready without a database (within `most`).
        limits: What one worker may use.
        row_cap: Rows of a result that are ever looked at.
        recycle_after: Queries after which a worker is replaced.
        isolation: Forces a kind of isolation; the strongest that works otherwise.
        wait_seconds: How long a query waits for a worker while all are busy.
    """

    def __init__(
        self,
        *,
        most: int = 4,
        spares: int = 1,
        limits: Limits | None = None,
        row_cap: int = ROW_CAP,
        recycle_after: int = 500,
        isolation: Isolation | None = None,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._most = most
        self._spares = min(spares, most)
        self._limits = limits or Limits()
        self._row_cap = row_cap
        self._recycle_after = recycle_after
        self._wait_seconds = wait_seconds
        self._isolation: Isolation = choose(isolation)
        self._free: list[_Seat] = []
        self._count = 0
        self._closed = False
        self._changed = threading.Condition()
        with self._changed:
            self._keep_spares()

    @property
    def isolation(self) -> Isolation:
        """How the workers are walled in: "bubblewrap", or "process limits" where it fails."""
        return self._isolation

    @property
    def worker_count(self) -> int:
        """How many workers there are, spares and busy ones included."""
        with self._changed:
            return self._count

    def idle_pids(self) -> tuple[int, ...]:
        """Give the process ids of the workers that run no query now."""
        with self._changed:
            return tuple(seat.worker.pid for seat in self._free)

    def query(
        self,
        database: Path,
        sql: str,
        *,
        limit: int,
        offset: int = 0,
        seconds: float = 10.0,
        order_by: str = "",
        descending: bool = False,
    ) -> SandboxResult:
        """Run one reading statement and give `limit` rows from row `offset` on.

        With `order_by` the whole result is sorted by that column first, empty values last.
        Raises QueryRefused with the reason, never the engine's own exception.
        """
        if len(sql) > LONGEST_SQL:
            raise refusals.too_long(len(sql), LONGEST_SQL)
        request = {
            "sql": sql.encode("utf-8", "replace").decode(),
            "limit": max(0, limit),
            "offset": max(0, offset),
            "seconds": seconds,
            "order_by": order_by,
            "descending": descending,
            "row_cap": self._row_cap,
            "cell_cap": CELL_CAP,
        }
        file = _look(database)
        seat = self._take(file)
        keep = False
        try:
            reply = self._ask(seat, request, seconds)
            keep = _healthy(reply)
        finally:
            self._give_back(seat, keep=keep)
        if _engine_fault(reply):
            reply = self._ask_plainly(file, request, seconds)
        try:
            return _result(reply, request["sql"], seat.worker.catalog, seconds)
        except (KeyError, TypeError) as error:  # not a reply of ours: do not trust the process
            raise refusals.crashed() from error

    def forget(self, database: Path) -> None:
        """End the idle workers of a database, for example before its file is deleted."""
        path = database.absolute()
        with self._changed:
            self._drop(lambda seat: seat.file is not None and seat.file.path == path)
            self._changed.notify_all()

    def close(self) -> None:
        """End all idle workers now and the busy ones after their query."""
        with self._changed:
            self._closed = True
            seats, self._free = self._free, []
            self._count -= len(seats)
            self._changed.notify_all()
        for seat in seats:
            seat.worker.end()

    def __enter__(self) -> SandboxPool:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _ask(self, seat: _Seat, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        try:
            return seat.worker.ask(request, seconds=seconds + _GRACE_SECONDS)
        except WorkerLost as error:
            return {"failure": "timeout" if error.late else "crash", "lost": True}

    def _ask_plainly(self, file: _File, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Run a query once more without the optimizer, in a worker of its own.

        DuckDB 2.0.0 fails on some ordinary joins over dictionary-encoded text with an internal
        error ("dict-surviving join"); the plan that was written runs.
        Source: https://github.com/duckdb/duckdb/issues/24807
        """
        seat = _Seat(worker=Worker(self._isolation, replace(self._limits, optimizer=False)))
        try:
            _bind(seat, file)
            return self._ask(seat, request, seconds)
        finally:
            seat.worker.end()

    def _take(self, file: _File) -> _Seat:
        """Check out a worker for this database; wait for one where all are busy."""
        seat = self._reserve(file, time.monotonic() + self._wait_seconds)
        if seat.file is None:
            try:
                _bind(seat, file)
            except QueryRefused:
                self._give_back(seat, keep=False)
                raise
        return seat

    def _reserve(self, file: _File, deadline: float) -> _Seat:
        with self._changed:
            while True:
                if self._closed:
                    raise refusals.closed()
                self._drop(lambda seat: not seat.worker.alive())
                if seat := self._pick(file):
                    self._keep_spares()
                    return seat
                if not self._changed.wait(deadline - time.monotonic()):
                    raise refusals.busy(self._wait_seconds)

    def _pick(self, file: _File) -> _Seat | None:
        """Choose: a worker of this database, a spare, a new one, or replace the least used."""
        self._drop(lambda seat: _replaced(seat.file, file))
        own = [seat for seat in self._free if seat.file == file]
        spare = [seat for seat in self._free if seat.file is None]
        for seat in [*own, *spare][:1]:
            self._free.remove(seat)
            return seat
        if self._count >= self._most:
            if not self._free:
                return None
            self._end(min(self._free, key=lambda seat: seat.used))
        return self._start()

    def _start(self) -> _Seat:
        seat = _Seat(worker=Worker(self._isolation, self._limits))
        self._count += 1
        return seat

    def _end(self, seat: _Seat) -> None:
        self._free.remove(seat)
        self._count -= 1
        seat.worker.end()

    def _drop(self, unwanted: Callable[[_Seat], bool]) -> None:
        for seat in [seat for seat in self._free if unwanted(seat)]:
            self._end(seat)

    def _keep_spares(self) -> None:
        """Start spare workers up to the wanted number; they get ready by themselves."""
        spare = sum(seat.file is None for seat in self._free)
        while spare < self._spares and self._count < self._most:
            self._free.append(self._start())
            spare += 1

    def _give_back(self, seat: _Seat, *, keep: bool) -> None:
        keep = keep and seat.worker.queries < self._recycle_after
        seat.used = time.monotonic()
        with self._changed:
            keep = keep and not self._closed
            if keep:
                self._free.append(seat)
            else:
                self._count -= 1
                if not self._closed:
                    self._keep_spares()
            self._changed.notify()
        if not keep:
            seat.worker.end()


def _look(database: Path) -> _File:
    try:
        stat = database.stat()
    except OSError as error:
        raise refusals.unreadable("its file is missing") from error
    return _File(database.absolute(), stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _replaced(old: _File | None, new: _File) -> bool:
    """Tell whether a worker's file was replaced by another one under the same name."""
    return old is not None and old.path == new.path and old != new


def _bind(seat: _Seat, file: _File) -> None:
    """Hand the database to a fresh worker. Raises QueryRefused where it cannot read it."""
    try:
        reply = seat.worker.open(file.path)
    except OSError as error:
        raise refusals.unreadable("its file cannot be read") from error
    except WorkerLost as error:
        raise refusals.crashed() from error
    if "failure" in reply:
        raise refusals.unreadable("it is damaged or of another version")
    seat.file = file


def _healthy(reply: dict[str, Any]) -> bool:
    """Tell whether a worker can go on: not after a loss, nor with memory it cannot give back."""
    message = str(reply.get("message", ""))
    spoiled = ("Out of Memory", "INTERNAL", "FATAL", "bad_alloc")
    return not reply.get("lost") and not any(word in message for word in spoiled)


def _engine_fault(reply: dict[str, Any]) -> bool:
    """Tell whether the engine failed by a mistake of its own, not of the query."""
    return reply.get("failure") == "engine" and "INTERNAL" in str(reply.get("message", ""))


def _result(
    reply: dict[str, Any], sql: str, catalog: dict[str, list[str]], seconds: float
) -> SandboxResult:
    match reply.get("failure"):
        case None:
            return SandboxResult(
                columns=tuple(reply["columns"]),
                types=tuple(reply["types"]),
                rows=tuple(map(tuple, reply["rows"])),
                total_rows=reply["total_rows"],
                capped=reply["capped"],
                milliseconds=reply["milliseconds"],
            )
        case "refused":
            raise refusals.not_allowed(reply["reason"], reply["name"])
        case "engine":
            raise translate(reply["message"], sql=sql, catalog=catalog, shift=reply["shift"])
        case "timeout":
            raise refusals.late(seconds)
        case "wide":
            raise refusals.too_wide()
        case "values":
            raise refusals.unshowable()
        case _:
            raise refusals.crashed()
