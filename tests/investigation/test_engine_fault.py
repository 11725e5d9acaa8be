"""A query that trips over a fault of the engine's optimizer still gets its answer.

DuckDB 2.0.0 fails on some ordinary joins with an internal error ("dict-surviving cache"); this
company and this query are one such pair (https://github.com/duckdb/duckdb/issues/24807 is another).
"""

from __future__ import annotations

import duckdb
import pytest

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.saas_churn import kind
from caseroom.investigation.desk import LocalDesk
from caseroom.investigation.sandbox import SandboxPool
from caseroom.vocabulary.levels import Level, Vertical

SPEC = CaseSpec(
    kind="saas-churn", version=2, seed=11, level=Level.LEAD, vertical=Vertical.HEALTHCARE
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> LocalDesk:
    """Give a desk on the company."""
    churn = kind()
    return LocalDesk(churn, churn.draw(SPEC), tmp_path_factory.mktemp("company"))


QUERY = """
WITH life AS (
  SELECT a.clinic_id, a.package, a.clinicians, coalesce(a.region, 'unknown') AS region,
         coalesce(a.channel, 'unknown') AS channel, a.platform, a.billing, a.campaign,
         (datediff('day', DATE '2024-02-19', CAST(a.created_at AS DATE)) // 7) AS joined,
         coalesce((datediff('day', DATE '2024-02-19', CAST(s.ended_at AS DATE)) // 7), 84)
           AS left_week,
         s.end_reason, s.monthly_fee_cents
  FROM clinics AS a JOIN contracts AS s USING (clinic_id)
  WHERE NOT a.is_internal
    AND a.clinic_id NOT IN (SELECT clinic_id FROM portal_events WHERE client_version = 'headless')
),
weeks AS (SELECT *, unnest(range(joined, least(left_week + 1, 84))) AS week FROM life)
SELECT coalesce(region = 'NA', FALSE) AS inside, week >= 69 AS after_change,
       CASE WHEN billing = 'yearly' THEN 9 WHEN week - joined < 4 THEN 0
            WHEN week - joined < 13 THEN 1 WHEN week - joined < 26 THEN 2 ELSE 3 END AS age_band,
       count(*) AS at_risk,
       count(*) FILTER (WHERE week = left_week AND end_reason = 'payment_failed') AS lost
FROM weeks
WHERE (billing = 'monthly' OR (week - joined > 0 AND (week - joined) % 52 = 0))
  AND TRUE AND NOT coalesce((channel = 'search'), FALSE)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
"""Losses by payment in a region, by age, without a channel."""


def test_the_engine_itself_fails(desk: LocalDesk) -> None:
    """The fault is real: remove the second attempts when this test stops failing to fail."""
    with (
        duckdb.connect(str(desk.database), read_only=True, config={"threads": 1}) as connection,
        pytest.raises(duckdb.InternalException),
    ):
        connection.execute(QUERY).fetchall()


def test_the_sandbox_answers_all_the_same(desk: LocalDesk) -> None:
    """The pool asks once more without the optimizer, and later queries run as ever."""
    with SandboxPool() as pool:
        result = pool.query(desk.database, QUERY, limit=100)
        after = pool.query(desk.database, "SELECT count(*) FROM clinics", limit=1)

    assert result.total_rows > 10
    assert after.rows[0][0] > 10_000


def test_the_desk_answers_all_the_same(desk: LocalDesk) -> None:
    """A solver's desk opens the file again and goes on."""
    rows = desk.sql(QUERY)

    assert len(rows) > 10
    assert desk.sql("SELECT count(*) AS clinics FROM clinics").one()["clinics"] > 10_000
