"""The second opinion in the browser: by keyboard, polled while it runs, without barriers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import toy_room
from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.questions.bank import find_question
from toy_models import Asked, ModelServer, Said, everything_met, verdicts

from .conftest import Server, Watch
from .test_accessibility import Inspector

pytestmark = pytest.mark.browser

QUESTION = find_question("Q001")
STRONG = QUESTION.anchor("strong").text
QUOTE = "The thing I ship is the figure itself"
PATIENCE = 60.0


class Model:
    """A server on loopback that answers when it is let, at first honestly, then inventing."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.honest = True
        self.server = ModelServer("openai", [self.turn])

    def turn(self, asked: Asked) -> Said:
        """Wait, then judge."""
        self.let.wait(PATIENCE)
        if self.honest:
            return verdicts({QUESTION.gate.id: ("met", QUOTE)})(asked)
        return everything_met("I led forty engineers in Lisbon")(asked)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    """Give a language model on this machine."""
    made = Model()
    with closing(made.server):
        yield made


@pytest.fixture(scope="module")
def server(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give pages with that model configured."""
    settings = {"CASEROOM_MODEL_URL": model.server.address, "CASEROOM_MODEL_NAME": "toy-model"}
    models = ConfiguredModels(Path("no-such-folder"), settings)
    room = replace(toy_room.open_toy_room(tmp_path_factory.mktemp("data")), models=models)
    running = Server(room)
    yield running
    running.stop()
    room.close()


def answered(page: Page) -> None:
    """Hand in an answer to a fresh attempt."""
    page.goto("/questions/Q001")
    page.get_by_role("button", name="Answer it").click()
    page.get_by_label("Your answer, as").fill(STRONG)
    page.get_by_role("button", name="Hand in").click()
    expect(page.locator("#feedback-title")).to_contain_text("Level")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 320)])
def test_a_second_opinion_by_keyboard(
    visit: Callable[..., Page], model: Model, watch: Watch, theme: str, width: int
) -> None:
    """Asked for by Enter, shown when it is there without a reload; typing meanwhile is kept."""
    inspector = Inspector(watch)
    page = visit("/questions", color_scheme=theme, viewport={"width": width, "height": 900})
    model.let.clear()
    model.honest = True
    answered(page)
    inspector.check(page)
    sent = len(model.server.asked)
    page.get_by_role("button", name="Ask the language model").press("Enter")
    section = page.locator("#opinion")
    expect(section.get_by_role("progressbar")).to_be_visible()
    expect(section).to_contain_text(f"toy-model at {model.server.address} is being asked.")
    inspector.check(page)
    page.get_by_label("Your answer, as").fill("I would go on typing")
    with page.expect_response("**/judgment?part=answer") as polled:
        pass
    assert polled.value.ok
    model.let.set()
    expect(section).to_contain_text("A language model's verdict")
    expect(page.locator("#live")).to_have_text("The second opinion is there.")
    expect(page.get_by_label("Your answer, as")).to_have_value("I would go on typing")
    expect(section.locator("tbody tr")).to_have_count(len(QUESTION.points))
    assert len(model.server.asked) == sent + 3
    page.wait_for_timeout(2500)
    polls = [url for url in watch.requests if "/judgment?part=" in url]
    page.wait_for_timeout(2500)
    assert polls == [url for url in watch.requests if "/judgment?part=" in url]
    section.locator("summary").press("Enter")
    expect(section.locator("q").first).to_be_visible()
    expect(section.locator("q").first).to_contain_text(QUOTE)
    inspector.check(page)
    page.get_by_role("button", name="Finish").click()


def test_alarms_have_no_barriers(visit: Callable[..., Page], model: Model, watch: Watch) -> None:
    """A model that invents quotes is shown with what speaks against it."""
    inspector = Inspector(watch)
    page = visit("/questions")
    model.honest = False
    model.let.set()
    answered(page)
    page.get_by_role("button", name="Ask the language model").click()
    expect(page.locator("#opinion-alarms")).to_contain_text("Look at this before you believe")
    inspector.check(page)
    page.get_by_role("button", name="Finish").click()


def test_without_a_script_a_link_looks_again(
    visit: Callable[..., Page], server: Server, model: Model
) -> None:
    """With JavaScript off the page says that the model is being asked, and a link reloads it."""
    page = visit("/questions", java_script_enabled=False)
    model.let.clear()
    model.honest = True
    answered(page)
    page.get_by_role("button", name="Ask the language model").click()
    link = page.get_by_role("link", name="Look whether it has answered")
    link.click()
    expect(link).to_be_visible()
    model.let.set()
    attempt = page.url.partition("/attempts/")[2].partition("?")[0]
    server.room.errands.wait(f"judgment-{attempt}-answer", PATIENCE)
    link.click()

    expect(page.locator("#opinion")).to_contain_text("A language model's verdict")
    page.get_by_role("button", name="Finish").click()
