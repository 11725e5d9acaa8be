"""How far the builds of this process are.

In: progress calls of a build, in whatever thread. Out: a `BuildState` per case for polling pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from caseroom.case.contract import Progress
from caseroom.service.errands import Errands
from caseroom.service.views import BuildState

__all__ = ["Builds"]


class Builds:
    """Build states by case, shared between the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[str, BuildState] = {}
        self._errands = Errands()

    def state(self, case_id: str) -> BuildState | None:
        """Give the state of a build that this process runs or ran, None for no such build."""
        with self._lock:
            return self._states.get(case_id)

    def report(self, case_id: str, state: str, message: str, share: float) -> None:
        """Record how far a build is."""
        with self._lock:
            self._states[case_id] = BuildState(state=state, message=message, share=share)

    def forget(self, case_id: str) -> None:
        """Drop the state of a case that was deleted."""
        with self._lock:
            self._states.pop(case_id, None)

    def progress(self, case_id: str, also: Progress | None = None) -> Progress:
        """Give a progress function that records and passes on."""

        def tell(message: str, share: float) -> None:
            self.report(case_id, "building", message, min(max(share, 0.0), 1.0))
            if also is not None:
                also(message, share)

        return tell

    def start(self, case_id: str, work: Callable[[], None]) -> None:
        """Run `work` in a background thread unless one runs for this case already."""
        with self._lock:
            if not self._errands.runs(_name(case_id)):
                self._states[case_id] = BuildState(state="building", message="Starting", share=0.0)
                self._errands.start(_name(case_id), work)

    def wait(self, case_id: str, seconds: float) -> None:
        """Wait until the background build of a case ends, at most this long."""
        self._errands.wait(_name(case_id), seconds)


def _name(case_id: str) -> str:
    """Give the name of a build's thread."""
    return f"build-{case_id}"
