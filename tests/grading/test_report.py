"""Reports: totals, gates, the floor, digests."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.contract import Case
from caseroom.case.rubric import CauseRule, Gate
from caseroom.grading.report import GRADER, submission_digest
from toy_grading import report_of

CASE = toy_kind.toy_case()
PERFECT = toy_kind.perfect(CASE)
QUERIES = (
    "SELECT count(DISTINCT sale_id) FROM payments",
    "SELECT count(*) FROM payments ANTI JOIN sales USING (sale_id)",
    "SELECT region, day, count(*) FROM sales JOIN shops USING (shop_id) GROUP BY ALL",
)


def with_gate(**gate: Any) -> Case:
    """Give the toy case with one gate."""
    gates = (Gate(id="gate", label="A gate", cap=30, **gate),)
    return replace(CASE, rubric=replace(CASE.rubric, gates=gates))


def test_the_perfect_answer_passes() -> None:
    """Truth in every field and careful queries give nearly 100 and no gate."""
    report = report_of(CASE, PERFECT, QUERIES)

    assert report.total == report.raw_total >= 99
    assert report.passed
    assert report.gates == ()
    assert (report.content, report.grader, report.pass_mark) == ("toy-kiosk-v1", GRADER, 70)


def test_the_total_is_the_weighted_mean() -> None:
    """Weights of missed criteria are missing from the total."""
    report = report_of(CASE, PERFECT)
    (process,) = (each for each in report.evidence if each.criterion == "process")

    assert process.score == 0
    assert report.total == pytest.approx(100 - process.weight, abs=0.3)


def test_weights_need_not_add_up_to_100() -> None:
    """The total stays between 0 and 100 whatever the weights are."""
    criteria = tuple(replace(each, weight=each.weight * 3) for each in CASE.rubric.criteria)
    tripled = replace(CASE, rubric=replace(CASE.rubric, criteria=criteria))

    assert report_of(tripled, PERFECT).total == report_of(CASE, PERFECT).total


def test_missing_the_cause_caps_the_total() -> None:
    """All else right, the wrong cause caps the total and fails."""
    report = report_of(CASE, PERFECT | {"causes": {"season": 0.9}}, QUERIES)

    assert report.raw_total > report.total == 50
    assert not report.passed
    assert [gate.gate for gate in report.gates] == ["cause"]


def test_every_true_cause_must_be_named() -> None:
    """With two true causes, naming one of them is a miss."""
    both = frozenset({"demand", "price"})
    gate = Gate(id="cause", label="Missed", cap=50, kind="cause_missed", field="causes", true=both)
    criteria = (
        replace(CASE.rubric.criteria[0], rule=CauseRule(field="causes", true=both)),
        *CASE.rubric.criteria[1:],
    )
    case = replace(CASE, rubric=replace(CASE.rubric, criteria=criteria, gates=(gate,)))

    assert report_of(case, PERFECT | {"causes": {"demand": 0.9, "price": 0.3}}).gates
    assert not report_of(case, PERFECT | {"causes": {"demand": 0.9, "price": 0.6}}).gates


def test_a_harmful_option_caps_the_total() -> None:
    """The lowest cap of the gates that are hit holds."""
    harmful = PERFECT | {"decision": "close_region", "causes": {"season": 0.9}}

    assert report_of(CASE, harmful, QUERIES).total == 40


def test_no_fault_found_caps_the_total() -> None:
    """A gate may ask for at least one planted fault."""
    case = with_gate(kind="no_fault_found", field="findings")
    wrong = PERFECT | {"findings": [{"type": "unit_change", "place": "sales"}]}
    none = {key: value for key, value in PERFECT.items() if key != "findings"}

    assert report_of(case, PERFECT).gates == ()
    assert report_of(case, wrong).total == 30
    assert report_of(case, none).total == 30


def test_a_criterion_below_its_floor_caps_the_total() -> None:
    """A gate may rest on any criterion."""
    case = with_gate(kind="criterion_below", criterion="process", floor=0.5)

    assert report_of(case, PERFECT, QUERIES).gates == ()
    assert report_of(case, PERFECT).total == 30


def test_an_unknown_gate_is_an_error() -> None:
    """A rubric with a gate that nobody knows cannot be graded silently."""
    with pytest.raises(ValueError, match="unknown kind 'moon'"):
        report_of(with_gate(kind="moon"), PERFECT)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"segment": {"region": "north"}, "decision": "nothing"},
        {"memo": PERFECT["memo"], "verdict": "real"},
    ],
)
def test_less_than_half_an_answer_gets_the_floor(raw: dict[str, Any]) -> None:
    """A nearly empty submission gets 0 by construction, also after a day of queries."""
    report = report_of(CASE, raw, QUERIES)

    assert report.total == 0
    assert report.gates[-1].gate == "not_an_attempt"
    assert not report.passed


def test_grading_is_deterministic() -> None:
    """The same inputs give an equal report."""
    assert report_of(CASE, PERFECT, QUERIES) == report_of(CASE, PERFECT, QUERIES)


def test_a_submission_has_the_same_digest_after_it_was_stored() -> None:
    """Order of keys and dates as text make no difference; another answer does."""
    stored = json.loads(json.dumps(PERFECT, default=str))

    assert submission_digest(PERFECT) == submission_digest(dict(reversed(stored.items())))
    assert submission_digest(PERFECT) != submission_digest(PERFECT | {"onset": date(2025, 3, 9)})
    assert report_of(CASE, PERFECT).submission_sha256 == submission_digest(PERFECT)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Draw answers of mixed quality."""
    number = draw(st.floats(0, 100))
    fields = {
        "causes": st.dictionaries(
            st.sampled_from(["demand", "season", "price"]), st.floats(0, 1), min_size=1
        ),
        "segment": st.fixed_dictionaries({"region": st.sampled_from(["all", *toy_kind.REGIONS])}),
        "onset": st.dates(toy_kind.FIRST, toy_kind.LAST),
        "effect": st.just({"value": number, "low": 0, "high": 100}),
        "decision": st.sampled_from(["nothing", "campaign", "repair_tills", "close_region"]),
        "memo": st.text(min_size=1).filter(lambda text: bool(text.strip())),
    }
    return draw(st.fixed_dictionaries({}, optional=fields))


@given(answers())
def test_totals_stay_within_bounds(raw: dict[str, Any]) -> None:
    """Every score lies in 0..1, every total in 0..100 and under its caps."""
    report = report_of(CASE, raw)

    assert all(0 <= each.score <= 1 and each.why for each in report.evidence)
    assert 0 <= report.total <= report.raw_total <= 100
    assert all(report.total <= gate.cap for gate in report.gates)
    assert report.passed == (report.total >= 70 and not report.gates)
