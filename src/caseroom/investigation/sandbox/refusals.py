"""Why a query did not run, in our words: the refusals that the sandbox decides itself.

In: a reason and what it is about. Out: `QueryRefused`. `errors` turns the engine's messages into
the same type.
"""

from __future__ import annotations

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "QueryRefused",
    "busy",
    "closed",
    "crashed",
    "late",
    "no_memory",
    "not_allowed",
    "too_long",
    "too_wide",
    "unreadable",
    "unshowable",
]

READING = "SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE, SHOW and EXPLAIN"

_INSTEAD = {
    "create": "Name an intermediate result inside the query: WITH name AS (SELECT ...) SELECT ...",
    "copy": "Run the SELECT alone, then download its result.",
    "export": "Download the tables from the case room.",
    "import": "Only this case's own tables can be queried.",
    "attach": "Only this case's own tables can be queried.",
    "detach": "Only this case's own tables can be queried.",
    "use": "Only this case's own tables can be queried.",
    "install": "The built-in functions are all there are.",
    "load": "The built-in functions are all there are.",
    "set": "Settings are fixed; a named value can stand in WITH.",
    "reset": "Settings are fixed.",
    "pragma": "Write DESCRIBE name for a table's columns, SHOW TABLES for all tables.",
    "call": "Call a table function in FROM: SELECT * FROM range(10).",
}
_CHANGES = frozenset(
    ("insert", "update", "delete", "merge", "truncate", "drop", "alter", "comment")
)
_RUNS_TEXT = frozenset(("query", "query_table", "json_execute_serialized_sql"))


class QueryRefused(CaseroomError):
    """A query that gave no result.

    Attributes:
        reason: A stable word: syntax, table, column, function, type, group, statement, several,
            empty, name, files, timeout, memory, crash, busy, wide, value, length, database, engine.
        line, column: Where in the text (both from 1), or None where that is not known.
    """

    def __init__(
        self,
        reason: str,
        problem: str,
        *,
        allowed: str = "",
        next_step: str = "",
        line: int | None = None,
        column: int | None = None,
        code: ExitCode = ExitCode.BAD_INPUT,
    ) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(problem, allowed=allowed, next_step=next_step, code=code)


def not_allowed(reason: str, name: str) -> QueryRefused:
    """Refuse a statement that may not run: `reason` is empty, several, statement or name."""
    if reason == "empty":
        return QueryRefused(
            "empty", "There is no statement to run.", next_step="Write one SELECT statement."
        )
    if reason == "several":
        return QueryRefused(
            "several",
            f"The text holds {name} statements.",
            allowed="one statement at a time",
            next_step="Run them one after the other.",
        )
    return _forbidden_name(name) if reason == "name" else _forbidden_statement(name)


def _forbidden_statement(word: str) -> QueryRefused:
    if word in _CHANGES:
        instead = "The case's data stays as it is; correct values inside your SELECT."
    else:
        instead = _INSTEAD.get(word, "Write the question as a SELECT.")
    return QueryRefused(
        "statement",
        f"{word.upper()} does not run here: queries read the case's tables and change nothing.",
        allowed=READING,
        next_step=instead,
    )


def _forbidden_name(name: str) -> QueryRefused:
    if name in _RUNS_TEXT:
        return QueryRefused(
            "name",
            f"{name}() does not run here: it runs text as SQL.",
            next_step="Write that query out.",
        )
    return QueryRefused(
        "name",
        f"{name} is not available here: it reaches past the case's tables to files or settings.",
        allowed="the case's tables, built-in scalar and aggregate functions, range() and unnest()",
        next_step="Run SHOW TABLES to see what there is.",
    )


def too_long(length: int, longest: int) -> QueryRefused:
    """Refuse a text of too many characters."""
    return QueryRefused(
        "length",
        f"The query has {length:,} characters.",
        allowed=f"up to {longest:,}",
        next_step="Join to a table or a range instead of listing values.",
    )


def late(seconds: float) -> QueryRefused:
    """Tell that a query was stopped because its time ran out."""
    return QueryRefused(
        "timeout",
        f"The query was stopped after {seconds:g} s.",
        next_step="Add a filter or aggregate first, and check that every join has its condition.",
    )


def no_memory() -> QueryRefused:
    """Tell that a query needed more memory than a query may have."""
    return QueryRefused(
        "memory",
        "The query needs more memory than one query may use.",
        next_step="Add a filter or aggregate first, select fewer columns, or sort fewer rows.",
    )


def crashed() -> QueryRefused:
    """Tell that the worker process ended under the query."""
    return QueryRefused(
        "crash",
        "The query ended the process that ran it, so it has no result; a new process is ready.",
        next_step="Try again; if it happens again, write the query in smaller steps.",
    )


def too_wide() -> QueryRefused:
    """Tell that one page of the result holds too much text."""
    return QueryRefused(
        "wide",
        "One page of this result is too large to show.",
        next_step="Select fewer columns, shorten long texts with left(), or ask for fewer rows.",
    )


def unshowable() -> QueryRefused:
    """Tell that a value has no form that can be shown."""
    return QueryRefused(
        "value",
        "A value in the result cannot be shown.",
        next_step="Cast its column to text: CAST(name AS VARCHAR).",
    )


def busy(seconds: float) -> QueryRefused:
    """Tell that no worker became free in time."""
    return QueryRefused(
        "busy",
        f"All query workers were busy for {seconds:g} s.",
        next_step="Try again in a moment.",
        code=ExitCode.ENVIRONMENT,
    )


def closed() -> QueryRefused:
    """Tell that the pool was closed before the query ran."""
    return QueryRefused(
        "busy",
        "The query service is shutting down.",
        next_step="Start Caseroom again.",
        code=ExitCode.ENVIRONMENT,
    )


def unreadable(why: str) -> QueryRefused:
    """Tell that the case's database is missing or damaged."""
    return QueryRefused(
        "database",
        f"The case's database cannot be opened: {why}.",
        next_step="Build the case again from its seed; everything you typed is kept apart from it.",
        code=ExitCode.DAMAGED,
    )
