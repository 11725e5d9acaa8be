"""The desk for solvers: queries, notes, purchases within the budget."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import toy_kind
from caseroom.case.contract import Case, CaseSpec, Desk, Progress, Purchase, Quote
from caseroom.investigation.desk import HEAD_ROWS, LocalDesk
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical

SURVEY = Purchase(offer="survey", params={"answers": 100})


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the toy's tables, and one with a row per purchase."""
    counts = dict(toy_kind.build(case, purchases, path, progress))
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE bought (offer VARCHAR)")
        for purchase in purchases:
            db.execute("INSERT INTO bought VALUES (?)", [purchase.offer])
    return counts | {"bought": len(purchases)}


def quote(case: Case, before: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Ask 1,000 dollars and a week; the second one is dearer."""
    return Quote(cost_cents=100_000 * (1 + len(before)), weeks=1, note="Answers next week.")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LocalDesk]:
    """Give a desk on a toy case with a budget of 2,500 dollars and four weeks."""
    kind = replace(toy_kind.kind(), build=build, quote=quote)
    spec = CaseSpec(
        kind=kind.id, version=kind.version, seed=7, level=Level.MID, vertical=Vertical.SAAS
    )
    case = kind.draw(spec)
    brief = replace(case.brief, budget_cents=250_000, budget_weeks=4)
    with LocalDesk(kind, replace(case, brief=brief), tmp_path) as desk:
        yield desk


def test_desk_shows_what_a_candidate_sees(desk: LocalDesk) -> None:
    """Brief, form, level and vertical are the case's, and there is nothing of the truth."""
    as_contract: Desk = desk

    assert as_contract.brief.budget_cents == 250_000
    assert (as_contract.level, as_contract.vertical) == (Level.MID, Vertical.SAAS)
    assert as_contract.form.fields
    assert not {"truth", "rubric", "hidden"} & set(dir(desk))


def test_queries_are_kept_as_steps(desk: LocalDesk) -> None:
    """A step has title, SQL, the first rows, the count of all, and its notes."""
    rows = desk.sql("SELECT sale_id, day FROM sales ORDER BY 1", title="Look at the sales")
    desk.note("One row per cup.")
    desk.note("No gaps.")
    (step,) = desk.steps

    assert step.title == "Look at the sales"
    assert step.row_count == len(rows) > HEAD_ROWS
    assert step.head.rows == rows.rows[:HEAD_ROWS]
    assert step.head.columns == ("sale_id", "day")
    assert step.notes == ("One row per cup.", "No gaps.")


def test_buying_rebuilds_the_company(desk: LocalDesk) -> None:
    """After a purchase queries run on the company as it then stands, in a new file."""
    before = desk.database
    desk.buy(SURVEY)

    assert desk.sql("SELECT offer FROM bought").rows == (("survey",),)
    assert desk.purchases == (SURVEY,)
    assert desk.database != before
    assert before.exists()
    assert desk.steps[0].title == "Bought: survey (answers 100)"
    assert desk.steps[0].notes == ("Answers next week.",)


def test_budget_is_enforced(desk: LocalDesk) -> None:
    """What is over the budget that is left is refused, and nothing changes."""
    desk.buy(SURVEY)
    with pytest.raises(CaseroomError, match=r"costs 2,000\.00") as caught:
        desk.buy(SURVEY)

    assert "1,500.00 and 3 weeks" in caught.value.allowed
    assert desk.purchases == (SURVEY,)
    assert desk.sql("SELECT count(*) FROM bought").rows == ((1,),)


def test_earlier_purchases_count(desk: LocalDesk, tmp_path: Path) -> None:
    """A desk can start after purchases; they are in the data and in the budget."""
    folder = tmp_path / "later"
    folder.mkdir()
    case = desk._case
    with LocalDesk(desk._kind, case, folder, purchases=[SURVEY]) as later:
        assert later.sql("SELECT offer FROM bought").rows == (("survey",),)
        with pytest.raises(CaseroomError, match="takes 1 week"):
            later.buy(SURVEY)


def test_mistakes_are_told(desk: LocalDesk) -> None:
    """A query that fails says which one and why; a note needs a query."""
    with pytest.raises(CaseroomError, match="nothing to note"):
        desk.note("Too early.")
    with pytest.raises(CaseroomError, match=r"'Count all' failed: .*nosuch"):
        desk.sql("SELECT * FROM nosuch", title="Count all")
    assert desk.steps == ()


def test_desk_changes_nothing(desk: LocalDesk) -> None:
    """A solver cannot write into the company's file."""
    with pytest.raises(CaseroomError, match="read-only"):
        desk.sql("DELETE FROM sales")


def test_reference_solver_works_at_the_desk(tmp_path: Path) -> None:
    """A kind's reference solver runs at the desk and leaves a worked solution."""
    kind = toy_kind.kind()
    spec = CaseSpec(
        kind=kind.id, version=kind.version, seed=3, level=Level.SENIOR, vertical=Vertical.FINANCE
    )
    with LocalDesk(kind, kind.draw(spec), tmp_path) as desk:
        assert kind.reference(desk)
        assert desk.steps
        assert all(step.sql for step in desk.steps)
