"""The whole way of a candidate in Chromium: with the keyboard, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

MEMO = (
    "Dear Mara, I recommend to wait with large spending. Churn rose from 4.7% to 4.9%. "
    "I compared accounts, events and invoices week by week, and I checked that ids are unique. "
    "What I do not know is how long the effect lasts; I would take the decision back if the "
    "weekly rate does not fall within a month. "
) * 3


def write_query(page: Page, sql: str) -> None:
    """Replace the editor's text and run it, with keys only."""
    page.keyboard.press("Control+a")
    page.keyboard.type(sql)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")


def fill_answer(page: Page) -> None:
    """Give a complete answer, right or wrong."""
    page.get_by_label("The data, not the product").first.fill("0.6")
    page.get_by_label("A price change drives people away").fill("0.3")
    page.get_by_label("Plan", exact=True).first.select_option(index=1)
    page.get_by_label("Since when").fill("2025-03-10")
    for part, value in (("low", "50"), ("value", "120"), ("high", "400")):
        page.locator(f'[id="effect.{part}"]').fill(value)
    for part, value in (("low", "8000"), ("value", "9000"), ("high", "9500")):
        page.locator(f'[id="forecast.{part}"]').fill(value)
    page.get_by_label("Change nothing").check()
    page.get_by_label("What would make you take the decision back").fill(
        "If weekly churn is above five percent on the first of September."
    )
    page.get_by_label("What data are missing").fill("The reasons that people gave on leaving.")
    page.get_by_label(re.compile("^Memo to")).fill(MEMO)
    page.get_by_label("What total do you expect?").fill("35")


def test_with_the_keyboard(visit: Callable[..., Page]) -> None:
    """Start, query, chart, pin, buy an A/B test, submit, read the consequence."""
    page = visit("/")
    page.locator("#saas-churn-seed").fill("7")
    page.keyboard.press("Enter")
    editor = page.get_by_role("textbox", name="SQL query")
    expect(editor).to_be_visible(timeout=60_000)

    page.keyboard.press("Tab")  # the first stop is a skip link
    while "SQL editor" not in (page.locator(":focus").text_content() or ""):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    page.keyboard.type("select * from acc")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("accounts")
    page.wait_for_timeout(150)  # a list that has just opened does not take Enter yet
    page.keyboard.press("Enter")
    expect(editor).to_contain_text("select * from accounts")
    write_query(page, "select plan, count(*) as n from accounts group by plan order by plan")
    expect(page.locator("#result table")).to_be_visible()
    expect(page.locator("#live")).to_contain_text("2 columns")
    expect(editor).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()

    page.locator("#chart-mark").focus()
    page.keyboard.type("bar")
    page.get_by_role("button", name="Draw the chart").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chart svg")).to_be_visible()
    expect(page.locator("#chart figcaption")).not_to_be_empty()
    page.get_by_label("What this chart shows").focus()
    page.keyboard.type("Most accounts are on one plan.")
    page.keyboard.press("Enter")
    expect(page.locator(".pin h3")).to_have_text("Most accounts are on one plan.")
    expect(page.locator(".pin h3")).to_be_focused()

    buy_an_experiment(page)
    write_query(page, "select count(*) as n from ab_assignment")
    expect(page.locator("#result td").first).not_to_have_text("0")

    page.get_by_role("link", name="Answer").first.click()
    fill_answer(page)
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("heading", name="Ready to submit")).to_be_focused()
    page.get_by_role("button", name="Submit for good").click()
    read_the_consequence(page)


def buy_an_experiment(page: Page) -> None:
    """Ask for the price of an A/B test of two weeks, buy it, and see what is new."""
    before = page.locator("#facts").text_content()
    offer = page.locator(".offer").filter(has=page.locator("h3", has_text="A/B test"))
    offer.get_by_label("Weeks").fill("2")
    offer.get_by_role("button", name="Ask for the price").click()
    expect(page.locator(":focus")).to_contain_text("2 weeks")
    offer.get_by_role("button", name="Buy it").click()
    expect(page.get_by_role("heading", name="Bought so far")).to_be_focused(timeout=60_000)
    expect(page.locator("#facts")).not_to_have_text(before or "")
    expect(page.locator("#table-ab_assignment")).to_be_attached()
    page.locator(".cm-content").focus()


def read_the_consequence(page: Page) -> None:
    """The debrief tells score, truth and three futures, drawn and in words."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Debrief", timeout=60_000)
    expect(page.locator(".score")).to_have_text(re.compile(r"^\d+ of 100$"))
    expect(page.locator("#truth dd").first).not_to_be_empty()
    expect(page.locator("#consequence svg").first).to_be_visible()
    expect(page.locator("#consequence")).to_contain_text("Regret")
    expect(page.locator("#consequence figcaption").first).to_contain_text("Your decision")


def test_without_javascript(visit: Callable[..., Page]) -> None:
    """Plain forms and links do the same, up to the submission and the debrief."""
    page = visit("/", java_script_enabled=False)
    page.locator("#saas-churn-seed").fill("8")
    page.get_by_role("button", name="Start the case: Why do they leave?").click()
    sql = page.get_by_label("SQL query")
    expect(sql).to_be_visible(timeout=60_000)

    sql.fill("select plan, count(*) as n from accounts group by plan order by plan")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result td").first).to_be_visible()
    page.get_by_role("button", name="Draw the chart").click()
    expect(page.locator("#chart figcaption")).not_to_be_empty()
    page.get_by_label("What this chart shows").fill("Plans by size")
    page.get_by_role("button", name="Pin the chart").click()
    expect(page.locator(".pin h3")).to_have_text("Plans by size")

    offer = page.locator(".offer").filter(has=page.locator("h3", has_text="expert"))
    offer.get_by_role("button", name="Ask for the price").click()
    offer.get_by_role("button", name="Buy it").click()
    arrived = page.get_by_role("heading", name="Bought so far")
    for _ in range(60):
        if arrived.is_visible():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(arrived).to_be_visible()

    page.get_by_role("link", name="Answer").first.click()
    fill_answer(page)
    page.get_by_role("button", name="Check the format").click()
    expect(page.locator("#check-title")).to_be_visible()
    page.get_by_role("button", name="Review and submit").click()
    page.get_by_role("button", name="Submit for good").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Debrief", timeout=60_000)
    expect(page.locator("#consequence table").first).to_be_attached()
