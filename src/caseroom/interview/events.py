"""What can happen to an interview, as values that are kept and replayed.

In: nothing (value types). Out: events for `machine.step`; each is recorded with its instant.
"""

from __future__ import annotations

import msgspec

__all__ = [
    "Answered",
    "CaseFinished",
    "CaseOpened",
    "Ended",
    "Event",
    "Paused",
    "Resumed",
    "Skipped",
    "Tick",
]


class Answered(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The candidate said something (in the opening: that they are ready)."""

    text: str


class Skipped(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The candidate passes: on a question, a follow-up, a concern, a case, a phase."""


class Paused(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The clock stops.

    `by` is "candidate", or "system" (a lost connection, a restart), which is always allowed.
    """

    by: str = "candidate"


class Resumed(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The clock runs again, where it stood."""


class CaseOpened(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The requested case is built and on the candidate's screen; waiting for it cost no time."""

    case_id: str


class CaseFinished(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The case was graded: total (0..100) and its pass mark reached; None when it has no result.

    May come late: after the round's time, even after the interview's end.
    """

    case_id: str
    score: float | None = None
    passed: bool | None = None
    summary: str = ""


class Tick(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """Time passed; `draft` is what stands in the answer box and is taken when time is up."""

    draft: str = ""


class Ended(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """The candidate breaks the interview off."""


Event = Answered | Skipped | Paused | Resumed | CaseOpened | CaseFinished | Tick | Ended
