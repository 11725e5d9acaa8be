"""The checker finds an interviewer who breaks a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from caseroom.interview.candidates import CANDIDATES, Run, hold
from caseroom.interview.check import check_run
from caseroom.interview.rounds import make_setup
from caseroom.interview.state import Phase, Say, SayKind
from caseroom.questions.bank import load_bank
from toy_interview import START, grader


@cache
def run(name: str = "weak") -> Run:
    """Give a short interview."""
    setup = make_setup(rounds=(("analytical", 12), ("screen", 8)), seed=3)
    return hold(CANDIDATES[name], setup, load_bank(), grader, START)


def rules(changed: Run) -> set[str]:
    """Give the rules that a run breaks."""
    return {finding.rule for finding in check_run(changed)}


def with_lines(lines: list[Say], run: Run) -> Run:
    """Give the run with another transcript."""
    return replace(run, final=replace(run.final, transcript=tuple(lines)))


def swap(kind: SayKind, run: Run, **change: object) -> Run:
    """Change the first line of a kind."""
    lines = list(run.final.transcript)
    at = next(i for i, line in enumerate(lines) if line.kind is kind)
    lines[at] = replace(lines[at], **change)
    return with_lines(lines, run)


def test_the_real_interviewer_breaks_no_rule() -> None:
    """The run that the tests below spoil is clean."""
    assert rules(run()) == set()


def test_a_leak_is_found() -> None:
    """Six words of an example, a statement or an anchor are enough."""
    question = run().begun.script[0].questions[0]
    for text in (question.points[0].says[0], question.anchor("strong").text, question.model_answer):
        assert rules(swap(SayKind.GREETING, run(), text=f"Well: {text}")) == {"leak"}


def test_a_question_that_comes_twice_is_found() -> None:
    """The same question again, word for word, is a finding."""
    lines = list(run().final.transcript)
    first = next(line for line in lines if line.kind is SayKind.ASK)

    assert "repeated question" in rules(with_lines([lines[0], first, *lines[1:]], run()))


def test_other_words_in_a_follow_up_are_found() -> None:
    """A follow-up that was put differently is a finding."""
    assert "follow-ups" in rules(swap(SayKind.FOLLOW_UP, run(), text="And what else?"))


def test_a_missing_probe_and_a_needless_one_are_found() -> None:
    """The probe must come when the gate point is missing, and only then."""
    lines = [line for line in run().final.transcript if line.kind is not SayKind.PROBE]
    assert "probe" in rules(with_lines(lines, run()))

    strong = run("strong")
    lines = list(strong.final.transcript)
    at = max(i for i, line in enumerate(lines) if line.kind is SayKind.FOLLOW_UP)
    needless = replace(lines[at], kind=SayKind.PROBE, text="What else?")
    assert "probe" in rules(with_lines([*lines[: at + 1], needless, *lines[at + 1 :]], strong))


def test_running_over_is_found() -> None:
    """A round that lasts an hour too long is a finding."""
    lines = list(run().final.transcript)
    second = [i for i, line in enumerate(lines) if line.kind is SayKind.ROUND][1]
    late = [replace(line, at=line.at + timedelta(hours=1)) for line in lines[second:]]

    assert rules(with_lines([*lines[:second], *late], run())) == {"time"}


def test_an_interview_without_an_end_is_found() -> None:
    """A run that stops in the middle is a finding."""
    assert "end" in rules(replace(run(), final=replace(run().final, phase=Phase.QUESTION)))
