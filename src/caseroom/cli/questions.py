"""Commands on the question bank: finding, reading, checking.

In: filters or an id. Out: questions with their rubrics, or what the check of the bank measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from caseroom.cli.feedback import print_report, print_steps
from caseroom.cli.judged import print_opinion
from caseroom.cli.output import WHOLE, bullet, paragraph, print_json, print_table
from caseroom.cli.root import Suggesting
from caseroom.cli.settings import Settings, json_option, pass_settings, room_command
from caseroom.questions.bank import find_question, load_bank
from caseroom.service.practice import attempt, find_attempt, list_questions, open_question
from caseroom.service.practice_views import (
    AttemptCard,
    AttemptView,
    QuestionFilter,
    QuestionView,
)
from caseroom.service.second_opinion import opinions
from caseroom.vocabulary.errors import ExitCode
from caseroom.vocabulary.plain import plain

__all__ = ["filter_options", "print_attempts", "questions_command"]


@click.group("questions", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def questions_command(context: click.Context) -> None:
    """Find and read questions of the bank."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that narrow the bank."""
    for name, said in (
        ("competency", "A competency, such as metrics or governance."),
        ("vertical", "saas, finance or healthcare."),
        ("level", "associate, mid, senior or lead."),
        ("round", "A round, such as screen, analytical or behavioral."),
        ("category", "technical, behavioral, situational or problem-solving."),
    ):
        command = click.option(f"--{name}", default="", help=said)(command)
    return command


@questions_command.command("list")
@click.argument("words", nargs=-1)
@filter_options
@click.option("--answered", default="", help="yes or no: whether you answered it in a drill.")
@room_command
def list_command(settings: Settings, words: tuple[str, ...], **filters: str) -> None:
    """List questions.

    All of them, or those that hold all WORDS and fit the filters. "best" and "last" are levels of
    your first answers, 1 to 5."""
    cards = list_questions(settings.app(), QuestionFilter(text=" ".join(words), **filters))
    if settings.json:
        print_json({"questions": cards})
        return
    if not cards:
        click.echo("No question fits all of this.")
        return
    columns = ("id", "title", "category", "round", "level", "minutes", "answered", "best", "last")
    rows = [
        (
            card.id,
            card.title,
            str(card.category),
            str(card.round),
            str(card.level),
            card.minutes,
            card.times_answered,
            card.best_level,
            card.last_level,
        )
        for card in cards
    ]
    print_table(columns, rows, widest=70)


@questions_command.command("show")
@click.argument("question")
@room_command
def show_command(settings: Settings, question: str) -> None:
    """Show QUESTION to study.

    Its rubric, pitfalls, follow-ups and a model answer. To answer first: `caseroom drill`."""
    view = open_question(settings.app(), question)
    print_json(view) if settings.json else _print_question(view)


@questions_command.command("attempt")
@click.argument("attempt_id", metavar="ATTEMPT", default="last")
@room_command
def attempt_command(settings: Settings, attempt_id: str) -> None:
    """Show ATTEMPT at a question.

    What was said, the level before and after each follow-up, and the last report with the verdicts
    that you contested and a language model's second opinion, if you asked for one. ATTEMPT is an
    id, the beginning of one, or "last"."""
    app = settings.app()
    view = attempt(app, find_attempt(app, attempt_id))
    asked = opinions(app, view.card.id)
    if settings.json:
        print_json({**plain(view), "opinions": asked})
        return
    _print_attempt(view)
    if asked:
        click.echo("\nSecond opinion")
        print_opinion(asked[0])


@questions_command.command("check")
@click.argument("questions", nargs=-1)
@json_option
@pass_settings
def check_command(settings: Settings, questions: tuple[str, ...]) -> int | None:
    """Check the bank.

    Does the grader order the anchor answers of every question, does the strong one earn every
    point, do attacks fail? Checks all of them, or only QUESTIONS; exits with 1 when it does not
    hold."""
    from caseroom.grading.text.check import check_questions

    chosen = tuple(map(find_question, questions)) or load_bank()
    tell = settings.progress() or (lambda message, share: None)
    tell("Checking questions", 0.0)
    result = check_questions(chosen, lambda done, of: tell("Checking questions", done / of))
    settings.bar.clear()
    print_json(result) if settings.json else _print_check(result)
    return None if result["ok"] else ExitCode.CHECK_FAILED


def print_attempts(attempts: tuple[AttemptCard, ...]) -> None:
    """Print attempts as a table."""
    rows = [
        (card.id, str(card.mode), f"{card.started_at:%Y-%m-%d}", card.level, card.level_after)
        for card in attempts
    ]
    print_table(("attempt", "mode", "on", "level", "after follow-ups"), rows)


def _print_attempt(view: AttemptView) -> None:
    click.echo(f"{view.ask.id}  {view.ask.title} ({view.card.mode}, attempt {view.card.id})")
    for part in view.parts:
        if part.text is None:
            continue
        click.echo("\n" + bullet(part.prompt, "Q: "))
        for line in part.text.strip().split("\n"):
            click.echo(paragraph(line, "   "))
    steps = view.steps
    if not steps:
        click.echo("\nNothing was handed in yet.")
        return
    if len(steps) >= 2:
        click.echo()
        print_steps(steps)
    last = steps[len(steps) - 1]
    click.echo()
    print_report(last.report, last.contests)
    earlier = [contest for contest in view.contests if contest.report_id != last.id]
    if earlier:
        click.echo("\nContested in earlier reports")
    for contest in earlier:
        said = f"{contest.statement}: {contest.machine}, you say {contest.band}. {contest.reason}"
        click.echo(bullet(" ".join(said.split()), "  ≠ "))


def _print_question(view: QuestionView) -> None:
    card = view.card
    click.echo(f"{card.id}  {card.title}")
    click.echo(
        f"    {card.category}, {card.round} round, from {card.level}, {card.minutes} minutes; "
        f"{', '.join(card.competencies)}"
    )
    click.echo("\n" + paragraph(card.ask))
    click.echo("\nWhat a strong answer covers")
    for point in view.points:
        gate = ", without it an answer does not pass" if point.gate else ""
        click.echo(bullet(f"{point.statement} (weight {point.weight}{gate})", "  - "))
    lists = (
        ("Best practices", view.best_practices),
        ("What not to do", view.avoid),
        ("Pitfalls", tuple(pitfall.statement for pitfall in view.pitfalls)),
        ("Follow-ups", view.follow_ups),
        ("By industry", tuple(f"{name}: {text}" for name, text in view.vertical_points.items())),
    )
    for title, entries in lists:
        click.echo(f"\n{title}")
        for entry in entries:
            click.echo(bullet(entry, "  - "))
    click.echo("\nA model answer")
    for text in view.model_answer.strip().split("\n"):
        click.echo(paragraph(text, "  "))
    if view.note:
        click.echo("\n" + paragraph(f"Note: {view.note}"))
    if view.attempts:
        click.echo("\nYour attempts (`caseroom questions attempt ID` shows one)")
        print_attempts(view.attempts)


def _print_check(result: Mapping[str, Any]) -> None:
    promises: Mapping[str, bool] = result["promises"]
    print_table(("promise", "is"), [(k, "kept" if v else "broken") for k, v in promises.items()])
    click.echo()
    rows = [(name, _shown(value)) for name, value in result.items() if name != "promises"]
    print_table(("measure", "value"), rows, widest=WHOLE)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list | tuple):
        return f"{len(value)}: {', '.join(map(str, value[:5]))}" if value else "none"
    return str(value)
