"""Work that goes on behind a page that answered already.

In: a name and what to do. Out: a thread of this process per name, for those who want to wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["Errands"]


class Errands:
    """Background threads by name. They end with the process, however far they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own; the caller sees to it that no name runs twice."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        with self._lock:
            ended = [key for key, other in self._threads.items() if not other.is_alive()]
            for key in ended:
                del self._threads[key]
            thread.start()
            self._threads[name] = thread

    def runs(self, name: str) -> bool:
        """Say whether work of this name is under way in this process."""
        with self._lock:
            thread = self._threads.get(name)
        return thread is not None and thread.is_alive()

    def wait(self, name: str, seconds: float) -> None:
        """Wait until the work of this name ends, at most this long."""
        with self._lock:
            thread = self._threads.get(name)
        if thread is not None:
            thread.join(seconds)
