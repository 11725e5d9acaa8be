"""The skeptical stakeholder: what moves trust, and what the persona says."""

from __future__ import annotations

import pytest

from caseroom.interview.events import Answered, Skipped, Tick
from caseroom.interview.personas import load_personas
from caseroom.interview.rounds import make_setup
from caseroom.interview.stakeholder import (
    START_TRUST,
    concern_question,
    dismisses,
    judge,
    over_promises,
)
from caseroom.interview.state import Outcome, Phase, SayKind, State
from toy_interview import after, answer, begun, grader

PERSONAS = load_personas()
CONCERNS = [(persona, concern) for persona in PERSONAS for concern in persona.concerns]


BLAND = (
    "We take this very seriously, and it has always been important to all of us here.",
    "In my experience the key is communication, and we will keep everybody in the loop.",
)


def meeting(persona: str = "risk-officer") -> State:
    """Give a talk with the first concern raised."""
    return begun(make_setup(preset="stakeholder", persona=persona, seed=1))


@pytest.mark.parametrize(
    ("persona", "concern"), CONCERNS, ids=[f"{p.id}-{c.id}" for p, c in CONCERNS]
)
def test_the_grader_tells_who_addresses_a_concern(persona, concern) -> None:
    """The strong answer addresses the concern, the weak one does not."""
    question = concern_question(persona, concern)

    strong = judge(concern.strong, grader(question, concern.strong), ())
    weak = judge(concern.weak, grader(question, concern.weak), ())

    assert strong is Outcome.ADDRESSED
    assert weak is not Outcome.ADDRESSED


def test_an_answer_to_another_concern_rarely_addresses_this_one() -> None:
    """Of honest answers to something else, at most 15% pass, 30% half, none promises too much."""
    outcomes = [
        judge(other.strong, grader(concern_question(persona, concern), other.strong), ())
        for persona, concern in CONCERNS
        for other in persona.concerns
        if other is not concern
    ]

    assert Outcome.OVER_PROMISED not in outcomes
    assert outcomes.count(Outcome.ADDRESSED) <= 0.15 * len(outcomes)
    assert outcomes.count(Outcome.HALF) <= 0.30 * len(outcomes)


def test_addressing_every_concern_convinces() -> None:
    """Trust rises by two per concern, up to ten, and the persona agrees."""
    state = meeting()
    for number in range(4):
        state, _ = after(state, (answer(state), 60 * (number + 1)))
    talk = state.talks[0]

    assert [turn.after for turn in talk.turns] == [5, 7, 9, 10]
    assert talk.done
    assert PERSONAS[2].replies.convinced.strip() in [line.text for line in state.transcript]


def test_a_promise_lowers_trust_even_next_to_a_good_answer() -> None:
    """Guarantees cost two, whatever else is said."""
    state = meeting()
    good = state.script[0].persona.concerns[0].strong
    state, said = after(state, (Answered(f"{good} I guarantee that nothing can go wrong."), 60))
    turn = state.talks[0].turns[0]

    assert (turn.outcome, turn.before, turn.after) == (Outcome.OVER_PROMISED, START_TRUST, 1)
    assert said[-1].text == state.script[0].persona.replies.over_promised[0].strip()
    assert state.concern == 0


def test_waving_a_concern_away_lowers_trust() -> None:
    """A dismissal costs one."""
    state, _ = after(meeting(), (Answered("Other banks do it, I do not see the problem here."), 30))

    assert state.talks[0].trust == START_TRUST - 1


def test_fluent_words_move_nothing_and_two_attempts_are_heard() -> None:
    """After two answers that miss the concern, the persona goes on to the next one."""
    state = meeting()
    state, first = after(state, (Answered(BLAND[0]), 30))
    state, second = after(state, (Answered(BLAND[1]), 60))

    assert state.talks[0].trust == START_TRUST
    assert first[-1].text == state.script[0].persona.concerns[0].evaded.strip()
    assert second[-1].kind is SayKind.CONCERN
    assert state.concern == 1


def test_saying_the_same_again_addresses_nothing() -> None:
    """A good answer to the first concern, repeated, counts for none of the others."""
    state = meeting()
    same = answer(state)
    state, _ = after(state, (same, 30), (same, 60), (same, 90))

    assert [turn.outcome for turn in state.talks[0].turns] == [
        Outcome.ADDRESSED,
        Outcome.EVADED,
        Outcome.EVADED,
    ]


def test_a_concern_can_be_passed() -> None:
    """Passing leaves the concern open and leads to the next."""
    state, _ = after(meeting(), (Skipped(), 10), (Skipped(), 20), (Skipped(), 30), (Skipped(), 40))

    assert state.phase is not Phase.STAKEHOLDER
    assert state.talks[0].trust == START_TRUST


def test_the_talk_ends_with_the_rounds_time() -> None:
    """When time is up the persona says where they stand."""
    state = meeting()
    state, said = after(state, (Tick("Half of an answer that was never"), 15 * 60))

    assert state.talks[0].done
    assert PERSONAS[2].replies.unconvinced.strip() in [line.text for line in said]


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_rules_tell_promises_and_dismissals_from_honest_words(persona) -> None:
    """Each authored promise and its near-misses, each honest answer: judged as meant."""
    honest = [concern.strong for concern in persona.concerns]

    assert all(map(over_promises, persona.over_promise.says))
    assert not any(map(over_promises, [*persona.over_promise.near_miss, *honest]))
    assert sum(map(dismisses, persona.dismissal.says)) >= 2
    assert not any(map(dismisses, [*persona.dismissal.near_miss, *honest]))
