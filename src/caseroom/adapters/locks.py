"""Locks between processes, let go by the operating system when a process ends however it ends.

In: a path. Out: whether the lock was free; nobody waits.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["hold"]


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold the lock at `path` while the block runs; gives False when another holder has it."""
    with path.open("a+b") as file:
        mine = _take(file)
        try:
            yield mine
        finally:
            if mine:
                _release(file)


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
