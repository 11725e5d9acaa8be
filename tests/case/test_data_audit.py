"""The case kind data-audit on the built-in table: what is drawn, told, asked, built and valued."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from caseroom.case.contract import Case, CaseSpec, Purchase
from caseroom.case.form import Finding, FindingsField
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.brief import BUDGET_CENTS
from caseroom.case.kinds.data_audit.consequence import perfect_answer, weeks_of
from caseroom.case.kinds.data_audit.decisions import OPTION_IDS
from caseroom.case.kinds.data_audit.drawn import Drawn, drawn_case, planted_tables
from caseroom.case.kinds.data_audit.report import report_values, source_sql
from caseroom.case.kinds.data_audit.source import load_source
from caseroom.case.kinds.data_audit.states import Rule
from caseroom.case.parse import parse_submission
from caseroom.case.registry import load_kind
from caseroom.case.rubric import FindingsRule
from caseroom.grading.check_draw import table_digests
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical

KIND = load_kind("data-audit")
COUNTS = Purchase(offer="source_counts")


def spec_of(seed: int, level: Level, vertical: Vertical = Vertical.SAAS) -> CaseSpec:
    """Give the spec of a case on the built-in table."""
    return CaseSpec(kind=KIND.id, version=1, seed=seed, level=level, vertical=vertical)


@cache
def case_of(seed: int, level: Level, vertical: Vertical = Vertical.SAAS) -> Case:
    """Draw a case once for all tests."""
    return KIND.draw(spec_of(seed, level, vertical))


def drawn_of(case: Case) -> Drawn:
    """Give what lies behind a case."""
    return drawn_case(case.spec)


CASES = [(seed, level) for seed in (1, 2) for level in Level]


@pytest.fixture(name="case", params=CASES, ids=[f"{s}-{level}" for s, level in CASES])
def a_case(request: pytest.FixtureRequest) -> Case:
    """Give some cases of every level."""
    return case_of(*request.param)


@pytest.fixture(name="built", scope="module")
def built_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    """Build one lead case with counts of the source."""
    case = case_of(3, Level.LEAD, Vertical.FINANCE)
    path = tmp_path_factory.mktemp("audit") / "company.duckdb"
    KIND.build(case, (COUNTS,), path, lambda what, share: None)
    return case, path


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Run a query on a built file."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


# What is drawn


def test_every_level_plants_as_many_faults_as_it_says(case: Case) -> None:
    """Associate: one and a minor one; mid: 2 or 3 minor ones; from senior on two interact."""
    roles = [fault.role for fault in drawn_of(case).plan.faults]

    assert roles.count("main") == 1
    assert roles.count("second") == (case.spec.level in (Level.SENIOR, Level.LEAD))
    most = {Level.ASSOCIATE: 1, Level.MID: 3}.get(case.spec.level, 2)
    assert 1 <= roles.count("minor") + roles.count("second") <= most + 1


def test_types_differ_and_are_in_the_catalogue(case: Case) -> None:
    """No type is planted twice, and each one can be named in the form."""
    kinds = list(KIND.planted(case))
    field = case.form.field("findings")

    assert len(kinds) == len(set(kinds))
    assert isinstance(field, FindingsField)
    assert set(kinds) <= {choice.id for choice in field.types}
    assert set(kinds) <= set(KIND.causes)


def test_faults_begin_after_the_audit_and_have_a_size(case: Case) -> None:
    """Place, slice, start and size of every planted fault can be filled in."""
    field = case.form.field("findings")
    assert isinstance(field, FindingsField)
    places = {choice.id for choice in field.places}

    for fault in drawn_of(case).plan.faults:
        assert fault.since is not None
        assert field.first <= fault.since <= field.last
        assert fault.size != 0
        assert fault.places <= places
        assert all(
            value in {c.id for c in field.slices[dimension]}
            for dimension, value in fault.slice.items()
        )


def test_the_main_fault_moves_the_wrong_number_most(case: Case) -> None:
    """No other fault moves the number that is furthest off by more."""
    plan = drawn_of(case).plan
    number = plan.wrong_number

    assert abs(plan.errors[number]) == max(map(abs, plan.errors.values()))
    alone = {fault.type: abs(fault.errors[number]) for fault in plan.faults}
    assert max(alone, key=lambda kind: alone[kind]) == plan.main.type
    assert abs(plan.errors[number]) >= 1.8


def test_minor_faults_move_the_report_little(case: Case) -> None:
    """A minor fault alone makes no error beyond 30% of the main one's."""
    plan = drawn_of(case).plan
    most = max(map(abs, plan.main.errors.values()))

    for fault in plan.faults:
        if fault.role == "minor":
            assert max(map(abs, fault.errors.values())) <= 0.3 * most + 1e-9


def test_places_that_were_odd_before_are_no_planted_ones(case: Case) -> None:
    """A planted fault never counts as original, so that naming it always earns something."""
    (rule,) = [c.rule for c in case.rubric.criteria if isinstance(c.rule, FindingsRule)]

    planted = {(fault.type, place) for fault in rule.faults for place in fault.places}
    assert not planted & rule.original
    assert ("empty_values", "flights.dep_time") in rule.original


def test_seeds_differ_in_truth_and_not_only_in_numbers() -> None:
    """Over a few seeds, several types are the main fault and several numbers are wrong."""
    plans = [drawn_of(case_of(seed, Level.ASSOCIATE)).plan for seed in range(10)]

    assert len({plan.main.type for plan in plans}) >= 4
    assert len({plan.wrong_number for plan in plans}) >= 3


# What is told and asked


def test_the_brief_shows_the_report_and_what_everything_costs(case: Case) -> None:
    """Every number of the report stands in the brief; the change log has 8 to 15 entries."""
    drawn, text = drawn_of(case), " ".join(case.brief.context)

    assert all(number.label in text for number in drawn.numbers)
    assert str(drawn.frame.sound_until) in text
    assert 8 <= len(case.brief.change_log) <= 15
    assert all(entry.on <= case.brief.today for entry in case.brief.change_log)
    assert "percentage point" in case.brief.value_rule
    assert "2013" in text


def test_hints_are_given_below_senior_only(case: Case) -> None:
    """Associates get a ladder, mids one hint, others none."""
    wanted = {Level.ASSOCIATE: 4, Level.MID: 1}.get(case.spec.level, 0)

    assert len(case.brief.hints) == wanted


def test_a_sentence_of_the_dictionary_is_stale_from_mid_on() -> None:
    """The dictionary is right at associate and has one outdated sentence above."""

    def stale(level: Level) -> int:
        entries = case_of(1, level).brief.dictionary
        plain = {
            (e.table, e.column): e.meaning for e in case_of(1, Level.ASSOCIATE).brief.dictionary
        }
        return sum(plain.get((e.table, e.column), e.meaning) != e.meaning for e in entries)

    assert [stale(level) for level in Level] == [0, 1, 1, 1]


def test_verticals_differ_in_words_rules_rates_and_tables(tmp_path: Path) -> None:
    """The same faults in other words; finance keeps lineage, healthcare hides small cells."""
    cases = {v: case_of(4, Level.MID, v) for v in Vertical}
    tables: dict[Vertical, set[str]] = {}
    for vertical, case in cases.items():
        rows = KIND.build(case, (COUNTS,), tmp_path / f"{vertical}.duckdb", lambda w, s: None)
        tables[vertical] = set(rows)

    assert len({case.brief.company for case in cases.values()}) == 3
    assert len({case.brief.value_rule for case in cases.values()}) == 3
    assert len({tuple(KIND.planted(case)) for case in cases.values()}) == 1
    assert "lineage" in tables[Vertical.FINANCE] - tables[Vertical.SAAS]
    assert "column_purpose" in tables[Vertical.HEALTHCARE] - tables[Vertical.SAAS]
    small = "SELECT count(*) FROM source_counts WHERE source_rows < 11"
    assert ask(tmp_path / "healthcare.duckdb", small) == [(0,)]
    assert ask(tmp_path / "saas.duckdb", small)[0][0] > 0


# What is built


def test_a_built_file_holds_the_tables_of_its_level(built: tuple[Case, Path]) -> None:
    """At lead, a company has its report, its contracts, its controls and bought evidence."""
    _, path = built
    found = {row[0] for row in ask(path, "SELECT table_name FROM duckdb_tables()")}

    assert found >= {
        "flights", "airlines", "weekly_report", "report_definition", "planning_rates", "load_log",
        "tickets", "airports", "planes", "weather", "feed_contract", "controls", "org_notes",
        "lineage", "source_counts",
    }  # fmt: skip


def test_helper_columns_and_truth_stay_out_of_the_file(built: tuple[Case, Path]) -> None:
    """No helper column and no id of a fault type is in the file."""
    case, path = built
    columns = [row[0] for row in ask(path, "SELECT column_name FROM duckdb_columns()")]
    content = path.read_bytes().lower()

    assert not [column for column in columns if column.startswith("_")]
    assert not [word for word in case.secret_words if word.encode() in content]
    assert set(case.secret_words) == {kind.id for kind in types.PLANTED}


def test_building_twice_gives_the_same_rows(tmp_path: Path) -> None:
    """The content of all tables follows from the spec alone."""
    case = case_of(5, Level.SENIOR)
    for name in ("one", "two"):
        KIND.build(case, (), tmp_path / f"{name}.duckdb", lambda what, share: None)
        drawn_case.cache_clear()

    assert table_digests(tmp_path / "one.duckdb") == table_digests(tmp_path / "two.duckdb")


def test_a_file_that_exists_is_never_written_over(built: tuple[Case, Path]) -> None:
    """Building into an existing file is refused."""
    case, path = built
    with pytest.raises(CaseroomError, match="exists already"):
        KIND.build(case, (), path, lambda what, share: None)


def test_the_tables_give_the_report_as_it_was_published(built: tuple[Case, Path]) -> None:
    """The definition's SQL on the built tables gives the report's latest values."""
    case, path = built
    plan = drawn_of(case).plan
    definition = ask(path, "SELECT number, value_sql, from_sql, where_sql, day_column "
                           "FROM report_definition")  # fmt: skip
    published = dict(
        ask(path, "SELECT number, value FROM weekly_report "
                  "WHERE week_start = (SELECT max(week_start) FROM weekly_report)")
    )  # fmt: skip
    week = drawn_of(case).frame.week

    for number, value, source, where, day in definition:
        sql = (
            f"SELECT {value} FROM {source} WHERE CAST(m.{day} AS DATE) BETWEEN "
            f"DATE '{week}' AND DATE '{week}' + 6 AND {where}"
        )
        assert ask(path, sql)[0][0] == pytest.approx(published[number], abs=1e-4)
        assert published[number] == pytest.approx(plan.reported[number], abs=1e-4)


def test_the_two_ways_to_compute_the_report_agree(case: Case) -> None:
    """SQL and arrays give the same numbers on the faulty tables of the week."""
    drawn = drawn_of(case)
    frame, numbers = drawn.frame, drawn.numbers
    tables = planted_tables(drawn)
    values = report_values(frame, numbers, tables.main, tables.dim)
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("main_rows", tables.main)
        con.register("dim_rows", tables.dim)
        day = f"CAST(m.{frame.roles.moment} AS DATE)"
        week = f"{day} BETWEEN DATE '{frame.week}' AND DATE '{frame.week}' + 6"
        for number in numbers:
            source = source_sql(number, "main_rows", "dim_rows", frame.dim_key)
            sql = f"SELECT {number.value_sql} FROM {source} WHERE {week} AND {number.where_sql}"
            assert con.execute(sql).fetchall()[0][0] == pytest.approx(values[number.id], rel=1e-9)


def test_the_real_rows_are_the_published_ones() -> None:
    """336,776 departures, as the data package has them."""
    table = load_source(None).table

    assert table.num_rows == 336_776
    assert table["distance"].to_pylist()[:3] == [1400, 1416, 1089]
    assert table["dep_time"].null_count == 8_255


# Evidence


def test_counts_of_the_source_are_the_clean_ones(built: tuple[Case, Path]) -> None:
    """Bought counts are those of the table before anything was planted."""
    case, path = built
    counts = drawn_of(case).ground.counts
    rows = ask(path, "SELECT day, dimension, value, source_rows FROM source_counts")

    for day, dimension, value, n in rows[:500]:
        cell = ("", "") if dimension == "all" else (dimension, value)
        assert counts.at(cell, day) == n


def test_a_sample_holds_true_values_by_key(tmp_path: Path) -> None:
    """200 records of a slice, as they are in the source; healthcare gets fewer columns."""
    for vertical, has_tail in ((Vertical.SAAS, True), (Vertical.HEALTHCARE, False)):
        case = case_of(4, Level.MID, vertical)
        path = tmp_path / f"{vertical}.duckdb"
        bought = (Purchase(offer="source_sample", params={"slice": "origin=JFK"}),)
        KIND.build(case, bought, path, lambda what, share: None)

        assert ask(path, "SELECT count(*), min(origin), max(origin) FROM source_sample") == [
            (200, "JFK", "JFK")
        ]
        columns = ask(path, "SELECT column_name FROM duckdb_columns() "
                            "WHERE table_name = 'source_sample'")  # fmt: skip
        assert (("tailnum",) in columns) is has_tail


def test_the_engineer_is_sometimes_mistaken(tmp_path: Path) -> None:
    """Over seeds, some interviews name the slice of the main fault and some name another one."""
    right = []
    for seed in range(12):
        case = case_of(seed, Level.ASSOCIATE)
        path = tmp_path / f"{seed}.duckdb"
        main = drawn_of(case).plan.main
        if not main.slice:
            continue
        KIND.build(case, (Purchase(offer="interview"),), path, lambda what, share: None)
        said = ask(path, "SELECT said FROM interview_notes")[0][0]
        right.append(all(value in said for value in main.slice.values()))

    assert True in right
    assert False in right


def test_prices_and_budget_are_kept() -> None:
    """What is unknown, bought before, or over budget is refused with a reason."""
    case = case_of(1, Level.MID)
    sample = Purchase(offer="source_sample", params={"slice": "all"})
    other = Purchase(offer="source_sample", params={"slice": "origin=JFK"})
    third = Purchase(offer="source_sample", params={"slice": "origin=LGA"})

    quote = KIND.quote(case, (), sample)
    assert (quote.cost_cents, quote.weeks) == (90_000, 1)
    for bought, purchase, reason in (
        ((), Purchase(offer="oracle"), "no evidence"),
        ((COUNTS,), COUNTS, "bought before"),
        ((sample, other), third, "left"),
        ((), Purchase(offer="source_sample", params={"slice": "origin=LAX"}), "no slice"),
    ):
        with pytest.raises(CaseroomError, match=reason):
            KIND.quote(case, bought, purchase)
    assert 2 * quote.cost_cents <= BUDGET_CENTS


# Consequences


def consequence_of(case: Case, **changes: Any) -> Any:
    """Give the consequence of the perfect answer with some fields changed."""
    raw = {**KIND.samples(case).perfect, **changes}
    submission, problems = parse_submission(case.form, raw)
    assert submission is not None, problems
    return KIND.consequence(case, (), submission)


def test_the_perfect_answer_has_no_regret(case: Case) -> None:
    """With everything known, the best option costs what the best option costs."""
    found = consequence_of(case)

    assert found.regret_cents <= 0.01 * found.stake_cents
    assert found.best.value_cents == max(found.values.values())
    assert set(found.values) == set(OPTION_IDS)


def test_doing_nothing_is_publishing(case: Case) -> None:
    """Publishing as it stands is the same future as doing nothing, and it has a price."""
    found = consequence_of(case, decision={"option": "publish"})

    assert found.chosen.value_cents == found.nothing.value_cents
    assert found.regret_cents / found.stake_cents >= KIND.material_regret


def test_a_wrong_correction_costs_more_than_a_right_one(case: Case) -> None:
    """The claimed error is what the label corrects by."""
    right = consequence_of(case, decision={"option": "publish_labeled"})
    wrong = consequence_of(
        case,
        decision={"option": "publish_labeled"},
        error={"value": 900.0, "low": 800.0, "high": 1000.0},
    )

    assert wrong.chosen.value_cents < right.chosen.value_cents


def test_fixes_cover_only_what_was_found(case: Case) -> None:
    """With a wrong list an urgent fix holds the report and repairs nothing."""
    found = consequence_of(case, decision={"option": "hold_and_fix", "params": {"cover": "all"}})
    blind = consequence_of(
        case,
        findings=[{"type": "empty_values", "place": "flights.dep_time"}],
        decision={"option": "hold_and_fix", "params": {"cover": "all"}},
    )

    later_found = found.chosen.series[-1][1]["error_percent"]
    later_blind = blind.chosen.series[-1][1]["error_percent"]
    assert abs(later_found) < 0.5
    assert abs(later_blind) >= abs(later_found)


def test_a_rule_with_a_wrong_factor_does_harm() -> None:
    """A patch acts as the finding says: a wrong unit factor leaves an error of its own."""
    case = next(
        case_of(seed, Level.ASSOCIATE)
        for seed in range(60)
        if drawn_of(case_of(seed, Level.ASSOCIATE)).plan.main.type == types.UNIT
    )
    plan, states = drawn_of(case).plan, drawn_of(case).states
    main = plan.main
    right = Finding(
        type=main.type,
        place=min(main.places),
        slice=main.slice,
        since=main.since,
        size=main.size,
    )
    number = plan.wrong_number

    left = states.errors(rules=(Rule(right),))[number]
    worse = states.errors(rules=(Rule(replace(right, size=(right.size or 1) * 3)),))[number]
    everywhere = states.errors(rules=(Rule(right, everywhere=True),))[number]
    assert abs(left) < abs(worse)
    assert abs(left) < abs(everywhere)


def test_a_missing_day_is_missing_once() -> None:
    """In later weeks the day that failed to arrive arrives; only lasting faults go on."""
    case = next(
        case_of(seed, Level.ASSOCIATE)
        for seed in range(60)
        if drawn_of(case_of(seed, Level.ASSOCIATE)).plan.main.type == types.MISSING
    )
    series = consequence_of(case, decision={"option": "publish"}).chosen.series

    first, later = series[0][1]["error_percent"], series[1][1]["error_percent"]
    assert abs(first) > 2
    assert abs(later) < abs(first)


def test_every_option_runs_for_half_a_year(case: Case) -> None:
    """26 weekly reports under each option, held weeks without a published value."""
    drawn = drawn_of(case)
    for option in OPTION_IDS:
        weeks, once = weeks_of(drawn.states, drawn.rates, perfect_answer(drawn.states, option))
        assert len(weeks) == 26
        assert once >= 0
    held = consequence_of(case, decision={"option": "rebuild_all"}).chosen
    assert held.series[0][1]["reported"] == 0
    assert held.series[-1][1]["error_percent"] == pytest.approx(0, abs=1e-6)


def test_waiting_and_buying_have_a_price() -> None:
    """Evidence costs its price, and a week of delay a week without a report."""
    case = case_of(2, Level.MID)
    submission, _ = parse_submission(case.form, KIND.samples(case).perfect)
    assert submission is not None
    sample = Purchase(offer="source_sample", params={"slice": "all"})

    delay = KIND.consequence(case, (COUNTS, sample), submission).delay_cents

    assert delay == 30_000 + 90_000 + drawn_of(case).rates.hold_week


def test_the_shipped_files_are_never_changed(built: tuple[Case, Path]) -> None:
    """Drawing and building leave the bytes of the built-in table alone."""
    from importlib.resources import files

    path = Path(str(files("caseroom.content").joinpath("data", "flights.parquet")))
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    load_source.cache_clear()
    load_source(None)

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
