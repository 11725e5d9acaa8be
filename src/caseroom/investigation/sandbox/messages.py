"""What the engine says and what we say instead: one table of patterns.

In: a message of DuckDB 2.0 as text, and what is known about the case. Out: the rule that fits,
whose texts `errors` fills in. Order matters: the first fitting rule speaks.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from caseroom.investigation.sandbox.refusals import READING

__all__ = ["RULES", "Catalog", "Found", "Rule"]

Catalog = Mapping[str, Sequence[str]]
"""Table name to its column names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A recognized message: the groups of its pattern, and what is known about the case."""

    groups: Mapping[str, str]
    catalog: Catalog
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pattern of the engine's message and what to say: texts may use the pattern's groups."""

    reason: str
    pattern: re.Pattern[str]
    problem: str
    next_step: str | Callable[[Found], str] = ""
    allowed: str | Callable[[Found], str] = ""


def _tables(found: Found) -> str:
    return ", ".join(sorted(found.catalog)[:30])


def _closest(name: str, names: Sequence[str], count: int = 3) -> list[str]:
    lowered = {candidate.lower(): candidate for candidate in names}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=count, cutoff=0.6)
    return [lowered[candidate] for candidate in close]


def _did_you_mean(names: Sequence[str], otherwise: str) -> str:
    return f"Did you mean {' or '.join(names)}?" if names else otherwise


def _closest_table(found: Found) -> str:
    close = _closest(found.groups["name"].split(".")[-1], list(found.catalog))
    return _did_you_mean(close, "Run SHOW TABLES to see what there is.")


def _closest_column(found: Found) -> str:
    """Offer the same name in another table, else close names, else quotes for a text value."""
    name = found.groups["name"]
    holders = [
        table
        for table, columns in found.catalog.items()
        if name.lower() in {column.lower() for column in columns}
    ]
    if holders:
        return (
            f"{name} is a column of {', '.join(holders[:5])}: join that table or check the alias."
        )
    everything = {column: None for columns in found.catalog.values() for column in columns}
    offered = re.findall(r'"([^"]+)"', found.message.partition("Candidate bindings")[2])
    close = _closest(name, [*dict.fromkeys([*offered, *everything])])
    return _did_you_mean(close, f"If {name} is a text value, put it in single quotes: '{name}'.")


def _closest_function(found: Found) -> str:
    offered = re.findall(r'Did you mean "([^"]+)"', found.message)
    close = [name for name in offered if _closest(found.groups["name"], [name])]
    return _did_you_mean(close, "Check its name; functions follow DuckDB's SQL.")


def _signatures(found: Found) -> str:
    lines = [line.strip() for line in found.message.split("\n\t")[1:]]
    fitting = [line.strip() for line in lines if "->" in line]
    return "; ".join(fitting) if 0 < len(fitting) <= 4 else ""


def _rule(
    reason: str,
    pattern: str,
    problem: str,
    next_step: str | Callable[[Found], str] = "",
    allowed: str | Callable[[Found], str] = "",
) -> Rule:
    compiled = re.compile(pattern, re.DOTALL)
    return Rule(
        reason=reason, pattern=compiled, problem=problem, next_step=next_step, allowed=allowed
    )


_FILES = "Queries reach this case's tables only: no files, no addresses, no other database."

RULES: tuple[Rule, ...] = (
    _rule(
        "files",
        r"File system \w+ has been disabled|(?:Cannot access|Scanning) (?:file|directory)"
        r"|external extensions is disabled|through replacement scans is disabled"
        r"|Table with name \S*(?:/|\.csv|\.parquet|\.json|\.duckdb)\S* does not exist"
        r"|Extension \"?\w+\"? (?:not found|could not)",
        _FILES,
        "Run SHOW TABLES to see what there is.",
        _tables,
    ),
    _rule(
        "statement",
        r"attached in read-only mode|configuration has been locked",
        "Queries read the case's tables; they change neither data nor settings.",
        "Write the question as a SELECT.",
        READING,
    ),
    _rule(
        "table",
        r'Table with name "?(?P<name>.+?)"? does not exist',
        "There is no table named {name}.",
        _closest_table,
        _tables,
    ),
    _rule(
        "table",
        r'Referenced table "(?P<name>.+?)" not found!(?:.*Candidate tables: (?P<near>[^\n]*))?',
        "{name} is neither a table nor an alias in this FROM.",
        "Use one of the names that FROM gives: {near}",
    ),
    _rule(
        "table",
        r'Ambiguous reference to table "(?P<name>.+?)"',
        "The table {name} stands twice in FROM under the same name.",
        "Give each its own alias: FROM x AS first JOIN x AS second.",
    ),
    _rule(
        "column",
        r'Referenced column "(?P<name>.+?)" was not found because the FROM clause is missing',
        "The column {name} has no table: FROM is missing.",
        "Add FROM and a table.",
        _tables,
    ),
    _rule(
        "column",
        r'Referenced column "(?P<name>.+?)" not found',
        "No table in this query has a column named {name}.",
        _closest_column,
    ),
    _rule(
        "column",
        r'Table "(?P<table>.+?)" does not have a column named "(?P<name>.+?)"',
        "{table} has no column named {name}.",
        _closest_column,
    ),
    _rule(
        "column",
        r'Column "(?P<name>.+?)" in (?P<list>\w+) list not found',
        "The {list} list names a column that is not there: {name}.",
        _closest_column,
    ),
    _rule(
        "column",
        r'Column "(?P<name>.+?)" does not exist on (?P<side>left|right) side of join',
        "The table on the {side} of the join has no column named {name}.",
        _closest_column,
    ),
    _rule(
        "column",
        r'Ambiguous reference to column name "(?P<name>.+?)" \(use: (?P<uses>.+?)\)',
        "More than one table has a column named {name}.",
        "Say which one: {uses}.",
    ),
    _rule(
        "column",
        r"Cannot extract field '(?P<field>.+?)' from expression \"(?P<name>.+?)\"",
        "{name} is a plain value, so {name}.{field} does not exist.",
        "If {name} was meant as a table, check its name in FROM.",
    ),
    _rule(
        "group",
        r'column "(?P<name>.+?)" must appear in the GROUP BY clause',
        "The column {name} is neither grouped nor aggregated.",
        "Add it to GROUP BY, or take one value of each group: any_value({name}).",
    ),
    _rule(
        "group",
        r"WHERE clause cannot contain aggregates",
        "WHERE looks at single rows, so it cannot hold an aggregate.",
        "Move that condition to HAVING, after GROUP BY.",
    ),
    _rule(
        "group",
        r"WHERE clause cannot contain window functions",
        "WHERE comes before window functions, so it cannot hold one.",
        "Move that condition to QUALIFY.",
    ),
    _rule(
        "group",
        r"aggregate function calls cannot (?:be nested|contain)",
        "One aggregate stands inside another.",
        "Compute the inner one in WITH or a subquery first.",
    ),
    _rule(
        "type",
        r"No function matches the given name and argument types '(?P<name>[^(]+)\((?P<types>.*?)\)'"
        r"\. You might",
        "{name} cannot take ({types}).",
        "Cast the value, for example CAST(x AS DOUBLE), or check which column you meant.",
        _signatures,
    ),
    _rule(
        "type",
        r"Could not choose a best candidate function for the function call \"(?P<call>.+?)\"\. In",
        "{call} could mean several things.",
        "Say which with a cast, for example CAST(x AS DOUBLE) or CAST(x AS DATE).",
    ),
    _rule(
        "type",
        r"Could not convert string ['\"](?P<value>.*?)['\"] to (?P<type>[\w(), ]+?)"
        r"(?: when casting from source column (?P<name>\w+))?$",
        "The text '{value}' cannot be read as {type}.",
        "Use TRY_CAST to get NULL for values that cannot be read.",
    ),
    _rule(
        "type",
        r"(?:(?:date|time|timestamp) field|Date out of range)[^:\"]*:? ?\"?(?P<value>[^\",]+)",
        "{value} is not a date or time that exists.",
        "Write dates as DATE '2025-03-10' and times as TIMESTAMP '2025-03-10 14:00:00'.",
    ),
    _rule(
        "type",
        r"Overflow in (?P<what>.+?)(?:!|$)",
        "A number became too large: overflow in {what}.",
        "Cast to DOUBLE or HUGEINT before the calculation.",
    ),
    _rule(
        "function",
        r"(?:Scalar |Table |Aggregate |Window )?(?:Function|Macro) with name \"?(?P<name>[^\s\"]+)"
        r"\"? does not exist",
        "There is no function named {name}.",
        _closest_function,
    ),
    _rule(
        "several",
        r"Set operations can only apply to expressions with the same number",
        "The parts of UNION, EXCEPT or INTERSECT have different numbers of columns.",
        "Give both sides the same columns in the same order.",
    ),
    _rule(
        "value",
        r"More than one row returned by a subquery",
        "A subquery that stands for one value gave more than one row.",
        "Aggregate it, add LIMIT 1, or write IN instead of =.",
    ),
    _rule(
        "statement",
        r"Values were not provided for the following parameters: (?P<names>.+)",
        "The query has a placeholder without a value: {names}.",
        "Write the value itself in place of $ or ?.",
    ),
    _rule(
        "syntax",
        r"unterminated (?P<what>string literal|quoted (?:string|identifier)|/\* comment)",
        "A {what} is opened here and never closed.",
        "Close it.",
    ),
    _rule(
        "syntax",
        r"(?i:max(?:imum)? expression depth limit|recursion depth|stack overflow|memory exhausted)",
        "The query is nested too deeply.",
        "Write it in steps, with WITH.",
        "up to 1,000 levels",
    ),
    _rule(
        "syntax",
        r"syntax error at or near \"(?P<near>.*?)\" at the end$",
        "The query cannot be read at its end, near {near}.",
        "Something is missing after it (an expression, a closing bracket), or it is too much.",
    ),
    _rule(
        "syntax",
        r"syntax error at or near \"(?P<near>.*?)\"$",
        "The query cannot be read near {near}.",
        "Look just before and after that place for a missing comma, bracket or keyword.",
    ),
    _rule(
        "timeout",
        r"(?i:interrupted)",
        "The query was stopped before it was done.",
        "Add a filter or aggregate first.",
    ),
)
