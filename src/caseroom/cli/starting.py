"""Commands that list kinds and cases, and start a case.

In: a kind, a level, a vertical, a seed. Out: a built case.
"""

from __future__ import annotations

from pathlib import Path

import click

from caseroom.cli.output import paragraph, print_json, print_table
from caseroom.cli.settings import Settings, json_option, pass_settings, room_command
from caseroom.service.cases import build_case, create_case, list_cases, list_kinds
from caseroom.service.views import CaseCard, KindCard

__all__ = ["cases_command", "list_command", "mine_command", "new_command"]


@click.command("cases")
@json_option
@pass_settings
def cases_command(settings: Settings) -> None:
    """List the kinds of cases.

    What each trains, how long it takes, its levels and verticals."""
    kinds = list_kinds(settings.kinds)
    if settings.json:
        print_json({"kinds": kinds})
        return
    for kind in kinds:
        _print_kind(kind)
    click.echo("Start one with `caseroom new KIND`.")


@click.command("new")
@click.argument("kind")
@click.option("--seed", type=int, help="A whole number from 0; without it, a surprise.")
@click.option("--level", help="associate, mid, senior or lead; by default the kind's first.")
@click.option("--vertical", help="saas, finance or healthcare; by default the kind's first.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="For data-audit: your own table, a CSV or Parquet file. It is only read.",
)
@room_command
def new_command(
    settings: Settings,
    kind: str,
    seed: int | None,
    level: str | None,
    vertical: str | None,
    data: Path | None,
) -> None:
    """Start a case of KIND.

    Its company is built at once, which takes seconds."""
    app = settings.app()
    chosen = app.kinds.load(kind)
    card = create_case(
        app,
        kind,
        seed=seed,
        level=level or chosen.levels[0],
        vertical=vertical or chosen.verticals[0],
        data=data,
    )
    build_case(app, card.id, settings.progress())
    settings.bar.clear()
    card = next(each for each in list_cases(app) if each.id == card.id)
    if settings.json:
        print_json(card)
        return
    click.echo(f"Case {card.id}: {card.title} ({card.level}, {card.vertical}, seed {card.seed})")
    click.echo(f"Read it with `caseroom brief {card.id}`.")


def _print_cases(settings: Settings) -> None:
    cards = list_cases(settings.app())
    if settings.json:
        print_json({"cases": cards})
    elif not cards:
        click.echo("No case was started yet. `caseroom cases` lists the kinds.")
    else:
        columns = ("case", "kind", "title", "level", "vertical", "seed", "state", "score")
        print_table(columns, [_row(card) for card in cards])


@click.command("list")
@room_command
def list_command(settings: Settings) -> None:
    """List the cases that were started, newest first."""
    _print_cases(settings)


@click.command("mine")
@room_command
def mine_command(settings: Settings) -> None:
    """List the cases that were started (the same as `list`)."""
    _print_cases(settings)


def _row(card: CaseCard) -> tuple[object, ...]:
    score = None if card.total is None else round(card.total, 1)
    return (
        card.id,
        card.kind,
        card.title,
        str(card.level),
        str(card.vertical),
        card.seed,
        str(card.state),
        score,
    )


def _print_kind(kind: KindCard) -> None:
    minutes = sorted(set(kind.minutes.values()))
    length = f"{minutes[0]}-{minutes[-1]}" if len(minutes) > 1 else f"{minutes[0]}"
    click.echo(f"{kind.id}  {kind.title}")
    click.echo(paragraph(kind.summary, "    "))
    click.echo(f"    trains {', '.join(kind.trains)}; {length} minutes")
    click.echo(f"    levels {', '.join(kind.levels)}; verticals {', '.join(kind.verticals)}")
    if kind.takes_data:
        click.echo("    takes your own table with --data")
    click.echo()
