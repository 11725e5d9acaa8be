"""The drill in a terminal: a question, an answer, feedback, then two follow-ups.

In: a question, or filters to draw one by. Out: an attempt that is kept as in the browser.
"""

from __future__ import annotations

import secrets

import click

from caseroom.cli.dictation import HOW_TO_END, Spoken, read_answer
from caseroom.cli.feedback import print_report, print_steps
from caseroom.cli.output import paragraph, print_json
from caseroom.cli.questions import filter_options
from caseroom.cli.settings import Settings, room_command
from caseroom.service.app import Caseroom
from caseroom.service.practice import (
    finish_attempt,
    hand_in_part,
    list_questions,
    save_attempt_draft,
    start_attempt,
)
from caseroom.service.practice_views import AttemptView, QuestionFilter
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["drill_command"]


@click.command("drill")
@click.argument("question", required=False)
@filter_options
@room_command
def drill_command(settings: Settings, question: str | None, **filters: str) -> None:
    """Answer QUESTION, get feedback.

    Without QUESTION, one is drawn that fits the filters and that you answered least often. An
    answer ends with a line that holds a single dot, or with Ctrl-D; an empty one ends the drill.
    What you typed is kept, so that a drill can be resumed."""
    app = settings.app()
    view = start_attempt(app, question or _drawn(app, QuestionFilter(**filters)))
    view = _answer_all(settings, app, view)
    if settings.json:
        print_json(view)
        return
    if len(view.steps) > 1:
        click.echo()
        print_steps(view.steps)
    click.echo(f"\nThe rubric and a model answer: `caseroom questions show {view.ask.id}`")


def _drawn(app: Caseroom, filters: QuestionFilter) -> str:
    """Draw one of the questions that were answered least often."""
    cards = list_questions(app, filters)
    if not cards:
        raise CaseroomError(
            "No question fits all these filters.",
            next_step="leave one of them out; `caseroom questions list` shows what there is.",
            code=ExitCode.NOT_FOUND,
        )
    fewest = min(card.times_answered for card in cards)
    return secrets.choice([card.id for card in cards if card.times_answered == fewest])


def _answer_all(settings: Settings, app: Caseroom, view: AttemptView) -> AttemptView:
    """Go through the parts until the last one, or until nothing is typed."""
    while view.turn:
        _ask(settings, view)
        spoken = _typed(app, view)
        if not spoken.text.strip():
            return finish_attempt(app, view.card.id)
        view = hand_in_part(app, view.card.id, view.turn, spoken.text, seconds=spoken.seconds)
        if not settings.json:
            click.echo()
            print_report(view.steps[-1].report)
    return view


def _ask(settings: Settings, view: AttemptView) -> None:
    if settings.json:
        return
    part = view.parts[-1]
    if view.turn == "answer":
        click.echo(f"{view.ask.id}  {view.ask.title} ({view.ask.minutes} minutes)")
    click.echo("\n" + paragraph(part.prompt))
    click.echo(f"({HOW_TO_END})\n")


def _typed(app: Caseroom, view: AttemptView) -> Spoken:
    """Read the part whose turn it is, on top of what was typed before; every line is saved."""
    draft = view.drafts.get(view.turn)
    version = draft.version if draft else 0

    def save(spoken: Spoken) -> None:
        nonlocal version
        saved = save_attempt_draft(
            app,
            view.card.id,
            view.turn,
            spoken.text,
            version=version,
            seconds=spoken.seconds,
        )
        version = saved.version

    return read_answer(draft.text if draft else "", view.parts[-1].seconds, save)
