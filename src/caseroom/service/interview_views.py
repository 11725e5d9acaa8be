"""View values of interviews: what web and command line show.

In: what use cases load. Out: frozen records of plain values; nothing of a rubric before an
interview is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.rounds import RoundKind, Setup
from caseroom.interview.scales import Verdict
from caseroom.interview.status import Status
from caseroom.service.practice_views import AttemptCard
from caseroom.service.views import BuildState, DraftView

if TYPE_CHECKING:  # it loads a large library, and pages without a score can do without
    from caseroom.interview.scorecard import Scorecard

__all__ = [
    "ConcernView",
    "ExchangeView",
    "HistoryView",
    "InterviewCard",
    "InterviewCase",
    "InterviewView",
    "ScorecardView",
    "TalkView",
    "TrendView",
    "TurnView",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewCard:
    """An interview in a list.

    `minutes` include extra time. `state` is running, paused or closed; `ended` is "" while it runs,
    else complete, time or broken_off. `answers` counts questions and concerns that were answered.
    The overall score (1 to 5), its bounds and the verdict are None until it is closed with
    something to score.
    """

    id: str
    title: str
    role: str
    level: str
    vertical: str
    rounds: tuple[RoundKind, ...]
    minutes: int
    started_at: datetime
    ended_at: datetime | None
    state: str
    ended: str
    answers: int
    overall: float | None
    low: float | None
    high: float | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewCase:
    """The case of the present turn; `case_id` is "" until it is opened."""

    case_id: str
    kind: str
    build: BuildState | None
    graded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewView:
    """An interview at its exact place.

    `status` holds phase, prompt, seconds left at `at` (the server's clock) and transcript. `turn`
    names what is asked now: an answer that names another turn is not taken. `draft` is what was
    typed at this turn. `speakers` maps everybody who spoke so far to a name to show.
    """

    card: InterviewCard
    setup: Setup
    status: Status
    turn: str
    draft: DraftView | None
    case: InterviewCase | None
    speakers: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendView:
    """How overall scores went from interview to interview, oldest first.

    `slope` is the change per interview by weighted least squares with its 95% bounds, None for
    fewer than four. The sentence says a direction only when the bounds have one, and how it knows.
    """

    scores: tuple[float, ...]
    slope: float | None
    low: float | None
    high: float | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """All interviews, newest first, and the trend of those that were scored."""

    interviews: tuple[InterviewCard, ...]
    trend: TrendView


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeView:
    """One prompt with its answer. `report` grades `text`: all answers of the question up to it.

    `ended` is answered, skipped, time or unusable.
    """

    part: str
    prompt: str
    answer: str
    seconds: float
    ended: str
    text: str
    report: AnswerReport


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A question as it went, with later attempts at it from this interview, newest first."""

    question: str
    title: str
    ask: str
    round: int
    kind: RoundKind
    exchanges: tuple[ExchangeView, ...]
    retries: tuple[AttemptCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernView:
    """One answer to a stakeholder's concern: what it did to their trust (0 to 10), and why."""

    topic: str
    asked: str
    answer: str
    outcome: str
    before: int
    after: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkView:
    """A conversation with a stakeholder."""

    name: str
    title: str
    trust: int
    concerns: tuple[ConcernView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardView:
    """The panel's result of a closed interview with everything that it rests on.

    `verdict_words` says each verdict of the scorecard in words. `cases` maps a case of the
    interview to its score (None where it has none).
    """

    card: InterviewCard
    setup: Setup
    scorecard: Scorecard
    verdict_words: Mapping[Verdict, str]
    turns: tuple[TurnView, ...]
    talks: tuple[TalkView, ...]
    cases: Mapping[str, float | None]
