"""The rubric of a case: criteria as small typed pieces, weights and gates.

In: the truth of one case. Out: values that `caseroom.grading` applies; a rule says what is right,
never how it is computed. A rubric never reaches the candidate before the debrief.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from caseroom.vocabulary.levels import Competency

__all__ = [
    "CauseRule",
    "ChoiceRule",
    "Criterion",
    "Cue",
    "DateRule",
    "Fault",
    "FindingsRule",
    "Gate",
    "IntervalRule",
    "MemoRule",
    "ProcessCheck",
    "ProcessRule",
    "RegretRule",
    "Rubric",
    "Rule",
    "SegmentRule",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseRule:
    """Probabilities scored by the quadratic (Brier) score over all choices.

    The score is 1 - Brier / Brier of the base rate (every choice at k/n), cut to 0..1, so that a
    person who spreads the same probability over all choices gets 0.
    Source: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
    """

    field: str
    true: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """Exactly one right choice; `partial` gives credit (0..1) to others."""

    field: str
    true: str
    partial: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRule:
    """A slice of the business: each dimension right counts the same ("all" where none is meant)."""

    field: str
    true: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """Full credit within `tolerance_days`, falling in a line to none at `zero_days`."""

    field: str
    true: date
    tolerance_days: int
    zero_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRule:
    """An interval forecast scored by the interval score (Winkler), relative to a vague answer.

    Score = 1 - S / S_vague, cut to 0..1, where S = (high - low) + (2/a) * distance of the truth
    outside the interval, a = 1 - level, and `vague` is the interval score of an uninformed
    answer. `sd` is the noise of the best estimate that the data allow: an interval of +-1.28 sd
    around a value within 1 sd gets full credit.
    Source: Gneiting and Raftery 2007, doi:10.1198/016214506000001437, section 6.2.
    """

    field: str
    true: float
    sd: float
    vague: float
    level: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class RegretRule:
    """A decision scored by its regret: 1 - regret / stake, cut to 0..1, from the world itself."""

    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A planted fault. Sizes are in the unit of the fault's type; a finding matches by type and
    place; slice, start (within `since_days`) and size (within `size_share` of it) add credit."""

    type: str
    places: frozenset[str]
    slice: Mapping[str, str]
    since: date | None
    size: float
    since_days: int = 1
    size_share: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsRule:
    """Faults scored by F1 of precision and recall, times how completely the matches are described.

    `original` are oddities of the data as they came ((type, place) pairs): naming one, or marking
    any finding as original, costs nothing and earns nothing.
    """

    field: str
    faults: tuple[Fault, ...]
    original: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCheck:
    """Something a careful analyst's queries show, read from the query log by sqlglot.

    A check is met by a query (that ran without error) which reads every table of `tables` (all of
    one alternative), mentions one of `columns` (if any are given) and uses one of `constructs`:
    "count_distinct", "group_by", "join", "count", "min_max", "filter", "having", "window", "any".
    """

    id: str
    label: str
    tables: tuple[frozenset[str], ...]
    columns: frozenset[str] = frozenset()
    constructs: frozenset[str] = frozenset({"any"})
    validity: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRule:
    """Share of `checks` that the query log meets; `validity` checks before the first other one
    earn `order_credit` of the score."""

    checks: tuple[ProcessCheck, ...]
    order_credit: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A sign in a text that something was addressed: any of these patterns (regular expressions,
    case ignored) in one sentence. Simple cues: they show presence of words, not understanding."""

    id: str
    label: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoRule:
    """A text scored by simple cues and length, with guards against lists, copies and repetition."""

    field: str
    cues: tuple[Cue, ...]
    min_words: int
    max_words: int


Rule = (
    CauseRule
    | ChoiceRule
    | SegmentRule
    | DateRule
    | IntervalRule
    | RegretRule
    | FindingsRule
    | ProcessRule
    | MemoRule
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the rubric. Weights of a rubric add up to 100."""

    id: str
    label: str
    competency: Competency
    weight: float
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A condition that caps the total.

    `kind` is "cause_missed" (a cause of `true` below 0.5, or not above every false choice),
    "harmful_option" (the decision is one of `options`), "no_fault_found" (recall is 0) or
    "criterion_below" (criterion `criterion` scored below `floor`).
    """

    id: str
    label: str
    cap: float
    kind: str
    field: str = ""
    true: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    criterion: str = ""
    floor: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """Criteria (weights add up to 100) and gates."""

    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...] = ()
