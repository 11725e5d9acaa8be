"""The reference page of the command line, written from the commands themselves.

In: the Click commands. Out: docs/reference/cli.md: python -m caseroom.cli.reference > PAGE
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from caseroom.cli.root import root
from caseroom.vocabulary.errors import ExitCode

__all__ = ["reference"]

_HEAD = """\
# Command line

<!-- Written by `python -m caseroom.cli.reference`; do not edit. -->

`caseroom` does everything that the browser does.
Results go to standard output; progress, notes and errors go to standard error.
Progress is drawn on a terminal only: a pipe stays quiet.
`--json` prints one JSON value, and an error as one JSON object `{"error": {...}}`.

`CASE` is the id of a started case, the beginning of one, or `last`.
The data folder is `--data-dir`, else `$CASEROOM_HOME`, else this user's own data folder
(`caseroom version` shows it).

## Exit codes
"""

_CODES = {
    ExitCode.OK: "Done.",
    ExitCode.CHECK_FAILED: "A check found a promise that is not kept.",
    ExitCode.BAD_INPUT: "A value, a file or a command that cannot be taken.",
    ExitCode.NOT_FOUND: "No such kind, case, query, pin, question, attempt or file.",
    ExitCode.ENVIRONMENT: (
        "The machine is in the way: a folder that cannot be written, a full disk, a locked file, "
        "a port in use, a case that is being built."
    ),
    ExitCode.DAMAGED: "A file of the data folder is damaged; the message says how to repair it.",
    ExitCode.UNEXPECTED: "An error of the program; the message names the log.",
    ExitCode.INTERRUPTED: "Stopped with Ctrl-C, or a question was not confirmed.",
}


_SUBMISSION = """
## Submission file

`caseroom form CASE` writes this shape with the ids of the case; YAML and JSON are both taken.
A field that is left out counts as empty. Numbers stand without units and separators.

```yaml
causes: {price_change: 0.8, season: 0.1}  # probabilities, each on its own
segment: {plan: team, platform: all}      # one value per dimension, or all
onset: 2025-03-10
effect: {value: 120, low: 90, high: 160}  # the interval holds the truth with chance 80%
decision: {option: rollback_price, params: {plan: team}}
forecast: {value: 9100, low: 8800, high: 9400}
reversal_rule: When we would take it back.
missing_data: What we would still like to know.
memo: |-
  Text over several lines.
findings:                                 # data-audit
  - type: duplicates
    place: flights
    slice: {carrier: UA}                  # may be left out: everywhere
    since: 2013-07-23
    size: 174
    confidence: 0.9
    original: false                       # true: it was in the data as they came
    note: How it was found.
```
"""


def reference() -> str:
    """Give the page."""
    rows = [f"| {int(code)} | {code.name} | {meaning} |" for code, meaning in _CODES.items()]
    table = ["", "| code | name | meaning |", "|---|---|---|", *rows]
    context = click.Context(root, info_name="caseroom")
    parts = [_HEAD.rstrip(), *table, _SUBMISSION.rstrip(), *_section(root, context, 2)]
    return "\n".join(parts) + "\n"


def _section(command: click.Command, context: click.Context, depth: int) -> Iterator[str]:
    yield from ["", f"{'#' * depth} `{context.command_path}`", ""]
    yield _usage(command, context)
    yield from ["", *_described(command)]
    yield from _options(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                inside = click.Context(found, info_name=name, parent=context)
                yield from _section(found, inside, depth + 1)


def _usage(command: click.Command, context: click.Context) -> str:
    return f"    {context.command_path} {' '.join(command.collect_usage_pieces(context))}".rstrip()


def _described(command: click.Command) -> list[str]:
    paragraphs = (command.help or "").split("\n\n")
    lines = [" ".join(paragraph.split()) for paragraph in paragraphs]
    return "\n\n".join(lines).splitlines()


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    records = [
        record
        for param in command.params
        if isinstance(param, click.Option) and (record := param.get_help_record(context))
    ]
    if records:
        yield ""
    for name, said in records:
        yield f"- `{name}`: {said}"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
