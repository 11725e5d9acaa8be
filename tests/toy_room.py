"""The toy kind with all that pages show: offers, hints, a longer brief, three futures by week.

In: nothing. Out: a case kind for tests of the pages, and a `Caseroom` on real adapters around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

import toy_kind
from caseroom.adapters.clock import SystemClock
from caseroom.adapters.files import DataFolder
from caseroom.adapters.sqlstore import open_sqlite
from caseroom.case.contract import (
    Case,
    CaseKind,
    CaseSpec,
    ChangeEntry,
    Consequence,
    DictionaryEntry,
    Offer,
    Outcome,
    Progress,
    Purchase,
    Quote,
    Stakeholder,
)
from caseroom.case.form import Choice, Param, Submission
from caseroom.investigation.sandbox import SandboxPool
from caseroom.service.app import Caseroom, Kinds
from caseroom.vocabulary.errors import CaseroomError

HOSTILE = "<script>alert('x')</script>"

OFFERS = (
    Offer(
        id="survey",
        title="Survey of customers",
        what_you_get="Answers of a sample to three questions, in a table of their own.",
        price_note="$2 per answer and one week.",
        params=(
            Param(
                id="answers",
                label="Answers",
                default=100,
                low=10,
                high=400,
                whole=True,
                unit="people",
            ),
            Param(
                id="region",
                label="Region",
                default="all",
                choices=(Choice(id="all", label="All regions"), Choice(id="north", label="North")),
            ),
        ),
    ),
    Offer(
        id="expert",
        title="An hour with a till engineer",
        what_you_get="What the release of spring changed in the tills.",
        price_note="$300, next day.",
    ),
)


def draw(spec: CaseSpec) -> Case:
    """Draw a toy case with offers, hints and a fuller brief."""
    case = toy_kind.draw(spec)
    brief = replace(
        case.brief,
        company="Kiosk & Co sells coffee to commuters from twelve kiosks in three regions.",
        stakeholder=Stakeholder(
            name="Ada Okafor",
            role="Head of sales",
            concern="She wants to know before the board meets whether to advertise or to repair.",
        ),
        context=(
            "The tills got a new release in spring, and the weather was mild everywhere.",
            "Finance reconciles payments at the end of every month, not earlier.",
        ),
        budget_weeks=4,
        value_rule="Profit over the next six months, in dollars.",
        dictionary=(
            DictionaryEntry(table="sales", column="", meaning="One row per cup sold."),
            DictionaryEntry(table="sales", column="cents", meaning="Amount at the till."),
            DictionaryEntry(table="payments", column="", meaning=f"Paid {HOSTILE} amounts."),
        ),
        change_log=tuple(
            ChangeEntry(on=toy_kind.FIRST + timedelta(days=9 * number), team=team, what=what)
            for number, (team, what) in enumerate(
                (
                    ("Tills", "New receipt layout."),
                    ("Marketing", "Loyalty stamps end in the east."),
                    ("Tills", "Release 4.2 of the till software, north first."),
                    ("Facilities", "New opening hours on Sundays."),
                    ("Finance", "Payments are read from a new provider."),
                )
            )
        ),
        hints=("Compare two tables that should agree.", "Look at one region at a time."),
    )
    return replace(case, brief=brief, offers=OFFERS)


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the toy tables and, once bought, the survey's answers."""
    counts = dict(toy_kind.build(case, purchases, path, progress))
    if any(purchase.offer == "survey" for purchase in purchases):
        with duckdb.connect(str(path), config={"threads": 1}) as db:
            db.execute(
                "CREATE TABLE survey_answers AS SELECT i::INT AS answer_id, "
                "'The queue was short.' AS answer FROM range(40) t(i)"
            )
        counts["survey_answers"] = 40
    return counts


def quote(case: Case, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Price the two offers."""
    if purchase.offer == "expert":
        return Quote(cost_cents=30_000, weeks=0, note="An engineer calls you tomorrow.")
    if purchase.offer != "survey":
        raise CaseroomError(f"Nobody sells {purchase.offer!r}.")
    answers = int(purchase.params["answers"])
    return Quote(cost_cents=answers * 200, weeks=1, note=f"About {answers} answers.")


def consequence(case: Case, bought: tuple[Purchase, ...], submission: Submission) -> Consequence:
    """Give the toy's consequence with a series per future."""
    plain = toy_kind.consequence(case, bought, submission)
    return replace(
        plain,
        chosen=_with_series(plain.chosen, 1.00),
        nothing=_with_series(plain.nothing, 0.97),
        best=_with_series(plain.best, 1.02),
        regret_customers=12,
        measures={"cents": "Sales per week", "customers": "Customers"},
    )


def _with_series(outcome: Outcome, growth: float) -> Outcome:
    weeks = tuple(
        (
            date(2025, 6, 2) + timedelta(weeks=week),
            {"cents": 5000 * growth**week, "customers": 400 * growth ** (week / 2)},
        )
        for week in range(26)
    )
    return replace(outcome, series=weeks)


def kind() -> CaseKind:
    """Give the kind."""
    return replace(
        toy_kind.kind(),
        summary="Sales fell in spring. Find out whether customers stayed away or the tills lost "
        "records, and say what to do.",
        draw=draw,
        build=build,
        quote=quote,
        consequence=consequence,
    )


def kinds() -> Kinds:
    """Give a registry with this kind only."""

    def load(kind_id: str) -> CaseKind:
        if kind_id != "toy-kiosk":
            raise CaseroomError(f"There is no case kind {kind_id!r}.", allowed="toy-kiosk")
        return kind()

    return Kinds(ids=lambda: ("toy-kiosk",), load=load)


def open_toy_room(folder: Path, registry: Kinds | None = None) -> Caseroom:
    """Wire real adapters around the toy kind."""
    files = DataFolder(folder)
    return Caseroom(
        store=open_sqlite(files.progress, files.sources),
        files=files,
        sandbox=SandboxPool(),
        clock=SystemClock(),
        kinds=registry or kinds(),
    )
