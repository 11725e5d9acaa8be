"""A drill in the browser: search, open, answer by keyboard, feedback, follow-ups, contest."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from caseroom.questions.bank import find_question

from .conftest import Server

pytestmark = pytest.mark.browser

QUESTION = find_question("Q016")
ANSWER = "Your answer, as you would say it"
SPEECH = """
window.SpeechRecognition = window.webkitSpeechRecognition = class extends EventTarget {
  start() { window.dictation = this; }
  stop() { this.dispatchEvent(new Event("end")); }
  say(text) {
    const event = new Event("result");
    event.resultIndex = 0;
    event.results = [Object.assign([{ transcript: text }], { isFinal: true })];
    this.dispatchEvent(event);
  }
};
"""


def begin(page: Page, question: str = QUESTION.id) -> None:
    """Start a fresh attempt; what another test left open is finished first."""
    page.goto(f"/questions/{question}")
    page.get_by_role("button", name=re.compile("Answer it|Go on with your answer")).click()
    if page.locator("#feedback").count():
        page.get_by_role("button", name=re.compile("^Finish")).click()
        page.get_by_role("button", name="Answer it again").click()
    elif page.get_by_label(ANSWER).input_value():
        page.get_by_role("button", name=re.compile("^Give up")).click()
        page.get_by_role("button", name="Answer it again").click()
    expect(page.get_by_label(ANSWER)).to_have_value("")


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("[data-draft-status]")).to_have_text("Saved")


def test_a_whole_drill_by_keyboard(visit: Callable[..., Page], server: Server) -> None:
    """From the search box to the second follow-up without a mouse."""
    page = visit("/questions")
    page.get_by_label("Words in the question").focus()
    page.keyboard.type("churn fooling")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?text=churn\+fooling$"))
    expect(page.locator("#live")).to_have_text("1 question found.")
    expect(page.get_by_label("Words in the question")).to_be_focused()
    page.get_by_role("link", name=QUESTION.title).press("Enter")
    page.get_by_role("button", name="Answer it").press("Enter")
    expect(page.locator("#turn-question")).to_have_text(QUESTION.ask)
    assert QUESTION.points[0].statement not in page.content()

    page.get_by_label(ANSWER).focus()
    page.keyboard.insert_text(QUESTION.anchor("middling").text)
    words = len(QUESTION.anchor("middling").text.split())
    expect(page.locator("output[data-words-for]")).to_have_text(str(words))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hand in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#feedback-title")).to_contain_text("Level")
    expect(page.locator("#words mark").first).to_be_visible()
    assert page.locator("#points article").count() == len(QUESTION.points)

    contest(page)
    page.get_by_role("link", name="The interviewer asks on").press("Enter")
    expect(page.locator("#turn-question")).to_have_text(QUESTION.follow_ups[0])
    page.get_by_label(ANSWER).fill(QUESTION.anchor("strong").text)
    page.get_by_role("button", name="Hand in").press("Enter")
    expect(page.locator("#steps tbody tr")).to_have_count(2)
    expect(page.locator("#turn-question")).to_have_text(QUESTION.follow_ups[1])
    page.get_by_role("button", name="Finish without the second follow-up").press("Enter")
    expect(page.get_by_role("button", name="Answer it again")).to_be_visible()


def contest(page: Page) -> None:
    """Say by keyboard that the first point is seen differently."""
    point = page.locator("#points article").first
    point.locator("summary").focus()
    page.keyboard.press("Enter")
    point.get_by_label("The right verdict is").select_option("perhaps")
    point.get_by_label("Because").fill("The second sentence comes near it.")
    point.get_by_role("button", name="Keep my verdict").press("Enter")
    expect(point.locator(".note")).to_contain_text("You see it differently")
    expect(point.locator(".note")).to_be_focused()
    expect(page.locator("#live")).to_have_text("Kept beside the machine's verdict.")


def test_typing_survives_a_reload(visit: Callable[..., Page], server: Server) -> None:
    """Text and time are there again, the last keystroke and a paused clock too."""
    page = visit("/questions")
    begin(page)
    page.clock.install()
    page.reload()
    page.clock.run_for(65_000)
    page.get_by_label(ANSWER).fill("I start with the definition")
    page.clock.run_for(2_000)
    saved(page)
    page.get_by_label(ANSWER).fill("I start with the definition of churn")
    page.get_by_role("button", name="Pause").click()
    page.reload()

    expect(page.get_by_label(ANSWER)).to_have_value("I start with the definition of churn")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^1:0\d / 4:00$"))
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_the_server_keeps_time_and_text(visit: Callable[..., Page], server: Server) -> None:
    """Another browser finds the draft and the seconds of the last save."""
    page = visit("/questions")
    begin(page)
    page.clock.install()
    page.reload()
    page.clock.run_for(90_000)
    page.get_by_label(ANSWER).fill("Typed on the train")
    page.clock.run_for(2_000)
    saved(page)
    elsewhere = visit(page.url.removeprefix(server.address))

    expect(elsewhere.get_by_label(ANSWER)).to_have_value("Typed on the train")
    expect(elsewhere.get_by_role("timer")).to_have_text(re.compile(r"^1:3\d / 4:00$"))


def test_when_the_time_is_up_nothing_is_cut_off(visit: Callable[..., Page], server: Server) -> None:
    """The clock says so once, in words, and goes on."""
    page = visit("/questions")
    begin(page)
    page.clock.install()
    page.reload()
    page.clock.run_for((QUESTION.minutes * 60 + 2) * 1000)

    expect(page.locator("#live")).to_contain_text("The time for this answer is up.")
    expect(page.get_by_role("timer")).to_have_class(re.compile("off-range"))
    expect(page.get_by_label(ANSWER)).to_be_editable()


def test_two_tabs_meet_at_an_answer(visit: Callable[..., Page], server: Server) -> None:
    """The second tab sees both texts and chooses."""
    first = visit("/questions")
    begin(first)
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_label(ANSWER).fill("From the first tab")
    saved(first)
    second.get_by_label(ANSWER).fill("From the second tab")
    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("From the first tab")
    conflict.get_by_role("button", name="Use the other tab's text").click()

    expect(second.get_by_label(ANSWER)).to_have_value("From the first tab")


def test_dictation_is_off_until_pressed(visit: Callable[..., Page], server: Server) -> None:
    """What is said appears at the end of the text and is saved like typing."""
    page = visit("/questions")
    page.add_init_script(SPEECH)
    begin(page)
    button = page.get_by_role("button", name="Dictate")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("dictate-button")).to_contain_text("may send the sound to its maker")
    assert page.evaluate("window.dictation === undefined")

    page.get_by_label(ANSWER).fill("First I typed.")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.dictation.say('Then I spoke.')")
    button.click()
    expect(page.get_by_label(ANSWER)).to_have_value("First I typed. Then I spoke.")
    expect(button).to_have_attribute("aria-pressed", "false")
    saved(page)


def test_without_speech_there_is_no_button(visit: Callable[..., Page], server: Server) -> None:
    """Where the browser offers no recognition, nothing is shown that does not work."""
    page = visit("/questions")
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
    begin(page)

    expect(page.locator("dictate-button")).to_be_hidden()
