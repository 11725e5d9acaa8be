"""The contract that every case kind fulfills, as values and functions.

In: a `CaseSpec` (kind, version, seed, level, vertical). Out: a `Case`, its company database, the
price of evidence, the consequence of a decision, and solvers that see only what a candidate sees.
A kind is a frozen record of pure functions; `caseroom.case.registry` holds them by id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from caseroom.case.form import Form, Param, Submission
from caseroom.case.rubric import Rubric
from caseroom.vocabulary.levels import Competency, Level, Vertical
from caseroom.vocabulary.rows import Rows

__all__ = [
    "Brief",
    "Case",
    "CaseKind",
    "CaseSpec",
    "ChangeEntry",
    "Consequence",
    "Desk",
    "DictionaryEntry",
    "Offer",
    "Outcome",
    "Progress",
    "Purchase",
    "Quote",
    "Samples",
    "Solver",
    "SourceData",
    "Stakeholder",
]

Progress = Callable[[str, float], None]
"""Called with what is being done (in a person's words) and the share done, 0 to 1."""

RawSubmission = Mapping[str, Any]
"""Field id to plain values, the shape of a submission file (YAML or JSON)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceData:
    """A real table that a case is built on: where our own copy is, its name and its digest."""

    path: Path
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpec:
    """What a person chose: enough to build the same case again, byte for byte."""

    kind: str
    version: int
    seed: int
    level: Level
    vertical: Vertical
    source: SourceData | None = None

    @property
    def content_id(self) -> str:
        """Versioned id of the kind, such as saas-churn-v1."""
        return f"{self.kind}-v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakeholder:
    """Who asks, and what worries them."""

    name: str
    role: str
    concern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DictionaryEntry:
    """What the company's documentation says of a table (column empty) or column."""

    table: str
    column: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """One line of the company's change log."""

    on: date
    team: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the candidate is told. Holds nothing that the company does not know.

    `budget_cents` and `budget_weeks` bound what evidence may cost. `value_rule` says how the
    company values an outcome. `hints` are given one at a time, on request, and are recorded.
    """

    title: str
    company: str
    stakeholder: Stakeholder
    question: str
    context: tuple[str, ...]
    today: date
    due: date
    budget_cents: int
    budget_weeks: int
    value_rule: str
    dictionary: tuple[DictionaryEntry, ...]
    change_log: tuple[ChangeEntry, ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Evidence that can be bought: what one gets, a price and a delay in words, parameters."""

    id: str
    title: str
    what_you_get: str
    price_note: str
    params: tuple[Param, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """An offer that was bought, with its parameters (defaults filled in)."""

    offer: str
    params: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a purchase costs and how many weeks the business runs on meanwhile."""

    cost_cents: int
    weeks: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What happens under one decision.

    `series` holds (day, {measure: value}) rows, by week; the same measures in every outcome of a
    case. `value_cents` follows the brief's value rule; `customers` is the count at the end.
    """

    label: str
    option: str
    value_cents: int
    customers: int
    series: tuple[tuple[date, Mapping[str, float]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """The chosen decision beside doing nothing and the best option, from the same draws.

    `regret_cents` is the value of the best option at the time of the decision minus the chosen
    one's; `stake_cents` (> 0) is the scale on which a regret is large; `delay_cents` is what
    waiting and buying evidence cost against the best option on the first day. `values` gives every
    option.
    """

    chosen: Outcome
    nothing: Outcome
    best: Outcome
    values: Mapping[str, int]
    regret_cents: int
    regret_customers: int
    stake_cents: int
    delay_cents: int
    measures: Mapping[str, str]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One drawn case: all that is asked and all that is true.

    `rubric` and `truth` never reach the candidate before the debrief. `truth` holds (label,
    sentence) pairs in a person's words. `secret_words` are strings (ids and words of the truth)
    that no built file may contain.
    """

    spec: CaseSpec
    brief: Brief
    form: Form
    offers: tuple[Offer, ...]
    rubric: Rubric
    truth: tuple[tuple[str, str], ...]
    secret_words: tuple[str, ...]
    hidden: Any = None


class Desk(Protocol):
    """What a solver (or a candidate's notebook) can do: exactly what a candidate can."""

    @property
    def brief(self) -> Brief:
        """What the candidate is told."""
        ...

    @property
    def form(self) -> Form:
        """What is to be filled in."""
        ...

    @property
    def vertical(self) -> Vertical:
        """The industry of the case."""
        ...

    @property
    def level(self) -> Level:
        """The level of the case."""
        ...

    def sql(self, query: str, *, title: str = "") -> Rows:
        """Run one read-only query on the company's database; `title` says why."""
        ...

    def note(self, text: str) -> None:
        """Write down what the last query shows."""
        ...

    def buy(self, purchase: Purchase) -> None:
        """Buy evidence; the database then holds the later weeks and the new tables."""
        ...


Solver = Callable[[Desk], RawSubmission]


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Submissions whose scores are known beforehand, for `check_case`.

    `perfect` uses the truth; `typical` is the common mistake; `shotgun` names every cause;
    `empty` fills in nothing; `malformed` has wrong types. `constants` yields answers that are
    perfect in everything except that cause and decision are the same for every seed.
    """

    perfect: RawSubmission
    typical: RawSubmission
    shotgun: RawSubmission
    empty: RawSubmission
    malformed: RawSubmission
    constants: Mapping[str, RawSubmission]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """A kind of case. All functions are pure: values in, values (or one database file) out.

    Attributes:
        draw: The case of a spec.
        build: Writes the company's DuckDB file (`path` must not exist) as it stands after these
            purchases; gives the number of rows per table.
        quote: Price and delay of one more purchase; raises CaseroomError where it is not possible.
        consequence: What happens after these purchases under this submission's decision.
        samples: Submissions with known scores.
        reference, naive: Solvers that see only a `Desk`.
        causes: Every id that `draw` may plant, for coverage checks.
        planted: Ids planted in this case.
        pass_mark: Total (0-100) from which a submission passes.
        material_regret: Share of the stake from which a regret is material.
    """

    id: str
    version: int
    title: str
    summary: str
    trains: tuple[Competency, ...]
    minutes: Mapping[Level, int]
    levels: tuple[Level, ...]
    verticals: tuple[Vertical, ...]
    draw: Callable[[CaseSpec], Case]
    build: Callable[[Case, tuple[Purchase, ...], Path, Progress], Mapping[str, int]]
    quote: Callable[[Case, tuple[Purchase, ...], Purchase], Quote]
    consequence: Callable[[Case, tuple[Purchase, ...], Submission], Consequence]
    samples: Callable[[Case], Samples]
    reference: Solver
    naive: Solver
    causes: tuple[str, ...]
    planted: Callable[[Case], Iterable[str]]
    pass_mark: float = 70.0
    material_regret: float = 0.25
    takes_data: bool = False
