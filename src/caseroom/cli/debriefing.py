"""Commands after the submission: the debrief, the worked solution, regrading.

In: a submitted case. Out: scores with what they rest on, the truth, the consequence, what is next.
"""

from __future__ import annotations

import click

from caseroom.case.contract import Consequence
from caseroom.cli.output import money, paragraph, print_json, print_table
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.grading.evidence import Evidence
from caseroom.service.solution import worked_solution
from caseroom.service.submitting import debrief, regrade
from caseroom.service.views import DebriefView, SolutionStep

__all__ = [
    "debrief_command",
    "print_consequence",
    "print_debrief",
    "print_step",
    "regrade_command",
    "solution_command",
]


@click.command("debrief")
@click.argument("case", type=CaseId())
@room_command
def debrief_command(settings: Settings, case: str) -> None:
    """Show the debrief of CASE.

    Score with what it rests on, truth, consequence, process, what to do next."""
    view = debrief(settings.app(), case_of(settings, case))
    print_json(view) if settings.json else print_debrief(view)


@click.command("solution")
@click.argument("case", type=CaseId())
@room_command
def solution_command(settings: Settings, case: str) -> None:
    """Show the worked solution of CASE.

    Step by step on the same data; only after the submission."""
    steps = worked_solution(settings.app(), case_of(settings, case), settings.progress())
    settings.bar.clear()
    if settings.json:
        print_json({"steps": steps})
        return
    for number, step in enumerate(steps, 1):
        print_step(number, step)


@click.command("regrade")
@click.argument("case", type=CaseId())
@room_command
def regrade_command(settings: Settings, case: str) -> None:
    """Grade CASE again.

    With today's grader; earlier reports stay."""
    view = regrade(settings.app(), case_of(settings, case))
    print_json(view) if settings.json else print_debrief(view)


def print_debrief(view: DebriefView) -> None:
    """Print a debrief for people."""
    report = view.report
    passed = "passed" if report.passed else "not passed"
    click.echo(
        f"{view.card.title}: {report.total:.0f} of 100, {passed} (from {report.pass_mark:g})"
    )
    for gate in report.gates:
        click.echo(paragraph(f"Capped at {gate.cap:g}: {gate.label}.", "  "))
    click.echo(paragraph(view.calibration, "  "))
    click.echo("\nWhat was true")
    for label, sentence in view.truth:
        click.echo(paragraph(f"{label}: {sentence}", "  "))
    click.echo("\nCriteria")
    for evidence in report.evidence:
        _print_evidence(evidence)
    click.echo("\nConsequence")
    print_consequence(view.consequence)
    click.echo("\nWhat you did")
    _print_timeline(view)
    click.echo("\nNext")
    for step in view.next_steps:
        click.echo(paragraph(step, "  "))
    click.echo(f"  The worked solution: `caseroom solution {view.card.id}`")


def print_consequence(consequence: Consequence) -> None:
    """Print the chosen decision beside doing nothing and the best option."""
    outcomes = (
        ("your decision", consequence.chosen),
        ("doing nothing", consequence.nothing),
        ("best option", consequence.best),
    )
    rows = [(who, o.label, money(o.value_cents), f"{o.customers:,}") for who, o in outcomes]
    print_table(("", "decision", "value", "customers"), rows)
    lost = f"{money(consequence.regret_cents)} and {consequence.regret_customers:,} customers"
    delay = money(consequence.delay_cents)
    click.echo(f"Regret: {lost}; waiting for evidence cost {delay}.")
    for sentence in consequence.sentences:
        click.echo(paragraph(sentence, "  "))


def print_step(number: int, step: SolutionStep) -> None:
    """Print one step of a worked solution."""
    click.echo(f"{number}. {step.title}".rstrip())
    if step.sql:
        click.echo("\n".join("    " + line for line in step.sql.strip().splitlines()))
    if step.columns:
        print_table(step.columns, step.rows)
    if step.reading:
        click.echo(paragraph(step.reading, "  = "))
    click.echo()


def _print_evidence(evidence: Evidence) -> None:
    click.echo(
        f"  {evidence.score * 100:3.0f}%  {evidence.label} "
        f"(weight {evidence.weight:g}, {evidence.band}, by {evidence.method})"
    )
    click.echo(paragraph(evidence.why, "        "))
    for span in evidence.spans[:3]:
        source = f"query {span.ref}" if span.source == "query" else span.ref
        click.echo(paragraph(f"{source}: {span.quote}", "        > "))


def _print_timeline(view: DebriefView) -> None:
    rows = [(e.minute, e.kind, e.what, ", ".join(e.checks)) for e in view.timeline]
    print_table(("minute", "kind", "what", "checks"), rows)
