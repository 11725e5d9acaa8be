"""Commands that keep the data folder in order: building a case again, deleting one.

In: a case. Out: the same company again, or no trace of it.
"""

from __future__ import annotations

import click

from caseroom.cli.output import print_json
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.service.cases import build_state, delete_case, rebuild_case

__all__ = ["delete_command", "rebuild_command"]


@click.command("rebuild")
@click.argument("case", type=CaseId())
@room_command
def rebuild_command(settings: Settings, case: str) -> None:
    """Build the company of CASE again.

    The same rows, whatever happened to its folder."""
    app, case_id = settings.app(), case_of(settings, case)
    rebuild_case(app, case_id, settings.progress())
    settings.bar.clear()
    if settings.json:
        print_json({"case": case_id, "build": build_state(app, case_id)})
        return
    click.echo(f"Case {case_id} was built again; queries, pins and texts are as they were.")


@click.command("delete")
@click.argument("case", type=CaseId())
@click.option("--yes", is_flag=True, help="Do not ask.")
@room_command
def delete_command(settings: Settings, case: str, yes: bool) -> None:
    """Delete CASE.

    With its queries, texts, submission and reports."""
    app, case_id = settings.app(), case_of(settings, case)
    if not yes:
        click.confirm(f"Delete case {case_id} with everything in it?", abort=True, err=True)
    delete_case(app, case_id)
    if settings.json:
        print_json({"deleted": case_id})
        return
    click.echo(f"Case {case_id} is deleted.")
