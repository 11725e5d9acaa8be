"""The process as a person reads it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import toy_kind
from caseroom.case.contract import Offer, Purchase
from caseroom.debrief.timeline import timeline
from caseroom.investigation.log import InvestigationLog, Pin, PurchaseRecord
from caseroom.service import views
from toy_grading import START, log_of, query

CASE = replace(
    toy_kind.toy_case(),
    offers=(Offer(id="survey", title="A survey", what_you_get="answers", price_note="500"),),
)
UNIQUE = "SELECT count(DISTINCT sale_id)\n  FROM payments"


def test_things_stand_in_the_order_in_which_they_happened() -> None:
    """Queries, pins and bought evidence form one sequence with minutes since the start."""
    log = InvestigationLog(
        queries=(query(1, UNIQUE), query(4, "SELEC", error="Syntax"), query(9, "SELECT 1")),
        pins=(Pin(id=1, query_id=1, at=START + timedelta(minutes=2, seconds=6), note="unique"),),
        purchases=(
            PurchaseRecord(
                id=1,
                purchase=Purchase(offer="survey"),
                at=START + timedelta(minutes=5),
                cost_cents=50_000,
                weeks=1,
            ),
        ),
    )

    found = [(each.minute, each.kind, each.what) for each in timeline(CASE, log, started=START)]

    assert found == [
        (1.0, "query", "Query 1: SELECT count(DISTINCT sale_id) FROM payments"),
        (2.1, "pin", "Pinned query 1: unique"),
        (4.0, "failed query", "Query 4: SELEC"),
        (5.0, "evidence", "Bought A survey for 500 and 1 week"),
        (9.0, "query", "Query 9: SELECT 1"),
    ]


def test_a_query_shows_its_checks() -> None:
    """Checks appear by their labels; those of validity are marked."""
    log = log_of([UNIQUE, "SELECT day, count(*) FROM sales GROUP BY day", "SELECT 1"])
    first, second, third = timeline(CASE, log, started=START)

    assert (first.checks, first.validity) == (("Checked that payments are unique",), True)
    assert (second.checks, second.validity) == (("Looked at days",), False)
    assert third.checks == ()


def test_nothing_happened_before_the_start() -> None:
    """A clock that was set back does not give negative minutes."""
    (entry,) = timeline(CASE, log_of([UNIQUE]), started=START + timedelta(hours=1))

    assert entry.minute == 0


def test_long_queries_are_cut_to_a_line() -> None:
    """An entry stays one short line."""
    (entry,) = timeline(CASE, log_of(["SELECT " + "1, " * 200 + "2"]), started=START)

    assert len(entry.what) < 120
    assert entry.what.endswith("…")


def test_views_give_the_same_type() -> None:
    """Pages and terminals read the debrief's own entries."""
    (entry,) = timeline(CASE, log_of([UNIQUE]), started=START)

    assert isinstance(entry, views.TimelineEntry)
