"""Commands that grade texts without keeping them.

In: one answer, or a file with one answer per line. Out: reports; nothing goes into the data folder.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import click

from caseroom.cli.feedback import print_report
from caseroom.cli.output import print_json, print_table
from caseroom.cli.root import Suggesting
from caseroom.cli.settings import Settings, json_option, pass_settings, room_command
from caseroom.service.app import Bank
from caseroom.service.practice import LONGEST_ANSWER, grade_text
from caseroom.service.practice_batch import BatchResult, grade_lines
from caseroom.service.text_grader import chosen_bank
from caseroom.vocabulary.errors import CaseroomError, ExitCode
from caseroom.vocabulary.plain import plain

__all__ = ["grade_command"]

_STDIN = Path("-")

_semantic_option = click.option(
    "--semantic",
    is_flag=True,
    help="Grade with the two small models of the extra `semantic`: offline, too, but slower.",
)


@click.group("grade", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def grade_command(context: click.Context) -> None:
    """Grade answers that are not kept."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@grade_command.command("answer")
@click.option("--question", required=True, help="A question of the bank, such as Q001.")
@click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="A text file with the answer; - for standard input.",
)
@click.option(
    "--model",
    is_flag=True,
    help="Have the configured language model judge it, too: this sends the answer to it.",
)
@_semantic_option
@room_command
def answer_command(
    settings: Settings, question: str, path: Path, model: bool, semantic: bool
) -> None:
    """Grade one answer.

    The same report that a drill gives."""
    bank = chosen_bank(os.environ, semantic=semantic)
    if model:
        _judge(settings, question, path, bank)
        return
    report = grade_text(question, _read(path), bank)
    print_json(report) if settings.json else print_report(report)


def _judge(settings: Settings, question: str, path: Path, bank: Bank) -> None:
    """Show both graders; the application is opened for its model, nothing is kept."""
    from caseroom.cli.judged import print_judged
    from caseroom.service.judging import judge_answer

    view = judge_answer(replace(settings.app(), bank=bank), question, _read(path))
    print_json(view) if settings.json else print_judged(view)


@grade_command.command("batch")
@click.option(
    "--file",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help='JSON lines, each {"question": ..., "answer": ...}; - for standard input.',
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new file for the reports, one JSON per line."
)
@_semantic_option
@json_option
@pass_settings
def batch_command(settings: Settings, path: Path, out: Path | None, semantic: bool) -> int | None:
    """Grade many answers.

    A line that can't be graded is reported with its number and does not stop the rest; the exit
    code is then 2. An `id` in a line comes back with its report."""
    bank = chosen_bank(os.environ, semantic=semantic)
    with ExitStack() as stack:
        target = stack.enter_context(_new(out)) if out is not None else None
        graded = grade_lines(_lines(path, stack), bank)
        results = [_told(result, target, settings) for result in graded]
    failed = [result for result in results if result.error]
    if settings.json:
        print_json(
            {"graded": len(results) - len(failed), "failed": len(failed)} | _all(results, out)
        )
    elif out is not None:
        click.echo(f"Wrote {len(results)} lines to {out}.")
    else:
        _print_results(results)
    return ExitCode.BAD_INPUT if failed else None


def _told(result: BatchResult, target: TextIO | None, settings: Settings) -> BatchResult:
    """Write a result as soon as it is there; a written report is not kept in memory."""
    if result.error and not settings.json:
        click.echo(f"line {result.line}: {result.error}", err=True)
    if target is None:
        return result
    target.write(json.dumps(_filled(result), ensure_ascii=False) + "\n")
    return BatchResult(line=result.line, question=result.question, error=result.error, id=result.id)


def _all(results: list[BatchResult], out: Path | None) -> dict[str, object]:
    """Give the results for --json; with --out only the errors and the file."""
    if out is None:
        return {"results": [_filled(result) for result in results]}
    return {"out": str(out), "errors": [_filled(each) for each in results if each.error]}


def _filled(result: BatchResult) -> dict[str, object]:
    return {name: value for name, value in plain(result).items() if value not in (None, "")}


def _print_results(results: list[BatchResult]) -> None:
    rows = [
        (
            each.line,
            each.id or "",
            each.question,
            r.level,
            r.level_low,
            r.level_high,
            r.found,
            r.perhaps,
        )
        for each in results
        if (r := each.report) is not None
    ]
    columns = ("line", "id", "question", "level", "at least", "at most", "found", "perhaps")
    print_table(columns, rows)


def _read(path: Path) -> str:
    """Read an answer. Raises CaseroomError for a file that is missing or no text."""
    limit = 4 * LONGEST_ANSWER + 1
    try:
        if path == _STDIN:
            return sys.stdin.buffer.read(limit).decode("utf-8-sig")
        with path.open("rb") as file:
            return file.read(limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"byte {error.start} is not UTF-8") from error
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), error) from error


def _lines(path: Path, stack: ExitStack) -> Iterator[str]:
    """Open a file of lines; bytes that are no UTF-8 become replacement characters."""
    if path == _STDIN:
        return (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    try:
        file = stack.enter_context(path.open(encoding="utf-8-sig", errors="replace"))
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), error) from error
    return iter(file)


def _new(out: Path) -> TextIO:
    try:
        return out.open("x", encoding="utf-8")
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


def _unreadable(path: Path, why: str, error: OSError | None = None) -> CaseroomError:
    missing = isinstance(error, FileNotFoundError)
    return CaseroomError(
        f"{path} cannot be read: {why}.",
        allowed="a text file in UTF-8, or - for standard input",
        next_step="check the path.",
        code=ExitCode.NOT_FOUND if missing else ExitCode.BAD_INPUT,
    )
