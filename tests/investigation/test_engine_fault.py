"""A query that trips over a fault of the engine's optimizer still gets its answer.

DuckDB 2.0.0 fails on some ordinary joins with an internal error ("dict-surviving cache"); this
company and this query are one such pair (https://github.com/duckdb/duckdb/issues/24807 is another).
"""

from __future__ import annotations

import duckdb
import pytest

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.saas_churn import kind
from caseroom.case.kinds.saas_churn.queries import risk_table
from caseroom.case.kinds.saas_churn.words import words_of
from caseroom.investigation.desk import LocalDesk
from caseroom.investigation.sandbox import SandboxPool
from caseroom.vocabulary.levels import Level, Vertical

SPEC = CaseSpec(
    kind="saas-churn", version=1, seed=11, level=Level.LEAD, vertical=Vertical.HEALTHCARE
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> LocalDesk:
    """Give a desk on the company."""
    churn = kind()
    return LocalDesk(churn, churn.draw(SPEC), tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def query(desk: LocalDesk) -> str:
    """Give the query: losses by payment in a region, by age."""
    text = risk_table(
        desk.brief.today,
        "region = 'NA'",
        69,
        joiners=False,
        reason="payment_failed",
        without="(channel = 'search')",
    )
    return words_of(SPEC.vertical).translate(text)


def test_the_engine_itself_fails(desk: LocalDesk, query: str) -> None:
    """The fault is real: remove the second attempts when this test stops failing to fail."""
    with (
        duckdb.connect(str(desk.database), read_only=True, config={"threads": 1}) as connection,
        pytest.raises(duckdb.InternalException),
    ):
        connection.execute(query).fetchall()


def test_the_sandbox_answers_all_the_same(desk: LocalDesk, query: str) -> None:
    """The pool asks once more without the optimizer, and later queries run as ever."""
    with SandboxPool() as pool:
        result = pool.query(desk.database, query, limit=100)
        after = pool.query(desk.database, "SELECT count(*) FROM clinics", limit=1)

    assert result.total_rows > 10
    assert after.rows[0][0] > 10_000


def test_the_desk_answers_all_the_same(desk: LocalDesk, query: str) -> None:
    """A solver's desk opens the file again and goes on."""
    rows = desk.sql(query)

    assert len(rows) > 10
    assert desk.sql("SELECT count(*) AS clinics FROM clinics").one()["clinics"] > 10_000
