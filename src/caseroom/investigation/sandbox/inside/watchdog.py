"""A thread that ends a query that runs too long, and the process when nobody listens any more.

In: the engine's connection and the socket to the pool. Out: repeated interrupts past a deadline.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time

import duckdb

__all__ = ["Watchdog"]

_BEAT = 0.02  # seconds between looks; an interrupt can be lost while a statement is prepared


class Watchdog:
    """Watches one query at a time, from `begin` to `end`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, channel: socket.socket) -> None:
        self._connection = connection
        self._channel = channel
        self._lock = threading.Lock()
        self._busy = threading.Event()
        self._deadline = 0.0
        self._fired = False
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self, seconds: float) -> None:
        """Start to watch: interrupt the connection again and again after `seconds`."""
        self._deadline = time.monotonic() + seconds
        self._fired = False
        self._busy.set()

    def end(self) -> bool:
        """Stop to watch; tell whether the time ran out. No interrupt comes after this."""
        with self._lock:
            self._busy.clear()
        return self._fired

    def _watch(self) -> None:
        while self._busy.wait():
            time.sleep(_BEAT)
            if _hung_up(self._channel):
                os._exit(0)
            with self._lock:
                if self._busy.is_set() and time.monotonic() > self._deadline:
                    self._fired = True
                    self._connection.interrupt()


def _hung_up(channel: socket.socket) -> bool:
    """Tell whether the other end is closed: then nobody waits for the answer."""
    readable, _, _ = select.select([channel], [], [], 0)
    return bool(readable) and not channel.recv(1, socket.MSG_PEEK)
