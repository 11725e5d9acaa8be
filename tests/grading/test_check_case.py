"""The check of a case kind: a sound kind passes, and each kind of mistake is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

import toy_kind
from caseroom.case.contract import Case, CaseKind, Desk, Samples
from caseroom.case.rubric import (
    CauseRule,
    DateRule,
    ForecastRule,
    IntervalRule,
    ProcessCheck,
    ProcessRule,
    SegmentRule,
)
from caseroom.grading.check import check_case
from caseroom.grading.check_rubric import rubric_problems
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level

KIND = toy_kind.kind()
ONE = [Level.ASSOCIATE]


def checked(kind: CaseKind, seeds: int = 1, **options: Any) -> dict[str, Any]:
    """Check a kind at one level."""
    return check_case(kind, range(seeds), ONE, **options)


def test_a_sound_kind_keeps_its_promises() -> None:
    """Solvers, samples, determinism and leaks: nothing fails, and every figure is there."""
    seen: list[float] = []
    found = checked(KIND, 3, progress=lambda what, share: seen.append(share))

    assert found["failures"] == []
    assert found["ok"]
    assert found["reference_pass"] == 1
    assert found["naive_regret"] is not None
    assert found["shotgun_pass"] == 0
    assert found["floor_ok"]
    assert found["leaks"] == 0
    assert sum(found["causes_drawn"].values()) == found["draws"] == found["seeds"] == 3
    assert found["decoys"] == ["other", "price", "season", "staff"]
    assert found["constant_pass"] == max(found["constant_pass_by_answer"].values())
    assert found["promises"]["reference_pass"] is None  # three seeds are too few to say
    assert seen == pytest.approx([1 / 3, 2 / 3, 1])
    assert json.loads(json.dumps(found)) == found


def test_a_constant_answer_passes_in_half_of_the_seeds_of_a_kind_with_two_causes() -> None:
    """A kind that plants only two causes breaks the promise on constant answers."""
    found = check_case(KIND, range(20), ONE, build=False)

    assert found["reference_pass"] is None
    assert 0.4 <= found["constant_pass"] <= 0.7
    assert found["promises"]["constant_pass"] is False
    assert not found["ok"]


def test_other_processes_find_the_same() -> None:
    """Many draws are checked by two processes, with the same result."""
    here = check_case(KIND, range(9), ONE, build=False, workers=1)

    assert check_case(KIND, range(9), ONE, build=False) == here


def test_a_kind_that_cannot_travel_is_checked_in_this_process() -> None:
    """Inner functions are no obstacle."""
    kind = replace(KIND, draw=lambda spec: toy_kind.draw(spec))

    assert check_case(kind, range(9), ONE, build=False)["draws"] == 9


def test_no_seeds_are_refused() -> None:
    """An empty check would promise everything."""
    with pytest.raises(CaseroomError, match="one seed or more"):
        check_case(KIND, ())


def with_samples(change: Callable[[Samples], Samples]) -> CaseKind:
    """Give the toy kind with changed samples."""
    return replace(KIND, samples=lambda case: change(toy_kind.samples(case)))


@pytest.mark.parametrize(
    ("kind", "says", "broken"),
    [
        (
            with_samples(lambda s: replace(s, perfect=s.typical)),
            "the perfect answer gets",
            "no_mistakes",
        ),
        (
            with_samples(lambda s: replace(s, perfect={"memo": 7})),
            "the perfect answer can't be read",
            "no_mistakes",
        ),
        (
            with_samples(lambda s: replace(s, typical=s.perfect)),
            "the typical answer gets 92.9, which would pass",
            "no_mistakes",
        ),
        (
            with_samples(lambda s: replace(s, shotgun=s.perfect)),
            "the shotgun answer passes",
            "shotgun_never_passes",
        ),
        (
            with_samples(lambda s: replace(s, empty=s.perfect)),
            "the empty answer is not at the floor",
            "floor",
        ),
        (
            with_samples(lambda s: replace(s, malformed=s.typical)),
            "the malformed answer is not at the floor",
            "floor",
        ),
        (
            replace(KIND, consequence=lambda case, bought, submission: 1 / 0),
            "stopped by ZeroDivisionError",
            "no_mistakes",
        ),
    ],
)  # fmt: skip
def test_a_broken_sample_is_found(kind: CaseKind, says: str, broken: str) -> None:
    """Each promise on samples is checked without building anything."""
    found = checked(kind, build=False)

    assert any(says in reason for reason in found["failures"]), found["failures"]
    assert found["promises"][broken] is False
    assert not found["ok"]


def leaky_build(case: Case, bought: Any, path: Path, progress: Any) -> Any:
    """Build the toy file and write the truth into it."""
    rows = toy_kind.build(case, bought, path, progress)
    with duckdb.connect(str(path)) as db:
        db.execute("COMMENT ON TABLE shops IS 'has Doubled_Rows'")
    return rows


def test_a_leak_is_found_in_the_built_file() -> None:
    """A secret word in the company's database is reported with its place."""
    found = checked(replace(KIND, build=leaky_build))

    assert found["leaks"] > 0
    assert found["promises"]["no_leaks"] is False
    assert "seed 0 associate: leak: 'doubled_rows' in table shops" in found["failures"]


class Drift:
    """Kind functions that give something else every time."""

    def __init__(self) -> None:
        self.calls = 0

    def draw(self, spec: Any) -> Case:
        """Draw a case that counts the draws."""
        self.calls += 1
        case = toy_kind.draw(spec)
        return replace(case, brief=replace(case.brief, title=f"Draw {self.calls}"))

    def build(self, case: Case, bought: Any, path: Path, progress: Any) -> Any:
        """Build a file that counts the builds."""
        self.calls += 1
        rows = toy_kind.build(case, bought, path, progress)
        with duckdb.connect(str(path)) as db:
            db.execute(f"UPDATE shops SET region = 'x{self.calls}' WHERE shop_id = 0")
        return rows


def test_a_kind_that_depends_on_more_than_its_seed_is_found() -> None:
    """Drawing and building twice must give the same."""
    drift = Drift()
    found = checked(replace(KIND, draw=drift.draw, build=drift.build))

    assert any("drawing twice gives two cases" in reason for reason in found["failures"])
    assert any("other rows in main.shops" in reason for reason in found["failures"])


def blind(desk: Desk) -> dict[str, Any]:
    """Solve without looking, always the same."""
    return toy_kind.naive(desk) | {"onset": toy_kind.FIRST}


def test_a_reference_solver_that_misses_is_found() -> None:
    """The reason names what was wrong."""
    found = checked(replace(KIND, reference=blind), 2)

    assert found["reference_pass"] == 0
    assert all("the reference solver gets" in reason for reason in found["failures"])
    assert "onset 0.00" in found["failures"][0]


@pytest.mark.parametrize(
    ("criterion", "rule", "says"),
    [
        ("causes", CauseRule(field="causes", true=frozenset({"moon"})), "not among the choices"),
        ("causes", CauseRule(field="memo", true=frozenset({"demand"})), "not a ProbabilitiesField"),
        ("segment", SegmentRule(field="segment", true={"region": "west"}), "'west' can't be"),
        ("segment", SegmentRule(field="segment", true={}), "does not name the dimensions"),
        (
            "onset",
            DateRule(field="onset", true=toy_kind.LAST, tolerance_days=9, zero_days=3),
            "tolerance",
        ),
        ("effect", IntervalRule(field="effect", true=40, sd=30, vague=60), "is not above"),
        (
            "effect",
            ForecastRule(field="effect", sd_share=0.2, vague_share=0.3),
            "0.3 is not above",
        ),
        ("effect", IntervalRule(field="effect", true=140, sd=3, vague=60), "140 can't be entered"),
        (
            "process",
            ProcessRule(
                checks=(
                    ProcessCheck(id="x", label="x", tables=(), constructs=frozenset({"magic"})),
                )
            ),
            "unknown constructs magic",
        ),
    ],
)
def test_an_unsound_rubric_is_found(criterion: str, rule: Any, says: str) -> None:
    """Rules that the form can't answer, and scales that can't work, are named."""
    case = toy_kind.toy_case()
    criteria = tuple(
        replace(each, rule=rule) if each.id == criterion else each for each in case.rubric.criteria
    )
    changed = replace(case, rubric=replace(case.rubric, criteria=criteria))

    assert any(says in problem for problem in rubric_problems(changed))
    assert rubric_problems(case) == ()


def test_weights_and_gates_are_checked() -> None:
    """Weights that don't add up to 100 and gates on nothing are named."""
    case = toy_kind.toy_case()
    gate = replace(case.rubric.gates[0], kind="moon")
    lost = replace(case.rubric.gates[0], field="nothing")
    changed = replace(
        case, rubric=replace(case.rubric, criteria=case.rubric.criteria[1:], gates=(gate, lost))
    )

    assert rubric_problems(changed) == (
        "the weights add up to 70, not 100",
        "gate cause: unknown kind 'moon'",
        "gate cause: no field 'nothing'",
    )
