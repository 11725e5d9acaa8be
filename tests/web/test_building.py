"""Cases that are being built or could not be built."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from caseroom.service.app import Caseroom
from caseroom.service.cases import create_case
from page_reading import Page

from .conftest import Visitor


@pytest.fixture
def unbuilt(client: TestClient, room: Caseroom) -> Visitor:
    """Give a visitor of a case that waits to be built."""
    card = create_case(room, "toy-kiosk", seed=3, level="associate", vertical="saas")
    return Visitor(client, card.id)


def test_a_case_that_is_built_shows_its_progress(unbuilt: Visitor) -> None:
    """The page has a progress bar, polls with htmx, and refreshes itself without JavaScript."""
    page = unbuilt.at()
    (bar,) = page.root.all("progress")

    assert page.title == "Building the case"
    assert bar.get("max") == "100"
    (refresh,) = page.root.all("meta", http_equiv="refresh")
    assert refresh.get("content") == "1"


def test_the_progress_part_updates_in_place(unbuilt: Visitor) -> None:
    """htmx gets the bar only, morphed into the page."""
    answer = unbuilt.part("/progress")

    assert 'hx-target="#build-state" hx-swap="innerMorph"' in answer.text
    assert "<html" not in answer.text


def test_a_ready_case_is_opened(visitor: Visitor) -> None:
    """Once the case is ready the poll sends the browser to the room."""
    assert visitor.part("/progress").headers["hx-redirect"] == f"/case/{visitor.case}"


def test_a_failed_case_says_why_and_offers_another_try(
    unbuilt: Visitor, room: Caseroom, client: TestClient
) -> None:
    """The reason is shown and a button builds the case again."""
    room.store.set_failed(unbuilt.case, "The disk is <full>.")
    page = unbuilt.at()

    assert "The disk is <full>." in page.text
    again = Page(page.form(f"/case/{unbuilt.case}/retry").send(client))
    assert again.status == 200


def test_a_damaged_case_says_what_to_do(visitor: Visitor, room: Caseroom) -> None:
    """A case whose database is gone gives a page in words, not a stack trace."""
    folder = Path(room.files.root) / "cases" / visitor.case  # type: ignore[attr-defined]
    for database in folder.iterdir():
        database.unlink()
    page = visitor.at()

    assert page.status == 500
    assert page.title == "Something is damaged"
    assert "Next:" in page.text
