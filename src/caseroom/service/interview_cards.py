"""From states of interviews to cards, conversations and questions as they went.

In: loaded interviews. Out: the values of `service.interview_views`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from caseroom.interview.rounds import PRESETS, Setup
from caseroom.interview.state import Phase, QuestionTurn, State, Talk
from caseroom.service.interview_state import Running
from caseroom.service.interview_views import (
    ConcernView,
    ExchangeView,
    InterviewCard,
    TalkView,
    TurnView,
)
from caseroom.service.practice_cards import attempt_card
from caseroom.service.practice_records import AttemptRecord
from caseroom.vocabulary.errors import CaseroomError

if TYPE_CHECKING:
    from caseroom.interview.scorecard import Scorecard

__all__ = ["interview_card", "speakers", "talk_view", "title_of", "turn_view"]


def interview_card(running: Running) -> InterviewCard:
    """Give the card of an interview, with its scores when it is closed."""
    state, record = running.state, running.record
    card = _score(state) if record.closed else None
    setup = state.setup
    return InterviewCard(
        id=record.id,
        title=title_of(setup),
        role=setup.role,
        level=setup.level,
        vertical=setup.vertical,
        rounds=tuple(plan.kind for plan in setup.rounds),
        minutes=round(setup.minutes * setup.extra_time),
        started_at=record.created_at,
        ended_at=record.ended_at,
        state=_word(running),
        ended=state.ended,
        answers=_answers(state),
        overall=card.overall if card else None,
        low=card.low if card else None,
        high=card.high if card else None,
        verdict=card.verdict if card else None,
    )


def title_of(setup: Setup) -> str:
    """Give the name of the ready-made interview, or the names of the rounds."""
    for preset in PRESETS:
        if preset.rounds == setup.rounds:
            return preset.title
    return ", ".join(plan.kind for plan in setup.rounds).capitalize()


def speakers(state: State) -> dict[str, str]:
    """Give a name to show for everybody who spoke so far."""
    personas = [script.persona for script in state.script if script.persona is not None]
    names = {persona.id: f"{persona.name}, {persona.title}" for persona in personas}
    names |= {"interviewer": "Interviewer", "candidate": "You"}
    return {line.speaker: names[line.speaker] for line in state.transcript}


def turn_view(state: State, turn: QuestionTurn, retries: Sequence[AttemptRecord]) -> TurnView:
    """Give a question as it went."""
    script = state.script[turn.round]
    question = next(each for each in script.questions if each.id == turn.question)
    texts = [exchange.answer for exchange in turn.exchanges]
    return TurnView(
        question=question.id,
        title=question.title,
        ask=question.ask,
        round=turn.round + 1,
        kind=script.kind,
        exchanges=tuple(
            ExchangeView(
                part=exchange.part,
                prompt=exchange.prompt,
                answer=exchange.answer,
                seconds=exchange.seconds,
                ended=exchange.ended,
                text="\n\n".join(text for text in texts[: place + 1] if text),
                report=report,
            )
            for place, (exchange, report) in enumerate(
                zip(turn.exchanges, turn.reports, strict=True)
            )
        ),
        retries=tuple(attempt_card(each, question.title) for each in retries),
    )


def talk_view(state: State, talk: Talk) -> TalkView:
    """Give a conversation with a stakeholder."""
    persona = state.script[talk.round].persona
    concerns = {each.id: each for each in persona.concerns} if persona else {}
    return TalkView(
        name=persona.name if persona else talk.persona,
        title=persona.title if persona else "",
        trust=talk.trust,
        concerns=tuple(
            ConcernView(
                topic=concerns[turn.concern].topic,
                asked=concerns[turn.concern].opens,
                answer=turn.answer,
                outcome=turn.outcome,
                before=turn.before,
                after=turn.after,
                why=turn.why,
            )
            for turn in talk.turns
        ),
    )


def _score(state: State) -> Scorecard | None:
    from caseroom.interview.scorecard import scorecard

    try:
        return scorecard(state)
    except CaseroomError:
        return None  # nothing was answered


def _answers(state: State) -> int:
    """Count the questions and concerns that something was said to."""
    questions = [turn for turn in state.turns if any(each.answer for each in turn.exchanges)]
    concerns = {
        (talk.round, turn.concern) for talk in state.talks for turn in talk.turns if turn.answer
    }
    return len(questions) + len(concerns)


def _word(running: Running) -> str:
    if running.state.phase is Phase.CLOSED:
        return "closed"
    return "paused" if running.state.clock.paused is not None else "running"
