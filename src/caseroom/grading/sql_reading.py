"""What a query really does: the tables it reads, the columns it names, the constructs it uses.

In: SQL text as typed. Out: `QueryFacts` per statement, from sqlglot's syntax tree in DuckDB's
dialect, so that comments, texts in quotes and aliases count for nothing. What does not parse, and
what reads no rows (EXPLAIN, DESCRIBE, `LIMIT 0`, `WHERE false`), gives nothing.

Constructs: "count_distinct" (COUNT(DISTINCT), its approximation, or COUNT over SELECT DISTINCT),
"count" (COUNT, COUNT_IF), "min_max" (MIN, MAX, ARG_MIN, ARG_MAX, ORDER BY with LIMIT), "group_by"
(GROUP BY, PIVOT), "having" (HAVING, or WHERE around a grouped query), "filter" (WHERE, FILTER),
"join" (every kind, also IN or EXISTS with a query), "window", and "any" for every query.
SUMMARIZE names every column and gives counts, distinct counts and extremes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

__all__ = ["CONSTRUCTS", "QueryFacts", "read_sql"]

CONSTRUCTS = frozenset(
    {
        "any",
        "count",
        "count_distinct",
        "filter",
        "group_by",
        "having",
        "join",
        "min_max",
        "window",
    }
)
_LONGEST = 50_000
_METADATA = frozenset({"information_schema", "pg_catalog"})
_MARKS: dict[type[exp.Expr], str] = {
    exp.ApproxDistinct: "count_distinct",
    exp.ArgMax: "min_max",
    exp.ArgMin: "min_max",
    exp.Count: "count",
    exp.CountIf: "count",
    exp.Exists: "join",
    exp.Filter: "filter",
    exp.Group: "group_by",
    exp.Having: "having",
    exp.Join: "join",
    exp.Max: "min_max",
    exp.Min: "min_max",
    exp.Pivot: "group_by",
    exp.Where: "filter",
    exp.Window: "window",
}

# A statement that sqlglot knows only by its first word is worth nothing here, so it is no news.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFacts:
    """One statement: names in lower case; `every_column` is set where all columns are shown."""

    tables: frozenset[str]
    columns: frozenset[str]
    constructs: frozenset[str]
    every_column: bool = False


@lru_cache(maxsize=4096)
def read_sql(sql: str) -> tuple[QueryFacts, ...]:
    """Read the statements of a text. Never raises: what can't be parsed gives nothing."""
    if len(sql) > _LONGEST:
        return ()
    try:
        trees = sqlglot.parse(sql, read="duckdb")
        facts = [_facts(tree) for tree in trees if isinstance(tree, exp.Query | exp.Summarize)]
        facts += [_facts(tree) for tree in trees if isinstance(tree, exp.Pivot)]
    except Exception:  # a parser's own failures must not cost a person the whole report
        return ()
    return tuple(fact for fact in facts if fact is not None)


def _facts(tree: exp.Expr) -> QueryFacts | None:
    nodes = _used_nodes(tree)
    if _reads_no_rows(tree, nodes):
        return None
    tables = frozenset(
        node.name.lower()
        for node in nodes
        if isinstance(node, exp.Table) and node.name and not _names_cte(node)
        if node.db.lower() not in _METADATA
    )
    constructs = {"any", *(_MARKS[type(node)] for node in nodes if type(node) in _MARKS)}
    constructs.update(_combined(tree, nodes))
    summary = isinstance(tree, exp.Summarize)
    if summary:
        constructs |= {"count", "count_distinct", "min_max"}
    return QueryFacts(
        tables=tables,
        columns=_columns(nodes),
        constructs=frozenset(constructs),
        every_column=summary,
    )


def _used_nodes(tree: exp.Expr) -> list[exp.Expr]:
    """Give the nodes of the tree, common table expressions that nothing refers to cut to a name."""
    nodes = list(tree.walk())
    named = {node.name.lower() for node in nodes if isinstance(node, exp.Table)}
    idle = {
        id(node) for node in nodes if isinstance(node, exp.CTE) and node.alias.lower() not in named
    }
    return list(tree.walk(prune=lambda node: id(node) in idle)) if idle else nodes


def _names_cte(table: exp.Table) -> bool:
    """Say whether a name stands for a common table expression that is visible there."""
    if table.db:
        return False
    name = table.name.lower()
    inside: exp.Expr | None = None
    node: exp.Expr = table
    while node.parent is not None:
        inside = node if isinstance(node, exp.CTE) else inside
        scope = node.parent.args.get("with_")
        if isinstance(scope, exp.With) and name in _visible(scope, node, inside):
            return True
        node = node.parent
    return False


def _visible(scope: exp.With, came_from: exp.Expr, inside: exp.Expr | None) -> list[str]:
    names: list[str] = []
    for cte in scope.expressions:
        if came_from is scope and cte is inside and not scope.recursive:
            break
        names.append(cte.alias.lower())
    return names


def _columns(nodes: list[exp.Expr]) -> frozenset[str]:
    named = {node.name.lower() for node in nodes if isinstance(node, exp.Column)}
    named |= {
        key.name.lower()
        for node in nodes
        if isinstance(node, exp.Join)
        for key in node.args.get("using") or ()
    }
    invented = {
        node.alias.lower()
        for node in nodes
        if isinstance(node, exp.Alias) and node.alias.lower() in named
        if node.this.find(exp.Column) is None
    }
    return frozenset(named - invented)


def _combined(tree: exp.Expr, nodes: list[exp.Expr]) -> Iterator[str]:
    """Give the constructs that show only in how nodes stand to each other."""
    if any(isinstance(node, exp.Count) and node.find(exp.Distinct) for node in nodes):
        yield "count_distinct"
    selects = [node for node in nodes if isinstance(node, exp.Select)]
    counts = any(isinstance(node, exp.Count) for node in nodes)
    if counts and any(select.args.get("distinct") for select in selects):
        yield "count_distinct"
    if any(select.args.get("order") and select.args.get("limit") for select in selects):
        yield "min_max"
    if any(isinstance(node, exp.In) and node.args.get("query") for node in nodes):
        yield "join"
    inner_groups = any(select is not tree and select.args.get("group") for select in selects)
    if inner_groups and tree.args.get("where"):
        yield "having"


def _reads_no_rows(tree: exp.Expr, nodes: list[exp.Expr]) -> bool:
    limit = tree.args.get("limit")
    if isinstance(limit, exp.Limit) and limit.expression.name == "0":
        return True
    return any(isinstance(node, exp.Where) and _is_false(node.this) for node in nodes)


def _is_false(condition: exp.Expr) -> bool:
    if isinstance(condition, exp.And):
        return _is_false(condition.left) or _is_false(condition.right)
    if isinstance(condition, exp.EQ):
        pair = (condition.left, condition.right)
        literals = all(isinstance(side, exp.Literal) for side in pair)
        return literals and pair[0].name != pair[1].name
    return isinstance(condition, exp.Boolean) and not condition.this
