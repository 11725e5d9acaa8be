"""Votes: majority, lowered by disagreement, with the offline verdict where nobody can tell."""

from __future__ import annotations

from itertools import product

import pytest

from caseroom.grading.evidence import Method, Span
from caseroom.grading.judge.report import JudgedPoint, Mark, Vote
from caseroom.grading.judge.votes import decide
from caseroom.grading.text.report import PointVerdict
from caseroom.questions.model import Band
from toy_models import TOY

POINT = TOY.points[0]
SPAN = Span(source="answer", ref="answer", quote="the stock table", start=0, end=15)
OFFLINE = PointVerdict(
    point="p1",
    statement=POINT.statement,
    weight=POINT.weight,
    gate=POINT.gate,
    band=Band.PERHAPS,
    confidence="fair",
    span=None,
    why="Offline.",
    advice="",
)
LETTERS = {
    "m": Mark.MET,
    "p": Mark.PARTLY,
    "n": Mark.NOT_MET,
    "c": Mark.CONTRADICTED,
    "?": Mark.CANNOT_TELL,
}


def decided(marks: str) -> JudgedPoint:
    """Decide by one letter per run."""
    votes = [
        Vote(
            point="p1",
            claimed=LETTERS[letter],
            mark=LETTERS[letter],
            reason=f"Run {number}.",
            span=SPAN if letter in "mp" else None,
        )
        for number, letter in enumerate(marks)
    ]
    return decide(POINT, votes, OFFLINE)


@pytest.mark.parametrize(
    ("marks", "band", "confidence"),
    [
        ("mmm", Band.FOUND, "fair"),
        ("ppp", Band.PERHAPS, "fair"),
        ("nnn", Band.NOT_FOUND, "fair"),
        ("ncn", Band.NOT_FOUND, "fair"),
        ("mmp", Band.PERHAPS, "low"),
        ("mmn", Band.PERHAPS, "low"),
        ("mm?", Band.PERHAPS, "low"),
        ("nnm", Band.NOT_FOUND, "low"),
        ("ncm", Band.NOT_FOUND, "low"),
        ("mpn", Band.PERHAPS, "low"),
        ("m?n", Band.PERHAPS, "low"),
        ("mn", Band.PERHAPS, "low"),
        ("mm", Band.FOUND, "fair"),
    ],
)
def test_the_models_verdict(marks: str, band: Band, confidence: str) -> None:
    """A majority decides; credit that is not unanimous is perhaps; a lone "met" raises nothing."""
    verdict = decided(marks).verdict

    assert (verdict.band, verdict.confidence) == (band, confidence)
    assert verdict.method is Method.LANGUAGE_MODEL


@pytest.mark.parametrize("marks", ["???", "??m", "??n", "?n"])
def test_a_model_that_cannot_tell_leaves_the_offline_verdict(marks: str) -> None:
    """Most runs abstain, or nothing but doubt is left: the offline verdict stands, as its own."""
    assert decided(marks).verdict == OFFLINE


@pytest.mark.parametrize("marks", ["".join(three) for three in product(LETTERS, repeat=3)])
def test_credit_always_shows_words(marks: str) -> None:
    """Whatever the votes: credit by the model has a span, its absence has none."""
    point = decided(marks)

    if point.verdict.method is Method.LANGUAGE_MODEL:
        assert (point.verdict.span is not None) == (point.verdict.band is not Band.NOT_FOUND)
        assert bool(point.verdict.advice) == (point.verdict.band is not Band.FOUND)
    assert point.offline is Band.PERHAPS


@pytest.mark.parametrize("marks", ["".join(three) for three in product(LETTERS, repeat=3)])
def test_the_order_of_runs_does_not_matter(marks: str) -> None:
    """The same votes in another order give the same band."""
    assert decided(marks).verdict.band is decided(marks[::-1]).verdict.band
