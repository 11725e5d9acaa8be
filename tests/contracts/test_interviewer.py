"""Every kind of candidate meets the interviewer, who keeps the rules with all of them."""

from __future__ import annotations

import pytest

from caseroom.interview.check import examine
from caseroom.interview.rounds import make_setup
from caseroom.interview.scales import Verdict
from caseroom.questions.bank import load_bank
from toy_interview import START, grader

SETUPS = {
    "45 minutes with a case": make_setup(preset="loop-45", seed=11),
    "90 minutes with a stakeholder": make_setup(
        preset="loop-90", role="platform", level="senior", vertical="finance", seed=12
    ),
    "extra time, lead": make_setup(
        preset="loop-45", role="ml", level="lead", vertical="healthcare", extra_time=1.5, seed=13
    ),
}


@pytest.mark.parametrize("setup", SETUPS.values(), ids=SETUPS.keys())
def test_the_interviewer_keeps_the_rules_with_every_candidate(setup) -> None:
    """No leak, no repetition, fixed follow-ups, time kept, probes when due, an end, an order."""
    exam = examine(setup, load_bank(), grader, START)

    assert exam.findings == ()
    assert {run.candidate for run in exam.runs} == {
        "strong",
        "weak",
        "empty",
        "rambling",
        "repeating",
        "hostile",
    }
    assert exam.cards["strong"].verdict in (Verdict.YES, Verdict.STRONG_YES)
    assert all(
        card.verdict in (Verdict.STRONG_NO, Verdict.NO)
        for name, card in exam.cards.items()
        if name != "strong"
    )
