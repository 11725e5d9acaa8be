"""One worker process, seen from the pool.

In: limits and, once, the database that it may read. Out: replies to queries as plain values.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from caseroom.investigation.sandbox.inside import wire
from caseroom.investigation.sandbox.isolation import Isolation, Limits, worker_command

__all__ = ["Worker", "WorkerLost"]

_START_SECONDS = 30.0
_ENVIRONMENT = {"TZ": "UTC", "LANG": "C.UTF-8", "HOME": "/nonexistent"}


class WorkerLost(Exception):
    """The process ended or did not answer in time. `late` tells which."""

    def __init__(self, *, late: bool) -> None:
        self.late = late
        super().__init__("late" if late else "ended")


class Worker:
    """A worker process. One thread at a time may use it.

    It starts in the background when it is made and has no database until `open`; after that it
    keeps to that database until it ends. The file is handed over as an open descriptor, so that
    the process never sees a path and needs no right to any other file.
    """

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        self.queries = 0
        self.catalog: dict[str, list[str]] = {}
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                worker_command(isolation, limits),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Process id of the worker, or of the bubblewrap that holds it."""
        return self._process.pid

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def open(self, database: Path) -> dict[str, Any]:
        """Hand over the database, opened read-only. Gives the worker's reply.

        Raises OSError where the file cannot be opened, WorkerLost where the process is gone.
        """
        descriptor = os.open(database, os.O_RDONLY | os.O_CLOEXEC)
        try:
            socket.send_fds(self._channel, [b"."], [descriptor])
        except OSError as error:
            raise WorkerLost(late=False) from error
        finally:
            os.close(descriptor)
        reply = self._receive(_START_SECONDS)
        self.catalog = reply.get("catalog", {})
        return reply

    def ask(self, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        """Send one request and wait `seconds` for the reply. Raises WorkerLost."""
        self.queries += 1
        try:
            wire.send(self._channel, request)
        except wire.Closed as error:
            raise WorkerLost(late=False) from error
        return self._receive(seconds)

    def end(self) -> None:
        """End the process with all that it started, and free its place."""
        self._channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _receive(self, seconds: float) -> dict[str, Any]:
        self._channel.settimeout(seconds)
        try:
            return wire.receive(self._channel)
        except TimeoutError as error:
            raise WorkerLost(late=True) from error
        except (wire.Closed, wire.TooLong, ValueError, RecursionError) as error:
            raise WorkerLost(late=False) from error
        finally:
            self._channel.settimeout(None)
