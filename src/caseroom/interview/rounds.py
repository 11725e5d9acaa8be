"""What an interview consists of: rounds, minutes, role, level and the settings of a person.

In: choices of a person. Out: a checked `Setup`, or an error that says what is allowed. Kinds and
lengths of rounds follow published loops of employers (docs/reference/interview.md names them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from caseroom.case.registry import kind_ids
from caseroom.questions.model import Round
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level, Vertical

__all__ = [
    "EXTRA_TIMES",
    "PRESETS",
    "ROLE_WEIGHTS",
    "Preset",
    "Role",
    "RoundKind",
    "RoundPlan",
    "Setup",
    "bank_rounds",
    "check_setup",
    "make_setup",
    "spare_rounds",
]


class RoundKind(StrEnum):
    """The rounds that an interview can have."""

    SCREEN = "screen"
    CRAFT = "craft"
    ANALYTICAL = "analytical"
    EXPERIMENT = "experiment"
    BEHAVIORAL = "behavioral"
    TECH = "tech"
    STRATEGY = "strategy"
    STAKEHOLDER = "stakeholder"


class Role(StrEnum):
    """Variants of the job: data and platforms as products, analytics, products with models."""

    PLATFORM = "platform"
    ANALYTICS = "analytics"
    ML = "ml"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """One round: its kind and minutes; the last `case_minutes` of them are spent in a case room."""

    kind: RoundKind
    minutes: int
    case_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a person chose.

    `closing_minutes` are for the candidate's own questions. `extra_time` multiplies every limit.
    `pauses` says whether the candidate may stop the clock. `case_kind` and `persona` may be empty:
    then the seed chooses. The same setup, bank and history give the same interview.
    """

    role: Role
    level: Level
    vertical: Vertical
    rounds: tuple[RoundPlan, ...]
    seed: int
    closing_minutes: int = 4
    extra_time: float = 1.0
    pauses: bool = True
    case_kind: str = ""
    persona: str = ""

    @property
    def minutes(self) -> int:
        """Give the length of the whole interview before extra time."""
        return sum(plan.minutes for plan in self.rounds) + self.closing_minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A ready-made choice of rounds."""

    id: str
    title: str
    summary: str
    rounds: tuple[RoundPlan, ...]
    closing_minutes: int


EXTRA_TIMES = (1.0, 1.25, 1.5, 2.0)
"""Factors on all limits that a person may choose."""

_SHORTEST, _LONGEST = 5, 90
_LONGEST_CASE = 75
_SHORTEST_CASE = 5
_MOST_ROUNDS = 8


def _plan(kind: RoundKind, minutes: int, case: int = 0) -> RoundPlan:
    return RoundPlan(kind=kind, minutes=minutes, case_minutes=case)


def _single(kind: RoundKind, title: str, minutes: int, summary: str) -> Preset:
    return Preset(
        id=kind.value,
        title=title,
        summary=summary,
        rounds=(_plan(kind, minutes),),
        closing_minutes=0,
    )


PRESETS: tuple[Preset, ...] = (
    Preset(
        id="loop-45",
        title="Full loop in 45 minutes",
        summary="Screen, analytical, tech with a short case, behavioral, your questions.",
        rounds=(
            _plan(RoundKind.SCREEN, 6),
            _plan(RoundKind.ANALYTICAL, 11),
            _plan(RoundKind.TECH, 15, case=9),
            _plan(RoundKind.BEHAVIORAL, 10),
        ),
        closing_minutes=3,
    ),
    Preset(
        id="loop-90",
        title="Half-day loop in 90 minutes",
        summary="Screen, analytical, tech with a case, behavioral and a skeptical stakeholder.",
        rounds=(
            _plan(RoundKind.SCREEN, 8),
            _plan(RoundKind.ANALYTICAL, 18),
            _plan(RoundKind.TECH, 30, case=20),
            _plan(RoundKind.BEHAVIORAL, 17),
            _plan(RoundKind.STAKEHOLDER, 12),
        ),
        closing_minutes=5,
    ),
    Preset(
        id="loop-240",
        title="Full on-site loop",
        summary="Every round at the length that employers give it: a day, with breaks as you like.",
        rounds=(
            _plan(RoundKind.SCREEN, 20),
            _plan(RoundKind.ANALYTICAL, 40),
            _plan(RoundKind.TECH, 65, case=45),
            _plan(RoundKind.EXPERIMENT, 25),
            _plan(RoundKind.BEHAVIORAL, 35),
            _plan(RoundKind.STRATEGY, 30),
            _plan(RoundKind.STAKEHOLDER, 15),
        ),
        closing_minutes=10,
    ),
    _single(RoundKind.SCREEN, "Screening talk", 20, "What the role is about, and why you."),
    _single(
        RoundKind.CRAFT,
        "Data product craft",
        30,
        "From need to data product: scope, roles, quality.",
    ),
    _single(RoundKind.ANALYTICAL, "Analytical thinking", 40, "Metrics, and why a figure moved."),
    _single(RoundKind.EXPERIMENT, "Experiments and causes", 30, "Tests, and what shows a cause."),
    _single(RoundKind.BEHAVIORAL, "Past behavior", 35, "Stories of what you did yourself."),
    Preset(
        id="tech",
        title="Data and technology with a case",
        summary="Questions on data, models and privacy, then 40 minutes in a case room.",
        rounds=(_plan(RoundKind.TECH, 60, case=40),),
        closing_minutes=0,
    ),
    _single(
        RoundKind.STRATEGY, "Strategy and priorities", 30, "What to build, what to leave, and why."
    ),
    _single(
        RoundKind.STAKEHOLDER,
        "A skeptical stakeholder",
        15,
        "A colleague with four doubts and little trust.",
    ),
)
"""Ready-made interviews, shortest full loop first."""

_BANK_ROUNDS: Mapping[RoundKind, tuple[Round, ...]] = {
    RoundKind.SCREEN: (Round.SCREEN,),
    RoundKind.CRAFT: (Round.CRAFT, Round.PRODUCT_SENSE),
    RoundKind.ANALYTICAL: (Round.ANALYTICAL,),
    RoundKind.EXPERIMENT: (Round.EXPERIMENT,),
    RoundKind.BEHAVIORAL: (Round.BEHAVIORAL,),
    RoundKind.TECH: (Round.DATA_TECH, Round.ML, Round.GOVERNANCE),
    RoundKind.STRATEGY: (Round.STRATEGY, Round.PRODUCT_SENSE),
    RoundKind.STAKEHOLDER: (),
}
_SPARE_ROUNDS: Mapping[RoundKind, tuple[Round, ...]] = {
    RoundKind.SCREEN: (Round.BEHAVIORAL, Round.PRODUCT_SENSE),
    RoundKind.CRAFT: (Round.DATA_TECH,),
    RoundKind.ANALYTICAL: (Round.EXPERIMENT, Round.CASE),
    RoundKind.EXPERIMENT: (Round.ANALYTICAL,),
    RoundKind.BEHAVIORAL: (Round.SCREEN,),
    RoundKind.TECH: (Round.CRAFT,),
    RoundKind.STRATEGY: (Round.CASE, Round.CRAFT),
    RoundKind.STAKEHOLDER: (),
}


def bank_rounds(kind: RoundKind) -> tuple[Round, ...]:
    """Give the parts of the bank that a round draws its questions from."""
    return _BANK_ROUNDS[kind]


def spare_rounds(kind: RoundKind) -> tuple[Round, ...]:
    """Give the parts of the bank to draw from when a person has had all of the first ones."""
    return _SPARE_ROUNDS[kind]


_C = Competency
ROLE_WEIGHTS: Mapping[Role, Mapping[Competency, float]] = {
    Role.PLATFORM: {
        **dict.fromkeys(Competency, 1.0),
        **dict.fromkeys((_C.PLATFORM, _C.QUALITY, _C.LIFECYCLE), 3.0),
        **dict.fromkeys((_C.GOVERNANCE, _C.DELIVERY, _C.STRATEGY), 2.0),
        **dict.fromkeys((_C.MODELLING, _C.EXPERIMENTS), 0.5),
    },
    Role.ANALYTICS: {
        **dict.fromkeys(Competency, 1.0),
        **dict.fromkeys((_C.METRICS, _C.EXPERIMENTS, _C.ANALYSIS), 3.0),
        **dict.fromkeys((_C.DIAGNOSIS, _C.STORY, _C.DECISIONS), 2.0),
        **dict.fromkeys((_C.PLATFORM, _C.MODELLING), 0.5),
    },
    Role.ML: {
        **dict.fromkeys(Competency, 1.0),
        **dict.fromkeys((_C.MODELLING, _C.GOVERNANCE, _C.EXPERIMENTS), 3.0),
        **dict.fromkeys((_C.QUALITY, _C.DECISIONS, _C.METRICS), 2.0),
        **dict.fromkeys((_C.LIFECYCLE,), 0.5),
    },
}
"""How much more often a role's interview asks for a competency; our choice, from job ads' words."""

_Word = TypeVar("_Word", bound=StrEnum)


def make_setup(
    *,
    role: str = "analytics",
    level: str = "mid",
    vertical: str = "saas",
    preset: str = "",
    rounds: Sequence[tuple[str, int]] = (),
    with_case: bool | None = None,
    closing_minutes: int | None = None,
    extra_time: float = 1.0,
    pauses: bool = True,
    case_kind: str = "",
    persona: str = "",
    seed: int,
) -> Setup:
    """Turn what a form or command line holds into a checked setup.

    Either `preset` or `rounds` (kind and minutes each). `with_case` adds a case to the tech round
    (or removes it); None keeps the preset's choice.

    Raises:
        CaseroomError: For an unknown word or a number out of range.
    """
    plans, closing = _chosen_rounds(preset, rounds)
    setup = Setup(
        role=_word(Role, role, "role"),
        level=_word(Level, level, "level"),
        vertical=_word(Vertical, vertical, "vertical"),
        rounds=tuple(_with_case(plan, with_case) for plan in plans),
        seed=seed,
        closing_minutes=closing if closing_minutes is None else closing_minutes,
        extra_time=extra_time,
        pauses=pauses,
        case_kind=case_kind,
        persona=persona,
    )
    check_setup(setup)
    return setup


def _chosen_rounds(
    preset: str, rounds: Sequence[tuple[str, int]]
) -> tuple[tuple[RoundPlan, ...], int]:
    """Give the rounds and the closing minutes of a preset or of a list."""
    if rounds:
        plans = tuple(_plan(_word(RoundKind, kind, "round"), minutes) for kind, minutes in rounds)
        return plans, 3
    chosen = next((known for known in PRESETS if known.id == (preset or "loop-45")), None)
    if chosen is None:
        raise CaseroomError(
            f"There is no ready-made interview {preset!r}.",
            allowed=", ".join(known.id for known in PRESETS),
            next_step="Choose one of these, or name the rounds and their minutes.",
        )
    return chosen.rounds, chosen.closing_minutes


def _with_case(plan: RoundPlan, wanted: bool | None) -> RoundPlan:
    """Give a tech round its case, or take it away."""
    if plan.kind is not RoundKind.TECH or wanted is None:
        return plan
    share = plan.case_minutes or plan.minutes * 3 // 5
    return _plan(plan.kind, plan.minutes, share if wanted else 0)


def _word(kind: type[_Word], text: str, what: str) -> _Word:
    """Read one word of a closed list."""
    try:
        return kind(text)
    except ValueError:
        raise CaseroomError(
            f"There is no {what} {text!r}.",
            allowed=", ".join(kind),
            next_step=f"Choose one of these as the {what}.",
        ) from None


def check_setup(setup: Setup) -> None:
    """Refuse a setup that can't be held. Raises CaseroomError."""
    if not 1 <= len(setup.rounds) <= _MOST_ROUNDS:
        raise _refusal(f"The interview has {len(setup.rounds)} rounds", f"1 to {_MOST_ROUNDS}")
    for plan in setup.rounds:
        _check_plan(plan)
    if not 0 <= setup.closing_minutes <= 30:
        raise _refusal(f"{setup.closing_minutes} closing minutes", "0 to 30")
    if setup.extra_time not in EXTRA_TIMES:
        factors = ", ".join(f"{factor:g}" for factor in EXTRA_TIMES)
        raise _refusal(f"Extra time of {setup.extra_time:g}", factors)
    if setup.case_kind and setup.case_kind not in kind_ids():
        raise _refusal(f"There is no case kind {setup.case_kind!r}", ", ".join(kind_ids()))
    if setup.seed < 0:
        raise _refusal(f"The seed is {setup.seed}", "a whole number from 0")


def _check_plan(plan: RoundPlan) -> None:
    """Refuse a round that is too short, too long, or whose case doesn't fit."""
    if not _SHORTEST <= plan.minutes <= _LONGEST:
        where = f"The {plan.kind} round has {plan.minutes} minutes"
        raise _refusal(where, f"{_SHORTEST} to {_LONGEST} minutes")
    if not plan.case_minutes:
        return
    if plan.kind is not RoundKind.TECH:
        raise _refusal(f"The {plan.kind} round has a case", "a case in the tech round")
    most = min(plan.minutes, _LONGEST_CASE)
    if not _SHORTEST_CASE <= plan.case_minutes <= most:
        where = f"The case has {plan.case_minutes} of the round's {plan.minutes} minutes"
        raise _refusal(where, f"{_SHORTEST_CASE} to {most} minutes")


def _refusal(problem: str, allowed: str) -> CaseroomError:
    """Give the error for a value out of range."""
    return CaseroomError(
        f"{problem}.", allowed=allowed, next_step="Change the settings and start again."
    )
