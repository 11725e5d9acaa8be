"""The `caseroom` command and its commands, loaded when they are used.

In: nothing. Out: a Click group; an unknown command names the closest one there is.
"""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from caseroom.cli.settings import data_dir_option

__all__ = ["COMMANDS", "Suggesting", "root"]

COMMANDS = {
    "open": "serving",
    "cases": "starting",
    "new": "starting",
    "list": "starting",
    "mine": "starting",
    "brief": "reading",
    "schema": "reading",
    "sql": "querying",
    "history": "querying",
    "pin": "querying",
    "buy": "buying",
    "hint": "buying",
    "form": "handing_in",
    "submit": "handing_in",
    "debrief": "debriefing",
    "solution": "debriefing",
    "regrade": "debriefing",
    "questions": "questions",
    "drill": "drilling",
    "grade": "grading",
    "interview": "interviewing",
    "export": "taking",
    "rebuild": "keeping",
    "delete": "keeping",
    "demo": "demo",
    "check": "checking",
    "world": "worlds",
    "model": "model",
    "version": "about",
}
"""Command to the module that holds it, in the order in which the help lists them."""


class Suggesting(click.Group):
    """A group whose unknown commands name the closest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say what there is."""
        if self.get_command(ctx, args[0]) is None:
            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            meant = f" Did you mean `{ctx.command_path} {close[0]}`?" if close else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)


class _Lazy(Suggesting):
    """The root group: a module is imported when one of its commands is used or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"caseroom.cli.{COMMANDS[cmd_name]}")
        return getattr(module, f"{cmd_name}_command")


@click.command(cls=_Lazy, invoke_without_command=True, context_settings={"max_content_width": 100})
@data_dir_option
@click.pass_context
def root(context: click.Context) -> None:
    """Work cases of a company whose truth is known, and see what your decision does.

    Start with `caseroom open` for the browser, or `caseroom demo` to watch a case being solved.
    CASE is the id of a started case, the beginning of one, or `last`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
