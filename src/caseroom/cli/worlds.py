"""Building worlds alone, of any size.

In: a world, a seed, a size. Out: its tables as files, and how fast they were written.
"""

from __future__ import annotations

from pathlib import Path

import click

from caseroom.cli.output import print_json, print_table
from caseroom.cli.root import Suggesting
from caseroom.cli.settings import Settings, json_option, pass_settings

__all__ = ["world_command"]


@click.group("world", cls=Suggesting, invoke_without_command=True)
@click.pass_context
def world_command(context: click.Context) -> None:
    """Build simulated businesses alone."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@world_command.command("build")
@click.argument("world")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--accounts", type=click.IntRange(1), default=20_000, show_default=True)
@click.option(
    "--partitions",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Parts that are built on their own; the rows are the same for any number.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder.")
@json_option
@pass_settings
def build_command(
    settings: Settings, world: str, seed: int, accounts: int, partitions: int, out: Path
) -> None:
    """Build WORLD into a folder.

    Writes its tables and says how many rows, how fast, with which checksum."""
    from caseroom.world.build import build_world

    result = build_world(
        world,
        seed=seed,
        accounts=accounts,
        partitions=partitions,
        out=out,
        progress=settings.progress(),
    )
    settings.bar.clear()
    if settings.json:
        print_json(result)
    else:
        print_table(("measure", "value"), list(result.items()))
