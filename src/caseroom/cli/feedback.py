"""Printing what the text grader says, for people.

In: reports on answers. Out: text: where, why and what to write instead.
"""

from __future__ import annotations

from collections.abc import Mapping

import click

from caseroom.cli.output import bullet, paragraph, print_table
from caseroom.grading.text.report import AnswerReport, PointVerdict, Structure
from caseroom.service.practice_views import ContestView, ReportView

__all__ = ["level_words", "print_report", "print_steps"]

_QUOTE = 240
"""Characters of a quote that are shown."""


def level_words(report: AnswerReport) -> str:
    """Give the level with what the undecided points could make of it.

    Example: "level 3 of 5 (2 to 4, depending on points that are perhaps covered)".
    """
    if report.level_low == report.level_high:
        return f"level {report.level} of 5"
    return (
        f"level {report.level} of 5 ({report.level_low} to {report.level_high}, "
        "depending on points that are perhaps covered)"
    )


def print_report(report: AnswerReport, contests: Mapping[str, ContestView] | None = None) -> None:
    """Print a report; `contests` maps points to what the person said against their verdicts."""
    count = f"{report.found} of {len(report.points)} points found, {report.perhaps} perhaps"
    click.echo(f"{level_words(report).capitalize()}: {count}.")
    if report.withheld:
        click.echo(paragraph(f"Nothing was credited: {report.withheld}", "  "))
    for flag in report.flags:
        click.echo(bullet(f"{flag.kind}: {flag.why}", "  ! "))
    click.echo("\nPoints")
    for point in report.points:
        _print_point(point, (contests or {}).get(point.point))
    if report.pitfalls:
        click.echo("\nPitfalls")
    for hit in report.pitfalls:
        click.echo(bullet(f"{hit.statement}. {hit.why}", "  ! "))
        click.echo(paragraph(_short(hit.span.quote), "      > "))
    _print_structure(report.structure)
    _print_how(report)


def print_steps(steps: tuple[ReportView, ...]) -> None:
    """Print the levels before and after each follow-up."""
    rows = [
        (step.part, step.report.level, step.report.found, step.report.perhaps) for step in steps
    ]
    print_table(("after", "level", "found", "perhaps"), rows)


def _print_how(report: AnswerReport) -> None:
    """Print how the report was made and what it says nothing about."""
    click.echo()
    how = f"Graded offline by {report.grader} (content {report.content}), no language model."
    click.echo(paragraph(how))
    click.echo(
        paragraph(
            "Not looked at: whether facts are true, whether numbers are right, how it sounds, and "
            "anything outside the rubric."
        )
    )


def _print_point(point: PointVerdict, contest: ContestView | None) -> None:
    gate = "gate, " if point.gate else ""
    click.echo(
        bullet(
            f"{point.statement} ({gate}weight {point.weight}, confidence {point.confidence})",
            f"  [{point.band}] ",
        )
    )
    if point.span is not None:
        click.echo(paragraph(_short(point.span.quote), "      > "))
    if point.advice:
        click.echo(bullet(point.advice, "      - "))
    if contest is not None:
        said = f"You see it differently: {contest.band}. {contest.reason}"
        click.echo(bullet(" ".join(said.split()), "      ≠ "))


def _print_structure(structure: Structure) -> None:
    click.echo("\nStructure")
    minutes, seconds = divmod(structure.seconds, 60)
    click.echo(
        f"  {structure.words} words in {structure.sentences} sentences, about "
        f"{minutes}:{seconds:02} of speech; {len(structure.numbers)} numbers, "
        f"{len(structure.comparisons)} comparisons"
    )
    if structure.story:
        rows = [(part.part, part.score, f"{part.share:.0%}") for part in structure.story]
        print_table(("  part", "0-2", "of the words"), [("  " + r[0], *r[1:]) for r in rows])
    for advice in structure.advice:
        click.echo(bullet(advice, "  - "))


def _short(quote: str) -> str:
    text = " ".join(quote.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
