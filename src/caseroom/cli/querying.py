"""Commands of the investigation: queries, their history, the evidence board.

In: SQL. Out: results as table, CSV or JSON; everything is recorded in the case.
"""

from __future__ import annotations

import sys

import click

from caseroom.cli.output import print_json, print_table
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.export.tables import csv_bytes
from caseroom.service.room import LARGEST_PAGE, open_room, pin, run_query
from caseroom.service.views import QueryView
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["history_command", "pin_command", "sql_command"]


@click.command("sql")
@click.argument("case", type=CaseId())
@click.argument("query")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How the result is printed.",
)
@click.option(
    "--rows",
    type=click.IntRange(1, LARGEST_PAGE),
    default=40,
    show_default=True,
    help="Rows that a table or JSON shows; CSV has all of them.",
)
@room_command
def sql_command(settings: Settings, case: str, query: str, fmt: str, rows: int) -> None:
    """Run QUERY on the company of CASE.

    QUERY is one SELECT, or - to read it from standard input. It is recorded in the history."""
    case_id = case_of(settings, case)
    text = sys.stdin.read() if query == "-" else query
    size = LARGEST_PAGE if fmt == "csv" else rows
    result = run_query(settings.app(), case_id, text, page_size=size)
    if result.error:
        raise CaseroomError(result.error)
    if settings.json or fmt == "json":
        print_json(result)
    elif fmt == "csv":
        _print_csv(result)
    else:
        print_table(result.columns, result.rows)
        click.echo(_footer(result), err=True)


@click.command("history")
@click.argument("case", type=CaseId())
@room_command
def history_command(settings: Settings, case: str) -> None:
    """List the queries and pins of CASE.

    Oldest first, with numbers and times."""
    room = open_room(settings.app(), case_of(settings, case))
    queries = tuple(reversed(room.history))
    if settings.json:
        print_json({"case": room.card.id, "queries": queries, "pins": room.pins})
        return
    rows = [
        (q.id, f"{q.at:%Y-%m-%d %H:%M}", round(q.milliseconds), _count(q), q.sql) for q in queries
    ]
    print_table(("query", "at (UTC)", "ms", "rows", "sql"), rows)
    for each in room.pins:
        click.echo(f"Pin {each.id} on query {each.query_id}: {each.note}")


@click.command("pin")
@click.argument("case", type=CaseId())
@click.argument("query")
@click.argument("note")
@room_command
def pin_command(settings: Settings, case: str, query: str, note: str) -> None:
    """Pin a result to the board of CASE.

    QUERY is the number of a query in the history, or `last`. NOTE says what its result shows.
    """
    case_id = case_of(settings, case)
    saved = pin(settings.app(), case_id, _number(settings, case_id, query), note)
    if settings.json:
        print_json(saved)
        return
    click.echo(f"Pin {saved.id} on query {saved.query_id}: {saved.note}")


def _number(settings: Settings, case_id: str, text: str) -> int:
    if text == "last":
        return _last_query(settings, case_id)
    if text.isdecimal():
        return int(text)
    raise CaseroomError(
        f"{text!r} is no query.",
        allowed="the number of a query, or last",
        next_step=f"`caseroom history {case_id}` lists them.",
    )


def _last_query(settings: Settings, case_id: str) -> int:
    ran = [entry.id for entry in open_room(settings.app(), case_id).history if not entry.error]
    if not ran:
        raise CaseroomError(
            "No query ran in this case yet, so there is nothing to pin.",
            next_step=f'run one with `caseroom sql {case_id} "SELECT ..."`.',
        )
    return ran[0]


def _print_csv(result: QueryView) -> None:
    click.echo(csv_bytes(result.columns, result.rows).decode(), nl=False)
    if result.capped:
        click.echo(f"The result is cut at {len(result.rows):,} rows.", err=True)


def _footer(result: QueryView) -> str:
    more = " or more" if result.capped else ""
    shown = len(result.rows)
    counted = f"{result.total_rows:,}{more} rows" if result.total_rows != 1 else "1 row"
    part = f", {shown} shown" if shown < result.total_rows else ""
    return f"(query {result.id}: {counted}{part}, {result.milliseconds:.0f} ms)"


def _count(query: QueryView) -> str:
    return "error" if query.error else f"{query.total_rows:,}"
