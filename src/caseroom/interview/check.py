"""Grade the interviewer: does it keep its own rules with every kind of candidate?

In: an interview as it was held. Out: findings, each a broken rule with the place. The rules:
nothing of rubric or answers is said; no question comes twice; follow-ups come in their fixed words;
the clock is kept; the gate point is probed exactly when due; there is a proper end; a strong
candidate gets a better verdict than all others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from caseroom.grading.text.guards import shingles
from caseroom.grading.text.words import tokenize
from caseroom.interview.candidates import CANDIDATES, TICK, Run, hold
from caseroom.interview.events import CaseOpened, Paused, Resumed
from caseroom.interview.machine import Grader
from caseroom.interview.personas import Persona
from caseroom.interview.rounds import Setup
from caseroom.interview.scorecard import Scorecard, scorecard
from caseroom.interview.speaking import CONCERN_SECONDS, PATIENCE
from caseroom.interview.state import Part, Phase, QuestionTurn, Say, SayKind, State
from caseroom.interview.verdicts import above
from caseroom.questions.model import Band, Question

__all__ = ["Exam", "Finding", "check_run", "examine", "secrets_in", "secrets_of"]

LEAK_WORDS = 6
"""A run of this many words from a rubric or answer in the interviewer's mouth is a leak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that was broken, with which candidate and where."""

    rule: str
    candidate: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """All interviews of an examination with their scorecards (by candidate), and what was found."""

    runs: tuple[Run, ...]
    cards: dict[str, Scorecard]
    findings: tuple[Finding, ...]


def examine(
    setup: Setup,
    bank: Sequence[Question],
    grader: Grader,
    at: datetime,
    personas: Sequence[Persona] | None = None,
) -> Exam:
    """Let every scripted candidate hold the interview of a setup, and check all of them."""
    runs = tuple(
        hold(candidate, setup, bank, grader, at, personas=personas)
        for candidate in CANDIDATES.values()
    )
    cards = {run.candidate: scorecard(run.final) for run in runs}
    findings = [finding for run in runs for finding in check_run(run)]
    return Exam(runs=runs, cards=cards, findings=(*findings, *_order(cards)))


def check_run(run: Run) -> tuple[Finding, ...]:
    """Check one interview against every rule but the order of verdicts."""
    rules = {
        "leak": _leaks,
        "repeated question": _repetitions,
        "follow-ups": _follow_ups,
        "time": _overruns,
        "probe": _probes,
        "end": _end,
    }
    return tuple(
        Finding(rule=rule, candidate=run.candidate, where=where, detail=detail)
        for rule, broken in rules.items()
        for where, detail in broken(run)
    )


def _order(cards: dict[str, Scorecard]) -> Iterator[Finding]:
    """Find a strong candidate who is not ahead of everybody else."""
    strong = cards["strong"]
    for name, card in cards.items():
        if name != "strong" and not above(strong.verdict, card.verdict):
            detail = (
                f"strong {strong.verdict} ({strong.overall:.2f}), "
                f"{name} {card.verdict} ({card.overall:.2f})"
            )
            yield Finding(rule="order", candidate=name, where="scorecard", detail=detail)


_Broken = Iterator[tuple[str, str]]


def _spoken(state: State) -> list[Say]:
    """Give everything that was said to the candidate."""
    return [line for line in state.transcript if line.speaker != "candidate"]


def secrets_of(state: State) -> set[tuple[str, ...]]:
    """Give every run of words of the rubrics, examples and answers of an interview.

    Runs that stand in the questions themselves are no secret.
    """
    questions = [question for script in state.script for question in script.questions]
    personas = [script.persona for script in state.script if script.persona]
    return _secrets(questions, personas)


def secrets_in(
    texts: Iterable[str], questions: Sequence[Question], personas: Sequence[Persona]
) -> list[str]:
    """Give the runs of hidden words that stand in texts which may be said."""
    secret = _secrets(questions, personas)
    return sorted(" ".join(run) for text in texts for run in _runs([text]) & secret)


def _secrets(questions: Sequence[Question], personas: Sequence[Persona]) -> set[tuple[str, ...]]:
    """Give the runs of words that only rubrics and answers hold."""
    hidden = [text for one in questions for text in _hidden(one)]
    hidden += [text for one in personas for text in _hidden_of(one)]
    public = [text for one in questions for text in (one.ask, *one.follow_ups)]
    return _runs(hidden) - _runs(public)


def _runs(texts: Sequence[str]) -> set[tuple[str, ...]]:
    """Give the runs of `LEAK_WORDS` words of some texts."""
    return {run for text in texts for run in shingles(tokenize(text), LEAK_WORDS)}


def _hidden(question: Question) -> list[str]:
    """Give the texts of a question that a candidate may not hear."""
    examples = [
        text
        for one in (*question.points, *question.pitfalls)
        for text in (one.statement, *one.says, *one.near_miss)
    ]
    anchors = [anchor.text for anchor in question.anchors]
    return [*examples, *anchors, question.model_answer, *question.best_practices, *question.avoid]


def _hidden_of(persona: Persona) -> list[str]:
    """Give the texts of a persona that a candidate may not hear."""
    concerns = [
        text
        for one in persona.concerns
        for text in (one.statement, one.strong, one.weak, *one.says, *one.near_miss)
    ]
    pitfalls = [
        text
        for one in (persona.over_promise, persona.dismissal)
        for text in (one.statement, *one.says, *one.near_miss)
    ]
    return concerns + pitfalls


def _leaks(run: Run) -> _Broken:
    """Find words of a rubric or answer in what was said to the candidate."""
    secret = secrets_of(run.final)
    for line in _spoken(run.final):
        for words in shingles(tokenize(line.text), LEAK_WORDS):
            if words in secret:
                yield f"{line.kind} {line.about}".strip(), " ".join(words)


def _repetitions(run: Run) -> _Broken:
    """Find questions, concerns and probes that came twice, and more than one repetition."""
    once = (SayKind.ASK, SayKind.PROBE, SayKind.CONCERN)
    lines = _spoken(run.final)
    asked = Counter(line.text for line in lines if line.kind in once)
    asked += Counter((line.about, line.text) for line in lines if line.kind is SayKind.FOLLOW_UP)
    yield from (("asked again", str(text)) for text, count in asked.items() if count > 1)
    again = Counter(line.about for line in lines if line.kind is SayKind.REPEAT)
    yield from ((question, f"repeated {n} times") for question, n in again.items() if n > 1)


def _questions(run: Run) -> Iterator[tuple[QuestionTurn, Question, list[Say]]]:
    """Yield every question that was asked, with the lines about it."""
    known = {one.id: one for script in run.final.script for one in script.questions}
    for turn in run.final.turns:
        lines = [line for line in run.final.transcript if line.about == turn.question]
        yield turn, known[turn.question], lines


def _cut_short(run: Run, turn: QuestionTurn) -> bool:
    """Say whether time ended the round, or the interview ended, right after a question."""
    lines = run.final.transcript
    last = max(i for i, line in enumerate(lines) if line.about == turn.question)
    after = [line for line in lines[last + 1 : last + 3] if line.speaker == "interviewer"]
    ends = (SayKind.TIME_UP, SayKind.CLOSE)
    return any(line.kind in ends for line in after[:2])


def _follow_ups(run: Run) -> _Broken:
    """Find follow-ups that are not the fixed ones in their order, or are missing."""
    for turn, question, lines in _questions(run):
        asked = [line.text for line in lines if line.kind is SayKind.FOLLOW_UP]
        fixed = list(question.follow_ups)
        if asked != fixed[: len(asked)]:
            yield question.id, f"asked {asked}"
        first = turn.exchanges[0] if turn.exchanges else None
        due = first is not None and first.ended in ("answered", "time") and bool(first.answer)
        if due and len(asked) < len(fixed) and not _cut_short(run, turn):
            yield question.id, f"only {len(asked)} follow-ups"
        if not due and asked:
            yield question.id, "a follow-up to no answer"


def _probes(run: Run) -> _Broken:
    """Find probes that came without need, twice, or not when due."""
    for turn, question, lines in _questions(run):
        probes = sum(line.kind is SayKind.PROBE for line in lines)
        parts = [exchange.part for exchange in turn.exchanges]
        due = False
        if Part.FOLLOW_UP_2 in parts:
            report = turn.reports[parts.index(Part.FOLLOW_UP_2)]
            due = report.gate.band is not Band.FOUND
        if probes > 1:
            yield question.id, f"{probes} probes"
        elif probes and not due:
            yield question.id, "a probe that was not due"
        elif due and not probes and not _cut_short(run, turn):
            yield question.id, "the gate point was not probed"


def _overruns(run: Run) -> _Broken:
    """Find rounds, and the interview, that ran over by more than one turn."""
    state, extra = run.final, run.final.setup.extra_time
    lines = state.transcript
    starts = [line for line in lines if line.kind is SayKind.ROUND]
    if not starts:
        return
    ends = [*(line.at for line in starts[1:]), _end_of_rounds(state)]
    for line, end in zip(starts, ends, strict=True):
        minutes = state.script[line.round].minutes * extra
        over = _running(run, line.at, end) - timedelta(minutes=minutes)
        if over > _one_turn(state):
            yield f"round {line.round + 1}", f"over by {over}"
    over = _running(run, starts[0].at, lines[-1].at) - timedelta(
        minutes=state.setup.minutes * extra
    )
    if over > _one_turn(state):
        yield "interview", f"over by {over}"


def _end_of_rounds(state: State) -> datetime:
    """Give the instant at which the last round was over."""
    closing = (SayKind.INVITE, SayKind.CLOSE)
    return next(line.at for line in state.transcript if line.kind in closing)


def _one_turn(state: State) -> timedelta:
    """Give the longest time that one turn may take."""
    minutes = [one.minutes for script in state.script for one in script.questions]
    longest = max([CONCERN_SECONDS, *(60 * one for one in minutes)])
    return timedelta(seconds=PATIENCE * longest * state.setup.extra_time) + TICK


def _running(run: Run, start: datetime, end: datetime) -> timedelta:
    """Give the time between two instants, without pauses and waiting for a case."""
    off, stopped = timedelta(), None
    for event, at in run.events:
        if isinstance(event, Paused) and stopped is None:
            stopped = at
        elif isinstance(event, Resumed) and stopped is not None:
            off += _overlap(stopped, at, start, end)
            stopped = None
        elif isinstance(event, CaseOpened):
            asked = next(one.asked_at for one in run.final.cases if one.case_id == event.case_id)
            off += _overlap(asked, at, start, end)
    return end - start - off


def _overlap(one: datetime, other: datetime, start: datetime, end: datetime) -> timedelta:
    """Give how long two spans overlap."""
    return max(timedelta(), min(other, end) - max(one, start))


def _end(run: Run) -> _Broken:
    """Find an interview without a proper end."""
    state = run.final
    if state.phase is not Phase.CLOSED or not state.ended:
        yield "end", f"it stands in phase {state.phase}"
        return
    if state.transcript[-1].kind is not SayKind.CLOSE:
        yield "end", f"the last line is {state.transcript[-1].kind}"
    if any(not turn.done for turn in state.turns):
        yield "end", "a question is still open"
