"""What a person is told to do next."""

from __future__ import annotations

from dataclasses import replace

import toy_kind
from caseroom.debrief.next_steps import next_steps
from caseroom.vocabulary.levels import Level
from toy_grading import KIND, report_of

CASE = toy_kind.toy_case()
PERFECT = toy_kind.perfect(CASE)
QUERIES = (
    "SELECT count(DISTINCT sale_id) FROM payments",
    "SELECT count(*) FROM payments ANTI JOIN sales USING (sale_id)",
    "SELECT region, day, count(*) FROM sales JOIN shops USING (shop_id) GROUP BY ALL",
)


def test_a_pass_leads_one_level_up() -> None:
    """Nothing is weak: look at the worked solution, then the next level with a new seed."""
    steps = next_steps(KIND, CASE, report_of(CASE, PERFECT, QUERIES))

    assert len(steps) == 2
    assert steps[-1].startswith("Same kind, new seed, one level up: `caseroom new toy-kiosk")
    assert "--level senior" in steps[-1]


def test_at_the_highest_level_the_same_level_comes_again() -> None:
    """There is always a next seed."""
    case = replace(CASE, spec=replace(CASE.spec, level=Level.SENIOR))
    steps = next_steps(KIND, case, report_of(case, PERFECT, QUERIES))

    assert "Same kind, new seed: `caseroom new toy-kiosk --level senior`" in steps[-1]


def test_gates_come_first_and_then_what_lost_most() -> None:
    """The gate that was hit leads; the three criteria that lost most points follow."""
    wrong = PERFECT | {"causes": {"season": 0.9}, "effect": {"value": 5, "low": 4, "high": 6}}
    steps = next_steps(KIND, CASE, report_of(CASE, wrong))

    assert steps[0].startswith("The cause was missed, which caps the total at 50")
    assert [step.split(" (")[0] for step in steps[1:4]] == ["Causes", "Effect", "Process"]
    assert "missed, 0% of its weight" in steps[1]
    assert "one level up" not in steps[-1]


def test_an_empty_answer_is_told_to_answer() -> None:
    """The built-in floor has advice too."""
    steps = next_steps(KIND, CASE, report_of(CASE, {}))

    assert any("answer every field, also with doubt" in step for step in steps)
