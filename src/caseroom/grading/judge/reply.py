"""Reading what a model replied: one JSON object with closed verdicts, or a clear refusal of it.

In: a reply's text and the points that were asked about. Out: claims, in the order asked, or
`UnreadableReply`. Fields that were not asked for, such as a total, are not read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from caseroom.grading.judge.report import Mark

__all__ = ["Claim", "UnreadableReply", "read_reply"]

_LONGEST_REASON = 300
_THOUGHTS_END = "</think>"
"""Some models think aloud before they reply, and servers pass that on."""


class UnreadableReply(ValueError):
    """A reply that is not of the form asked for; its text says why, without quoting the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a model said about one point, unchecked."""

    criterion: str
    quote: str
    reason: str
    verdict: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    verdicts: tuple[Claim, ...]


def read_reply(text: str, points: Sequence[str]) -> tuple[Claim, ...]:
    """Read the verdicts on these points.

    Text around the object (code fences, thinking aloud) is not minded. Entries on other points are
    left out.

    Raises:
        UnreadableReply: No JSON object, another form, an unknown verdict, a point that is missing
            or judged twice.
    """
    text = text.rpartition(_THOUGHTS_END)[2]
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise UnreadableReply("there is no JSON object in it.")
    try:
        claims = msgspec.json.decode(text[start : end + 1].encode(), type=_Reply).verdicts
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as problem:
        raise UnreadableReply(_without_values(problem)) from None
    return tuple(_only(claims, point) for point in points)


def _only(claims: Sequence[Claim], point: str) -> Claim:
    """Give the one claim on a point."""
    found = [claim for claim in claims if claim.criterion == point]
    if len(found) != 1:
        times = "missing" if not found else f"judged {len(found)} times"
        raise UnreadableReply(f"point {point} is {times}.")
    (claim,) = found
    return Claim(
        criterion=point,
        quote=claim.quote,
        reason=_readable(claim.reason),
        verdict=claim.verdict,
    )


def _readable(text: str) -> str:
    """Give a reason as one line of bounded length without control characters."""
    kept = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    line = " ".join(kept.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def _without_values(problem: Exception) -> str:
    """Say what was wrong in words that hold nothing of the reply."""
    if isinstance(problem, msgspec.ValidationError):
        where = str(problem).partition(" - at ")[2].strip("`$. ") or "the whole"
        return f"it does not fit the schema at {where}."
    return "it is not valid JSON."
