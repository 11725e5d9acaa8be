"""Options that set an interview up.

In: options of the command line. Out: the keyword arguments of `service.interviews.plan_interview`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from caseroom.vocabulary.errors import CaseroomError

__all__ = ["choice_options", "chosen"]


def choice_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what kind of interview it is."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def chosen(options: dict[str, Any]) -> dict[str, Any]:
    """Turn the options into what `plan_interview` takes."""
    own = dict(options)
    rounds = [_round(text) for text in own.pop("round_texts")]
    return {"pauses": not own.pop("no_pauses"), "rounds": rounds, **own}


_OPTIONS = (
    click.option(
        "--preset",
        default="",
        help="A ready-made interview, such as loop-45 (the default) or behavioral.",
    ),
    click.option(
        "--round",
        "round_texts",
        multiple=True,
        metavar="KIND:MINUTES",
        help="A round of your own choice, such as analytical:20; may be repeated.",
    ),
    click.option(
        "--role", default="analytics", show_default=True, help="platform, analytics or ml."
    ),
    click.option(
        "--level", default="mid", show_default=True, help="associate, mid, senior or lead."
    ),
    click.option(
        "--vertical", default="saas", show_default=True, help="saas, finance or healthcare."
    ),
    click.option(
        "--case/--no-case",
        "with_case",
        default=None,
        help="With or without a case in the tech round; by default as the preset has it.",
    ),
    click.option("--case-kind", default="", help="The kind of the case; by default drawn."),
    click.option("--persona", default="", help="The stakeholder's id; by default drawn."),
    click.option("--closing-minutes", type=int, help="Minutes for your own questions."),
    click.option(
        "--extra-time",
        type=float,
        default=1.0,
        show_default=True,
        help="Multiplies every limit: 1, 1.25, 1.5 or 2.",
    ),
    click.option("--no-pauses", is_flag=True, help="The clock can't be stopped."),
    click.option("--seed", type=int, help="A whole number from 0; without it, a surprise."),
)


def _round(text: str) -> tuple[str, int]:
    kind, found, minutes = text.partition(":")
    if not found or not minutes.strip().isdigit():
        raise CaseroomError(
            f"{text!r} is not a round.",
            allowed="KIND:MINUTES, such as analytical:20",
            next_step="write the round again.",
        )
    return kind.strip(), int(minutes)
