"""Commands after an interview: scorecard, export; and the check of the interviewer.

In: an interview that was held. Out: the panel's result with what it rests on, or a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from caseroom.cli.output import bullet, paragraph, print_json, print_table
from caseroom.cli.settings import Settings, json_option, pass_settings, room_command
from caseroom.cli.taking import require_free, target_of, write_file
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.service.interview_views import ScorecardView
from caseroom.service.interviews import export_transcript, find_interview, scorecard
from caseroom.vocabulary.errors import ExitCode

if TYPE_CHECKING:
    from caseroom.interview.scorecard import Scorecard

__all__ = ["check_command", "export_command", "scorecard_command"]


@click.command("scorecard")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@room_command
def scorecard_command(settings: Settings, interview_id: str) -> None:
    """Show how INTERVIEW was judged.

    Scores by dimension and by panel member, the verdict with its interval, what would change it."""
    app = settings.app()
    view = scorecard(app, find_interview(app, interview_id))
    print_json(view) if settings.json else _print(view)


@click.command("export")
@click.argument("interview_id", metavar="INTERVIEW", default="last")
@click.argument("fmt", metavar="{md,html,json}", default="md")
@click.option("--out", type=click.Path(path_type=Path), help="A new file, or a folder for it.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@room_command
def export_command(
    settings: Settings, interview_id: str, fmt: str, out: Path | None, force: bool
) -> None:
    """Write the transcript of INTERVIEW to a file.

    With the scorecard when it is over."""
    app = settings.app()
    name, content = export_transcript(app, find_interview(app, interview_id), fmt)
    target = target_of(out, name)
    if not force:
        require_free([target])
    write_file(target, content)
    print_json({"files": [target]}) if settings.json else click.echo(f"Wrote {target}")


@click.command("check")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True)
@click.option("--preset", "presets", multiple=True, help="Only this one; may be repeated.")
@json_option
@pass_settings
def check_command(settings: Settings, seeds: int, presets: tuple[str, ...]) -> int | None:
    """Check the interviewer.

    Scripted candidates hold whole interviews; does it keep the rubric to itself, ask everybody the
    same, keep time, and tell strong from weak? Exits with 1 when it does not."""
    from caseroom.service.interview_check import PRESETS_CHECKED, check_interviewer

    chosen = presets or PRESETS_CHECKED
    result = check_interviewer(range(seeds), chosen, progress=settings.progress())
    settings.bar.clear()
    if settings.json:
        print_json(result)
    else:
        print_table(tuple(result["verdicts"][0]), [tuple(v.values()) for v in result["verdicts"]])
        for finding in result["findings"]:
            click.echo(bullet("; ".join(f"{k}: {v}" for k, v in finding.items()), "- "))
        click.echo(f"{result['interviews']} interviews, {len(result['findings'])} findings")
    return None if result["ok"] else ExitCode.CHECK_FAILED


def _print(view: ScorecardView) -> None:
    card = view.scorecard
    click.echo(f"{view.card.title} ({view.card.level}, {view.card.vertical})")
    click.echo(
        f"Overall {card.overall:.1f} of 5 ({card.level:.0%} interval {card.low:.1f} to "
        f"{card.high:.1f}): {view.verdict_words[card.verdict]}"
    )
    low, high = view.verdict_words[card.verdict_low], view.verdict_words[card.verdict_high]
    reach = f"The interval reaches from “{low}” to “{high}”."
    click.echo(paragraph(reach if low != high else f"The whole interval means “{low}”.", "  "))
    for veto in card.vetoes:
        click.echo(bullet(f"Veto, {veto.title}: {veto.why}", "  ! "))
    for doubt in card.doubts:
        click.echo(bullet(f"Possible veto, {doubt.title}: {doubt.why} {IN_DOUBT}", "  ? "))
    if card.indicative:
        click.echo(paragraph(card.indicative, "  "))
    _print_dimensions(card)
    _print_parts(view)
    click.echo("\nWhat would change it")
    for change in card.changes[:5]:
        verdict = view.verdict_words[change.verdict] if change.lifts else "the same verdict"
        click.echo(bullet(f"{change.what} ({change.overall:.1f}, {verdict})", "  - "))
    click.echo("\nHow this was made")
    for sentence in (*card.how, card.disclaimer):
        click.echo(bullet(sentence, "  - "))
    click.echo("\nOne question again: `caseroom drill QUESTION`")


def _print_dimensions(card: Scorecard) -> None:
    click.echo()
    rows = [
        (
            one.name,
            f"{one.score:.1f}",
            f"{one.low:.1f}-{one.high:.1f}",
            f"{one.spread_low:.1f}-{one.spread_high:.1f}",
            one.n,
        )
        for one in card.dimensions
    ]
    print_table(("dimension", "score", "bounds", "between the panel", "parts"), rows)
    click.echo()
    print_table(
        ("panel member", "overall"), [(one.name, f"{one.overall:.1f}") for one in card.profiles]
    )


def _print_parts(view: ScorecardView) -> None:
    click.echo()
    rows = [
        (item.id, item.title, f"{item.score:.1f}", " > ".join(map(str, item.levels)))
        for item in view.scorecard.items
    ]
    print_table(("part", "title", "score", "levels after each answer"), rows)
    for talk in view.talks:
        click.echo(f"\n{talk.name}, {talk.title}: trust {talk.trust} of 10")
        for concern in talk.concerns:
            moved = f"{concern.before} > {concern.after}"
            click.echo(bullet(f"{concern.topic}: {moved}. {concern.why}", "  - "))
