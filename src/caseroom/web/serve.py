"""The server: uvicorn on a socket of this machine that was bound before anything else started.

In: a `Caseroom`. Out: pages at an address that is printed (and opened), until Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import uvicorn

from caseroom.adapters.files import DataFolder
from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.web.app import create_app
from caseroom.web.auth.local import LOOPBACK_NAMES

__all__ = ["DEFAULT_PORT", "bind", "kept_secret", "serve"]

DEFAULT_PORT = 8765
_SECRET_BYTES = 24


def serve(
    room: Caseroom,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    open_browser: bool = True,
    *,
    token: str | None = None,
    out: TextIO | None = None,
) -> None:
    """Serve the pages until the process is asked to stop.

    Args:
        room: The application.
        host: A loopback address or name.
        port: Where to listen; 0 takes any free port.
        open_browser: Open the address in the person's browser too.
        token: The secret of the address; None takes the one kept in the data folder, so that an
            open page goes on saving after the server was started again.
        out: Where the address is printed (standard output).

    Raises:
        CaseroomError: For a host that is not this machine's, and for a port in use.
    """
    secret = token or _secret(room)
    listening = bind(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}/?token={secret}"
    print(f"Caseroom is open at {address}", file=out or sys.stdout, flush=True)
    config = uvicorn.Config(
        create_app(room, token=secret),
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    server = _Server(config, ready=lambda: webbrowser.open(address) if open_browser else None)
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


def _secret(room: Caseroom) -> str:
    files = room.files
    return kept_secret(files.root / "web-secret") if isinstance(files, DataFolder) else _drawn()


def _drawn() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def kept_secret(path: Path) -> str:
    """Give the secret in this file; where there is none, draw one that only this user can read."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(drawn := _drawn())
        return drawn
    except FileExistsError:
        kept = path.read_text(encoding="ascii", errors="replace").strip()
    if len(kept) >= _SECRET_BYTES and re.fullmatch(r"[A-Za-z0-9_-]+", kept):
        return kept
    path.unlink()
    return kept_secret(path)


class _Server(uvicorn.Server):
    """Calls `ready` once requests are answered."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            threading.Thread(target=self._ready, daemon=True).start()


def bind(host: str, port: int) -> socket.socket:
    """Give a listening socket on this machine.

    Raises:
        CaseroomError: For a host that is not this machine's, and for a port that cannot be had.
    """
    if host not in LOOPBACK_NAMES:
        raise CaseroomError(
            f"Caseroom does not listen on {host!r}: local mode has no accounts.",
            allowed=", ".join(sorted(LOOPBACK_NAMES)),
            next_step="use 127.0.0.1, and an SSH tunnel to reach it from another machine.",
        )
    family = socket.AF_INET6 if host == "[::1]" else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise _no_port(port, error) from error
    return listening


def _no_port(port: int, error: Exception) -> CaseroomError:
    taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
    problem = f"Port {port} is in use." if taken else f"Port {port} cannot be used: {error}."
    return CaseroomError(
        problem,
        allowed="0 (any free port), or a free port from 1024 to 65535",
        next_step="close the program that uses it (another Caseroom?), "
        f"or try --port {_other(port)}.",
        code=ExitCode.ENVIRONMENT,
    )


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 0
