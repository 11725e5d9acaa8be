"""Scores of probabilities, choices, segments and decisions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.rubric import CauseRule, ChoiceRule, RegretRule, SegmentRule
from caseroom.grading.criteria.choices import brier_skill, missed_causes
from toy_grading import judged

CASE = toy_kind.toy_case()
CAUSES = frozenset({"demand", "logging", "season", "price", "staff", "other"})
RULE = CauseRule(field="causes", true=frozenset({"demand"}))
PAIR = frozenset({"demand", "price"})


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ({"demand": 1.0}, 1.0),
        (dict.fromkeys(CAUSES, 1 / 6), 0.0),
        (dict.fromkeys(CAUSES, 0.5), 0.0),
        (dict.fromkeys(CAUSES, 1.0), 0.0),
        ({}, 0.0),
        ({"season": 1.0}, 0.0),
        ({"demand": 0.7, "season": 0.3}, 1 - (0.09 + 0.09) / 6 / (5 / 36)),
    ],
)
def test_probabilities_are_scored_against_the_base_rate(
    given: dict[str, float], score: float
) -> None:
    """The truth gets 1; equal probabilities, everything, nothing and the wrong cause get 0."""
    assert brier_skill(given, RULE.true, CAUSES) == pytest.approx(score)


def test_two_true_causes_share_the_score() -> None:
    """With two true causes, naming one earns part of the credit and naming both all of it."""
    one = brier_skill({"demand": 1.0}, PAIR, CAUSES)

    assert brier_skill(dict.fromkeys(PAIR, 1.0), PAIR, CAUSES) == 1
    assert 0 < one < 0.5


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_score_is_proper(belief: float, given_number: float) -> None:
    """Nobody gains in expectation by stating another probability than the one believed."""

    def expected(stated: float) -> float:
        true = {"a": stated, "b": 0.5}
        return belief * _loss(true, {"a"}) + (1 - belief) * _loss(true, set())

    assert expected(belief) <= expected(given_number) + 1e-9


def _loss(stated: dict[str, float], true: set[str]) -> float:
    return sum((number - (each in true)) ** 2 for each, number in stated.items())


@pytest.mark.parametrize(
    ("given", "true", "missed"),
    [
        ({"demand": 0.5}, {"demand"}, ()),
        ({"demand": 0.49}, {"demand"}, ("demand",)),
        ({"demand": 0.8, "season": 0.8}, {"demand"}, ("demand",)),
        ({"demand": 0.8, "season": 0.79}, {"demand"}, ()),
        ({"demand": 0.9, "price": 0.4}, PAIR, ("price",)),
        ({"demand": 0.9, "price": 0.6, "season": 0.7}, PAIR, ("price",)),
        ({}, PAIR, ("demand", "price")),
    ],
)
def test_a_cause_is_missed_below_half_or_not_above_every_false_one(
    given: dict[str, float], true: set[str], missed: tuple[str, ...]
) -> None:
    """Every true cause must be likely, and strictly likelier than every false one."""
    assert missed_causes(given, frozenset(true)) == missed


def test_the_reason_names_what_was_given() -> None:
    """True and false causes are listed with the numbers that a person gave."""
    evidence = judged(CASE, RULE, {"causes": {"demand": 0.7, "season": 0.2, "price": 0.1}})

    assert "You gave 0.7 to Demand, which is true" in evidence.why
    assert "to false causes 0.2 to Season, 0.1 to Price" in evidence.why


@pytest.mark.parametrize(("chosen", "score"), [("real", 1.0), ("measurement", 0.25)])
def test_a_choice_has_full_or_partial_credit(chosen: str, score: float) -> None:
    """The right choice gets 1, others what the rule grants."""
    rule = ChoiceRule(field="verdict", true="real", partial={"measurement": 0.25})

    assert judged(CASE, rule, {"verdict": chosen}).score == score


@pytest.mark.parametrize(
    ("true", "given", "score"),
    [
        ({"region": "north"}, {"region": "north"}, 1.0),
        ({"region": "north"}, {"region": "all"}, 0.0),
        ({"region": "all"}, {"region": "all"}, 1.0),
        ({"region": "north", "plan": "all"}, {"region": "north"}, 1.0),
        ({"region": "north", "plan": "all"}, {"region": "south"}, 0.0),
        ({"region": "north", "plan": "team"}, {"region": "north"}, 0.5),
    ],
)
def test_a_segment_counts_by_dimension(
    true: dict[str, str], given: dict[str, str], score: float
) -> None:
    """Each dimension counts the same; what was left on all earns nothing beside a miss."""
    assert judged(CASE, SegmentRule(field="segment", true=true), {"segment": given}).score == score


@pytest.mark.parametrize(
    ("decision", "score"),
    [
        ({"option": "campaign", "params": {"region": "north"}}, 1.0),
        ("nothing", 0.25),
        ({"option": "campaign", "params": {"region": "south"}}, 0.0),
        ("close_region", 0.0),
    ],
)
def test_a_decision_is_scored_by_its_regret(decision: Any, score: float) -> None:
    """The best option gets 1; a regret as large as the stake gets 0."""
    evidence = judged(CASE, RegretRule(field="decision"), {"decision": decision})

    assert evidence.score == pytest.approx(score)
    assert "600" in evidence.why


def test_doing_nothing_without_saying_so_earns_nothing() -> None:
    """A decision that was left empty is not the decision to do nothing."""
    assert judged(CASE, RegretRule(field="decision"), {}).score == 0
