"""What interviews need from the store, as a protocol.

In: nothing. Out: `InterviewStore`, a part of `caseroom.service.ports.Store`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from caseroom.service.interview_records import (
    EventRecord,
    Graded,
    InterviewRecord,
    TurnAnswerRecord,
)
from caseroom.service.records import DraftRecord

__all__ = ["InterviewStore"]


class InterviewStore(Protocol):
    """Interviews and their append-only events.

    Every method is one transaction. A method that names an interview which is not there raises
    CaseroomError (NOT_FOUND).
    """

    def add_interview(
        self, interview_id: str, *, setup: Mapping[str, Any], begun: str, at: datetime
    ) -> InterviewRecord:
        """Add an interview in its first state."""
        ...

    def interview(self, interview_id: str) -> InterviewRecord:
        """Give an interview."""
        ...

    def interviews(self) -> tuple[InterviewRecord, ...]:
        """Give all interviews, newest first."""
        ...

    def open_interviews(self) -> tuple[str, ...]:
        """Give the ids of all interviews that are not over, oldest first."""
        ...

    def asked_questions(self) -> frozenset[str]:
        """Give the ids of all questions that were asked in any interview."""
        ...

    def add_interview_event(
        self,
        interview_id: str,
        *,
        number: int,
        turn: str,
        event: str,
        graded: tuple[Graded, ...],
        state: str,
        asked: Collection[str],
        closed: bool,
        at: datetime,
    ) -> bool:
        """Add the event `number` with the state after it; False when there is one already."""
        ...

    def interview_events(self, interview_id: str) -> tuple[EventRecord, ...]:
        """Give all events, in order."""
        ...

    def seen_interview(self, interview_id: str, at: datetime) -> None:
        """Record a sign of life."""
        ...

    def save_turn_draft(
        self, interview_id: str, turn: str, text: str, *, version: int, at: datetime
    ) -> tuple[DraftRecord, DraftRecord | None]:
        """Save what was typed at a turn on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        """
        ...

    def turn_draft(self, interview_id: str, turn: str) -> DraftRecord | None:
        """Give the current draft of a turn."""
        ...

    def add_turn_answer(
        self, interview_id: str, turn: str, text: str, at: datetime
    ) -> TurnAnswerRecord:
        """Save what is handed in at a turn; gives what was handed in first."""
        ...

    def turn_answer(self, interview_id: str, turn: str) -> TurnAnswerRecord | None:
        """Give what was handed in at a turn."""
        ...

    def link_case(self, interview_id: str, turn: str, case_id: str, at: datetime) -> str:
        """Link a case to a turn; gives the case that was linked first."""
        ...

    def linked_case(self, interview_id: str, turn: str) -> str | None:
        """Give the case of a turn."""
        ...

    def interview_of_case(self, case_id: str) -> str | None:
        """Give the interview that a case belongs to."""
        ...
