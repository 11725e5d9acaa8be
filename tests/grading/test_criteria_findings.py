"""Scores of claimed faults: precision, recall and how completely they are described."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.form import Finding
from caseroom.case.rubric import Fault, FindingsRule
from caseroom.grading.criteria.findings import completeness, f1, match
from toy_grading import judged

CASE = toy_kind.toy_case()
TYPES = ("duplicates", "missing_rows", "unit_change")
PLACES = ("sales", "payments", "sales.cents", "payments.cents")
TWICE = Fault(
    type="duplicates",
    places=frozenset({"payments", "payments.cents"}),
    slice={"region": "south"},
    since=date(2025, 2, 5),
    size=50,
    since_days=3,
    size_share=0.2,
)
UNITS = Fault(type="unit_change", places=frozenset({"sales.cents"}), slice={}, since=None, size=100)
RULE = FindingsRule(
    field="findings", faults=(TWICE, UNITS), original=frozenset({("missing_rows", "payments")})
)
GOOD_TWICE = Finding(
    type="duplicates",
    place="payments",
    slice={"region": "south"},
    since=date(2025, 2, 4),
    size=45,
)
GOOD_UNITS = Finding(type="unit_change", place="sales.cents", size=100)
WRONG = Finding(type="missing_rows", place="sales")


def score(*findings: Finding, rule: FindingsRule = RULE) -> float:
    """Give the score of findings."""
    raw: list[dict[str, Any]] = [
        {
            "type": each.type,
            "place": each.place,
            "slice": each.slice,
            "since": each.since,
            "size": each.size,
            "confidence": each.confidence,
            "original": each.original,
        }
        for each in findings
    ]
    return judged(CASE, rule, {"findings": raw}).score


def test_all_faults_fully_described_get_full_credit() -> None:
    """Each fault once, with slice, start and size inside the tolerances, gets 1."""
    assert score(GOOD_TWICE, GOOD_UNITS) == 1


def test_half_of_the_faults_get_two_thirds() -> None:
    """Perfect precision with half of the recall is an F1 of 2/3."""
    assert score(GOOD_TWICE) == pytest.approx(2 / 3)


def test_a_wrong_finding_costs_by_its_confidence() -> None:
    """A wrong finding lowers the score, less so where it was doubtful."""
    sure = score(GOOD_TWICE, GOOD_UNITS, WRONG)
    doubtful = score(
        GOOD_TWICE, GOOD_UNITS, Finding(type="missing_rows", place="sales", confidence=0.2)
    )

    assert sure == pytest.approx(4 / 5)
    assert sure < doubtful < 1


@pytest.mark.parametrize("confidence", [1.0, 0.5, 0.1, 0.01])
def test_naming_everything_scores_low(confidence: float) -> None:
    """Every type at every place earns little, whatever confidence it is given."""
    everything = [
        Finding(type=kind, place=place, confidence=confidence)
        for kind, place in product(TYPES, PLACES)
    ][:10]

    assert score(*everything) < 0.3


def test_a_finding_marked_as_original_counts_neither_way() -> None:
    """What a person believes was in the data before costs nothing and earns nothing."""
    marked = Finding(type="missing_rows", place="sales", original=True)
    hidden = Finding(
        type="duplicates", place="payments", original=True, slice={"region": "south"}, size=50
    )

    assert score(GOOD_TWICE, GOOD_UNITS, marked) == 1
    assert score(hidden) == 0


def test_an_oddity_that_the_data_had_costs_nothing() -> None:
    """Naming a known oddity of the data as they came is neutral, marked or not."""
    assert score(GOOD_TWICE, GOOD_UNITS, Finding(type="missing_rows", place="payments")) == 1


def test_the_same_claim_at_another_place_of_the_fault_is_neutral() -> None:
    """A fault that two places show may be named at both, in the same words."""
    again = Finding(
        type="duplicates",
        place="payments.cents",
        slice={"region": "south"},
        since=date(2025, 2, 4),
        size=45,
    )

    assert score(GOOD_TWICE, again, GOOD_UNITS) == 1


def test_hedging_one_fault_over_several_descriptions_costs() -> None:
    """Naming a fault again with another slice is a wrong finding."""
    hedge = [Finding(type="duplicates", place="payments", slice={"region": r}, size=50)
             for r in ("north", "east")]  # fmt: skip

    assert score(GOOD_TWICE, GOOD_UNITS, *hedge) == pytest.approx(4 / 6)


def test_two_faults_of_one_type_are_matched_by_their_description() -> None:
    """Where type and place fit both faults, each finding goes to the fault that it describes."""
    north = Fault(
        type="duplicates",
        places=frozenset({"payments"}),
        slice={"region": "north"},
        since=None,
        size=10,
    )
    rule = FindingsRule(field="findings", faults=(TWICE, north))
    second = Finding(type="duplicates", place="payments", slice={"region": "north"}, size=10)

    assert score(second, GOOD_TWICE, rule=rule) == 1
    assert match(rule, (second, GOOD_TWICE)).pairs == ((0, 1), (1, 0))


@pytest.mark.parametrize(
    ("finding", "share"),
    [
        (GOOD_TWICE, 1.0),
        (Finding(type="duplicates", place="payments"), 0.0),
        (Finding(type="duplicates", place="payments", slice={"region": "south"}), 1 / 3),
        (Finding(type="duplicates", place="payments", size=70), 0.0),
        (Finding(type="duplicates", place="payments", since=date(2025, 2, 8)), 1 / 3),
    ],
)
def test_slice_start_and_size_count_the_same(finding: Finding, share: float) -> None:
    """Each part of the description is right or not."""
    assert completeness(finding, TWICE) == pytest.approx(share)


def test_a_fault_without_a_start_is_not_asked_for_one() -> None:
    """Where the truth has no start, slice and size alone make it complete."""
    assert completeness(GOOD_UNITS, UNITS) == 1


@given(
    st.lists(
        st.builds(
            Finding,
            type=st.sampled_from(TYPES),
            place=st.sampled_from(PLACES),
            confidence=st.floats(0, 1),
            original=st.booleans(),
        ),
        max_size=10,
    )
)
def test_every_finding_is_matched_wrong_or_neutral(findings: list[Finding]) -> None:
    """The three groups cover all findings once, matching is one to one, and F1 stays in 0..1."""
    matching = match(RULE, findings)
    used = [*(at for at, _ in matching.pairs), *matching.wrong, *matching.neutral]

    assert sorted(used) == list(range(len(findings)))
    assert len({fault for _, fault in matching.pairs}) == len(matching.pairs)
    assert 0 <= f1(matching, findings, len(RULE.faults)) <= 1


@given(st.lists(st.sampled_from([WRONG, GOOD_TWICE]), max_size=4))
def test_a_wrong_finding_never_raises_the_score(findings: list[Finding]) -> None:
    """Adding what was not planted never pays."""
    assert score(*findings, WRONG) <= score(*findings) + 1e-12


def test_the_reason_names_what_was_missed_and_what_was_wrong() -> None:
    """A person reads which fault was not found and which claim cost."""
    raw = [{"type": "missing_rows", "place": "sales", "confidence": 0.6}]
    evidence = judged(CASE, RULE, {"findings": raw})

    assert "0 of 2 planted faults" in evidence.why
    assert "unit_change in sales.cents" in evidence.why
    assert "missing_rows in sales at 0.6" in evidence.why
