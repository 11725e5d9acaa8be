"""Probes: neutral, fitting what is missing, never twice."""

from __future__ import annotations

from dataclasses import replace

from caseroom.interview.lines import load_lines
from caseroom.interview.probing import choose_probe, lacks, probe_due
from caseroom.questions.bank import find_question, load_bank
from caseroom.questions.model import Band, Category, PointKind, Round
from toy_interview import grader

LINES = load_lines()


def story():
    """Give a question on past behavior."""
    return next(q for q in load_bank() if q.round is Round.BEHAVIORAL)


def with_gate(question, kind: PointKind):
    """Give the question with a gate point of another kind."""
    points = tuple(replace(p, kind=kind) if p.gate else p for p in question.points)
    return replace(question, points=points)


def test_what_an_answer_lacks_is_seen_by_its_words() -> None:
    """A number, an own action, a reason, a check and a decider each have their cues."""
    full = (
        "I counted forty orders by hand because the log was late, compared them with the bank's "
        "file, and the head of finance approved the fix."
    )
    bare = "We improved the whole thing and everybody was happy."

    assert lacks(full, grader(story(), full).structure) == frozenset()
    assert lacks(bare, grader(story(), bare).structure) == {
        "number",
        "own_action",
        "reason",
        "checked",
        "who_decided",
    }


def test_the_kind_of_the_missing_point_decides_what_is_asked_first() -> None:
    """For a missing number a number is asked for, for a missing reflection a reason."""
    bare = "We improved the whole thing and everybody was happy."
    for kind, name in ((PointKind.QUANTIFICATION, "number"), (PointKind.REFLECTION, "reason")):
        question = with_gate(story(), kind)
        text = choose_probe(question, grader(question, bare), [bare], (), LINES)
        assert text in LINES.probes[name].past


def test_a_probe_is_never_used_twice() -> None:
    """Used wordings are passed over until all that fit are gone."""
    question, bare = story(), "We improved the whole thing and everybody was happy."
    used: list[str] = []
    for _ in range(12):
        used.append(choose_probe(question, grader(question, bare), [bare], used, LINES))

    assert len(set(used)) == len(used)


def test_questions_on_concepts_are_not_asked_who_decided() -> None:
    """Only what fits the category is asked for."""
    question = next(q for q in load_bank() if q.category is Category.TECHNICAL)
    wrong = {*LINES.probes["who_decided"].would, *LINES.probes["own_action"].would}
    used: list[str] = []
    for _ in range(9):
        used.append(choose_probe(question, grader(question, "It depends."), ["It."], used, LINES))

    assert not wrong & set(used)


def test_the_probe_is_due_unless_the_gate_point_is_found() -> None:
    """A "perhaps" is worth a question, too."""
    question = find_question("Q001")
    report = grader(question, question.anchor("strong").text)
    for band in Band:
        points = tuple(replace(p, band=band) if p.gate else p for p in report.points)
        assert probe_due(replace(report, points=points)) is (band is not Band.FOUND)
