"""What the pages of an interview show, as values for their templates.

In: views of interviews. Out: who said what in words, clocks, the scorecard's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caseroom.interview.personas import load_personas
from caseroom.interview.scales import Verdict
from caseroom.interview.state import Phase, Say, SayKind
from caseroom.interview.status import Status
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.service.app import Caseroom
from caseroom.service.interview_views import (
    ExchangeView,
    InterviewView,
    ScorecardView,
    TurnView,
)
from caseroom.service.interviews import interview, interview_of_case
from caseroom.web.attempt_parts import MarkedPiece, marked_answer
from caseroom.web.filters import labeled

__all__ = [
    "Line",
    "case_banner",
    "interview_values",
    "scorecard_values",
    "spoken_lines",
    "tick_values",
]

_ANSWERED = (
    Phase.QUESTION,
    Phase.FOLLOW_UP_1,
    Phase.FOLLOW_UP_2,
    Phase.PROBE,
    Phase.STAKEHOLDER,
    Phase.CANDIDATE_QUESTIONS,
    Phase.CLOSE,
)
_LABELS = {
    Phase.STAKEHOLDER: ("What you say to them", "Say it", "Leave this concern"),
    Phase.CANDIDATE_QUESTIONS: ("Your question to the interviewer", "Ask", "No more questions"),
    Phase.CLOSE: ("Your last words, if you like", "Say it and close", "Close"),
}
_QUESTION_LABELS = ("Your answer, as you would say it", "Answer", "Skip it")
_PARTS = {
    "answer": "First answer",
    "follow_up_1": "First follow-up",
    "follow_up_2": "Second follow-up",
    "probe": "Probe",
}
_ENDED = {"skipped": "skipped", "time": "time was up", "unusable": "passed over"}
_OUTCOMES = {
    "addressed": ("●", "good"),
    "half": ("◐", "warn"),
    "evaded": ("○", "bad"),
    "over_promised": ("▲", "bad"),
    "dismissed": ("✕", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the transcript with its speaker in words."""

    who: str
    text: str
    at: datetime
    mine: bool


def spoken_lines(transcript: tuple[Say, ...]) -> tuple[Line, ...]:
    """Give all lines with their speakers' names."""
    names = {"interviewer": "Interviewer", "candidate": "You"}
    if any(line.speaker not in names for line in transcript):
        names |= {persona.id: f"{persona.name}, {persona.title}" for persona in load_personas()}
    return tuple(
        Line(
            who=names.get(line.speaker, labeled(line.speaker)),
            text=line.text,
            at=line.at,
            mine=line.speaker == "candidate",
        )
        for line in transcript
    )


def interview_values(view: InterviewView) -> dict[str, Any]:
    """Give what the page of a running interview reads."""
    status = view.status
    transcript = spoken_lines(status.transcript)
    latest = _since_mine(transcript)
    label, button, skip = _LABELS.get(status.phase, _QUESTION_LABELS)
    return {
        "id": view.card.id,
        "view": view,
        "now": status,
        "turn": view.turn,
        "lines": len(transcript),
        "transcript": transcript,
        "latest": latest,
        "earlier": _question_of(status),
        "asked_at": _asked_at(latest, status),
        "begun": status.phase is not Phase.OPENING,
        "over": status.phase is Phase.CLOSED,
        "may_answer": status.phase in _ANSWERED and not status.paused,
        "answer_label": label,
        "answer_button": button,
        "skip_button": skip,
        "rows": 12 if status.phase is Phase.QUESTION else 6,
        "draft_text": view.draft.text if view.draft else "",
        "draft_version": view.draft.version if view.draft else 0,
        "clocks": _clocks(status),
        "round_words": _round_words(status),
        "total_minutes": view.card.minutes,
    }


def _since_mine(transcript: tuple[Line, ...]) -> tuple[Line, ...]:
    """Give what was said after the candidate spoke last (all of it before that)."""
    mine = [number for number, line in enumerate(transcript) if line.mine]
    return transcript[mine[-1] + 1 :] if mine else transcript


def _question_of(status: Status) -> str:
    """Give the question that a follow-up belongs to, "" while the question itself is asked."""
    if status.phase not in (Phase.FOLLOW_UP_1, Phase.FOLLOW_UP_2, Phase.PROBE):
        return ""
    asked = (line for line in status.transcript if line.kind is SayKind.ASK)
    return next((line.text for line in asked if line.about == status.question), "")


def _asked_at(latest: tuple[Line, ...], status: Status) -> int:
    """Give the place of what waits for an answer: the prompt, or the last line; -1 for none."""
    if status.phase in (Phase.OPENING, Phase.CLOSED):
        return -1
    places = [number for number, line in enumerate(latest) if line.text == status.prompt]
    return places[-1] if places else len(latest) - 1


def _clocks(status: Status) -> tuple[tuple[str, str, int], ...]:
    """Give the clocks that say something here: name, label, seconds left."""
    left = status.left
    clocks = [("turn", "For this", left.turn)]
    if status.phase is Phase.CASE and not status.case_id:
        return ()  # its time begins when it is on the screen
    if status.phase is Phase.CASE:
        clocks = [("turn", "For the case", left.turn)]
    elif 0 < status.round <= status.rounds:
        clocks.append(("section", "For this part", left.section))
    clocks.append(("interview", "In all", left.interview))
    return tuple((name, label, int(seconds)) for name, label, seconds in clocks)


def _round_words(status: Status) -> str:
    if status.phase is Phase.OPENING:
        return "Before it starts"
    if status.phase is Phase.CLOSED:
        return "Interview"
    if status.kind is None:
        return "Your questions" if status.phase is Phase.CANDIDATE_QUESTIONS else "Closing"
    return f"Round {status.round} of {status.rounds}: {labeled(status.kind)}"


def tick_values(view: InterviewView) -> dict[str, Any]:
    """Give what the page's clock asks for: where it stands, what is left, a reminder."""
    status = view.status
    last = status.transcript[-1] if status.transcript else None
    return {
        "turn": int(view.turn),
        "lines": len(status.transcript),
        "paused": status.paused,
        "left": {name: seconds for name, _, seconds in _clocks(status)},
        "nudge": last.text if last and last.kind is SayKind.NUDGE else "",
    }


def case_banner(app: Caseroom, case_id: str) -> dict[str, Any]:
    """Give what a page of a case says about the interview that it belongs to; {} for none."""
    interview_id = interview_of_case(app, case_id)
    if interview_id is None:
        return {"banner": None}
    view = interview(app, interview_id)
    waits = view.case is not None and view.case.case_id == case_id and not view.case.graded
    return {
        "banner": {
            "id": interview_id,
            "turn": view.turn,
            "lines": len(view.status.transcript),
            "waits": waits,
            "over": view.status.phase is Phase.CLOSED,
            "paused": view.status.paused,
            "left": int(view.status.left.turn),
        }
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardExchange:
    """One prompt of the scorecard's question with its answer."""

    part: str
    prompt: str
    answer: str
    ended: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTurn:
    """A question of the scorecard: what was said, with the words that the verdicts rest on."""

    turn: TurnView
    exchanges: tuple[HeardExchange, ...]
    levels: str
    last: ExchangeView
    pieces: tuple[MarkedPiece, ...]
    numbers: dict[str, int]


def scorecard_values(view: ScorecardView) -> dict[str, Any]:
    """Give what the scorecard reads."""
    card = view.scorecard
    words = {verdict: text.capitalize() for verdict, text in view.verdict_words.items()}
    same = card.verdict_low is card.verdict_high
    return {
        "id": view.card.id,
        "view": view,
        "card": card,
        "words": words,
        "range_words": words[card.verdict_low]
        if same
        else f"{words[card.verdict_low]} to {words[card.verdict_high].lower()}",
        "in_doubt": IN_DOUBT,
        "tone": {Verdict.STRONG_NO: "bad", Verdict.NO: "warn"}.get(card.verdict, "good"),
        "heard": tuple(_heard(turn) for turn in view.turns),
        "items": {item.id: item for item in card.items},
        "outcomes": _OUTCOMES,
    }


def _heard(turn: TurnView) -> HeardTurn:
    last = turn.exchanges[-1]
    return HeardTurn(
        turn=turn,
        exchanges=tuple(
            HeardExchange(
                part=_PARTS[each.part],
                prompt=each.prompt,
                answer=each.answer,
                ended=_ENDED.get(each.ended, ""),
                level=each.report.level,
            )
            for each in turn.exchanges
        ),
        levels=" → ".join(str(each.report.level) for each in turn.exchanges),
        last=last,
        pieces=marked_answer(last.text, last.report),
        numbers={verdict.point: number for number, verdict in enumerate(last.report.points, 1)},
    )
