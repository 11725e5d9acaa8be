"""What is typed is kept: through a refresh, a server that was gone, and a second tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

import toy_kind
from caseroom.case.flat import flatten_fields

from .conftest import TOKEN, Server, Watch

pytestmark = pytest.mark.browser


def answer_toy(page: Page, seed: int = 7) -> None:
    """Fill in the right answer of the toy case with this seed."""
    case = toy_kind.draw(toy_kind.spec(seed=seed))
    for name, text in flatten_fields(toy_kind.FORM, toy_kind.perfect(case)).items():
        control = page.locator(f'[name="{name}"]').first
        if name == "decision.option":
            page.locator(f'[name="{name}"][value="{text}"]').check()
        elif control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)


def type_and_save(page: Page, text: str) -> None:
    """Type a memo and wait until the server has answered to the save."""
    with page.expect_response(lambda r: r.url.endswith("/drafts") and r.request.method == "POST"):
        page.get_by_label("Memo").fill(text)
    saved(page)


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("[data-draft-status]").first).to_have_text("Saved")


def test_a_refresh_loses_nothing(visit: Callable[..., Page], server: Server) -> None:
    """Query, result, note and answer are there again; the last keystroke before a refresh too."""
    case = server.new_case()
    page = visit(case)
    page.locator(".cm-content").click()
    page.keyboard.type("select 41 + 1 as answer")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#result td")).to_have_text("42")
    page.get_by_label("What this result shows").fill("Forty-two")
    page.reload()

    expect(page.locator(".cm-content")).to_contain_text("select 41 + 1 as answer")
    expect(page.locator("#result td")).to_have_text("42")
    expect(page.get_by_label("What this result shows")).to_have_value("Forty-two")

    page.goto(f"{case}/submit")
    answer_toy(page)
    saved(page)
    page.get_by_label("Memo").fill("The last words before the refresh.")
    page.reload()
    expect(page.get_by_label("Memo")).to_have_value("The last words before the refresh.")
    expect(page.locator('[id="causes.demand"], [id="causes.logging"]').first).to_be_visible()
    expect(page.get_by_label("Onset")).not_to_have_value("")


def test_two_tabs_meet(visit: Callable[..., Page], server: Server) -> None:
    """The second tab to save sees both texts and chooses; the choice is what counts."""
    case = server.new_case()
    first = visit(f"{case}/submit")
    second = first.context.new_page()
    second.goto(f"{case}/submit")
    type_and_save(first, "From the first tab")
    second.get_by_label("Memo").fill("From the second tab")

    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("Another tab saved this field too.")
    expect(conflict).to_contain_text("From the first tab")
    expect(conflict).to_contain_text("From the second tab")
    with second.expect_response(lambda r: r.url.endswith("/drafts")):
        conflict.get_by_role("button", name="Keep what is here").click()
    expect(conflict).to_have_count(0)
    saved(second)
    first.reload()
    expect(first.get_by_label("Memo")).to_have_value("From the second tab")

    second.reload()
    type_and_save(first, "First again")
    second.get_by_label("Memo").fill("Second again")
    second.locator(".conflict").get_by_role("button", name="Use the other tab's text").click()
    expect(second.get_by_label("Memo")).to_have_value("First again")


@pytest.fixture
def fragile(server: Server) -> Iterator[Server]:
    """Give a second server over the same data, which may be stopped."""
    other = Server(server.room)
    yield other
    other.stop()


def test_a_server_that_was_gone(chrome: Browser, fragile: Server, watch: Watch) -> None:
    """While the server is away the page says so and keeps trying; then everything is saved."""
    case = fragile.new_case()
    context = chrome.new_context(base_url=fragile.address)
    context.on("request", lambda request: watch.requests.append(request.url))
    page = context.new_page()
    page.goto(f"{case}/submit?token={TOKEN}")
    fragile.stop()
    page.get_by_label("Memo").fill("Typed while nobody listened")
    expect(page.locator("[data-draft-status]")).to_contain_text("Not saved", timeout=20_000)
    page.get_by_role("button", name="Check the format").click()
    expect(page.locator("#notice")).to_contain_text("Caseroom does not answer")
    fragile.start()
    expect(page.locator("[data-draft-status]")).to_have_text("Saved", timeout=20_000)
    page.reload()

    expect(page.get_by_label("Memo")).to_have_value("Typed while nobody listened")
    context.close()
    assert watch.strangers == []
