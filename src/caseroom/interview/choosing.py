"""Which questions an interview asks: the same for the same setup, bank and history.

In: a setup, the bank, the ids asked in the person's earlier interviews. Out: the script of rounds.
Chance comes from a digest of seed and question id, so that a question added to the bank changes no
other question's draw. Weighted draw without replacement: Efraimidis and Spirakis 2006,
https://doi.org/10.1016/j.ipl.2005.11.003.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Sequence

from caseroom.case.registry import kind_ids
from caseroom.interview.personas import Persona, find_persona
from caseroom.interview.rounds import (
    ROLE_WEIGHTS,
    RoundKind,
    RoundPlan,
    Setup,
    bank_rounds,
    check_setup,
    spare_rounds,
)
from caseroom.interview.state import CaseRequest, RoundScript
from caseroom.questions.model import Question
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level

__all__ = ["QUESTION_MINUTES", "choose_rounds", "questions_for"]

QUESTION_MINUTES = 5
"""Planned length of a question with its follow-ups; a round of fewer minutes gets one question."""

_LEVELS = tuple(Level)
_FARTHER = 0.5
"""How much less likely a question is for each level that it lies below the setup's."""


def questions_for(plan: RoundPlan) -> int:
    """Give how many questions a round plans for, outside of its case."""
    if plan.kind is RoundKind.STAKEHOLDER:
        return 0
    return max(1, (plan.minutes - plan.case_minutes) // QUESTION_MINUTES)


def choose_rounds(
    setup: Setup,
    bank: Sequence[Question],
    asked_before: Collection[str],
    personas: Sequence[Persona],
) -> tuple[RoundScript, ...]:
    """Give the script of the interview.

    Raises:
        CaseroomError: For a setup that can't be held, or when a round has no question.
    """
    check_setup(setup)
    covered: Counter[Competency] = Counter()
    taken: set[str] = set()
    scripts: list[RoundScript] = []
    for number, plan in enumerate(setup.rounds):
        chosen = _questions(setup, plan, bank, asked_before, covered, taken)
        scripts.append(
            RoundScript(
                kind=plan.kind,
                minutes=plan.minutes,
                case_minutes=plan.case_minutes,
                questions=chosen,
                case=_case(setup, plan, number),
                persona=_persona(setup, number, personas, scripts)
                if plan.kind is RoundKind.STAKEHOLDER
                else None,
            )
        )
    return tuple(scripts)


def _questions(
    setup: Setup,
    plan: RoundPlan,
    bank: Sequence[Question],
    asked_before: Collection[str],
    covered: Counter[Competency],
    taken: set[str],
) -> tuple[Question, ...]:
    """Draw a round's questions one by one; `covered` and `taken` grow."""
    chosen: list[Question] = []
    for _ in range(questions_for(plan)):
        pool = _pool(setup, plan.kind, bank, asked_before, taken)
        if not pool:
            break
        best = max(pool, key=lambda question: _draw(setup, question, covered))
        chosen.append(best)
        taken.add(best.id)
        covered.update(best.competencies)
    if not chosen and plan.kind is not RoundKind.STAKEHOLDER:
        raise CaseroomError(
            f"The bank has no question for a {plan.kind} round at level {setup.level} "
            f"in {setup.vertical}.",
            allowed="a round, level and industry that the bank has questions for",
            next_step="Choose a higher level or another round.",
        )
    return tuple(chosen)


def _pool(
    setup: Setup,
    kind: RoundKind,
    bank: Sequence[Question],
    asked_before: Collection[str],
    taken: Collection[str],
) -> list[Question]:
    """Give what may be drawn: new questions first, then new spare ones, then old ones.

    Only where a round has nothing at the person's level, a question of the next higher one is fair.
    """
    levels = _LEVELS[_LEVELS.index(setup.level) :]
    for highest in levels:
        fair = [
            question
            for question in bank
            if question.vertical in ("any", setup.vertical)
            and _LEVELS.index(question.level) <= _LEVELS.index(highest)
            and question.id not in taken
        ]
        new = [question for question in fair if question.id not in asked_before]
        for offered in (new, fair):
            for rounds in (bank_rounds(kind), spare_rounds(kind)):
                if pool := [question for question in offered if question.round in rounds]:
                    return pool
    return []


def _draw(setup: Setup, question: Question, covered: Counter[Competency]) -> float:
    """Give the key of a weighted draw: the largest key is drawn."""
    roles = ROLE_WEIGHTS[setup.role]
    wanted = [roles[name] / (1 + 2 * covered[name]) for name in question.competencies]
    below = abs(_LEVELS.index(setup.level) - _LEVELS.index(question.level))
    weight = sum(wanted) / len(wanted) * _FARTHER**below
    if question.vertical == setup.vertical:
        weight *= 2
    return math.log(_chance(setup.seed, "question", question.id)) / weight


def _chance(seed: int, *purpose: str) -> float:
    """Give a number in (0, 1) that depends on seed and purpose alone."""
    digest = hashlib.sha256(":".join((str(seed), *purpose)).encode()).digest()
    return (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 2)


def _case(setup: Setup, plan: RoundPlan, number: int) -> CaseRequest | None:
    """Give what a case round asks for."""
    if not plan.case_minutes:
        return None
    kinds = kind_ids()
    drawn = kinds[int(_chance(setup.seed, "case", str(number)) * len(kinds))]
    return CaseRequest(
        kind=setup.case_kind or drawn,
        level=setup.level,
        vertical=setup.vertical,
        seed=int(_chance(setup.seed, "case seed", str(number)) * 1_000_000),
        seconds=round(plan.case_minutes * 60 * setup.extra_time),
    )


def _persona(
    setup: Setup, number: int, personas: Sequence[Persona], scripts: Sequence[RoundScript]
) -> Persona:
    """Give the stakeholder that was asked for, or draw one who fits and was not met yet."""
    if setup.persona:
        return find_persona(setup.persona, tuple(personas))
    met = {script.persona.id for script in scripts if script.persona}
    fitting = [persona for persona in personas if persona.vertical in ("any", setup.vertical)]
    fresh = [persona for persona in fitting if persona.id not in met] or fitting
    if not fresh:
        raise CaseroomError(
            f"There is no stakeholder for {setup.vertical}.",
            allowed="a stakeholder by id",
            next_step="Name one, or leave the stakeholder round out.",
        )
    return max(fresh, key=lambda one: _chance(setup.seed, "persona", str(number), one.id))
