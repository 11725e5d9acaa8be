"""Which questions are drawn."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseroom.interview.choosing import choose_rounds
from caseroom.interview.personas import load_personas
from caseroom.interview.rounds import PRESETS, Role, make_setup
from caseroom.questions.bank import load_bank
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level, Vertical

BANK = load_bank()


def ids(setup, asked_before=()) -> list[str]:
    """Give the ids of all questions of an interview, in order."""
    scripts = choose_rounds(setup, BANK, asked_before, load_personas())
    return [question.id for script in scripts for question in script.questions]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**40),
    preset=st.sampled_from([preset.id for preset in PRESETS]),
    level=st.sampled_from(Level),
    vertical=st.sampled_from(Vertical),
    role=st.sampled_from(Role),
)
def test_a_script_is_deterministic_fair_and_without_repetition(
    seed: int, preset: str, level: Level, vertical: Vertical, role: Role
) -> None:
    """Same choices, same questions; each once, for this industry, at this level where possible."""
    setup = make_setup(preset=preset, level=level, vertical=vertical, role=role, seed=seed)
    scripts = choose_rounds(setup, BANK, (), load_personas())
    questions = [question for script in scripts for question in script.questions]

    assert scripts == choose_rounds(setup, BANK, (), load_personas())
    assert len({question.id for question in questions}) == len(questions)
    assert all(question.vertical in ("any", vertical) for question in questions)
    if level is not Level.ASSOCIATE:
        order = list(Level)
        assert all(order.index(one.level) <= order.index(level) for one in questions)


def test_another_interview_asks_other_questions() -> None:
    """What was asked before does not come again while other questions are left."""
    asked: list[str] = []
    for seed in range(4):
        new = ids(make_setup(preset="loop-45", seed=seed), asked)
        assert not set(new) & set(asked)
        asked += new


def test_questions_come_again_when_none_is_left() -> None:
    """A person who has had the whole bank can still have an interview."""
    setup = make_setup(preset="loop-45", seed=1)

    assert len(ids(setup, [question.id for question in BANK])) == len(ids(setup))


def test_a_question_more_in_the_bank_changes_no_other_draw() -> None:
    """Each question's chance hangs on seed and id alone: without the others' winner it is alike."""
    setup = make_setup(rounds=(("analytical", 9),), seed=5)
    (first,) = ids(setup)
    rest = [question for question in BANK if question.id not in (first, "Q124")]
    scripts = choose_rounds(setup, rest, (), load_personas())

    assert [q.id for q in scripts[0].questions] == ids(setup, [first])


def test_roles_get_different_competencies() -> None:
    """A platform interview asks more about platforms, an ML interview more about models."""

    def count(role: str) -> Counter[Competency]:
        counts: Counter[Competency] = Counter()
        for seed in range(12):
            setup = make_setup(preset="tech", role=role, level="lead", seed=seed)
            (script,) = choose_rounds(setup, BANK, (), load_personas())
            counts.update(name for one in script.questions for name in one.competencies)
        return counts

    platform, ml = count("platform"), count("ml")

    assert platform[Competency.PLATFORM] > ml[Competency.PLATFORM]
    assert ml[Competency.MODELLING] > platform[Competency.MODELLING]


def test_a_round_spreads_over_competencies() -> None:
    """Eight questions of one round touch at least six competencies."""
    setup = make_setup(rounds=(("craft", 40),), level="lead", seed=3)
    (script,) = choose_rounds(setup, BANK, (), load_personas())

    assert len({name for one in script.questions for name in one.competencies}) >= 6


def test_a_bank_without_a_fitting_question_is_refused() -> None:
    """The error names the round, level and industry."""
    setup = make_setup(rounds=(("experiment", 20),), seed=1)

    with pytest.raises(CaseroomError, match="experiment round at level mid in saas"):
        choose_rounds(setup, (), (), ())


def test_the_stakeholder_fits_the_industry() -> None:
    """Nobody from a bank turns up in a talk about clinics."""
    setup = make_setup(preset="stakeholder", vertical="healthcare", seed=8)
    met = {
        choose_rounds(
            make_setup(preset="stakeholder", vertical="healthcare", seed=seed),
            BANK,
            (),
            load_personas(),
        )[0].persona.vertical
        for seed in range(20)
    }

    assert setup.rounds[0].minutes == 15
    assert met <= {"any", "healthcare"}
