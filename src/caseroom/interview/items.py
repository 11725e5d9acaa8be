"""What a scorecard rests on: graded answers, a case, a talk with a stakeholder.

In: an interview's state. Out: parts with scores from 1 to 5 per profile and dimension. A question
that was skipped counts with the floor; one that time cut off before it could be answered does not
count at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from caseroom.grading.text.report import AnswerReport
from caseroom.interview.panel import PANEL, Heard, dimensions_of, panel_score
from caseroom.interview.scales import Dimension
from caseroom.interview.state import CaseTurn, Outcome, Part, QuestionTurn, State, Talk
from caseroom.questions.model import Band, Question

__all__ = ["Item", "heard_in", "items_of"]

CASE_FEEDS = (Dimension.FRAMING, Dimension.EVIDENCE, Dimension.JUDGMENT)
TALK_FEEDS = (Dimension.USER, Dimension.COMMUNICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One part of the evidence.

    `profiles` holds dimension, then profile id, to a score; `panel` the combined score per
    dimension and `bounds` the same with every "perhaps" read as not found and as found. `score`,
    `low` and `high` are means over the dimensions. `levels` are the answer's levels (1..5) after
    the first answer and after each follow-up. `kind` is question, case or stakeholder.
    """

    kind: str
    id: str
    title: str
    score: float
    low: float
    high: float
    profiles: Mapping[Dimension, Mapping[str, float]]
    panel: Mapping[Dimension, float]
    bounds: Mapping[Dimension, tuple[float, float]]
    levels: tuple[int, ...]
    prompted: bool
    how: str


def heard_in(state: State) -> tuple[Heard, ...]:
    """Give every question that counts, with the reports on its answers."""
    known = {question.id: question for script in state.script for question in script.questions}
    return tuple(
        _heard(known[turn.question], turn, state)
        for turn in state.turns
        if _counts(turn, known[turn.question], state.setup.extra_time)
    )


def _counts(turn: QuestionTurn, question: Question, extra_time: float) -> bool:
    """Say whether a question was answered, skipped, or had its full time."""
    if not turn.exchanges:
        return False
    first = turn.exchanges[0]
    had_time = first.seconds >= question.minutes * 60 * extra_time
    return bool(first.answer) or first.ended != "time" or had_time


def _heard(question: Question, turn: QuestionTurn, state: State) -> Heard:
    """Give the reports before and after the follow-ups and the probe."""
    fixed = [
        report
        for exchange, report in zip(turn.exchanges, turn.reports, strict=True)
        if exchange.part is not Part.PROBE
    ]
    return Heard(
        question=question,
        first=turn.reports[0],
        final=fixed[-1],
        probed=turn.reports[-1],
        level=state.setup.level,
    )


def items_of(state: State, heard: Sequence[Heard]) -> tuple[Item, ...]:
    """Give all parts: these answers, then cases with a result, then stakeholder talks."""
    levels = {turn.question: tuple(r.level for r in turn.reports) for turn in state.turns}
    answers = (_answer(one, levels[one.question.id]) for one in heard)
    cases = (_case(turn) for turn in state.cases if _has_result(turn))
    talks = (_talk(talk, state) for talk in state.talks if talk.turns)
    return (*answers, *cases, *talks)


def _has_result(turn: CaseTurn) -> bool:
    """Say whether a case counts: with its score, or as skipped."""
    return turn.score is not None or turn.status == "skipped"


def _answer(heard: Heard, levels: tuple[int, ...]) -> Item:
    """Score an answer by every profile, and twice more for the bounds."""
    dimensions = dimensions_of(heard.question)
    middle = _scores(heard, dimensions)
    low = _scores(_reading(heard, Band.NOT_FOUND), dimensions)
    high = _scores(_reading(heard, Band.FOUND), dimensions)
    panel = {one: panel_score(scores, one) for one, scores in middle.items()}
    bounds = {
        one: (
            min(panel[one], panel_score(low[one], one)),
            max(panel[one], panel_score(high[one], one)),
        )
        for one in dimensions
    }
    return Item(
        kind="question",
        id=heard.question.id,
        title=heard.question.title,
        score=fmean(panel.values()),
        low=fmean(bound[0] for bound in bounds.values()),
        high=fmean(bound[1] for bound in bounds.values()),
        profiles=middle,
        panel=panel,
        bounds=bounds,
        levels=levels,
        prompted=heard.prompted,
        how="Text model: points found, by four profiles; the gate point caps the score.",
    )


def _scores(heard: Heard, dimensions: Sequence[Dimension]) -> dict[Dimension, dict[str, float]]:
    """Let every profile score every dimension, each by itself."""
    return {one: {profile.id: profile.score(heard, one) for profile in PANEL} for one in dimensions}


def _reading(heard: Heard, band: Band) -> Heard:
    """Read every "perhaps" as `band`."""

    def read(report: AnswerReport) -> AnswerReport:
        points = tuple(
            replace(point, band=band) if point.band is Band.PERHAPS else point
            for point in report.points
        )
        return replace(report, points=points)

    return replace(
        heard, first=read(heard.first), final=read(heard.final), probed=read(heard.probed)
    )


def _case(turn: CaseTurn) -> Item:
    """Put a case's total (0..100) on the scale."""
    score = 1 + 4 * (turn.score or 0.0) / 100
    how = "Case total (0 to 100) put on the scale from 1 to 5; the same for every profile."
    name = turn.case_id or turn.request.kind
    return _same("case", name, turn.request.kind, CASE_FEEDS, (score, score, score), how)


def _talk(talk: Talk, state: State) -> Item:
    """Put a stakeholder's final trust (0..10) on the scale; uncertain outcomes give the bounds."""
    persona = state.script[talk.round].persona
    halves = sum(turn.outcome is Outcome.HALF for turn in talk.turns)
    trusts = (talk.trust, max(0, talk.trust - halves), min(10, talk.trust + halves))
    score, low, high = (1 + 4 * trust / 10 for trust in trusts)
    title = persona.title if persona else talk.persona
    how = "Final trust (0 to 10) put on the scale from 1 to 5; the same for every profile."
    return _same("stakeholder", talk.persona, title, TALK_FEEDS, (score, low, high), how)


def _same(
    kind: str,
    name: str,
    title: str,
    dimensions: Sequence[Dimension],
    scores: tuple[float, float, float],
    how: str,
) -> Item:
    """Give a part that every profile scores alike."""
    score, low, high = scores
    return Item(
        kind=kind,
        id=name,
        title=title,
        score=score,
        low=low,
        high=high,
        profiles={one: {profile.id: score for profile in PANEL} for one in dimensions},
        panel=dict.fromkeys(dimensions, score),
        bounds=dict.fromkeys(dimensions, (low, high)),
        levels=(),
        prompted=False,
        how=how,
    )
