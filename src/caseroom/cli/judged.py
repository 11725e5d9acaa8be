"""Printing a judgment: both graders side by side, with what speaks against the model.

In: a `JudgedView`, or an `Opinion` that is kept. Out: text on stdout.
"""

from __future__ import annotations

import click

from caseroom.cli.output import WHOLE, paragraph, print_table
from caseroom.grading.evidence import Method
from caseroom.grading.judge.report import JudgedPoint, JudgedReport
from caseroom.service.judging import JudgedView
from caseroom.service.second_opinion import Opinion, OpinionState

__all__ = ["print_judged", "print_opinion"]


def print_opinion(opinion: Opinion) -> None:
    """Print a judgment that is kept, that another process waits for it, or that it broke off."""
    judged, who = opinion.judged, f"{opinion.model} at {opinion.address}"
    if opinion.state is OpinionState.RUNNING:
        click.echo(f"Another Caseroom is asking {who} about this answer; look again in a moment.")
    elif opinion.state is OpinionState.INTERRUPTED:
        click.echo(f"Asking {who} was interrupted; `caseroom model judge` asks again.")
    elif judged is None:
        click.echo(paragraph(opinion.notice))
    else:
        stands, notice, offline = opinion.stands, opinion.notice, judged.offline
        print_judged(JudgedView(stands=stands, notice=notice, judged=judged, offline=offline))


def print_judged(view: JudgedView) -> None:
    """Print whose verdict stands, every point in both readings, alarms, failures and cost."""
    report = view.judged
    click.echo(paragraph(view.notice))
    click.echo(f"Level {_level(report)} (offline {view.offline.level}).\n")
    header = ("point", "verdict", "by", "runs", "offline")
    print_table(header, [_row(point) for point in report.points], widest=WHOLE)
    for point in report.points:
        if point.verdict.method is Method.LANGUAGE_MODEL:
            _print_point(point)
    _print_list("Look at this before you believe the model:", _alarms(report))
    _print_list("What went wrong on the way:", list(report.failures))


def _level(report: JudgedReport) -> str:
    """Give the level with its bounds."""
    if report.level_low == report.level_high:
        return str(report.level)
    return f"{report.level}, between {report.level_low} and {report.level_high}"


def _row(point: JudgedPoint) -> tuple[str, ...]:
    """Give the line of a point."""
    verdict = point.verdict
    by_model = verdict.method is Method.LANGUAGE_MODEL
    by = "model" if by_model else "offline grader"
    runs = point.agreement if by_model or not point.votes else "could not tell"
    return (verdict.point, verdict.band.value, by, runs, point.offline.value)


def _print_point(point: JudgedPoint) -> None:
    """Print a point's statement, the words it rests on, and the model's reason."""
    verdict = point.verdict
    click.echo("\n" + paragraph(f"{verdict.point}: {verdict.statement}"))
    if verdict.span is not None:
        click.echo(paragraph(f"“{' '.join(verdict.span.quote.split())}”", "  "))
    click.echo(paragraph(verdict.why, "  "))
    if verdict.advice:
        click.echo(paragraph(verdict.advice, "  "))


def _alarms(report: JudgedReport) -> list[str]:
    """Give the alarms as lines."""
    return [f"{a.point or 'whole answer'}: {a.kind.value}. {a.why}" for a in report.alarms]


def _print_list(title: str, lines: list[str]) -> None:
    """Print lines under a title, nothing when there are none."""
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(paragraph(f"- {line}", "  "))
