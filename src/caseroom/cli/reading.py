"""Commands that show what a candidate is told: the brief and the tables.

In: a case. Out: its brief, and its tables with what the documentation says of them.
"""

from __future__ import annotations

import click

from caseroom.cli.output import WHOLE, money, paragraph, print_json, print_table, weeks
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.service.room import open_room
from caseroom.service.views import RoomView, TableView

__all__ = ["brief_command", "print_brief", "schema_command"]


@click.command("brief")
@click.argument("case", type=CaseId())
@room_command
def brief_command(settings: Settings, case: str) -> None:
    """Show the brief of CASE.

    Who asks what, what evidence may cost, what changed lately."""
    room = open_room(settings.app(), case_of(settings, case))
    if settings.json:
        left = {"cents_left": room.cents_left, "weeks_left": room.weeks_left}
        print_json({"case": room.card, "brief": room.brief, "today": room.today, **left})
        return
    print_brief(room)
    click.echo(f"\nNext: `caseroom schema {room.card.id}`, then `caseroom sql {room.card.id} ...`")


def print_brief(room: RoomView) -> None:
    """Print a brief for people."""
    brief = room.brief
    click.echo(f"{brief.title}  (case {room.card.id})")
    for text in (brief.company, *brief.context):
        click.echo("\n" + paragraph(text))
    click.echo(f"\n{brief.stakeholder.name}, {brief.stakeholder.role}, asks:")
    click.echo(paragraph(brief.question, "    "))
    click.echo(paragraph(f"Worry: {brief.stakeholder.concern}", "    "))
    click.echo(f"\nToday is {room.today}; the answer is due on {brief.due}.")
    click.echo(f"Left for evidence: {money(room.cents_left)} and {weeks(room.weeks_left)}.")
    click.echo(paragraph(brief.value_rule))
    click.echo("\nChange log")
    entries = [(str(entry.on), entry.team, entry.what) for entry in brief.change_log]
    print_table(("on", "team", "what"), entries, widest=WHOLE)
    for number, hint in enumerate(room.hints, 1):
        click.echo(f"\nHint {number}: {hint}")


@click.command("schema")
@click.argument("case", type=CaseId())
@room_command
def schema_command(settings: Settings, case: str) -> None:
    """Show the tables of CASE.

    Columns and types, with what the documentation says of them."""
    room = open_room(settings.app(), case_of(settings, case))
    if settings.json:
        print_json({"case": room.card.id, "tables": room.tables})
        return
    for table in room.tables:
        _print_table(table)


def _print_table(table: TableView) -> None:
    click.echo(f"{table.name}  ({table.row_count:,} rows) {table.meaning}".rstrip())
    rows = [("  " + column.name, column.type, column.meaning) for column in table.columns]
    print_table(("  column", "type", "meaning"), rows, widest=WHOLE)
    click.echo()
