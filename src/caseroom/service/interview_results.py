"""Use cases after an interview: scorecard, history, retry of a question, export.

In: interviews that were held. Out: views, an attempt of practice, or a file for other tools.
"""

from __future__ import annotations

from caseroom.export.transcript import export_as
from caseroom.interview.scales import load_scales
from caseroom.service.app import Caseroom
from caseroom.service.interview_cards import (
    interview_card,
    talk_view,
    title_of,
    turn_view,
)
from caseroom.service.interview_case import fold_results
from caseroom.service.interview_state import Running, load
from caseroom.service.interview_trend import trend
from caseroom.service.interview_views import HistoryView, ScorecardView
from caseroom.service.practice import start_attempt
from caseroom.service.practice_views import AttemptView
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["export_transcript", "list_interviews", "retry_question", "scorecard"]


def scorecard(app: Caseroom, interview_id: str) -> ScorecardView:
    """Give the panel's result of a closed interview; a late result of its case is folded in.

    Raises:
        CaseroomError: While the interview runs, and when nothing was answered in it.
    """
    return _scored(app, fold_results(app, load(app, interview_id)))


def list_interviews(app: Caseroom) -> HistoryView:
    """Give all interviews, newest first, and the trend of their scores."""
    cards = tuple(interview_card(load(app, record.id)) for record in app.store.interviews())
    return HistoryView(interviews=cards, trend=trend(cards))


def retry_question(app: Caseroom, interview_id: str, question_id: str) -> AttemptView:
    """Start a drill of a question that was asked in a closed interview.

    Raises:
        CaseroomError: While the interview runs, and for a question that it did not ask.
    """
    running = load(app, interview_id)
    _require_closed(running)
    asked = [turn.question for turn in running.state.turns]
    if question_id not in asked:
        raise CaseroomError(
            f"Interview {interview_id} did not ask question {question_id!r}.",
            allowed=", ".join(asked),
            next_step="choose one of these.",
            code=ExitCode.NOT_FOUND,
        )
    return start_attempt(app, question_id, mode="drill", origin=interview_id)


def export_transcript(app: Caseroom, interview_id: str, fmt: str) -> tuple[str, bytes]:
    """Give name and bytes of a file with the transcript, and the scorecard of a closed interview.

    `fmt` is md, html or json.

    Raises:
        CaseroomError: For another format.
    """
    running = fold_results(app, load(app, interview_id))
    try:
        card = _scored(app, running).scorecard if running.record.closed else None
    except CaseroomError:
        card = None  # nothing was answered
    content = export_as(fmt, running.state, title=title_of(running.state.setup), card=card)
    return f"interview-{interview_id}.{fmt}", content


def _scored(app: Caseroom, running: Running) -> ScorecardView:
    from caseroom.interview.scorecard import scorecard as score

    _require_closed(running)
    state = running.state
    card = score(state)
    return ScorecardView(
        card=interview_card(running),
        setup=state.setup,
        scorecard=card,
        verdict_words=load_scales().verdicts,
        turns=tuple(
            turn_view(
                state,
                turn,
                [each for each in app.store.attempts(turn.question) if each.origin == running.id],
            )
            for turn in state.turns
            if turn.exchanges
        ),
        talks=tuple(talk_view(state, talk) for talk in state.talks),
        cases={turn.case_id: turn.score for turn in state.cases if turn.case_id},
    )


def _require_closed(running: Running) -> None:
    if not running.record.closed:
        raise CaseroomError(
            f"Interview {running.id} is still running.",
            next_step="finish it, or end it, to see how it was judged.",
        )
