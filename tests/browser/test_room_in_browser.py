"""How the room behaves in a browser: focus, completion, themes, the plain editor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Server

pytestmark = pytest.mark.browser


def run(page: Page, sql: str) -> None:
    """Run a query."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(sql)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")


def test_focus_stays_where_the_work_is(visit: Callable[..., Page], server: Server) -> None:
    """Sorting and paging keep the focus on their own control, and the address follows."""
    page = visit(server.new_case())
    run(page, "select n, n % 7 as seventh from range(120) t(n)")
    head = page.get_by_role("link", name="seventh")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("seventh")
    expect(page.get_by_role("link", name="seventh")).to_be_focused()
    page.locator("#page-after").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("Page 2 of 3")
    expect(page.locator("#page-after")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("Page 3 of 3")

    expect(page.locator("#page-after")).to_be_focused()
    assert "page=3" in page.url
    assert "order=seventh" in page.url


def test_the_history_fills_the_editor(visit: Callable[..., Page], server: Server) -> None:
    """A past query goes into the editor without loading the page again, and can be undone."""
    page = visit(server.new_case())
    run(page, "select 1 as first")
    expect(page.locator("#result td")).to_have_text("1")
    run(page, "select 2 as second")
    expect(page.locator("#result td")).to_have_text("2")
    page.locator("summary", has_text="History").click()
    page.get_by_role("link", name="Put into the editor: query 1").click()

    expect(page.locator(".cm-content")).to_have_text("select 1 as first")
    expect(page.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-content")).to_have_text("select 2 as second")
    page.get_by_role("link", name="Show the result of query 1").click()
    expect(page.locator("#result td")).to_have_text("1")


def test_bought_tables_are_completed(visit: Callable[..., Page], server: Server) -> None:
    """After evidence arrived the editor offers its table."""
    page = visit(server.new_case())
    page.get_by_role("button", name="Ask for the price of Survey").click()
    page.get_by_role("button", name="Buy it: Survey").click()
    expect(page.get_by_role("heading", name="Bought so far")).to_be_focused()
    page.locator(".cm-content").click()
    page.keyboard.type("select * from survey")

    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("survey_answers")


def test_themes_change_at_once_and_last(visit: Callable[..., Page], server: Server) -> None:
    """Dark is dark without a reload, charts included, and after a reload."""
    page = visit(server.new_case())
    run(page, "select region, count(*) as n from shops group by all")
    page.get_by_role("button", name="Draw the chart").click()
    text = page.locator("#chart svg text").first
    expect(text).to_be_visible()
    light = text.get_attribute("fill")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Dark").click()

    expect(page.locator("#chart svg text").first).not_to_have_attribute("fill", light or "")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != background
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_a_plain_text_box_runs_queries_too(visit: Callable[..., Page], server: Server) -> None:
    """Who takes the plain text box keeps Ctrl-Enter and the history."""
    page = visit(server.new_case())
    page.get_by_role("button", name="Use a plain text box").click()
    box = page.get_by_role("textbox", name="SQL query")
    expect(page.locator(".cm-content")).to_have_count(0)
    box.fill("select 5 as five")
    box.press("Control+Enter")

    expect(page.locator("#result td")).to_have_text("5")
    box.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_findings_grow_by_a_button(visit: Callable[..., Page], server: Server) -> None:
    """One more row appears, takes the focus, and is saved like the others."""
    page = visit(f"{server.new_case()}/submit")
    page.get_by_role("button", name="Add a finding").click()
    added = page.locator('[id="findings.3.type"]')
    expect(added).to_be_focused()
    added.select_option("duplicates")
    expect(page.locator("[data-draft-status]")).to_have_text("Saved")
    page.reload()

    expect(page.locator('[id="findings.3.type"]')).to_have_value("duplicates")


def test_sliders_and_numbers_agree(visit: Callable[..., Page], server: Server) -> None:
    """Moving the slider sets the number and saves it; typing moves the slider."""
    page = visit(f"{server.new_case()}/submit")
    page.locator('[id="causes.demand-slider"]').fill("0.35")
    expect(page.locator('[id="causes.demand"]')).to_have_value("0.35")
    page.locator('[id="causes.price"]').fill("0.8")
    expect(page.locator('[id="causes.price-slider"]')).to_have_value("0.8")
    expect(page.locator("[data-draft-status]")).to_have_text("Saved")
    page.reload()

    expect(page.locator('[id="causes.demand"]')).to_have_value("0.35")
