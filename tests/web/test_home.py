"""The list of cases: starting, bad choices, uploads, deleting."""

from __future__ import annotations

from starlette.testclient import TestClient

from page_reading import Page

from .conftest import Visitor


def start(client: TestClient, **fields: str) -> Page:
    """Send the start form."""
    return Page(Page(client.get("/")).form("/cases").send(client, fields))


def test_the_list_says_what_a_kind_trains(client: TestClient) -> None:
    """Title, summary, competencies, minutes, levels, verticals are there to choose from."""
    page = Page(client.get("/"))
    form = page.form("/cases")

    assert page.title == "Choose a case"
    assert "Diagnosis" in page.text
    assert "Associate, 10 min" in page.text
    assert form.fields.keys() >= {"kind", "level", "vertical", "seed"}


def test_a_case_starts_and_is_built(client: TestClient) -> None:
    """Starting leads to the case, which is built or being built; the list then shows it."""
    page = start(client, seed="21")

    assert page.status == 200
    assert page.title in ("Building the case", "The kiosks that sold less")
    home = Page(client.get("/"))
    assert "21" in {cell.text for cell in home.root.all("td")}


def test_an_empty_seed_is_a_surprise(client: TestClient) -> None:
    """No seed draws one."""
    assert start(client, seed="  ").status == 200


def test_a_bad_seed_is_told_and_what_was_typed_stays(client: TestClient) -> None:
    """The form comes back with the problem, what is allowed, and the other choices kept."""
    page = start(client, seed="seven <b>", level="senior")
    form = page.form("/cases")

    assert page.status == 400
    assert "'seven <b>' is not a seed" in page.text
    assert "a whole number from 0" in page.text
    assert form.fields["seed"] == "seven <b>"
    assert form.fields["level"] == "senior"


def test_an_unknown_level_is_told(client: TestClient) -> None:
    """A made-up level is refused with the allowed ones."""
    page = start(client, level="wizard")

    assert page.status == 400
    assert "no level 'wizard'" in page.text
    assert "associate, senior" in page.text


def test_an_unknown_kind_is_told(client: TestClient) -> None:
    """A made-up kind is refused with the known ones."""
    page = start(client, kind="nothing")

    assert page.status == 400
    assert "'nothing'" in page.text


def test_a_file_for_a_kind_without_data_is_refused(client: TestClient) -> None:
    """A kind that makes its own company takes no upload, and says so by the file's own name."""
    form = Page(client.get("/")).form("/cases")
    upload = {"data": ("../../my table.csv", b"a,b\n1,2\n", "text/csv")}
    page = Page(client.post("/cases", data=form.fields, files=upload))

    assert page.status == 400
    assert "takes no data file" in page.text
    assert "my table.csv" in page.text


def test_deleting_asks_first(client: TestClient, visitor: Visitor) -> None:
    """A case goes only after a second page; then its address is unknown."""
    path = f"/case/{visitor.case}/delete"
    asked = Page(Page(client.get("/")).form(path).send(client))

    assert asked.title == "Delete this case?"
    assert visitor.at().status == 200
    asked.form(path).send(client)
    assert visitor.at().status == 404
