"""The optional language model: what is configured, whether it answers, what it says of an attempt.

In: the configuration. Out: address, name and prices, never a key; one tiny request; or a judgment
that is kept beside the attempt's report.
"""

from __future__ import annotations

import click

from caseroom.cli.output import print_json, print_table
from caseroom.cli.root import Suggesting
from caseroom.cli.settings import Settings, room_command
from caseroom.service.model_ports import ModelStatus

__all__ = ["model_command"]


@click.group("model", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def model_command(context: click.Context) -> None:
    """Look at the language model that may judge answers; off unless you configure one."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@model_command.command("status")
@room_command
def status_command(settings: Settings) -> None:
    """Show which model is configured. Sends nothing."""
    from caseroom.service.judging import model_status

    status = model_status(settings.app())
    if settings.json:
        print_json({"on": status.identity is not None, "status": status})
    else:
        print_table(("setting", "value"), _rows(status), widest=200)


@model_command.command("judge")
@click.argument("attempt_id", metavar="ATTEMPT")
@room_command
def judge_command(settings: Settings, attempt_id: str) -> None:
    """Have the model judge an attempt: sends the question, its rubric and the answer to it.

    ATTEMPT is an id, the beginning of one, or last. The newest graded part is judged with all
    before it; the judgment is kept beside the offline report, which stays as it is."""
    from caseroom.cli.judged import print_opinion
    from caseroom.service.practice import find_attempt
    from caseroom.service.second_opinion import judge_attempt

    app = settings.app()
    opinion = judge_attempt(app, find_attempt(app, attempt_id))
    print_json(opinion) if settings.json else print_opinion(opinion)


@model_command.command("try")
@room_command
def try_command(settings: Settings) -> None:
    """Send one tiny request to the model, with nothing of yours in it."""
    from caseroom.service.judging import try_model

    tried = try_model(settings.app())
    if settings.json:
        print_json(tried)
        return
    identity = tried.status.identity
    assert identity is not None  # without one, try_model has raised
    rows = [
        ("answered", f"{identity.name} at {identity.address}"),
        ("calls itself", tried.model or "does not say"),
        ("bound by", tried.form),
        ("seconds", tried.seconds),
        ("requests", tried.requests),
        ("tokens in, out", f"{_known(tried.tokens_in)}, {_known(tried.tokens_out)}"),
    ]
    print_table(("what", "value"), rows, widest=200)


def _rows(status: ModelStatus) -> list[tuple[str, str]]:
    """Give the lines of `model status`."""
    identity = status.identity
    if identity is None:
        return [
            ("model", "off: nothing is sent"),
            ("settings", f"CASEROOM_MODEL_* in the environment, or {status.file}"),
        ]
    where = "this machine" if status.is_local else "another machine: answers leave this one"
    prices = f"{_known(identity.price_in)} in, {_known(identity.price_out)} out"
    return [
        ("model", identity.name),
        ("address", identity.address),
        ("where", where),
        ("kind", identity.kind),
        ("key", "set" if status.has_key else f"none ({status.key_variable})"),
        ("price per million tokens", prices),
        ("seconds per request", f"at most {status.timeout:g}"),
    ]


def _known(value: float | None) -> str:
    return "unknown" if value is None else f"{value:g}"
