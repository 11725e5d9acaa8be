"""Checking a kind over many seeds.

In: a kind and a number of seeds. Out: what `caseroom.grading.check` measured, and whether it holds.
"""

from __future__ import annotations

import click

from caseroom.cli.output import print_json, print_table
from caseroom.cli.settings import Settings, json_option, pass_settings
from caseroom.service.cases import one_of
from caseroom.vocabulary.errors import ExitCode
from caseroom.vocabulary.levels import Level
from caseroom.vocabulary.plain import plain

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
    if settings.json:
        print_json(result)
    else:
        print_table(("measure", "value"), list(plain(result).items()))
    return None if result.get("ok", True) else ExitCode.CHECK_FAILED
