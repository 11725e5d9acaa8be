"""Reading an answer of several lines from a person or a pipe.

In: standard input, up to a line with a single dot or the end of the input. Out: the text and the
seconds that it took; every line is saved as it comes, so that Ctrl-C loses nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from caseroom.cli.output import paragraph

__all__ = ["HOW_TO_END", "Spoken", "read_answer"]

HOW_TO_END = "End with a line that holds a single dot, or with Ctrl-D."


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was typed (empty where nothing was), and the seconds that it took."""

    text: str
    seconds: int


def read_answer(
    begun: str = "", seconds: int = 0, save: Callable[[Spoken], None] | None = None
) -> Spoken:
    """Read an answer that goes on after `begun`, which had taken `seconds` already."""
    start = time.monotonic() - seconds
    lines = [begun] if begun else []
    if begun:
        click.echo(paragraph("You had typed:", "  "), err=True)
        click.echo(paragraph(begun, "  | "), err=True)
    spoken = Spoken(begun, seconds)
    for line in _typed():
        lines.append(line)
        spoken = Spoken("\n".join(lines), int(time.monotonic() - start))
        if save is not None:
            save(spoken)
    return Spoken(spoken.text.strip("\n"), int(time.monotonic() - start))


def _typed() -> Iterator[str]:
    """Yield lines up to the dot or the end of the input."""
    while line := sys.stdin.readline():
        if line.strip() == ".":
            return
        yield line.rstrip("\r\n")
