"""View values of the question bank and of practice: what web and command line show.

In: what use cases load. Out: frozen records of plain values; no example sentences and no anchor
answers among them, and no rubric before a drill is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Band, Category, PointKind, Round
from caseroom.service.views import DraftView
from caseroom.vocabulary.levels import Competency, Level

__all__ = [
    "AttemptCard",
    "AttemptView",
    "ContestView",
    "PartView",
    "PitfallCard",
    "PointCard",
    "QuestionCard",
    "QuestionFilter",
    "QuestionView",
    "ReportView",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """What a person looks for; an empty text means any. `answered` is "", "yes" or "no"."""

    text: str = ""
    category: str = ""
    round: str = ""
    level: str = ""
    vertical: str = ""
    competency: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """A question in a list.

    `times_answered` counts drills with an answer. `best_level` and `last_level` (1 to 5) are those
    of first answers in drills, before any feedback; None before the first one.
    """

    id: str
    title: str
    ask: str
    category: Category
    round: Round
    level: Level
    vertical: str
    competencies: tuple[Competency, ...]
    minutes: int
    times_answered: int
    best_level: int | None
    last_level: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCard:
    """A rubric point for study, without the examples that calibrate the grader."""

    id: str
    statement: str
    kind: PointKind
    weight: int
    gate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PitfallCard:
    """A mistake that people make with a question."""

    id: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptCard:
    """An attempt in a list.

    `level` is that of the first answer alone, `level_after` that with all follow-ups that were
    answered; None while nothing is graded. `state` is open or finished, `mode` drill or study.
    `origin` is the id of the interview that the question is retried from, else "".
    """

    id: str
    question: str
    title: str
    mode: str
    state: str
    origin: str
    started_at: datetime
    finished_at: datetime | None
    seconds: int
    level: int | None
    level_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question to study, with the attempts at it, newest first."""

    card: QuestionCard
    points: tuple[PointCard, ...]
    pitfalls: tuple[PitfallCard, ...]
    best_practices: tuple[str, ...]
    avoid: tuple[str, ...]
    vertical_points: Mapping[str, str]
    follow_ups: tuple[str, str]
    model_answer: str
    note: str
    attempts: tuple[AttemptCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestView:
    """A contested verdict: the machine's band, the person's band and why; newest last."""

    report_id: int
    point_id: str
    statement: str
    machine: Band
    band: Band
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report with the text that it is about: the answer and all follow-ups up to `part`.

    Offsets of the report's spans count characters of `text`. `contests` maps a point to the last
    thing that the person said against its verdict in this report.
    """

    id: int
    part: str
    text: str
    report: AnswerReport
    at: datetime
    contests: Mapping[str, ContestView]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartView:
    """A part of an attempt that was handed in, or the one whose turn it is.

    `prompt` is what the interviewer asks. `text` is what was handed in, None before that. `report`
    is the newest on the answer up to this part, `earlier` holds the ones before it, newest first.
    `seconds` are those of the text that was handed in, or of the draft.
    """

    part: str
    prompt: str
    text: str | None
    draft: DraftView | None
    seconds: int
    handed_in_at: datetime | None
    report: ReportView | None
    earlier: tuple[ReportView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """An attempt as it stands.

    `question` is the study view; None in a drill until the first answer is handed in. `parts` holds
    what was handed in and the part whose turn it is, in order; `turn` names that part ("answer",
    "follow_up_1", "follow_up_2"), "" when the attempt is finished. `drafts` maps parts to current
    drafts. `reports` are all of them, newest first; `seconds` all time used. `contests` are all
    that was ever contested, oldest first.
    """

    card: AttemptCard
    ask: QuestionCard
    question: QuestionView | None
    parts: tuple[PartView, ...]
    turn: str
    drafts: Mapping[str, DraftView]
    reports: tuple[ReportView, ...]
    contests: tuple[ContestView, ...]
    seconds: int

    @property
    def steps(self) -> tuple[ReportView, ...]:
        """Give the newest report per part, in order: before and after each follow-up."""
        return tuple(part.report for part in self.parts if part.report is not None)
