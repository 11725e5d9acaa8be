"""What the interviewer says besides the questions, read once from content.

In: content/interviewer.yaml. Out: a checked `Lines` value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from caseroom.interview.rounds import RoundKind
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["BackAnswer", "CaseLines", "Lines", "Probe", "load_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Neutral questions: about what somebody did (`past`) and about what they `would` do."""

    past: tuple[str, ...]
    would: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLines:
    """What is said around a case."""

    opens: str
    done: str
    time_up: str
    skipped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackAnswer:
    """An answer to a candidate's question, chosen when one of the cues occurs in it."""

    cues: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """All lines; fields in braces are filled in by whoever speaks them."""

    greeting: str
    rounds: Mapping[RoundKind, str]
    round_names: Mapping[RoundKind, str]
    case_name: str
    closing_name: str
    thanks: tuple[str, ...]
    nudge: str
    turn_over: str
    time_up: str
    skipped: str
    moving_on: str
    reactions: Mapping[str, str]
    probes: Mapping[str, Probe]
    case: CaseLines
    invite: str
    invite_again: str
    answers: Mapping[str, BackAnswer]
    more_answers: tuple[str, ...]
    no_rubric: str
    last_words: str
    closing: Mapping[str, str]


@cache
def load_lines() -> Lines:
    """Give the interviewer's lines. Raises CaseroomError for content that does not fit."""
    text = (files("caseroom.content") / "interviewer.yaml").read_text(encoding="utf-8")
    try:
        lines = msgspec.convert(yaml.safe_load(text), Lines)
    except msgspec.ValidationError as problem:
        raise _broken(str(problem)) from problem
    missing = [kind for kind in RoundKind if not (lines.rounds[kind] and lines.round_names[kind])]
    if missing or not lines.thanks:
        raise _broken(f"no words for {missing}")
    return lines


def _broken(problem: str) -> CaseroomError:
    """Give the error for content that does not fit."""
    return CaseroomError(
        f"interviewer.yaml does not fit: {problem}.",
        allowed="the fields of caseroom.interview.lines.Lines",
        next_step="Mend the file.",
    )
