"""The state of an interview: everything that a resume after a crash needs.

In: nothing (value types). Out: what the machine folds events into, pages show and the panel scores.
The questions are kept in the state, so that a later version of the bank can't change the words of
an interview that runs. The state holds the rubric: show `Status` (`machine.status`) to candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.clock import Clock
from caseroom.interview.personas import Persona
from caseroom.interview.rounds import RoundKind, Setup
from caseroom.questions.model import Question
from caseroom.vocabulary.levels import Level, Vertical

__all__ = [
    "CaseRequest",
    "CaseTurn",
    "ConcernTurn",
    "Exchange",
    "Outcome",
    "Part",
    "Phase",
    "QuestionTurn",
    "RoundScript",
    "Say",
    "SayKind",
    "State",
    "Talk",
]


class Phase(StrEnum):
    """Where an interview stands: what it waits for."""

    OPENING = "opening"
    QUESTION = "question"
    FOLLOW_UP_1 = "follow_up_1"
    FOLLOW_UP_2 = "follow_up_2"
    PROBE = "probe"
    CASE = "case"
    STAKEHOLDER = "stakeholder"
    CANDIDATE_QUESTIONS = "candidate_questions"
    CLOSE = "close"
    CLOSED = "closed"


class Part(StrEnum):
    """The parts of a question's turn, in order."""

    ANSWER = "answer"
    FOLLOW_UP_1 = "follow_up_1"
    FOLLOW_UP_2 = "follow_up_2"
    PROBE = "probe"


class SayKind(StrEnum):
    """What a line of the transcript is for. ANSWER and CANDIDATE_ASKS are the candidate's."""

    GREETING = "greeting"
    ROUND = "round"
    ASK = "ask"
    FOLLOW_UP = "follow_up"
    PROBE = "probe"
    REACTION = "reaction"
    REPEAT = "repeat"
    NUDGE = "nudge"
    TIME_UP = "time_up"
    CASE = "case"
    CONCERN = "concern"
    STAKEHOLDER = "stakeholder"
    INVITE = "invite"
    REPLY = "reply"
    CLOSE = "close"
    ANSWER = "answer"
    CANDIDATE_ASKS = "candidate_asks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """One line: who ("interviewer", "candidate" or a persona's id), what for, the words, when.

    `round` is the index of the round (-1 outside of rounds), `about` the question's or concern's
    id, or "".
    """

    speaker: str
    kind: SayKind
    text: str
    at: datetime
    round: int = -1
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRequest:
    """The case that a round asks for; `seconds` is the time for it, extra time included."""

    kind: str
    level: Level
    vertical: Vertical
    seed: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundScript:
    """What a round will hold: its questions in order, a case, a stakeholder."""

    kind: RoundKind
    minutes: int
    case_minutes: int
    questions: tuple[Question, ...]
    case: CaseRequest | None = None
    persona: Persona | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One prompt and what came back.

    `seconds` is the time on the clock from the prompt to the end of the answer, a repetition
    included. `ended` is "answered", "skipped", "time" (taken as it stood) or "unusable" (passed
    over after a repetition).
    """

    part: Part
    prompt: str
    answer: str
    at: datetime
    seconds: float
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTurn:
    """A question as it went.

    `reports[i]` grades the texts of `exchanges[:i + 1]` together: before and after each follow-up.
    `repeated` says that the interviewer repeated a prompt (once per question at most). `done` is
    false while the question is under way. `attempts` are unusable answers before a repetition.
    """

    question: str
    round: int
    exchanges: tuple[Exchange, ...] = ()
    reports: tuple[AnswerReport, ...] = ()
    repeated: bool = False
    attempts: tuple[str, ...] = ()
    done: bool = False

    @property
    def probed(self) -> bool:
        """Say whether the adaptive probe was answered."""
        return any(exchange.part is Part.PROBE for exchange in self.exchanges)


class Outcome(StrEnum):
    """What an answer did to a stakeholder's concern."""

    ADDRESSED = "addressed"
    HALF = "half"
    EVADED = "evaded"
    OVER_PROMISED = "over_promised"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernTurn:
    """One answer to a concern: trust (0..10) before and after, and why it moved."""

    concern: str
    attempt: int
    answer: str
    at: datetime
    outcome: Outcome
    before: int
    after: int
    why: str
    report: AnswerReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation with a stakeholder; `trust` runs from 0 to 10."""

    persona: str
    round: int
    trust: int
    turns: tuple[ConcernTurn, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTurn:
    """A case round. `status`: requested, open, finished, skipped, or time (a result may follow)."""

    request: CaseRequest
    round: int
    asked_at: datetime
    status: str = "requested"
    case_id: str = ""
    score: float | None = None
    passed: bool | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An interview. `round`, `item` and `concern` are indices of what is under way.

    `prompt` is what the candidate was last asked. `nudged` says that the turn's end was announced.
    `ended` is "" while it runs, else "complete", "time" or "broken off".
    """

    setup: Setup
    script: tuple[RoundScript, ...]
    clock: Clock
    phase: Phase = Phase.OPENING
    round: int = -1
    item: int = 0
    concern: int = 0
    prompt: str = ""
    nudged: bool = False
    turns: tuple[QuestionTurn, ...] = ()
    talks: tuple[Talk, ...] = ()
    cases: tuple[CaseTurn, ...] = ()
    asked_back: tuple[str, ...] = ()
    transcript: tuple[Say, ...] = ()
    ended: str = ""

    @property
    def question(self) -> Question:
        """Give the question that is under way."""
        return self.script[self.round].questions[self.item]
