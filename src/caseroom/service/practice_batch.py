"""Grading many answers at once, without keeping them.

In: lines of JSON, each with a question and an answer. Out: a result per line, in order; a line that
can't be graded carries its number and the reason, and does not stop the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from caseroom.grading.text.report import AnswerReport
from caseroom.service.app import Bank
from caseroom.service.practice import grade_text
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["BatchResult", "grade_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of one line, counted from 1: a report, or an error. `id` is the line's own."""

    line: int
    question: str
    report: AnswerReport | None = None
    error: str = ""
    id: str | None = None


def grade_lines(lines: Iterable[str], bank: Bank | None = None) -> Iterator[BatchResult]:
    """Grade lines one by one; empty lines are passed over."""
    source = bank or Bank()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _graded(number, line, source)


def _graded(number: int, line: str, bank: Bank) -> BatchResult:
    question, own = "", None
    try:
        entry = _entry(line)
        question = str(entry.get("question", ""))
        own = str(entry["id"]) if "id" in entry else None
        report = grade_text(_text(entry, "question"), _text(entry, "answer"), bank)
        return BatchResult(line=number, question=report.question, report=report, id=own)
    except CaseroomError as error:
        return BatchResult(line=number, question=question, error=str(error), id=own)


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"The line is no JSON: {error}.") from error
    if not isinstance(entry, dict):
        raise _malformed(f"The line holds {type(entry).__name__}.")
    return entry


def _text(entry: dict[str, Any], name: str) -> str:
    if not isinstance(entry.get(name), str):
        raise _malformed(f"The line has no text under {name!r}.")
    return entry[name]


def _malformed(problem: str) -> CaseroomError:
    return CaseroomError(problem, allowed='{"question": "Q001", "answer": "..."} on one line')
