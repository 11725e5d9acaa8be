"""Rules for the HTML of every page: nothing inline, nothing from elsewhere, no inherited htmx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from caseroom.questions.bank import find_question
from caseroom.web.render import TEMPLATES
from page_reading import Element, Page
from toy_room import HOSTILE

from .conftest import ADDRESS, Visitor

ACTIONS = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "hx-action")


@pytest.fixture
def pages(client: TestClient, visitor: Visitor) -> list[Page]:
    """Give every kind of page in a full state."""
    visitor.query("select region, count(*) as n from shops group by all order by all")
    drawn = {"query": "1", "mark": "bar", "x": "region", "y": "n", "color": "", "facet": ""}
    visitor.at(**drawn).form(f"/case/{visitor.case}/pins", holding={"mark": "bar"}).send(client)
    return [
        Page(client.get("/")),
        Page(client.get("/about")),
        Page(client.get("/nowhere")),
        visitor.at(),
        visitor.at(**drawn),
        visitor.at(offer="survey", **{"param.answers": "20"}),
        visitor.at("/submit", review="1"),
        *practice_pages(client),
        *interview_pages(client),
    ]


def interview_pages(client: TestClient) -> list[Page]:
    """Give the pages of interviews: list, settings, a question, paused, over, the scorecard."""
    settings = Page(client.get("/interviews/new"))
    form = settings.form("/interviews")
    opening = Page(form.send(client, {"preset": "screen", "seed": "5", "pauses": "on"}))
    place = opening.address.removeprefix(ADDRESS)
    asked = Page(opening.form(f"{place}/answer").send(client))
    text = f"I would first ask who decides what with it, and by when. {HOSTILE}"
    followed = Page(asked.form(f"{place}/answer").send(client, text=text, action="answer"))
    paused = Page(followed.form(f"{place}/pause").send(client))
    over = Page(paused.form(f"{place}/end").send(client))
    return [
        settings,
        opening,
        asked,
        followed,
        paused,
        over,
        Page(client.get(f"{place}/scorecard")),
        Page(client.get("/interviews")),
    ]


def practice_pages(client: TestClient) -> list[Page]:
    """Give the pages of the question bank, with an attempt that has an answer and a contest."""
    study = Page(client.get("/questions/Q100"))
    start = study.form("/questions/Q100/attempts", holding={"mode": "drill"})
    attempt = Page(start.send(client))
    place = attempt.address.removeprefix(ADDRESS)
    text = find_question("Q100").anchor("middling").text + HOSTILE
    if not attempt.root.all(id="feedback"):
        attempt.form(f"{place}/hand-in").send(client, text=text, action="hand-in")
    graded = Page(client.get(place))
    graded.form(f"{place}/contest").send(client, reason=HOSTILE)
    return [
        Page(client.get("/questions", params={"text": "data"})),
        study,
        attempt,
        Page(client.get(place)),
        Page(client.get("/attempts")),
    ]


def with_actions(page: Page) -> Iterator[Element]:
    """Yield the elements that htmx would act on."""
    for element in page.root:
        if any(name in element.attributes for name in ACTIONS):
            yield element


def test_every_element_says_its_own_target_and_swap(pages: list[Page]) -> None:
    """htmx 4 inherits nothing unless told to: each element carries what it needs."""
    silent = [
        (page.address, element.attributes)
        for page in pages
        for element in with_actions(page)
        if not {"hx-target", "hx-swap"} <= element.attributes.keys()
    ]

    assert sum(1 for page in pages for _ in with_actions(page)) > 10
    assert silent == []


def test_no_attribute_waits_to_be_inherited(pages: list[Page]) -> None:
    """Target, swap and the like stand on elements that act, and none is marked as inherited."""
    stray = [
        (page.address, element.tag, name)
        for page in pages
        for element in page.root
        for name in element.attributes
        if name.startswith("hx-")
        and (":" in name or not any(action in element.attributes for action in ACTIONS))
    ]

    assert stray == []


def test_under_every_action_is_a_link_or_form(pages: list[Page]) -> None:
    """What htmx does can also be done without it: a form with an action or a link."""
    alone = [
        (page.address, element.attributes)
        for page in pages
        for element in with_actions(page)
        if "hx-trigger" not in element.attributes
        and not (element.get("action") or element.get("href") or element.get("name") == "action")
    ]

    assert alone == []


def test_targets_of_actions_are_on_the_page(pages: list[Page]) -> None:
    """An action that looks for an element finds it."""
    missing = [
        (page.address, element.get("hx-target"))
        for page in pages
        for element in with_actions(page)
        if not page.root.all(id=element.get("hx-target").removeprefix("#"))
    ]

    assert missing == []


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: list[Page]) -> None:
    """No inline script, style or handler; every address is on this server."""
    found = [
        (page.address, element.tag, name, value)
        for page in pages
        for element in page.root
        for name, value in element.attributes.items()
        if name == "style"
        or re.match(r"on|hx-on", name)
        or (name in ("src", "href", "action", "formaction") and re.match(r"(\w+:)|(//)", value))
    ]
    scripts = [
        element.attributes
        for page in pages
        for element in page.root.all("script")
        if not element.get("src").startswith("/static/")
    ]

    assert (found, scripts) == ([], [])


def test_ids_are_unique(pages: list[Page]) -> None:
    """No two elements of a page share an id."""
    for page in pages:
        ids = [element.get("id") for element in page.root if element.get("id")]

        assert sorted(ids) == sorted(set(ids)), page.address


def test_controls_are_labeled(pages: list[Page]) -> None:
    """Every control that a person uses has a label (or is hidden from everybody)."""
    unlabeled = []
    for page in pages:
        labels = {element.get("for") for element in page.root.all("label")}
        wrapped = {id(e) for label in page.root.all("label") for e in label}
        unlabeled += [
            (page.address, element.attributes)
            for element in page.root
            if element.tag in ("input", "select", "textarea")
            and element.get("type") != "hidden"
            and element.get("aria-hidden") != "true"
            and element.get("id") not in labels
            and id(element) not in wrapped
        ]

    assert unlabeled == []


def test_text_of_others_is_escaped(visitor: Visitor) -> None:
    """Text of a case or of a person never becomes markup."""
    page = visitor.query(f"select '{HOSTILE}' as \"<b>name</b>\"".replace("'x'", "''x''"))

    assert page.text.count(HOSTILE) >= 2  # the documentation of a table, and the result
    assert not any(element.text == "alert('x')" for element in page.root.all("script"))
    assert "<b>name</b>" in page.text


def test_templates_mark_nothing_as_safe() -> None:
    """No template switches escaping off."""
    loud = [
        path.name
        for path in Path(TEMPLATES).rglob("*.html")
        if re.search(r"\|\s*safe|autoescape\s+false", path.read_text())
    ]

    assert loud == []


@pytest.mark.parametrize("path", ["/", "/about", "/nowhere", "/static/manifest.txt", "/case/x"])
def test_every_answer_carries_the_policy(client: TestClient, path: str) -> None:
    """Errors and files too are sent with the content security policy."""
    policy = client.get(path).headers["content-security-policy"]

    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy.split("; ")
    assert "unsafe" not in policy
