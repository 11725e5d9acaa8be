"""data-audit is fair: ordinary queries find what is planted, carelessness does not pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from caseroom.analysis.audit import literal, name
from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.drawn import Drawn, drawn_case
from caseroom.case.kinds.data_audit.planting import PlannedFault
from caseroom.case.parse import parse_submission
from caseroom.case.registry import load_kind
from caseroom.grading.check import check_case
from caseroom.grading.check_draw import check_draw
from caseroom.grading.report import grade
from caseroom.investigation.desk import LocalDesk
from caseroom.investigation.log import InvestigationLog
from caseroom.vocabulary.levels import Level, Vertical

KIND = load_kind("data-audit")


def spec_of(seed: int, level: Level) -> CaseSpec:
    """Give the spec of a case on the built-in table."""
    return CaseSpec(kind=KIND.id, version=1, seed=seed, level=level, vertical=Vertical.SAAS)


def some_of_each_type() -> Iterator[tuple[str, int, Level]]:
    """Give for every type of fault the first seed whose main fault it is."""
    wanted = set(KIND.causes)
    for seed in range(60):
        drawn = drawn_case(spec_of(seed, Level.ASSOCIATE))
        if drawn.plan.main.type in wanted:
            wanted.remove(drawn.plan.main.type)
            yield drawn.plan.main.type, seed, Level.ASSOCIATE
        if not wanted:
            return


@pytest.fixture(name="each", scope="module")
def one_case_per_type() -> dict[str, tuple[int, Level]]:
    """Give a seed and level for the type of every main fault."""
    return {kind: (seed, level) for kind, seed, level in some_of_each_type()}


def where(fault: PlannedFault) -> str:
    """Write the slice of a fault as a condition."""
    parts = [f"{name(k)} = {literal(v)}" for k, v in fault.slice.items()]
    return " AND ".join(parts) or "TRUE"


def shows(con: duckdb.DuckDBPyConnection, drawn: Drawn, fault: PlannedFault) -> bool:
    """Find a fault by one plain query, as an analyst with the right question would write it."""
    day = "CAST(scheduled_at AS DATE)"
    since, sound = literal(fault.since), literal(drawn.frame.sound_until)
    column = next((p.split(".")[1] for p in sorted(fault.places) if "." in p), "")

    def one(sql: str) -> Any:
        return con.execute(sql).fetchall()[0]

    if fault.type == types.REPEATED:
        rows, keys = one(
            "SELECT count(*), count(DISTINCT (scheduled_at, carrier, flight)) FROM flights "
            f"WHERE {where(fault)} AND {day} >= {since}"
        )
        return rows - keys == fault.size
    if fault.type == types.MISSING:
        (rows,) = one(f"SELECT count(*) FROM flights WHERE {where(fault)} AND {day} = {since}")
        return rows < 0.3 * fault.size
    if fault.type == types.FAN_OUT:
        rows, keys = one(f"SELECT count(*), count(DISTINCT {column or 'carrier'}) FROM airlines")
        return rows - keys == fault.size
    if fault.type == types.LATE:
        (late,) = one(
            f"SELECT count(*) FROM flights WHERE {where(fault)} AND {day} < {sound} "
            f"AND date_diff('day', {day}, CAST(loaded_at AS DATE)) > 1"
        )
        return late > 0
    if fault.type == types.CLOCK:
        late, early = f"FILTER (WHERE {day} >= {since})", f"FILTER (WHERE {day} < {sound})"
        (moved,) = one(
            "SELECT sum(abs(now - before)) / 2 FROM (SELECT "
            f"count(*) {late} / sum(count(*) {late}) OVER () AS now, "
            f"count(*) {early} / sum(count(*) {early}) OVER () AS before "
            f"FROM flights WHERE {where(fault)} GROUP BY hour(scheduled_at))"
        )
        return moved > 0.3
    if fault.type == types.PLACEHOLDER:
        (share,) = one(
            f"SELECT max(n) / sum(n) FROM (SELECT {column}, count(*) AS n FROM flights "
            f"WHERE {where(fault)} AND {day} >= {since} AND {column} IS NOT NULL GROUP BY 1)"
        )
        return share > 0.05
    now, before = one(
        f"SELECT avg(abs({column})) FILTER (WHERE {day} >= {since}), "
        f"avg(abs({column})) FILTER (WHERE {day} < {sound}) FROM flights WHERE {where(fault)}"
    )
    return now / before > 1.3 or now / before < 0.77


def test_every_type_is_the_main_fault_of_some_seed(each: dict[str, tuple[int, Level]]) -> None:
    """No type is only ever a side issue."""
    assert set(each) == set(KIND.causes)


@pytest.mark.parametrize("kind", [fault.id for fault in types.PLANTED])
def test_the_main_fault_shows_in_one_plain_query(
    kind: str, each: dict[str, tuple[int, Level]], tmp_path: Path
) -> None:
    """Whoever asks the right question of the right slice sees the fault at once."""
    spec = spec_of(*each[kind])
    path = tmp_path / "company.duckdb"
    KIND.build(KIND.draw(spec), (), path, lambda what, share: None)
    drawn = drawn_case(spec)

    with duckdb.connect(str(path), read_only=True) as con:
        assert shows(con, drawn, drawn.plan.main)


@pytest.mark.parametrize("kind", [fault.id for fault in types.PLANTED])
def test_the_solver_names_type_place_slice_start_and_size(
    kind: str, each: dict[str, tuple[int, Level]], tmp_path: Path
) -> None:
    """For a main fault of every type, the worked solution describes it fully."""
    spec = spec_of(*each[kind])
    case, main = KIND.draw(spec), drawn_case(spec).plan.main
    with LocalDesk(KIND, case, tmp_path) as desk:
        answer = KIND.reference(desk)
        steps = desk.steps

    (found,) = [f for f in answer["findings"] if f["type"] == kind]
    assert found["place"] in main.places
    assert found["slice"] == dict(main.slice)
    assert abs((date.fromisoformat(found["since"]) - (main.since or date.min)).days) <= 2
    assert found["size"] == pytest.approx(main.size, rel=0.3)
    assert answer["main_fault"] == kind
    assert all(step.title for step in steps)


def test_the_solver_reads_only_what_a_candidate_reads(tmp_path: Path) -> None:
    """Its queries touch the company's tables, and never a fault type's name."""
    case = KIND.draw(spec_of(1, Level.LEAD))
    with LocalDesk(KIND, case, tmp_path) as desk:
        KIND.reference(desk)
        texts = [step.sql.lower() for step in desk.steps]

    assert not [word for word in case.secret_words for text in texts if word in text]


@pytest.mark.parametrize("level", list(Level))
def test_samples_get_the_scores_that_they_should(level: Level) -> None:
    """Perfect answers are nearly full, typical and shotgun ones fail, empty ones get nothing."""
    case = KIND.draw(spec_of(2, level))
    samples = KIND.samples(case)

    def total(raw: Any) -> float:
        submission, problems = parse_submission(case.form, raw)
        assert submission is not None, problems
        consequence = KIND.consequence(case, (), submission)
        return grade(case, KIND, InvestigationLog(), submission, consequence).total

    process = 14 if level is Level.LEAD else 18
    assert total(samples.perfect) >= 95 - process
    assert total(samples.typical) < 50
    assert total(samples.shotgun) <= 50
    assert parse_submission(case.form, samples.empty)[0] is None
    assert parse_submission(case.form, samples.malformed)[0] is None


def test_a_mean_that_changed_its_sign_can_be_named() -> None:
    """Defaults may push a mean below zero: an error beyond -100% fits the form and is solved."""
    drawn = drawn_case(spec_of(66, Level.ASSOCIATE))
    assert drawn.plan.errors[drawn.plan.wrong_number] < -100

    found = check_draw(KIND, 66, Level.ASSOCIATE, build=True, repeat=False)

    assert found.reference_passed, found.failures
    assert not found.mistakes, found.failures


def test_a_quiet_correction_caps_the_total(tmp_path: Path) -> None:
    """Changing a number without saying so caps an otherwise perfect answer at 40."""
    case = KIND.draw(spec_of(2, Level.MID))
    raw = {**KIND.samples(case).perfect, "decision": {"option": "correct_quietly"}}
    submission, _ = parse_submission(case.form, raw)
    assert submission is not None

    consequence = KIND.consequence(case, (), submission)
    assert grade(case, KIND, InvestigationLog(), submission, consequence).total <= 40


def test_naming_original_oddities_costs_nothing() -> None:
    """Empty cells, extreme values and the jump of the ids may be listed without loss."""
    case = KIND.draw(spec_of(2, Level.MID))
    perfect = KIND.samples(case).perfect
    more = [
        {"type": "empty_values", "place": "flights.dep_time"},
        {"type": "renumbered_ids", "place": "flights.record_id"},
        {"type": "swapped_columns", "place": "flights.tailnum", "original": True},
    ]

    def findings_score(findings: list[Any]) -> float:
        submission, _ = parse_submission(case.form, {**perfect, "findings": findings})
        assert submission is not None
        consequence = KIND.consequence(case, (), submission)
        report = grade(case, KIND, InvestigationLog(), submission, consequence)
        return next(e.score for e in report.evidence if e.criterion == "findings")

    assert findings_score([*perfect["findings"], *more]) == findings_score(perfect["findings"])


@pytest.mark.sweep
def test_the_kind_keeps_its_promises_over_many_seeds() -> None:
    """Reference at least 95% at every level, naive regret, constants, shotgun, floor, leaks."""
    found = check_case(KIND, range(25))

    assert found["ok"], found["failures"]
