"""No barriers that axe can find, in both themes, on every page; no sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from caseroom.questions.bank import find_question

from .conftest import Server, Watch
from .test_typing import answer_toy

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text()
BY_REGION = "select region, count(*) as cups from sales join shops using (shop_id) group by all"


class Inspector:
    """Runs axe on pages; what axe itself does is not held against the page."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def check(self, page: Page) -> None:
        """Fail on any violation, and on sideways scrolling."""
        assert self.watch.complaints == []
        page.evaluate(f"{AXE};0")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        problems = [
            (page.url, rule["id"], node["target"], node["failureSummary"])
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
        self.watch.complaints.clear()
        assert problems == []
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, page.url


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 320)]
)
def test_every_page(
    visit: Callable[..., Page], server: Server, watch: Watch, theme: str, width: int
) -> None:
    """Home, about, errors, room in a full state, answer with problems, debrief with solution."""
    inspector = Inspector(watch)
    case = server.new_case()
    page = visit("/", color_scheme=theme, viewport={"width": width, "height": 900})
    for path in ("/", "/about", "/nowhere", case):
        page.goto(path)
        inspector.check(page)

    fill_the_room(page)
    inspector.check(page)
    page.goto(f"{case}/submit")
    page.get_by_role("button", name="Check the format").click()
    expect(page.locator("#check-title")).to_be_focused()
    inspector.check(page)
    answer_toy(page)
    page.get_by_role("button", name="Review and submit").click()
    page.get_by_role("button", name="Submit for good").click()
    page.get_by_role("link", name="Show the worked solution").click()
    expect(page.locator(".solution-step").first).to_be_visible()
    expect(page.locator("#consequence svg").first).to_be_visible()
    unfold(page)
    inspector.check(page)


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 320)]
)
def test_every_page_of_practice(
    visit: Callable[..., Page], server: Server, watch: Watch, theme: str, width: int
) -> None:
    """List, nothing found, study, an open answer, a refusal, feedback with a story, all answers."""
    inspector = Inspector(watch)
    page = visit("/questions", color_scheme=theme, viewport={"width": width, "height": 900})
    for path in ("/questions", "/questions?text=zyzzyva", "/questions/Q100"):
        page.goto(path)
        unfold(page)
        inspector.check(page)
    page.get_by_role("button", name="Answer it").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#refused")).to_be_focused()
    inspector.check(page)
    page.get_by_label("Your answer, as").fill(find_question("Q100").anchor("middling").text)
    page.get_by_role("button", name="Hand in").click()
    page.get_by_label("Your answer, as").fill(find_question("Q100").anchor("strong").text)
    page.get_by_role("button", name="Hand in").click()
    unfold(page)
    page.get_by_label("Because").first.fill("Look at the second sentence again.")
    page.get_by_role("button", name="Keep my verdict").first.click()
    expect(page.locator(".note").first).to_contain_text("You see it differently")
    inspector.check(page)
    page.get_by_role("button", name="Finish").click()
    page.goto("/attempts")
    inspector.check(page)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    for summary in page.locator("summary").all():
        summary.click()


def fill_the_room(page: Page) -> None:
    """Bring every part of the room onto the page: result, chart, pins, quote, error, history."""
    page.locator(".cm-content").click()
    page.keyboard.type(BY_REGION)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Draw the chart").click()
    expect(page.locator("#chart svg")).to_be_visible()
    page.get_by_role("button", name="Pin the chart").click()
    expect(page.locator(".pin")).to_have_count(1)
    page.get_by_role("button", name="Pin the result").click()
    expect(page.locator(".pin")).to_have_count(2)
    page.get_by_role("button", name="Ask for the price of Survey of customers").click()
    expect(page.locator("#quoted-survey")).to_be_focused()
    page.locator(".cm-content").click()
    page.keyboard.type(" nonsense")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#query-problem [role=alert]")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()


def test_the_dialog_and_the_building_page(
    visit: Callable[..., Page], server: Server, watch: Watch
) -> None:
    """The list of shortcuts opens and closes by keyboard and gives the focus back."""
    inspector = Inspector(watch)
    page = visit(server.new_case())
    button = page.get_by_role("button", name="Keyboard shortcuts")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    inspector.check(page)
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(button).to_be_focused()
