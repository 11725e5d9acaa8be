"""The process as a timeline: what was done when, and which checks each query made.

In: a case and its investigation log. Out: entries in the order in which things happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from caseroom.case.contract import Case
from caseroom.case.rubric import ProcessCheck, ProcessRule
from caseroom.grading.criteria.process import checks_met
from caseroom.investigation.log import InvestigationLog, Pin, PurchaseRecord, QueryRecord

__all__ = ["TimelineEntry", "timeline"]

_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that was done: when (minutes since the start), what, and what it checked.

    `kind` is query, failed query, pin or evidence. `checks` are the labels of the process checks
    that a query made; `validity` says that one of them concerns the data rather than the causes.
    """

    minute: float
    kind: str
    what: str
    checks: tuple[str, ...]
    validity: bool = False


def timeline(case: Case, log: InvestigationLog, *, started: datetime) -> tuple[TimelineEntry, ...]:
    """Give everything that was done with its time, oldest first.

    `started` is when the case was opened (aware UTC); minutes have one decimal and are never below
    0. Things of the same moment stand in the order query, pin, evidence.
    """
    rules = [each.rule for each in case.rubric.criteria if isinstance(each.rule, ProcessRule)]
    titles = {offer.id: offer.title for offer in case.offers}
    dated = [
        *((query.at, _of_query(query, rules)) for query in log.queries),
        *((pin.at, _of_pin(pin)) for pin in log.pins),
        *((bought.at, _of_purchase(bought, titles)) for bought in log.purchases),
    ]
    ordered = sorted(dated, key=lambda pair: pair[0])
    return tuple(_entry(at, started, *parts) for at, parts in ordered)


_Parts = tuple[str, str, tuple[ProcessCheck, ...]]


def _entry(
    at: datetime, started: datetime, kind: str, what: str, checks: tuple[ProcessCheck, ...]
) -> TimelineEntry:
    return TimelineEntry(
        minute=max(0.0, round((at - started).total_seconds() / 60, 1)),
        kind=kind,
        what=what,
        checks=tuple(check.label for check in checks),
        validity=any(check.validity for check in checks),
    )


def _of_query(query: QueryRecord, rules: list[ProcessRule]) -> _Parts:
    kind = "failed query" if query.error else "query"
    return kind, f"Query {query.id}: {_one_line(query.sql)}", tuple(_all_checks(query, rules))


def _all_checks(query: QueryRecord, rules: list[ProcessRule]) -> Iterator[ProcessCheck]:
    for rule in rules:
        yield from checks_met(rule, query)


def _of_pin(pin: Pin) -> _Parts:
    note = f": {_one_line(pin.note)}" if pin.note.strip() else ""
    return "pin", f"Pinned query {pin.query_id}{note}", ()


def _of_purchase(bought: PurchaseRecord, titles: dict[str, str]) -> _Parts:
    title = titles.get(bought.purchase.offer, bought.purchase.offer)
    weeks = f"{bought.weeks} week{'' if bought.weeks == 1 else 's'}"
    return "evidence", f"Bought {title} for {bought.cost_cents / 100:,.0f} and {weeks}", ()


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
