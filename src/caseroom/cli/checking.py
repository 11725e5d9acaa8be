"""Checking a kind over many seeds.

In: a kind and a number of seeds. Out: what `caseroom.grading.check` measured, and whether it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from caseroom.cli.output import paragraph, print_json, print_table
from caseroom.cli.settings import Settings, json_option, pass_settings
from caseroom.service.cases import one_of
from caseroom.vocabulary.errors import ExitCode
from caseroom.vocabulary.levels import Level

__all__ = ["check_command"]


@click.command("check")
@click.argument("kind")
@click.option("--seeds", type=click.IntRange(1), default=20, show_default=True)
@click.option("--level", "levels", multiple=True, help="Only this level; may be repeated.")
@json_option
@pass_settings
def check_command(settings: Settings, kind: str, seeds: int, levels: tuple[str, ...]) -> int | None:
    """Check KIND over many seeds.

    Can it be solved, is every cause drawn, does the truth leak? Exits with 1 when it fails."""
    from caseroom.grading.check import check_case

    chosen = settings.kinds.load(kind)
    wanted = [one_of(Level, level, chosen.levels, "level", kind) for level in levels] or None
    result = check_case(chosen, range(seeds), wanted, progress=settings.progress())
    settings.bar.clear()
    print_json(result) if settings.json else _print(result)
    return None if result["ok"] else ExitCode.CHECK_FAILED


def _print(result: Mapping[str, Any]) -> None:
    click.echo(f"{result['kind']} v{result['version']}: {result['draws']} draws")
    words = {True: "kept", False: "broken", None: "too few seeds to tell"}
    rows = [
        (name, _shown(result.get(name)), words[kept]) for name, kept in result["promises"].items()
    ]
    print_table(("promise", "value", "is"), rows)
    drawn = ", ".join(f"{cause} {count}" for cause, count in result["causes_drawn"].items())
    click.echo(paragraph(f"Drawn: {drawn}"))
    for failure in result["failures"]:
        click.echo(paragraph(failure, "- "))


def _shown(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else "" if value is None else str(value)
