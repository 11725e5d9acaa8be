"""The demo: the reference solver plays one case of each kind, from brief to consequence.

In: a temporary data folder. Out: every step in words, SQL and numbers; nothing is kept. The solver
works at the same desk as a candidate, so what it shows can be done by hand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from caseroom.bootstrap import open_case
from caseroom.case.contract import Brief, CaseKind, Purchase
from caseroom.case.form import Form
from caseroom.cli.debriefing import print_consequence
from caseroom.cli.output import money, paragraph, print_json, print_table, weeks
from caseroom.cli.reading import print_brief
from caseroom.cli.settings import Settings, json_option, pass_settings
from caseroom.service.desk import OpenCase
from caseroom.service.views import DebriefView
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.vocabulary.plain import plain
from caseroom.vocabulary.rows import Rows

__all__ = ["demo_command"]

SEED = 7
SHOWN_ROWS = 6

_INTRO = (
    "This is the reference solver at work, not a person. It sees what a candidate sees, the brief "
    "and the tables, and every query below runs as it stands. Nothing of this is kept."
)


@click.command("demo")
@click.option("--kind", help="Only this kind; one case of each kind if absent.")
@click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True)
@json_option
@pass_settings
def demo_command(settings: Settings, kind: str | None, seed: int) -> None:
    """Watch cases being solved.

    The reference solver plays one case of each kind, from brief to consequence."""
    kinds = (kind,) if kind is not None else settings.kinds.ids()
    _say(settings, paragraph(_INTRO))
    plays = [_play(settings, settings.kinds.load(each), seed) for each in kinds]
    if settings.json:
        print_json({"solver": "reference", "plays": plays})


def _say(settings: Settings, text: str) -> None:
    if not settings.json:
        click.echo(text)


def _play(settings: Settings, kind: CaseKind, seed: int) -> Mapping[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="caseroom-demo-") as folder,
        open_case(
            kind.id,
            seed=seed,
            level=kind.levels[0],
            vertical=kind.verticals[0],
            data_dir=Path(folder),
            kinds=settings.kinds,
        ) as case,
    ):
        _introduce(settings, kind, case)
        desk = _ShownDesk(settings, case)
        answer = kind.reference(desk)
        debrief = case.submit(answer)
        _conclude(settings, answer, debrief)
    return {"kind": kind.id, "seed": seed, "steps": desk.steps, "debrief": debrief}


class _ShownDesk:
    """A candidate's desk (`caseroom.case.contract.Desk`) that shows what is done at it."""

    def __init__(self, settings: Settings, case: OpenCase) -> None:
        self.steps: list[dict[str, Any]] = []
        self._settings = settings
        self._case = case

    @property
    def brief(self) -> Brief:
        """What the candidate is told."""
        return self._case.brief

    @property
    def form(self) -> Form:
        """The fields of a submission."""
        return self._case.form

    @property
    def vertical(self) -> Vertical:
        """The industry that the case plays in."""
        return self._case.vertical

    @property
    def level(self) -> Level:
        """How much help the case gives."""
        return self._case.level

    def sql(self, query: str, *, title: str = "") -> Rows:
        """Run a query and show it with the head of its result."""
        rows = self._case.sql(query, title=title)
        step = {"title": title, "sql": query, "row_count": len(rows)}
        self.steps.append(step | {"head": Rows(rows.columns, rows.rows[:SHOWN_ROWS])})
        if not self._settings.json:
            self._show(query, title, rows)
        return rows

    def note(self, text: str) -> None:
        """Pin the last query with a note and show the note."""
        self._case.note(text)
        if self.steps:
            self.steps[-1]["note"] = text
        _say(self._settings, paragraph(f"= {text}", "  "))

    def buy(self, purchase: Purchase) -> None:
        """Buy evidence and show its price."""
        bought = self._case.buy(purchase)
        price = f"{money(bought.cost_cents)} and {weeks(bought.weeks)}"
        self.steps.append({"title": f"Buys {bought.offer.title}", "purchase": purchase})
        _say(self._settings, f"\nBuys: {bought.offer.title} for {price}")

    def _show(self, query: str, title: str, rows: Rows) -> None:
        click.echo(f"\n{len(self.steps)}. {title or 'Looks'}")
        click.echo("\n".join("    " + line for line in query.strip().splitlines()))
        print_table(rows.columns, rows.rows[:SHOWN_ROWS])
        if len(rows) > SHOWN_ROWS:
            click.echo(f"... {len(rows):,} rows")


def _introduce(settings: Settings, kind: CaseKind, case: OpenCase) -> None:
    if settings.json:
        return
    click.echo(f"\n{'=' * 78}\nA case of the kind {kind.id}\n")
    print_brief(case.room())


def _conclude(settings: Settings, answer: Mapping[str, Any], view: DebriefView) -> None:
    if settings.json:
        return
    click.echo("\nThe reference solver hands in")
    for field, value in answer.items():
        click.echo(paragraph(f"{field}: {_short(value)}", "  "))
    click.echo(f"\nScore: {view.report.total:.0f} of 100. What was true:")
    for label, sentence in view.truth:
        click.echo(paragraph(f"{label}: {sentence}", "  "))
    click.echo("\nWhat the decision did")
    print_consequence(view.consequence)


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_short(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(_short(item) for item in value)
    return f"{value:.4g}" if isinstance(value, float) else str(plain(value))
