"""What all commands share: the data folder, --json, progress, the open application.

In: options of the command line. Out: one `Settings` per run, and the decorators that fill it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from caseroom.adapters.place import default_data_dir
from caseroom.case.contract import Progress
from caseroom.cli.output import Bar
from caseroom.service.app import Caseroom, Kinds

__all__ = [
    "CaseId",
    "Settings",
    "case_of",
    "data_dir_option",
    "json_option",
    "pass_settings",
    "room_command",
]

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """One run of the program. The application is opened by the first command that needs it."""

    kinds: Kinds = field(default_factory=Kinds)
    data_dir: Path | None = None
    json: bool = False
    bar: Bar = field(default_factory=Bar)
    _app: Caseroom | None = None

    def folder(self) -> Path:
        """Give the data folder."""
        return self.data_dir or default_data_dir()

    def log_file(self) -> Path:
        """Give the file that unexpected errors go to."""
        return self.folder() / "logs" / "caseroom.log"

    def app(self, *, serving: bool = False) -> Caseroom:
        """Open the data folder (once); its imports wait until then, for help to come at once."""
        from caseroom.bootstrap import open_caseroom

        if self._app is None:
            self._app = open_caseroom(
                self.folder(), kinds=self.kinds, serving=serving, progress=self.progress()
            )
        return self._app

    def progress(self) -> Progress | None:
        """Give a progress bar on a terminal; nothing where output is piped or read by a program."""
        quiet = self.json or not sys.stderr.isatty()
        return None if quiet else self.bar.show

    def close(self) -> None:
        """Close what was opened."""
        self.bar.clear()
        if self._app is not None:
            self._app.close()
            self._app = None


pass_settings = click.make_pass_decorator(Settings)


class CaseId(click.ParamType):
    """An id of a started case, the beginning of one, or "last"."""

    name = "case"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Keep the text: only an open data folder knows the cases (see `case_of`)."""
        return value


def json_option(command: Command) -> Command:
    """Add --json."""

    def chosen(context: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            context.ensure_object(Settings).json = True

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=chosen,
        help="Print one JSON object instead of text.",
    )(command)


def data_dir_option(command: Command) -> Command:
    """Add --data-dir."""

    def chosen(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        if value is not None:
            context.ensure_object(Settings).data_dir = value

    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=chosen,
        help="The data folder, instead of $CASEROOM_HOME or this user's own.",
    )(command)


def room_command(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every command on the data folder takes, and hand it the `Settings` first."""
    return data_dir_option(json_option(pass_settings(command)))


def case_of(settings: Settings, text: str) -> str:
    """Give the id of the case that a person named."""
    from caseroom.service.cases import find_case

    return find_case(settings.app(), text)
