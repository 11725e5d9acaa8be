"""The way to the answer: which checks the queries made, and whether validity came first.

In: a `ProcessRule` and the query log. Out: a judgment with the query that met each check.
Only queries that ran without error count, read by `caseroom.grading.sql_reading`. Adding a query
never lowers the share of checks that are met.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from caseroom.case.rubric import ProcessCheck, ProcessRule
from caseroom.grading.criteria.setting import Judgment, Setting
from caseroom.grading.evidence import Span
from caseroom.investigation.log import QueryRecord

if TYPE_CHECKING:
    from caseroom.grading.sql_reading import QueryFacts

__all__ = ["checks_met", "first_met", "judge_process", "meets"]

RELIABILITY = (
    "Exact on what your queries read (tables, columns, constructs); it can't see what you "
    "concluded from them, nor work done outside of this room."
)


def meets(check: ProcessCheck, facts: QueryFacts) -> bool:
    """Say whether one statement makes a check."""
    if not facts.tables:
        return False
    reads = not check.tables or any(names <= facts.tables for names in _lower(check.tables))
    columns = {name.lower() for name in check.columns}
    named = not columns or facts.every_column or bool(columns & facts.columns)
    return reads and named and bool(check.constructs & facts.constructs)


def _lower(alternatives: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    return [frozenset(name.lower() for name in names) for names in alternatives]


def checks_met(rule: ProcessRule, query: QueryRecord) -> tuple[ProcessCheck, ...]:
    """Give the checks that one query makes; none where it failed."""
    if query.error:
        return ()
    from caseroom.grading.sql_reading import read_sql  # a slow import, for graders only

    statements = read_sql(query.sql)
    return tuple(check for check in rule.checks if any(meets(check, facts) for facts in statements))


def first_met(rule: ProcessRule, queries: Sequence[QueryRecord]) -> dict[str, int]:
    """Give, for each check that is met, the position of the first query that meets it."""
    first: dict[str, int] = {}
    for position, query in enumerate(queries):
        for check in checks_met(rule, query):
            first.setdefault(check.id, position)
    return first


def judge_process(rule: ProcessRule, setting: Setting) -> Judgment:
    """Score the share of checks met, and validity before causes."""
    queries = setting.log.queries
    first = first_met(rule, queries)
    if not rule.checks:
        return Judgment(score=0.0, why="No checks are asked for.", reliability=RELIABILITY)
    share = len(first) / len(rule.checks)
    order = _order_share(rule, first)
    credit = rule.order_credit if order is not None else 0.0
    score = (1 - credit) * share + credit * (order or 0.0)
    return Judgment(
        score=score,
        why=_why(rule, queries, first, order),
        spans=_spans(queries, first),
        reliability=RELIABILITY,
    )


def _order_share(rule: ProcessRule, first: dict[str, int]) -> float | None:
    """Give the share of validity checks met no later than the first other one; None without any."""
    validity = [check.id for check in rule.checks if check.validity]
    if not validity:
        return None
    others = [first[c.id] for c in rule.checks if not c.validity and c.id in first]
    start = min(others, default=None)
    early = [each for each in validity if each in first and (start is None or first[each] <= start)]
    return len(early) / len(validity)


def _why(
    rule: ProcessRule, queries: Sequence[QueryRecord], first: dict[str, int], order: float | None
) -> str:
    met = [check for check in rule.checks if check.id in first]
    missing = [check.label for check in rule.checks if check.id not in first]
    text = f"Your {len(queries)} queries made {len(met)} of {len(rule.checks)} checks"
    named = "; ".join(f"{c.label} (query {queries[first[c.id]].id})" for c in met)
    text += f": {named}." if named else "."
    if missing:
        text += f" Not seen: {'; '.join(missing)}."
    if order is not None and met:
        text += f" {order:.0%} of the checks of validity came before the search for causes."
    return text


def _spans(queries: Sequence[QueryRecord], first: dict[str, int]) -> tuple[Span, ...]:
    return tuple(
        Span(source="query", ref=str(queries[position].id), quote=queries[position].sql)
        for position in sorted(set(first.values()))
    )
