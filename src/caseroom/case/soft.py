"""What a person may want to look at before submitting: never a reason to refuse.

In: a form and a parsed submission. Out: sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from caseroom.case.form import (
    Field,
    Finding,
    FindingsField,
    Form,
    Interval,
    IntervalField,
    ProbabilitiesField,
    Submission,
    TextField,
)

__all__ = ["count_words", "warnings"]

_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
_VAGUE_SHARE = 0.9


def count_words(text: str) -> int:
    """Count words; numbers and words with hyphens or apostrophes count as one."""
    return len(_WORD.findall(text))


def warnings(form: Form, submission: Submission) -> tuple[str, ...]:
    """Give what looks unintended: lengths outside the range, certainty that says nothing."""
    return tuple(
        sentence
        for field in form.fields
        if (value := submission.get(field.id)) is not None
        for sentence in _of_field(field, value)
    )


def _of_field(field: Field, value: object) -> Iterator[str]:
    if isinstance(field, TextField) and isinstance(value, str):
        yield from _of_text(field, value)
    elif isinstance(field, ProbabilitiesField) and isinstance(value, dict):
        yield from _of_probabilities(field, value)
    elif isinstance(field, IntervalField) and isinstance(value, Interval):
        yield from _of_interval(field, value)
    elif isinstance(field, FindingsField) and isinstance(value, tuple):
        yield from _of_findings(field, value)


def _of_text(field: TextField, text: str) -> Iterator[str]:
    words = count_words(text)
    if not field.min_words <= words <= field.max_words:
        wanted = f"{field.min_words} to {field.max_words} are asked for"
        yield f"{field.label} has {words} words; {wanted}."


def _of_probabilities(field: ProbabilitiesField, given: dict[str, float]) -> Iterator[str]:
    full = [given.get(choice.id, 0.0) for choice in field.choices]
    if len(set(full)) == 1:
        yield f"{field.label}: every choice has the same probability, which says nothing."
    elif max(full) < 0.5:
        yield f"{field.label}: no choice has 0.5 or more, so you name none as likely."
    likely = sum(number >= 0.5 for number in full)
    if likely > max(2, len(full) // 2):
        yield f"{field.label}: {likely} of {len(full)} choices have 0.5 or more; false ones cost."


def _of_interval(field: IntervalField, interval: Interval) -> Iterator[str]:
    width = interval.high - interval.low
    if width == 0:
        yield f"{field.label}: the interval has no width, which claims to know the exact number."
    elif width >= _VAGUE_SHARE * (field.high - field.low):
        yield f"{field.label}: the interval covers nearly everything that can be entered."


def _of_findings(field: FindingsField, findings: tuple[Finding, ...]) -> Iterator[str]:
    claimed = [finding for finding in findings if not finding.original]
    places = [(finding.type, finding.place) for finding in claimed]
    if len(set(places)) < len(places):
        yield f"{field.label}: the same type and place is named more than once."
    if len(claimed) >= 5 and all(finding.confidence == 1 for finding in claimed):
        yield f"{field.label}: every finding has confidence 1; false ones cost in full."
