"""What practice needs from the store, as a protocol.

In: nothing. Out: `PracticeStore`, a part of `caseroom.service.ports.Store`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.grading.judge.report import JudgedReport
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band
from caseroom.service.practice_records import (
    AnswerRecord,
    AttemptRecord,
    AttemptReportRecord,
    ContestRecord,
    JudgmentRecord,
    Mode,
    Part,
    PartDraftRecord,
)

__all__ = ["PracticeStore"]


class PracticeStore(Protocol):
    """Attempts and their append-only events.

    Every method is one transaction. A method that names an attempt which is not there raises
    CaseroomError (NOT_FOUND).
    """

    def add_attempt(
        self, attempt_id: str, question: str, mode: Mode, origin: str, at: datetime
    ) -> AttemptRecord:
        """Add an open attempt, or give the open one of this question, mode and origin."""
        ...

    def attempt(self, attempt_id: str) -> AttemptRecord:
        """Give an attempt."""
        ...

    def attempts(self, question: str | None = None) -> tuple[AttemptRecord, ...]:
        """Give all attempts (at one question, if given), newest first."""
        ...

    def finish_attempt(self, attempt_id: str, at: datetime) -> AttemptRecord:
        """Close an attempt; one that is closed stays as it is."""
        ...

    def save_part_draft(
        self,
        attempt_id: str,
        part: Part,
        text: str,
        *,
        version: int,
        seconds: int,
        at: datetime,
    ) -> tuple[PartDraftRecord, PartDraftRecord | None]:
        """Save a part's text on top of `version` (0 for none).

        Gives the current draft and, when another text had come first, the caller's as kept.
        """
        ...

    def part_drafts(self, attempt_id: str) -> tuple[PartDraftRecord, ...]:
        """Give the current draft of every part."""
        ...

    def add_answer(
        self, attempt_id: str, part: Part, text: str, *, seconds: int, at: datetime
    ) -> AnswerRecord:
        """Save a part as handed in; the same text again is harmless.

        Raises CaseroomError for another text, for a part out of turn, and on a closed attempt.
        """
        ...

    def answers(self, attempt_id: str) -> tuple[AnswerRecord, ...]:
        """Give the parts that were handed in, in order."""
        ...

    def add_attempt_report(
        self, attempt_id: str, part: Part, report: AnswerReport, at: datetime, *, again: bool
    ) -> None:
        """Add a report; without `again`, a part that has one already keeps only that one."""
        ...

    def attempt_reports(self, attempt_id: str) -> tuple[AttemptReportRecord, ...]:
        """Give all reports, oldest first."""
        ...

    def ungraded(self) -> tuple[str, ...]:
        """Name the attempts that hold a part without a report."""
        ...

    def add_contest(
        self, attempt_id: str, *, report: int, point: str, band: Band, reason: str, at: datetime
    ) -> None:
        """Keep a contested verdict. Raises CaseroomError (NOT_FOUND) for an unknown report."""
        ...

    def contests(self, attempt_id: str) -> tuple[ContestRecord, ...]:
        """Give all contested verdicts, oldest first."""
        ...

    def add_judgment(
        self, attempt_id: str, *, report: int, asked: ModelIdentity, at: datetime
    ) -> int:
        """Keep that a model is asked beside a report, before it is; gives the judgment's number.

        Raises CaseroomError (NOT_FOUND) for an unknown report.
        """
        ...

    def finish_judgment(
        self,
        attempt_id: str,
        number: int,
        *,
        stands: str,
        notice: str,
        judged: JudgedReport | None,
    ) -> None:
        """Keep what became of a judgment; one that is done stays as it is."""
        ...

    def judgments(self, attempt_id: str) -> tuple[JudgmentRecord, ...]:
        """Give all judgments, oldest first; one of another version may be unreadable."""
        ...
