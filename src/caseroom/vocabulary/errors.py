"""The errors a person may meet, each with what was wrong, what is allowed and the next step.

In: the facts of a refusal. Out: one exception type that web, CLI and library print the same way.
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["CaseroomError", "ExitCode"]


class ExitCode(IntEnum):
    """Exit codes of the command line (documented in docs/reference/cli.md)."""

    OK = 0
    CHECK_FAILED = 1
    BAD_INPUT = 2
    NOT_FOUND = 3
    ENVIRONMENT = 4
    DAMAGED = 5
    UNEXPECTED = 70
    INTERRUPTED = 130


class CaseroomError(Exception):
    """A refusal that a person can act on.

    Args:
        problem: What was wrong, naming the value.
        allowed: What would have been accepted; empty where nothing would.
        next_step: What to do now.
        code: Exit code of the command line for this error.
    """

    def __init__(
        self,
        problem: str,
        *,
        allowed: str = "",
        next_step: str = "",
        code: ExitCode = ExitCode.BAD_INPUT,
    ) -> None:
        self.problem = problem
        self.allowed = allowed
        self.next_step = next_step
        self.code = code
        super().__init__(" ".join(self.lines()))

    def lines(self) -> tuple[str, ...]:
        """Give the parts as sentences, in the order in which they are shown."""
        allowed = f"Allowed: {self.allowed}." if self.allowed else ""
        next_step = f"Next: {self.next_step}" if self.next_step else ""
        return tuple(line for line in (self.problem, allowed, next_step) if line)
