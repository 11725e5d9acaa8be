"""From states of interviews to cards, scorecards and the trend.

In: loaded interviews. Out: the values of `service.interview_views`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caseroom.interview.rounds import PRESETS, Setup
from caseroom.interview.state import Phase, QuestionTurn, State, Talk
from caseroom.service.interview_state import Running
from caseroom.service.interview_views import (
    ConcernView,
    ExchangeView,
    InterviewCard,
    TalkView,
    TrendView,
    TurnView,
)
from caseroom.service.practice_cards import attempt_card
from caseroom.service.practice_records import AttemptRecord
from caseroom.vocabulary.errors import CaseroomError

if TYPE_CHECKING:
    from caseroom.interview.scorecard import Scorecard

__all__ = ["interview_card", "speakers", "talk_view", "title_of", "trend", "turn_view"]

FEWEST_FOR_TREND = 4
"""With fewer points a line goes through almost anything."""

TREND_LEVEL = 0.80


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


def trend(cards: Sequence[InterviewCard]) -> TrendView:
    """Fit a line through the overall scores; `cards` come newest first."""
    scores = tuple(card.overall for card in reversed(cards) if card.overall is not None)
    if len(scores) < FEWEST_FOR_TREND:
        sentence = f"A trend can be told from {FEWEST_FOR_TREND} scored interviews on."
        return TrendView(scores=scores, slope=None, low=None, high=None, sentence=sentence)
    slope, half = _line(scores)
    low, high = slope - half, slope + half
    return TrendView(
        scores=scores, slope=slope, low=low, high=high, sentence=_trend_words(slope, low, high)
    )


def _line(scores: Sequence[float]) -> tuple[float, float]:
    """Give the least-squares slope per interview and half of its interval (Student's t)."""
    from scipy import stats

    fit: Any = stats.linregress(range(len(scores)), scores)
    factor = float(stats.t.ppf((1 + TREND_LEVEL) / 2, len(scores) - 2))
    return float(fit.slope), factor * float(fit.stderr)


def _trend_words(slope: float, low: float, high: float) -> str:
    bounds = f"{TREND_LEVEL:.0%} interval {low:+.2f} to {high:+.2f}"
    if low <= 0 <= high:
        return f"No change can be told yet: {slope:+.2f} per interview ({bounds})."
    way = "up" if slope > 0 else "down"
    return f"Scores go {way}: {slope:+.2f} per interview ({bounds})."


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
