"""Running a command: which exit code and which lines follow from what happened.

In: arguments. Out: an exit code; a refusal goes to stderr in words, or with --json as an object.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from caseroom.cli.logfile import write_log
from caseroom.cli.root import root
from caseroom.cli.settings import Settings
from caseroom.service.app import Kinds
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["main", "run"]


def main() -> NoReturn:
    """Run the command of this process and end it with the exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], *, kinds: Kinds | None = None) -> int:
    """Run one command and give its exit code; `kinds` are those that can be played."""
    settings = Settings(kinds=kinds or Kinds())
    try:
        given = root.main(
            args=list(arguments), prog_name="caseroom", standalone_mode=False, obj=settings
        )
        sys.stdout.flush()
        return int(given) if isinstance(given, int) else ExitCode.OK
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except CaseroomError as error:
        return _refuse(arguments, error.code, _parts(error), error.lines())
    except click.Abort:
        return _refuse(arguments, ExitCode.INTERRUPTED, {"problem": "Stopped."}, ["Stopped."])
    except click.ClickException as error:
        lines = _usage_lines(error)
        return _refuse(arguments, ExitCode(error.exit_code), {"problem": lines[0]}, lines)
    except Exception as error:
        return _unexpected(arguments, error, settings)
    finally:
        settings.close()


def _parts(error: CaseroomError) -> dict[str, Any]:
    return {"problem": error.problem, "allowed": error.allowed, "next_step": error.next_step}


def _usage_lines(error: click.ClickException) -> list[str]:
    lines = [error.format_message()]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"Next: `{error.ctx.command_path} --help` tells what it takes.")
    return lines


def _unexpected(arguments: Sequence[str], error: Exception, settings: Settings) -> int:
    log = write_log(settings.log_file())
    problem = f"An unexpected error: {type(error).__name__}: {error}"
    line = " ".join(problem.split())[:300] + f" (the whole of it is in {log})"
    parts = {"problem": line, "log": str(log)}
    return _refuse(arguments, ExitCode.UNEXPECTED, parts, [line])


def _refuse(
    arguments: Sequence[str], code: ExitCode, parts: dict[str, Any], lines: Sequence[str]
) -> int:
    if "--json" in arguments:
        filled = {name: value for name, value in parts.items() if value}
        click.echo(json.dumps({"error": filled | {"exit_code": int(code)}}), err=True)
    else:
        for line in lines:
            click.echo(line, err=True)
    return code
