"""The form of a submission: typed fields that web, command line and grading all read.

In: what a case kind wants to know. Out: `Field` values and, from what a person typed, a
`Submission` or the full list of format problems. A format check never costs an attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = [
    "Choice",
    "ChoiceField",
    "DateField",
    "Decision",
    "DecisionField",
    "Field",
    "Finding",
    "FindingsField",
    "Form",
    "FormatProblem",
    "Interval",
    "IntervalField",
    "Option",
    "Param",
    "ProbabilitiesField",
    "SegmentField",
    "Submission",
    "TextField",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One item of a list: a stable id, and the words that a person sees."""

    id: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A parameter of a decision or of bought evidence.

    A parameter with `choices` takes one of their ids; otherwise a number from `low` to `high`
    (inclusive) in `unit`, a whole number where `whole` is set.
    """

    id: str
    label: str
    default: str | float
    choices: tuple[Choice, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be decided, what it costs in words, and its parameters."""

    id: str
    label: str
    help: str = ""
    params: tuple[Param, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What every field has. `required` fields must be filled in before a submission is taken."""

    id: str
    label: str
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilitiesField(Field):
    """One probability (0 to 1) per choice, each on its own: they need not add up to 1."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField(Field):
    """Exactly one of the choices, by id."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentField(Field):
    """A slice of the business: for each dimension one of its values, or "all" (the default)."""

    dimensions: Mapping[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField(Field):
    """A day from `first` to `last` (inclusive)."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalField(Field):
    """A number with a central interval that should hold the truth with chance `level`."""

    unit: str
    low: float
    high: float
    level: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionField(Field):
    """One option with its parameters."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField(Field):
    """Prose of `min_words` to `max_words` words; fewer or more is told, never refused."""

    min_words: int = 0
    max_words: int = 2000
    rows: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsField(Field):
    """A list of faults, each with a type, a place, a slice, a start and a size.

    `places` are table or table.column names. `slices` maps dimensions to their values; a fault
    may touch all. `size_unit` says what the number counts for each fault type.
    """

    types: tuple[Choice, ...]
    places: tuple[Choice, ...]
    slices: Mapping[str, tuple[Choice, ...]]
    first: date
    last: date
    size_unit: Mapping[str, str] = field(default_factory=dict)
    most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number and its central interval, `low <= value <= high`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A chosen option with its parameters, defaults filled in."""

    option: str
    params: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault that a person claims. `slice` maps dimension to value; empty means everywhere.

    `confidence` is a probability. `original` marks an oddity that the person believes was in the
    data before anything was planted.
    """

    type: str
    place: str
    slice: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    size: float | None = None
    confidence: float = 1.0
    original: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class FormatProblem:
    """Why a field could not be read: the field's id, what was wrong, what is allowed."""

    field: str
    problem: str
    allowed: str


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a case, in the order in which they are asked."""

    fields: tuple[Field, ...]

    def field(self, field_id: str) -> Field:
        """Give the field with this id. Raises KeyError where there is none."""
        for candidate in self.fields:
            if candidate.id == field_id:
                return candidate
        raise KeyError(field_id)


@dataclass(frozen=True, slots=True)
class Submission:
    """Parsed answers by field id; a field that was left empty has no entry.

    Values by field type: dict[str, float], str, dict[str, str], date, Interval, Decision, str,
    tuple[Finding, ...]. `raw` is what the person typed, kept word for word.
    """

    values: Mapping[str, Any]
    raw: Mapping[str, Any]

    def get(self, field_id: str) -> Any:
        """Give the parsed value of a field, or None where it was left empty."""
        return self.values.get(field_id)
