"""What the language-model judge says about an answer.

In: nothing (value types). Out: what practice pages and commands show, always beside the offline
report. A report is immutable; judging again makes a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caseroom.grading.evidence import Span
from caseroom.grading.judge.endpoint import FailureKind, ModelIdentity
from caseroom.grading.text.report import AnswerReport, PointVerdict
from caseroom.questions.model import Band

__all__ = [
    "JUDGE",
    "Alarm",
    "AlarmKind",
    "JudgeSettings",
    "JudgedPoint",
    "JudgedReport",
    "Mark",
    "Outcome",
    "Run",
    "Usage",
    "Vote",
]

JUDGE = "judge-1"
"""Version of prompt, checks and counting; a change of behavior is a new version."""


class Mark(StrEnum):
    """The only verdicts that a model may give on a point."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    CONTRADICTED = "contradicted"
    CANNOT_TELL = "cannot_tell"


class Outcome(StrEnum):
    """Whose verdict stands."""

    JUDGED = "judged"
    FAILED = "failed"
    NOT_ASKED = "not asked"


class AlarmKind(StrEnum):
    """What a person should look at before believing the model."""

    UNVERIFIED_QUOTE = "credit without a quote from the answer"
    FAR_FROM_OFFLINE = "two bands from the offline grader"
    INSTRUCTION = "instruction to the grader"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSettings:
    """How a model is asked: `runs` times in other orders of the points, at this temperature."""

    runs: int = 3
    temperature: float = 0.5
    most_tokens: int = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One run's verdict on one point, after the checks.

    `claimed` is what the model said first, `mark` what is left of it: credit without a verified
    quote ends as CANNOT_TELL. `span` is the quote in the answer's own characters.
    """

    point: str
    claimed: Mark
    mark: Mark
    reason: str
    span: Span | None

    @property
    def is_unverified(self) -> bool:
        """Say whether credit was claimed and found no words to rest on."""
        return self.claimed in (Mark.MET, Mark.PARTLY) and self.mark is Mark.CANNOT_TELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was used: requests that led to a reply, and tokens.

    Tokens are None when a server did not count them, or was left before it did.
    """

    requests: int = 0
    tokens_in: int | None = 0
    tokens_out: int | None = 0

    def __add__(self, other: Usage) -> Usage:
        """Add up; an unknown part makes the sum unknown."""
        return Usage(
            requests=self.requests + other.requests,
            tokens_in=_sum(self.tokens_in, other.tokens_in),
            tokens_out=_sum(self.tokens_out, other.tokens_out),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One time that the model was asked about all points, in `order`.

    A run that failed has no votes; `failed` says how it ended and `failures` why. A run with votes
    may hold failures, too: a reply that was repaired, a second look that was not answered. `form`
    says how far the server bound the reply: "json schema", "json mode" or "plain".
    """

    order: tuple[str, ...]
    votes: tuple[Vote, ...]
    failures: tuple[str, ...]
    usage: Usage
    failed: FailureKind | None = None
    model: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPoint:
    """The verdict that stands on a point, with every vote and the offline band beside it.

    `verdict.method` says who gave it: where the model could not tell, the offline verdict stands.
    `agreement` is how many of the runs that count gave this verdict, for instance "2 of 3".
    """

    verdict: PointVerdict
    votes: tuple[Vote, ...]
    agreement: str
    offline: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that speaks against the model's verdict; `point` is "" for the whole answer."""

    kind: AlarmKind
    point: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReport:
    """Everything that is known about one judgment.

    Level and score bounds mean what they mean in `AnswerReport` and come from the same formula,
    never from the model. For outcomes other than JUDGED they and the points are the offline
    grader's, and `why` says what happened. `prompt_sha256` is the digest of instructions, rubric
    and schema without the answer. `cost_millionths` is in millionths of the currency in which the
    person gave prices; None when prices or token counts are unknown.
    """

    judge: str
    outcome: Outcome
    why: str
    identity: ModelIdentity
    settings: JudgeSettings
    prompt_sha256: str
    points: tuple[JudgedPoint, ...]
    alarms: tuple[Alarm, ...]
    level: int
    level_low: int
    level_high: int
    score_low: float
    score_high: float
    runs: tuple[Run, ...]
    usage: Usage
    cost_millionths: int | None
    offline: AnswerReport

    @property
    def failures(self) -> tuple[str, ...]:
        """Give everything that went wrong, in the order in which it did."""
        return tuple(failure for run in self.runs for failure in run.failures)

    @property
    def models(self) -> tuple[str, ...]:
        """Give the names by which the server called the model, each once."""
        return tuple(dict.fromkeys(run.model for run in self.runs if run.model))

    @property
    def cost(self) -> str:
        """Give the cost as a person reads it, in the currency of the configured prices."""
        if self.cost_millionths is None:
            return "unknown"
        return f"{self.cost_millionths / 1_000_000:.4f}"


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
