"""Bought evidence: quotes, budgets, builds after a purchase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import toy_shop
from caseroom.case.contract import Purchase
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_case, build_state, create_case
from caseroom.service.evidence import buy, quote_purchase, start_buy
from caseroom.service.room import open_room, run_query
from caseroom.vocabulary.errors import CaseroomError

Open = Callable[..., Caseroom]
SURVEY = Purchase(offer="survey", params={"people": "200"})


def test_a_quote_tells_what_would_be_left(app: Caseroom, case_id: str) -> None:
    """Parameters may be texts, as people type them; defaults are filled in."""
    view = quote_purchase(app, case_id, SURVEY)

    assert (view.quote.cost_cents, view.cents_left, view.weeks_left) == (40_000, 60_000, 1)
    assert quote_purchase(app, case_id, Purchase(offer="survey")).quote.cost_cents == 20_000


def test_a_purchase_brings_its_rows_and_moves_the_calendar(app: Caseroom, case_id: str) -> None:
    """The company is built again as it stands a week later."""
    told: list[str] = []

    bought = buy(app, case_id, SURVEY, lambda message, share: told.append(message))

    room = open_room(app, case_id)
    assert run_query(app, case_id, "SELECT count(*) FROM survey").rows == ((200,),)
    assert room.today == room.brief.today + timedelta(weeks=1)
    assert room.purchases == (bought,)
    assert bought.params == {"people": 200, "region": "north"}
    assert told[0] == "Building the company"


def test_purchases_add_up(app: Caseroom, case_id: str) -> None:
    """The second purchase stands beside the first."""
    buy(app, case_id, SURVEY)
    buy(app, case_id, Purchase(offer="survey", params={"people": 10}))

    assert run_query(app, case_id, "SELECT count(*) FROM survey").rows == ((210,),)
    assert open_room(app, case_id).cents_left == 58_000


def test_each_purchase_gets_a_file_of_its_own(app: Caseroom, case_id: str, data_dir: Path) -> None:
    """The switch is one step: the old file stays until the next one, readers lose nothing."""
    folder = data_dir / "cases" / case_id
    buy(app, case_id, Purchase(offer="survey", params={"people": 10}))
    assert names(folder) == ["company-1.duckdb", "company.duckdb"]

    buy(app, case_id, Purchase(offer="survey", params={"people": 10}))

    assert names(folder) == ["company-1.duckdb", "company-2.duckdb"]


def names(folder: Path) -> list[str]:
    """Give the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("offer", "params", "problem", "allowed"),
    [
        ("surwey", {}, "Nobody offers 'surwey'", "survey"),
        ("survey", {"persons": 3}, "no parameter 'persons'", "people, region"),
        ("survey", {"people": 5}, "people 5 is outside", "a whole number from 10 to 400"),
        ("survey", {"people": 20.5}, "people 20.5 is not whole", "a whole number"),
        ("survey", {"people": "many"}, "many", "number"),
        ("survey", {"region": "west"}, "west", "north"),
    ],
)
def test_what_is_not_for_sale_is_refused(
    app: Caseroom, case_id: str, offer: str, params: dict[str, Any], problem: str, allowed: str
) -> None:
    """The refusal names the value and what is allowed; nothing is paid."""
    with pytest.raises(CaseroomError) as refusal:
        buy(app, case_id, Purchase(offer=offer, params=params))

    assert problem in refusal.value.problem
    assert allowed in refusal.value.allowed
    assert open_room(app, case_id).purchases == ()


def test_more_than_the_budget_cannot_be_spent(app: Caseroom, case_id: str) -> None:
    """Money is checked against what is left after earlier purchases."""
    buy(app, case_id, Purchase(offer="survey", params={"people": 400}))

    with pytest.raises(CaseroomError, match=r"This costs \$800 and takes 1 week") as refusal:
        quote_purchase(app, case_id, Purchase(offer="survey", params={"people": 400}))

    assert refusal.value.allowed == "up to $200 and 1 week, what is left"


def test_more_weeks_than_there_are_cannot_be_waited(app: Caseroom, case_id: str) -> None:
    """Time is a budget like money."""
    for _ in range(2):
        buy(app, case_id, Purchase(offer="survey", params={"people": 10}))

    with pytest.raises(CaseroomError, match="takes 1 week") as refusal:
        buy(app, case_id, Purchase(offer="survey", params={"people": 10}))

    assert refusal.value.allowed == "up to $960 and 0 weeks, what is left"


def test_a_purchase_that_cannot_be_delivered_is_refunded(opened: Open) -> None:
    """The case goes on with the database and the budget that it had."""
    gate = toy_shop.Gate()
    gate.open.set()
    app = opened(toy_shop.kinds(build=gate.build))
    card = create_case(app, "toy-kiosk", seed=1, level="senior", vertical="saas")
    build_case(app, card.id)
    gate.failure = CaseroomError("The survey company is closed.")

    with pytest.raises(CaseroomError, match="is closed"):
        buy(app, card.id, SURVEY)

    room = open_room(app, card.id)
    assert (room.cents_left, room.purchases, room.card.state) == (100_000, (), "open")
    assert run_query(app, card.id, "SELECT count(*) FROM shops").rows == ((12,),)


def test_a_purchase_in_the_background_keeps_the_room_open(opened: Open) -> None:
    """Queries go on against the company as it stood until the new one is there."""
    gate = toy_shop.Gate()
    gate.open.set()
    app = opened(toy_shop.kinds(build=gate.build))
    card = create_case(app, "toy-kiosk", seed=1, level="senior", vertical="saas")
    build_case(app, card.id)
    gate.open.clear()
    gate.started.clear()

    start_buy(app, card.id, SURVEY)
    assert gate.started.wait(10)

    assert build_state(app, card.id).state == "building"
    assert run_query(app, card.id, "SELECT count(*) FROM shops").rows == ((12,),)
    assert run_query(app, card.id, "SELECT count(*) FROM survey").error
    with pytest.raises(CaseroomError, match="being built right now"):
        buy(app, card.id, SURVEY)
    gate.open.set()
    app.builds.wait(card.id, 10)
    assert run_query(app, card.id, "SELECT count(*) FROM survey").rows == ((200,),)


def test_a_background_purchase_is_refused_at_once(app: Caseroom, case_id: str) -> None:
    """A page can show the refusal beside the form."""
    with pytest.raises(CaseroomError, match="Nobody offers"):
        start_buy(app, case_id, Purchase(offer="moon"))
