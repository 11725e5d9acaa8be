"""The mock interview in a terminal, one command per turn, or all turns in one go.

In: a setup, then answers. Out: what the interviewer says, and the seconds left. Between commands
the clock runs on; `pause` stops it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from caseroom.cli.dictation import HOW_TO_END, Spoken, read_answer
from caseroom.cli.interview_choices import choice_options, chosen
from caseroom.cli.interview_outcome import check_command, export_command, scorecard_command
from caseroom.cli.output import paragraph, print_json, print_table
from caseroom.cli.root import Suggesting
from caseroom.cli.settings import Settings, room_command
from caseroom.interview.state import Phase, Say
from caseroom.service.interview_views import InterviewCard, InterviewView
from caseroom.service.interviews import (
    answer_turn,
    end,
    find_interview,
    interview,
    list_interviews,
    open_interview_case,
    pause,
    plan_interview,
    resume,
    save_turn_draft,
    skip_turn,
    start_interview,
)

__all__ = ["interview_command"]


@click.group("interview", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def interview_command(context: click.Context) -> None:
    """Hold mock interviews.

    INTERVIEW is the id of one, the beginning of an id, or `last`."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@interview_command.command("new")
@choice_options
@room_command
def new_command(settings: Settings, **options: Any) -> None:
    """Start an interview.

    The clock starts with your first answer (say that you are ready)."""
    setup = plan_interview(**chosen(options))
    view = start_interview(settings.app(), setup)
    if not settings.json:
        click.echo(f"Interview {view.card.id}: {view.card.title}, {view.card.minutes} minutes")
    _show(settings, view, said_before=0)


@interview_command.command("list")
@room_command
def list_command(settings: Settings) -> None:
    """List interviews, newest first, and the trend of their scores."""
    history = list_interviews(settings.app())
    if settings.json:
        print_json(history)
    elif not history.interviews:
        click.echo("No interview was started yet: `caseroom interview new`.")
    else:
        columns = ("interview", "title", "level", "on", "state", "answers", "overall", "verdict")
        print_table(columns, [_row(card) for card in history.interviews])
        click.echo(history.trend.sentence)


@interview_command.command("show")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@click.option("--transcript", is_flag=True, help="All that was said, instead of the last prompt.")
@room_command
def show_command(settings: Settings, interview_id: str, transcript: bool) -> None:
    """Show where INTERVIEW stands.

    The prompt, what you typed so far, and the time left."""
    app = settings.app()
    view = interview(app, find_interview(app, interview_id))
    if transcript and not settings.json:
        _print_lines(view, view.status.transcript)
    _show(settings, view, said_before=len(view.status.transcript))


@interview_command.command("answer")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A text file with the answer, instead of typing.",
)
@click.option("--go-on", is_flag=True, help="Answer turn after turn; an empty answer stops.")
@room_command
def answer_command(settings: Settings, interview_id: str, path: Path | None, go_on: bool) -> None:
    """Answer the present turn.

    Type the answer; a line with a single dot, or Ctrl-D, ends it. What you type is saved line by
    line."""
    app = settings.app()
    view = interview(app, find_interview(app, interview_id))
    if path is not None:
        text = path.read_text(encoding="utf-8", errors="replace")
        _answered(settings, view, text)
        return
    if not _waits(view) or not settings.json:
        _show(settings, view, said_before=len(view.status.transcript))
    while _waits(view):
        click.echo(f"({HOW_TO_END})\n", err=True)
        spoken = _typed(settings, view)
        if go_on and not spoken.text.strip():
            return
        view = _answered(settings, view, spoken.text)
        if not go_on:
            return


@interview_command.command("skip")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def skip_command(settings: Settings, interview_id: str) -> None:
    """Pass on the present turn.

    A question, a follow-up, a concern, or the case."""
    app = settings.app()
    before = interview(app, find_interview(app, interview_id))
    after = skip_turn(app, before.card.id, before.turn)
    _show(settings, after, said_before=len(before.status.transcript))


@interview_command.command("pause")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def pause_command(settings: Settings, interview_id: str) -> None:
    """Stop the clock."""
    app = settings.app()
    view = pause(app, find_interview(app, interview_id))
    _show(settings, view, said_before=len(view.status.transcript))


@interview_command.command("resume")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def resume_command(settings: Settings, interview_id: str) -> None:
    """Let the clock run on."""
    app = settings.app()
    view = resume(app, find_interview(app, interview_id))
    _show(settings, view, said_before=len(view.status.transcript))


@interview_command.command("end")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def end_command(settings: Settings, interview_id: str) -> None:
    """Break INTERVIEW off.

    What was answered is scored."""
    app = settings.app()
    before = interview(app, find_interview(app, interview_id))
    after = before if before.card.state == "closed" else end(app, before.card.id)
    _show(settings, after, said_before=len(before.status.transcript))


@interview_command.command("case")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def case_command(settings: Settings, interview_id: str) -> None:
    """Open the case that the interviewer gives.

    Its company is built at once, and the time for the case begins. When you have submitted it,
    `caseroom interview show` goes on."""
    app = settings.app()
    found = find_interview(app, interview_id)
    case_id = open_interview_case(app, found, background=False)
    view = interview(app, found)
    if settings.json:
        print_json(view)
        return
    click.echo(f"Case {case_id}: read it with `caseroom brief {case_id}`.")
    click.echo(f"{_clock(view.status.left.turn)} left for it.")


interview_command.add_command(scorecard_command)
interview_command.add_command(export_command)
interview_command.add_command(check_command)


def _waits(view: InterviewView) -> bool:
    """Tell whether the interview waits for an answer in words."""
    return view.card.state == "running" and view.status.phase is not Phase.CASE


def _answered(settings: Settings, view: InterviewView, text: str) -> InterviewView:
    after = answer_turn(settings.app(), view.card.id, view.turn, text)
    _show(settings, after, said_before=len(view.status.transcript))
    return after


def _typed(settings: Settings, view: InterviewView) -> Spoken:
    """Read an answer on top of what was typed before; every line is saved."""
    version = view.draft.version if view.draft else 0

    def save(spoken: Spoken) -> None:
        nonlocal version
        app, said = settings.app(), spoken.text
        version = save_turn_draft(app, view.card.id, view.turn, said, version=version).version

    return read_answer(view.draft.text if view.draft else "", save=save)


def _show(settings: Settings, view: InterviewView, *, said_before: int) -> None:
    """Print what the other side said since, what is asked now, and the time left."""
    if settings.json:
        print_json(view)
        return
    status = view.status
    new = [line for line in status.transcript[said_before:] if line.speaker != "candidate"]
    _print_lines(view, new)
    if not new and status.prompt:
        click.echo(paragraph(status.prompt))
    if view.draft and view.draft.text:
        click.echo(paragraph(f"You had typed: {view.draft.text}", "  | "))
    click.echo(_next(view))


def _print_lines(view: InterviewView, lines: list[Say] | tuple[Say, ...]) -> None:
    for line in lines:
        click.echo(f"\n{view.speakers[line.speaker]}:")
        click.echo(paragraph(line.text, "  "))
    if lines:
        click.echo()


def _next(view: InterviewView) -> str:
    """Say what can be done now."""
    status, name = view.status, view.card.id
    if view.card.state == "closed":
        return f"The interview is over: `caseroom interview scorecard {name}`."
    if status.paused:
        return f"Paused: `caseroom interview resume {name}`."
    if status.phase is Phase.OPENING:
        return f"Say that you are ready: `caseroom interview answer {name}`."
    left = f"{_clock(status.left.turn)} for this, {_clock(status.left.interview)} in all"
    if status.phase is not Phase.CASE:
        return f"Left: {left}. Answer with `caseroom interview answer {name}`."
    if not status.case_id:
        return f"Left: {left}. Open the case with `caseroom interview case {name}`."
    return f"Left: {left}. The case: `caseroom brief {status.case_id}`."


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _row(card: InterviewCard) -> tuple[object, ...]:
    overall = None if card.overall is None else f"{card.overall:.1f}"
    verdict = card.verdict.replace("_", " ") if card.verdict else None
    on = f"{card.started_at:%Y-%m-%d}"
    return (card.id, card.title, card.level, on, card.state, card.answers, overall, verdict)
