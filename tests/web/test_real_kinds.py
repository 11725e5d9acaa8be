"""The registered kinds through the pages: start, query, the sample answers, the debrief."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from caseroom.bootstrap import open_caseroom
from caseroom.case.flat import flatten_fields
from caseroom.case.registry import kind_ids, load_kind
from caseroom.service.app import Caseroom
from caseroom.service.loading import load_case
from caseroom.web.app import create_app
from page_reading import Page

from .conftest import ADDRESS, Visitor


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseroom]:
    """Give a room with all registered kinds."""
    app = open_caseroom(tmp_path_factory.mktemp("data"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def people(real: Caseroom) -> Iterator[TestClient]:
    """Give a browser without JavaScript."""
    with TestClient(create_app(real, token=None), base_url=ADDRESS) as client:
        yield client


def start(people: TestClient, real: Caseroom, kind: str, data: Path | None = None) -> Visitor:
    """Start a case through the form and wait until it is built."""
    form = Page(people.get("/")).form("/cases", holding={"kind": kind})
    files = {"data": (data.name, data.read_bytes())} if data else None
    answer = people.post(form.action, data=form.fields | {"seed": "3"}, files=files)
    case = urlsplit(str(answer.url)).path.rpartition("/")[2]
    real.builds.wait(case, 120)
    return Visitor(people, case)


@pytest.mark.parametrize("kind", kind_ids())
def test_a_kind_is_played_through_the_pages(people: TestClient, real: Caseroom, kind: str) -> None:
    """The perfect answer goes through the form by its names and is debriefed on every part."""
    visitor = start(people, real, kind)
    room = visitor.at()
    assert room.by_id("data").all("details")
    assert visitor.query("select 1 as n").by_id("result").all("td")[0].text == "1"

    loaded = load_case(real, visitor.case)
    perfect = load_kind(kind).samples(loaded.case).perfect
    form = visitor.at("/submit").form(f"/case/{visitor.case}/submit")
    answer = flatten_fields(loaded.case.form, perfect)
    debrief = Page(form.send(people, answer, action="submit"))

    assert debrief.title.startswith("Debrief")
    assert "Passed" in debrief.text or "Strong" in debrief.text
    assert debrief.by_id("consequence").all("figure")
    assert len(debrief.root.all("article")) == len(loaded.case.rubric.criteria)


def test_an_own_table_becomes_a_case(people: TestClient, real: Caseroom, tmp_path: Path) -> None:
    """An uploaded CSV file is kept under its own name and becomes the company's table."""
    table = tmp_path / "orders.csv"
    first = date(2025, 1, 1)
    lines = [
        f"{day * 90 + at},{first + timedelta(days=day)} {8 + at % 12:02}:{at % 60:02}:00,"
        f"{('DE', 'US', 'FR')[at % 3]},{('web', 'shop')[at % 2]},C{at * 7 % 400},"
        f"{(day + at) * 37 % 90 + 20}.5,{(day + at) * 53 % 40 + 10}"
        for day in range(240)
        for at in range(90)
    ]
    head = "order_id,ordered_at,country,channel,customer,amount,minutes"
    table.write_text("\n".join([head, *lines]))
    visitor = start(people, real, "data-audit", table)
    room = visitor.at()

    assert "orders" in room.title
    assert room.root.all(id="table-orders")


def test_an_unreadable_table_is_explained(
    people: TestClient, real: Caseroom, tmp_path: Path
) -> None:
    """A file that is no table gives the list again with the reason, by the file's own name."""
    table = tmp_path / "photo.parquet"
    table.write_bytes(b"\x89PNG not a table")
    form = Page(people.get("/")).form("/cases", holding={"kind": "data-audit"})
    page = Page(
        people.post(form.action, data=form.fields, files={"data": (table.name, table.read_bytes())})
    )

    assert page.status == 400
    assert "photo.parquet" in page.text
