"""The rubric of a case: criteria as small typed pieces, weights and gates.

In: the truth of one case. Out: values that `caseroom.grading` applies; a rule says what is right,
never how it is computed. A rubric never reaches the candidate before the debrief.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as of
from datetime import date
from statistics import NormalDist

from caseroom.vocabulary.levels import Competency

__all__ = [
    "CauseRule",
    "ChoiceRule",
    "Criterion",
    "Cue",
    "DateRule",
    "Fault",
    "FindingsRule",
    "ForecastRule",
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
    partial: Mapping[str, float] = of(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRule:
    """A slice of the business: each dimension right counts the same ("all" where none is meant).

    Where the truth names a slice, an answer that gets none of the named dimensions right scores 0:
    leaving everything on "all" earns nothing.
    """

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
    """An interval scored by the interval score (Winkler), between a vague and an honest one.

    S = (high - low) + (2/a) * distance of the truth outside the interval, with a = 1 - `level`;
    smaller is better. Score = (vague - S) / (vague - S_full), cut to 0..1.
    `vague` (the unit of the field) is S of an uninformed answer and scores 0.
    S_full = sd * (2z + (2/a) * max(0, 1 - z)), with z the normal quantile of 1 - a/2, is S of the
    honest interval `value +- z * sd` whose value lies 1 sd from the truth; at level 0.8, z = 1.28
    and S_full = 2.56 * sd. `sd` is the noise of the best estimate that the data allow, so an
    analyst within 1 sd who reports that noise gets full credit. `vague` must exceed S_full
    (`check_case` reports a rubric where it does not; there, S_full or better scores 1, else 0).
    Source: Gneiting and Raftery 2007, doi:10.1198/016214506000001437, section 6.2.
    """

    field: str
    true: float
    sd: float
    vague: float
    level: float = 0.8

    @property
    def full(self) -> float:
        """S_full: the interval score from which an answer gets full credit, in the field's unit."""
        a = 1 - self.level
        z = NormalDist().inv_cdf(1 - a / 2)
        return self.sd * (2 * z + 2 / a * max(0.0, 1 - z))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRule:
    """An interval forecast of the customers at the end under the person's own decision.

    Scored as an `IntervalRule` whose truth is the outcome that the world gives for the chosen
    decision; `sd_share` and `vague_share` are shares of that truth.
    """

    field: str
    sd_share: float
    vague_share: float
    level: float = 0.8

    def against(self, true: float) -> IntervalRule:
        """Give the interval rule for an outcome (customers at the end)."""
        return IntervalRule(
            field=self.field,
            true=true,
            sd=self.sd_share * true,
            vague=self.vague_share * true,
            level=self.level,
        )


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

    Findings are matched to faults one to one by type and place. With M and W the summed confidence
    of matched and of wrong findings, precision is M / (M + W), recall M / number of faults, so
    F1 = 2M / (M + W + faults): certainty in a wrong finding costs, and doubt in a right one too.
    Score = F1 * (0.5 + 0.5 * mean completeness of the matches: slice, start, size).
    `original` are oddities of the data as they came ((type, place) pairs): naming one, or marking
    any finding as original, costs nothing and earns nothing. Naming a matched fault again in the
    same words is neutral; with another slice, start or size it is a wrong finding.
    """

    field: str
    faults: tuple[Fault, ...]
    original: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessCheck:
    """Something a careful analyst's queries show, read from the query log by sqlglot.

    A check is met by a query (that ran without error) which reads every table of `tables` (all of
    one alternative; any table where none is given), mentions one of `columns` (if any are given)
    and uses one of `constructs`: "count_distinct", "group_by", "join", "count", "min_max",
    "filter", "having", "window", "any". `caseroom.grading.sql_reading` says what each includes.
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
    earn `order_credit` of the score.

    Score = (1 - order_credit) * share met + order_credit * share of the validity checks that were
    met no later than the first query that meets another check. Without validity checks the score
    is the share met.
    """

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
    | ForecastRule
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
