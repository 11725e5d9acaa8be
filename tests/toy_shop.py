"""The toy kind with evidence for sale and hints, for tests of use cases.

In: `toy_kind`. Out: kinds to hand to an application as a parameter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

import toy_kind
from caseroom.case.contract import (
    Case,
    CaseKind,
    CaseSpec,
    Offer,
    Progress,
    Purchase,
    Quote,
)
from caseroom.case.form import Param
from caseroom.service.app import Kinds
from caseroom.vocabulary.errors import CaseroomError, ExitCode

SURVEY = Offer(
    id="survey",
    title="A survey",
    what_you_get="Answers of commuters, in the table survey.",
    price_note="$2 per person",
    params=(
        Param(id="people", label="People", default=100, low=10, high=400, whole=True),
        Param(id="region", label="Region", default="north", choices=toy_kind.choices("north")),
    ),
)
"""100 people use 20% of the toy's budget of $1,000; it takes one of two weeks."""


def draw(spec: CaseSpec) -> Case:
    """Draw a toy case with an offer and two hints."""
    case = toy_kind.draw(spec)
    brief = replace(case.brief, hints=("Count the payments.", "Split by region."))
    return replace(case, brief=brief, offers=(SURVEY,))


def quote(case: Case, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Sell surveys for $2 per person and a week."""
    return Quote(cost_cents=200 * int(purchase.params["people"]), weeks=1)


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the toy's tables and one row per surveyed person."""
    counts = toy_kind.build(case, (), path, progress)
    people = sum(int(purchase.params["people"]) for purchase in purchases)
    if people:
        with duckdb.connect(str(path), config={"threads": 1}) as db:
            db.execute(f"CREATE TABLE survey AS SELECT i AS person FROM range({people}) t(i)")
    return counts


def kinds(**changed: Callable[..., object]) -> Kinds:
    """Give the toy with an offer (and functions of your own) as the only kind."""
    own: dict[str, Any] = {"draw": draw, "quote": quote, "build": build, **changed}
    kind = replace(toy_kind.kind(), **own)

    def load(kind_id: str) -> CaseKind:
        if kind_id != kind.id:
            raise CaseroomError(
                f"There is no case kind {kind_id!r}.", allowed=kind.id, code=ExitCode.NOT_FOUND
            )
        return kind

    return Kinds(ids=lambda: (kind.id,), load=load)


class Gate:
    """A build that waits until it is let through, and then may fail."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.started = threading.Event()
        self.open = threading.Event()
        self.failure = failure

    def build(
        self, case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
    ) -> Mapping[str, int]:
        """Build, but only when the gate is open."""
        progress("Waiting at the gate", 0.4)
        self.started.set()
        if not self.open.wait(30):
            raise TimeoutError("nobody opened the gate")
        if self.failure is not None:
            raise self.failure
        return build(case, purchases, path, progress)
