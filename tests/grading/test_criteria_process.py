"""Scores of the way to the answer, from the query log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toy_kind
from caseroom.case.rubric import ProcessCheck, ProcessRule
from caseroom.grading.criteria.process import checks_met, first_met
from caseroom.grading.evidence import Method
from toy_grading import judged, log_of, query

CASE = toy_kind.toy_case()
RULE = ProcessRule(checks=toy_kind.CHECKS)
UNIQUE = "SELECT count(*), count(DISTINCT sale_id) FROM payments"
RECONCILE = "SELECT count(*) FROM payments ANTI JOIN sales USING (sale_id)"
BY_REGION = "SELECT region, count(*) FROM sales JOIN shops USING (shop_id) GROUP BY 1, region"
OVER_TIME = "SELECT day, count(*) FROM sales GROUP BY day"
ALL = (UNIQUE, RECONCILE, BY_REGION, OVER_TIME)


def met(sql: str, error: str = "") -> set[str]:
    """Give the ids of the checks that one query makes."""
    return {check.id for check in checks_met(RULE, query(1, sql, error))}


def test_each_query_makes_its_check() -> None:
    """A check needs its tables, a column and a construct in one statement."""
    assert [met(sql) for sql in ALL] == [{"unique"}, {"reconcile"}, {"by_region"}, {"over_time"}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "SELECT 1 -- FROM payments, sales: count(distinct sale_id) group by region, day",
        "SELECT 'FROM payments JOIN sales' AS sale_id",
        "SELECT count(*) FROM payments",
        "SELECT sale_id FROM payments",
        "SELECT count(DISTINCT shop_id) FROM payments",
        "SELECT region, count(*) FROM shops GROUP BY region",
        "this is not sql",
    ],
)
def test_queries_that_do_not_check_count_for_nothing(sql: str) -> None:
    """Comments, texts, the wrong column, half of a check and broken SQL make no check."""
    assert met(sql) == set()


def test_a_query_that_failed_counts_for_nothing() -> None:
    """Only queries that ran count."""
    assert met(UNIQUE, error="Catalog Error") == set()


def test_all_checks_in_a_good_order_get_full_credit() -> None:
    """Validity first, then causes: 1; the spans are the queries, word for word."""
    evidence = judged(CASE, RULE, {}, ALL)

    assert evidence.score == pytest.approx(1)
    assert evidence.method is Method.RULE
    assert [(span.source, span.ref, span.quote) for span in evidence.spans] == [
        ("query", str(number), sql) for number, sql in enumerate(ALL, 1)
    ]
    assert "(query 1)" in evidence.why


def test_validity_after_causes_loses_the_order_credit() -> None:
    """The same queries in the reverse order earn all but the credit for order."""
    evidence = judged(CASE, RULE, {}, ALL[::-1])

    assert evidence.score == pytest.approx(0.8)


def test_without_validity_checks_order_does_not_count() -> None:
    """A rule that has no validity checks scores the share alone."""
    rule = ProcessRule(checks=tuple(replace(check, validity=False) for check in RULE.checks))

    assert judged(CASE, rule, {}, ALL[::-1]).score == pytest.approx(1)


def test_no_queries_score_nothing() -> None:
    """An empty log gets 0, and the reason lists what was not seen."""
    evidence = judged(CASE, RULE, {})

    assert evidence.score == 0
    assert "Not seen: Checked that payments are unique" in evidence.why


def test_a_summary_counts_as_a_look_at_every_column() -> None:
    """SUMMARIZE makes the checks of uniqueness and of days on its table."""
    assert met("SUMMARIZE payments") == {"unique"}
    assert met("SUMMARIZE sales") == {"over_time"}


def test_names_of_checks_ignore_case() -> None:
    """Tables and columns of a rubric match whatever case they are written in."""
    check = ProcessCheck(
        id="x", label="x", tables=(frozenset({"Payments"}),), columns=frozenset({"SALE_ID"})
    )
    rule = ProcessRule(checks=(check,))

    assert checks_met(rule, query(1, "SELECT Sale_Id FROM PAYMENTS")) == (check,)


QUERIES = st.sampled_from(
    [
        *ALL,
        "SELECT 1",
        "garbage (",
        "SELECT count(*) FROM sales WHERE false",
        "SELECT min(day) FROM sales; SELECT 2",
        "WITH sales AS (SELECT 1 AS day) SELECT min(day) FROM sales",
    ]
)


@given(st.lists(QUERIES, max_size=6), QUERIES, st.integers(0, 6))
def test_adding_a_query_never_lowers_the_share_of_checks(
    queries: list[str], added: str, at: int
) -> None:
    """Whatever is run in addition, wherever, no check is lost."""
    more = [*queries[:at], added, *queries[at:]]

    before = first_met(RULE, log_of(queries).queries)
    after = first_met(RULE, log_of(more).queries)

    assert before.keys() <= after.keys()
