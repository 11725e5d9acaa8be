"""Who gets in: the printed address once, this machine's names only, our own forms only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from caseroom.service.app import Caseroom
from caseroom.web.app import ROUTES, create_app
from caseroom.web.auth.local import host_name
from page_reading import Page

ADDRESS = "http://127.0.0.1:8765"
TOKEN = "a-secret-of-the-printed-address"


@pytest.fixture
def locked(room: Caseroom) -> Iterator[TestClient]:
    """Give a browser that has not opened the printed address."""
    app = create_app(room, token=TOKEN)
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as browser:
        yield browser


def test_the_address_is_exchanged_for_a_cookie(locked: TestClient) -> None:
    """The secret leaves the address bar at once; the cookie is for this server and site only."""
    answer = locked.get("/about", params={"token": TOKEN, "from": "terminal"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/about?from=terminal"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("caseroom-8765=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert TOKEN not in cookie
    assert locked.get("/about").status_code == 200


@pytest.mark.parametrize("path", ["/", "/about", "/case/nope", "/?token=wrong", "/?token="])
def test_others_get_a_page_that_says_what_to_do(locked: TestClient, path: str) -> None:
    """Without the cookie nothing is shown, whatever the address."""
    answer = locked.get(path)

    assert answer.status_code == 403
    assert "Open the address that the caseroom command printed" in answer.text


def test_an_open_page_says_that_it_is_not_known_anymore(locked: TestClient) -> None:
    """A part of a page that asks without the cookie gets a message for that page, not a page."""
    answer = locked.get("/case/nope/query/1", headers={"HX-Request": "true"})

    assert answer.status_code == 403
    assert answer.text.startswith('<hx-partial hx-target="#notice">')


def test_the_exchange_stays_on_this_server(locked: TestClient) -> None:
    """An address with a second slash does not send the browser to another host."""
    answer = locked.get(f"{ADDRESS}//elsewhere.example/?token={TOKEN}")

    assert answer.headers["location"].startswith("/elsewhere.example")


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example:8765", ""])
def test_other_hosts_are_refused(client: TestClient, host: str) -> None:
    """A name that another site points at this machine does not reach the pages."""
    answer = client.get("/", headers={"host": host})

    assert answer.status_code == 421
    assert "Your cases" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "LOCALHOST:80", "[::1]:8765"])
def test_names_of_this_machine_are_accepted(client: TestClient, host: str) -> None:
    """The loopback names work with and without a port."""
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("header", "name"), [("[::1]:80", "[::1]"), ("A.B:80", "a.b"), ("", ""), ("[::1", "[::1]")]
)
def test_host_names_are_read_without_the_port(header: str, name: str) -> None:
    """The port is not part of the name."""
    assert host_name(header) == name


POSTS = sorted(
    route.path for route in ROUTES if route.methods is not None and "POST" in route.methods
)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", [None, "", "wrong", "w\u00fcrong"])
def test_forms_of_other_sites_change_nothing(
    client: TestClient, path: str, token: str | None
) -> None:
    """Every post needs this server's token."""
    place = re.sub(r"{\w+}", "1", path)
    answer = client.post(place, data={} if token is None else {"csrf_token": token})

    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


def test_tokens_differ_between_servers(room: Caseroom) -> None:
    """A form of one server is not taken by another one with another secret."""
    tokens = set()
    for secret in ("one", "two", None, None):
        with TestClient(create_app(room, token=secret), base_url=ADDRESS) as browser:
            page = Page(browser.get("/", params={"token": secret or ""}))
        tokens.add(page.root.all("meta", name="csrf-token")[0].get("content"))

    assert len(tokens) == 4


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "about"])
def test_settings_go_back_to_this_server_only(client: TestClient, back: str) -> None:
    """The page to go back to cannot be on another host."""
    form = Page(client.get("/")).form("/settings")
    answer = client.post(
        form.action, data=form.fields | {"back": back, "theme": "dark"}, follow_redirects=False
    )

    assert answer.headers["location"] == "/"


def test_the_theme_is_kept(client: TestClient) -> None:
    """The choice of colors works without JavaScript and lasts."""
    form = Page(client.get("/about")).form("/settings")
    page = Page(form.send(client, theme="dark"))

    assert page.address == f"{ADDRESS}/about"
    assert page.root.all("html")[0].get("data-theme") == "dark"
    client.cookies.clear()
