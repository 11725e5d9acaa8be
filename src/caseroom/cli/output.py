"""Printing: tables for people, JSON for programs, a progress bar for the one who waits.

In: views. Out: text on stdout; progress on stderr only.
"""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import click

from caseroom.vocabulary.plain import plain

__all__ = [
    "WHOLE",
    "Bar",
    "bullet",
    "money",
    "paragraph",
    "print_json",
    "print_table",
    "table_lines",
    "weeks",
]

_WIDEST = 60
"""Characters that a cell of a table shows unless a command says otherwise."""

WHOLE = 10_000
"""As the widest: cells that people must read to the end."""


def print_json(value: Any) -> None:
    """Print a view as one JSON value."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, widest: int = _WIDEST
) -> None:
    """Print aligned columns under a header; a cell of more than `widest` characters is cut."""
    for line in table_lines(columns, rows, widest=widest):
        click.echo(line)


def table_lines(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, widest: int = _WIDEST
) -> list[str]:
    """Give aligned columns as lines: numbers to the right, texts to the left, cut when too long.

    Example:
        >>> table_lines(["plan", "n"], [["team", 12], ["solo", None]])
        ['plan   n', '----  --', 'team  12', 'solo']
    """
    values = [list(row) for row in rows]
    header = [_cell(name, widest) for name in columns]
    cells = [[_cell(value, widest) for value in row] for row in values]
    widths = [max(map(len, column)) for column in zip(header, *cells, strict=True)]
    right = [_is_numeric(column) for column in zip(*values, strict=True)] or [False] * len(widths)
    lines = [header, ["-" * min(width, _WIDEST) for width in widths], *cells]
    return ["  ".join(map(_aligned, line, widths, right)).rstrip() for line in lines]


def paragraph(text: str, indent: str = "") -> str:
    """Wrap a paragraph to the terminal, at most 100 characters wide."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)


def bullet(text: str, mark: str) -> str:
    """Wrap a paragraph of which only the first line carries the mark."""
    first, *more = paragraph(text, " " * len(mark)).split("\n")
    return "\n".join((mark + first[len(mark) :], *more))


def money(cents: int) -> str:
    """Give an amount in whole currency units.

    Example:
        >>> money(-1234500)
        '-$12,345'
    """
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.0f}"


def weeks(count: int) -> str:
    """Give a number of weeks in words.

    Example:
        >>> weeks(1)
        '1 week'
    """
    return f"{count} week" if count == 1 else f"{count} weeks"


class Bar:
    """A progress line on stderr that is drawn over itself."""

    def __init__(self) -> None:
        self._shown = 0

    def show(self, message: str, share: float) -> None:
        """Draw the line; a finished one (share 1) is cleared."""
        if share >= 1:
            self.clear()
            return
        line = f"{message[:70]} {share:4.0%}"
        sys.stderr.write("\r" + line.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(line)

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0


def _cell(value: Any, widest: int) -> str:
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    text = text.replace("\n", " ").replace("\t", " ")
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _is_numeric(column: Sequence[Any]) -> bool:
    known = [value for value in column if value is not None]
    return bool(known) and all(isinstance(v, int | float) for v in known)


def _aligned(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)
