"""The worker process: waits for one database, then answers queries on it until it is told to end.

In: settings as JSON in the first argument, a socket as standard input, over it the descriptor of
one open database file and then queries. Out: one reply for each query.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from typing import Any

import duckdb

from . import engine, limits, wire, zones
from .statements import Refused, Vetting
from .values import cell
from .watchdog import Watchdog

__all__ = ["main"]

_BATCH = 1_000
_SORT = "SELECT * FROM (\n"


def main() -> None:
    """Serve one pool. Ends when the pool closes its end of the socket."""
    settings = json.loads(sys.argv[1])
    limits.limit_process(settings["address_space"])
    zones.install()
    channel = socket.socket(fileno=0)
    try:
        _serve(channel, settings)
    except wire.Closed:
        return


def _serve(channel: socket.socket, settings: dict[str, Any]) -> None:
    _word, descriptors, _flags, _address = socket.recv_fds(channel, 1, 1)
    if not descriptors:
        return
    try:
        bench = _Bench(channel, descriptors[0], settings)
    except Exception as error:
        wire.send(channel, _failure(error))
        return
    wire.send(channel, {"catalog": bench.catalog})
    limits.forbid_new_processes()
    while True:
        wire.send(channel, bench.answer(wire.receive(channel)))


class _Bench:
    """The locked engine with its vetting and its watchdog."""

    def __init__(self, channel: socket.socket, descriptor: int, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._connection = engine.open_locked(
            descriptor,
            memory_limit=settings["memory_limit"],
            threads=settings["threads"],
            optimizer=settings["optimizer"],
        )
        self._vetting = Vetting(self._connection)
        self._watchdog = Watchdog(self._connection, channel)
        self.catalog = engine.catalog(self._connection)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Run one query; every failure becomes a reply."""
        seconds = float(request["seconds"])
        limits.allow_seconds(seconds, self._settings["threads"])
        self._watchdog.begin(seconds)
        try:
            reply = _bounded(self._run(request))
        except Exception as error:
            reply = _failure(error) | {"shift": len(_SORT) if request["order_by"] else 0}
        return {"failure": "timeout"} if self._watchdog.end() else reply

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        start = time.perf_counter()
        statement = self._vetting.vet(request["sql"])
        if request["order_by"]:
            statement = self._vetting.vet(_sorted(request))
        cursor = self._connection.execute(statement)
        columns = [(name, str(kind)) for name, kind, *_rest in cursor.description or ()]
        rows, total = self._page(cursor, request)
        return {
            "columns": [name for name, _kind in columns],
            "types": [kind for _name, kind in columns],
            "rows": rows,
            "total_rows": min(total, request["row_cap"]),
            "capped": total > request["row_cap"],
            "milliseconds": (time.perf_counter() - start) * 1000.0,
        }

    def _page(
        self, cursor: duckdb.DuckDBPyConnection, request: dict[str, Any]
    ) -> tuple[list[list[Any]], int]:
        """Give the page's rows, and how many rows there are: at most one more than the cap."""
        first, cap = request["offset"], request["row_cap"]
        last = min(first + request["limit"], cap)
        page: list[list[Any]] = []
        total = 0
        while total <= cap and (batch := cursor.fetchmany(min(_BATCH, cap + 1 - total))):
            wanted = batch[max(first - total, 0) : max(last - total, 0)]
            page += [[cell(value, request["cell_cap"]) for value in row] for row in wanted]
            total += len(batch)
        return page, total


def _sorted(request: dict[str, Any]) -> str:
    """Put the query into another one that sorts its rows by one column, empty values last."""
    sql = _without_end(request["sql"])
    column = request["order_by"].replace('"', '""')
    direction = "DESC" if request["descending"] else "ASC"
    return f'{_SORT}{sql}\n) ORDER BY "{column}" {direction} NULLS LAST'


def _without_end(sql: str) -> str:
    """Cut semicolons and comments off the end; the engine's tokenizer says where they start."""
    text = sql.encode()
    end = len(text)
    for at, kind in reversed(duckdb.tokenize(sql)):
        if kind != duckdb.token_type.comment and text[at:end].strip() != b";":
            break
        end = at
    return text[:end].decode()


def _failure(error: Exception) -> dict[str, Any]:
    if isinstance(error, Refused):
        return {"failure": "refused", "reason": error.reason, "name": error.name}
    if isinstance(error, MemoryError):
        return {"failure": "engine", "message": "Out of Memory Error: "}
    if isinstance(error, duckdb.Error):
        return {"failure": "engine", "message": str(error)[:20_000]}
    return {"failure": "values", "message": f"{type(error).__name__}: {error}"[:2_000]}


def _bounded(reply: dict[str, Any]) -> dict[str, Any]:
    """Refuse a page whose cells together are too much for one message."""
    size = sum(len(str(row)) for row in reply.get("rows", ()))
    return {"failure": "wide"} if size > wire.LONGEST // 4 else reply
