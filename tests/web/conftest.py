"""What the tests of the pages share: a room on real adapters, a client, a case that is ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

import toy_room
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_case, create_case
from caseroom.web.app import create_app
from page_reading import Page

ADDRESS = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseroom]:
    """Give a room with the toy kind."""
    app = toy_room.open_toy_room(tmp_path_factory.mktemp("data"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(room: Caseroom) -> Iterator[TestClient]:
    """Give a browser without JavaScript that is let in."""
    with TestClient(create_app(room, token=None), base_url=ADDRESS) as browser:
        yield browser


@dataclass
class Visitor:
    """A browser without JavaScript at one case."""

    client: TestClient
    case: str

    def at(self, path: str = "", **query: str) -> Page:
        """Open a page of the case."""
        return Page(self.client.get(f"/case/{self.case}{path}", params=query))

    def part(self, path: str, **query: str) -> Any:
        """Ask for a part of the page, as htmx does."""
        return self.client.get(
            f"/case/{self.case}{path}", params=query, headers={"HX-Request": "true"}
        )

    def post_part(self, path: str, page: Page, **fields: str) -> Any:
        """Post as htmx does."""
        (token,) = page.root.all("meta", name="csrf-token")
        return self.client.post(
            f"/case/{self.case}{path}",
            data=fields | {"csrf_token": token.get("content")},
            headers={"HX-Request": "true"},
        )

    def query(self, sql: str) -> Page:
        """Run a query through the form."""
        form = self.at().form(f"/case/{self.case}/query")
        return Page(form.send(self.client, {"sql": sql}))


@pytest.fixture
def case(room: Caseroom) -> str:
    """Give the id of a case that is ready, with seed 7."""
    card = create_case(room, "toy-kiosk", seed=7, level="associate", vertical="saas")
    build_case(room, card.id)
    return card.id


@pytest.fixture
def visitor(client: TestClient, case: str) -> Visitor:
    """Give a visitor of a fresh case."""
    return Visitor(client, case)
