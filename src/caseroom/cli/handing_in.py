"""Commands of handing in: the form as a file, the format check, the submission.

In: a case, a submission file. Out: a template to fill in, or the debrief.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from caseroom.cli.debriefing import print_debrief
from caseroom.cli.output import print_json
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.cli.submission_file import read_submission
from caseroom.export.template import submission_template
from caseroom.service.room import open_room
from caseroom.service.submitting import check_submission, submit
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["form_command", "submit_command"]


@click.command("form")
@click.argument("case", type=CaseId())
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new file; standard output if absent."
)
@room_command
def form_command(settings: Settings, case: str, out: Path | None) -> None:
    """Write the form of CASE to fill in.

    A YAML template; its comments say what each field takes."""
    room = open_room(settings.app(), case_of(settings, case))
    if settings.json:
        print_json({"case": room.card.id, "fields": room.form.fields})
        return
    text = submission_template(room.form, case_id=room.card.id, title=room.brief.title)
    if out is None:
        click.echo(text, nl=False)
        return
    _write_new(out, text)
    click.echo(f"Fill in {out}, then `caseroom submit {room.card.id} {out}`.")


@click.command("submit")
@click.argument("case", type=CaseId())
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--self-score", type=float, help="The total (0 to 100) that you expect.")
@click.option("--check-only", is_flag=True, help="Check the format; costs nothing, saves nothing.")
@room_command
def submit_command(
    settings: Settings, case: str, file: Path, self_score: float | None, check_only: bool
) -> int | None:
    """Hand in FILE for CASE.

    FILE is YAML or JSON, or - for standard input. A case is handed in once and graded at once;
    a file that cannot be read costs nothing."""
    case_id, raw = case_of(settings, case), read_submission(file)
    if check_only:
        return _check(settings, case_id, raw)
    view = submit(settings.app(), case_id, raw, self_score=self_score)
    print_json(view) if settings.json else print_debrief(view)
    return None


def _check(settings: Settings, case_id: str, raw: Mapping[str, Any]) -> int | None:
    found = check_submission(settings.app(), case_id, raw)
    if settings.json:
        print_json(found)
    else:
        for problem in found.problems:
            click.echo(f"{problem.field}: {problem.problem} (allowed: {problem.allowed})", err=True)
        for warning in found.warnings:
            click.echo(f"Note: {warning}")
        if not found.problems:
            click.echo("The format is fine.")
    return ExitCode.BAD_INPUT if found.problems else None


def _write_new(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise CaseroomError(
            f"{out} is there already.", next_step="choose another name, or delete it first."
        ) from error
    except OSError as error:
        raise CaseroomError(
            f"{out} cannot be written: {error.strerror or error}.",
            next_step="choose a folder that you may write to.",
            code=ExitCode.ENVIRONMENT,
        ) from error
