"""The second opinion on the page of an attempt: off, asked, running, done, hostile."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

import toy_room
from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.grading.judge.endpoint import ModelIdentity
from caseroom.questions.bank import find_question
from caseroom.service.app import Caseroom
from caseroom.service.model_ports import Models, NoModels
from caseroom.service.practice import finish_attempt, hand_in_part, regrade_attempt, start_attempt
from caseroom.service.second_opinion import opinions, wait_for_opinion
from caseroom.web.app import create_app
from page_reading import Element, Page
from toy_models import Asked, ModelServer, Said, Turn, everything_met, says, verdicts
from toy_room import HOSTILE

from .conftest import ADDRESS

QUESTION = find_question("Q001")
STRONG = QUESTION.anchor("strong").text
QUOTE = "The thing I ship is the figure itself"
HONEST = verdicts({QUESTION.gate.id: ("met", QUOTE)})
OTHER = ModelIdentity(name="another-toy", address="http://127.0.0.1:1/v1", kind="openai")
PATIENCE = 30.0


class Switch:
    """A configuration that a test can change while the pages run."""

    def __init__(self) -> None:
        self.now: Models = NoModels()
        self.status = lambda: self.now.status()
        self.open = lambda: self.now.open()


@dataclass
class Practice:
    """A person who looks at one attempt, and the model that may be configured."""

    room: Caseroom
    client: TestClient
    models: Switch
    id: str = ""

    def answer(self, words: str = STRONG) -> None:
        """Start over with this answer."""
        self.id = start_attempt(self.room, "Q001").card.id
        hand_in_part(self.room, self.id, "answer", words, seconds=60)

    def configure(self, address: str, **more: str) -> None:
        """Set address and name of a model."""
        settings = {"CASEROOM_MODEL_URL": address, "CASEROOM_MODEL_NAME": "toy-model"}
        self.models.now = ConfiguredModels(Path("no-such-folder"), settings | more)

    @property
    def place(self) -> str:
        """The address of the attempt."""
        return f"/attempts/{self.id}"

    def at(self, **query: str) -> Page:
        """Open the attempt."""
        return Page(self.client.get(self.place, params=query))

    def section(self, **query: str) -> Element:
        """Open the attempt and give the section."""
        return self.at(**query).by_id("opinion")

    def ask(self) -> Page:
        """Press the button."""
        return Page(self.at().form(f"{self.place}/judgment").send(self.client))

    def judged(self) -> Element:
        """Press the button, wait until the judgment ends, and look again."""
        self.ask()
        wait_for_opinion(self.room, self.id, "answer", PATIENCE)
        return self.section()

    def poll(self) -> str:
        """Ask how far it is, as htmx does."""
        headers = {"HX-Request": "true"}
        return self.client.get(
            f"{self.place}/judgment", params={"part": "answer"}, headers=headers
        ).text


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Caseroom, Switch]]:
    """Give a room whose model can be configured while it runs."""
    models = Switch()
    room = replace(toy_room.open_toy_room(tmp_path_factory.mktemp("data")), models=models)
    yield room, models
    room.close()


@pytest.fixture
def person(switched: tuple[Caseroom, Switch]) -> Iterator[Practice]:
    """Give a person with a strong answer, and no model."""
    room, models = switched
    models.now = NoModels()
    with TestClient(create_app(room, token=None), base_url=ADDRESS) as browser:
        someone = Practice(room, browser, models)
        someone.answer()
        yield someone
        finish_attempt(room, someone.id)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Give a server that judges honestly."""
    with closing(ModelServer("openai", [HONEST])) as started:
        yield started


def test_without_a_model_the_page_says_how(person: Practice) -> None:
    """One quiet sentence, no button; a form from elsewhere is refused with the same words."""
    section = person.section()
    token = person.at().form(f"{person.place}/finish").fields
    refused = Page(person.client.post(f"{person.place}/judgment", data=token))

    assert "No language model is configured" in section.text
    assert "docs/how-to/use-a-language-model.md" in section.text
    assert section.all("button") == []
    assert refused.status == 400
    assert "No language model is configured" in refused.text
    assert opinions(person.room, person.id) == ()


def test_before_feedback_there_is_no_section(person: Practice, server: ModelServer) -> None:
    """A drill without an answer has nothing to judge."""
    person.configure(server.address)
    finish_attempt(person.room, person.id)
    person.id = start_attempt(person.room, "Q001").card.id

    assert person.at().root.all(id="opinion") == []


def test_the_button_says_who_and_what(person: Practice, server: ModelServer) -> None:
    """Name, address, whether it is this machine and what is sent; looking sends nothing."""
    person.configure(server.address)
    section = person.section()

    for words in ("toy-model", server.address, "on this machine", "its rubric", "this answer"):
        assert words in section.text
    assert "Your answer leaves this machine" not in section.text
    assert [each.text for each in section.all("button")] == ["Ask the language model"]
    assert server.asked == []


def test_another_machine_is_named_as_one(person: Practice) -> None:
    """The page warns that the answer leaves this one."""
    person.configure("https://models.example/v1")

    assert "on another machine" in person.section().text
    assert "Your answer leaves this machine." in person.section().text


def test_settings_that_cannot_be_meant(person: Practice) -> None:
    """The page still opens, and says what is wrong with them."""
    person.configure("ftp://<b>nowhere</b>")
    section = person.section()

    assert "can't be used" in section.text
    assert "'ftp://<b>nowhere</b>' is no address of a model." in section.text
    assert section.all("button") == []


def test_a_form_of_another_site_is_refused(person: Practice, server: ModelServer) -> None:
    """Without the token nothing is asked, sent or kept."""
    person.configure(server.address)
    for data in ({}, {"csrf_token": "guessed"}):
        assert person.client.post(f"{person.place}/judgment", data=data).status_code == 403

    assert server.asked == []
    assert opinions(person.room, person.id) == ()


def test_a_running_judgment_is_polled(person: Practice) -> None:
    """The page answers at once; it polls with htmx, and has a link for those without a script."""
    opened = threading.Event()

    def slow(asked: Asked) -> Said:
        opened.wait(PATIENCE)
        return HONEST(asked)

    with closing(ModelServer("openai", [slow])) as server:
        person.configure(server.address)
        page = person.ask()
        section, part = page.by_id("opinion"), person.poll()
        opened.set()
        wait_for_opinion(person.room, person.id, "answer", PATIENCE)
        after = person.poll()

    assert page.address.removeprefix(ADDRESS) == f"{person.place}#opinion"
    assert f"toy-model at {server.address} is being asked." in section.text
    (poller,) = [each for each in section if each.get("hx-get")]
    assert poller.get("hx-get") == f"{person.place}/judgment?part=answer"
    assert len(section.all("progress")) == 1
    assert [link.get("href") for link in section.all("a")] == [f"{person.place}?part=answer"]
    assert section.all("button") == []
    assert 'hx-target="#opinion-state" hx-swap="innerMorph"' in part
    assert "is being asked" in part
    assert "The second opinion is there." not in part
    assert "hx-get" not in after
    assert "A language model&#39;s verdict" in after
    assert "The second opinion is there." in after


def test_a_judgment_shows_both_readings(person: Practice, server: ModelServer) -> None:
    """Who judged, at what cost, each point with both bands, runs, the quote and the reason."""
    person.configure(server.address, CASEROOM_MODEL_PRICE_IN="2", CASEROOM_MODEL_PRICE_OUT="10")
    section = person.judged()
    rows = section.all("tr")[1:]
    gate = [point.id for point in QUESTION.points].index(QUESTION.gate.id)

    assert f"Judged by a language model: toy-model at {server.address}." in section.text
    assert "A language model's verdict" in section.text
    assert "Cost: 0.0090" in section.text
    assert len(rows) == len(QUESTION.points)
    assert [cell.text for cell in rows[gate].all("td")][:2] == ["● Found", "3 of 3"]
    assert rows[gate].all("td")[2].text in ("● Found", "◐ Perhaps", "○ Not found")
    assert section.all("q")[0].text.startswith(QUOTE)
    assert f"The model says: About {QUESTION.gate.id}." in section.text
    assert "levels elsewhere in Caseroom stay the offline grader's" in section.text
    assert [each.text for each in section.all("button")] == ["Ask the language model again"]
    assert len(server.asked) == 3


def test_a_judgment_leaves_the_offline_feedback_alone(
    person: Practice, server: ModelServer
) -> None:
    """Level and points above it are those of before."""
    person.configure(server.address)
    before = person.at()
    person.judged()
    after = person.at()

    for part in ("feedback", "points", "reports"):
        assert after.by_id(part).text == before.by_id(part).text


def test_alarms_are_told_before_the_verdicts(person: Practice) -> None:
    """Credit without a quote is flagged with the point's number, and no invention is shown."""
    with closing(ModelServer("openai", [everything_met("I led forty in Lisbon")])) as server:
        person.configure(server.address)
        section = person.judged()
    (alarms,) = section.all(id="opinion-alarms")

    assert "Look at this before you believe the model" in alarms.text
    assert "Point 1: credit without a quote from the answer." in alarms.text
    assert len(alarms.all("li")) == len(QUESTION.points)
    assert "could not tell; the offline verdict stands" in section.text
    assert section.all("details") == []
    assert "Lisbon" not in section.text


@pytest.mark.parametrize(
    ("turn", "why"),
    [
        (says("no"), "malformed reply"),
        (says(hangs=True), "timed out"),
        (says(status=401), "no access"),
        (says(status=418, raw=HOSTILE.encode()), "request rejected"),
    ],
)
def test_a_failure_is_told(person: Practice, turn: Turn, why: str) -> None:
    """The offline verdict stands, with what went wrong; there is no table of verdicts."""
    with closing(ModelServer("openai", [turn])) as server:
        person.configure(server.address, CASEROOM_MODEL_TIMEOUT="0.2")
        section = person.judged()
    (failures,) = section.all(id="opinion-failures")

    assert "The offline verdict stands" in section.text
    assert why in section.text
    assert why in failures.text
    assert section.all("table") == []
    assert section.all("script") == []
    assert [each.text for each in section.all("button")] == ["Ask the language model again"]


def hostile(asked: Asked) -> Said:
    """Judge with markup in the reasons and in the model's own name."""
    markup = f"{HOSTILE}<img src=x onerror=alert(1)>{{{{7*7}}}} About "
    message = {"content": HONEST(asked).text.replace("About ", markup)}
    name = "<script>alert(2)</script>"
    return Said(raw=json.dumps({"model": name, "choices": [{"message": message}]}).encode())


def test_what_a_model_writes_is_text(person: Practice) -> None:
    """Markup in a reason, in the model's own name or in the answer never becomes markup."""
    finish_attempt(person.room, person.id)
    person.answer(f"{STRONG} {HOSTILE}")
    with closing(ModelServer("openai", [hostile])) as server:
        person.configure(server.address)
        section = person.judged()

    assert f"The model says: {HOSTILE}<img src=x onerror=alert(1)>" in section.text
    assert "{{7*7}}" in section.text
    assert "calls the model <script>alert(2)</script>." in section.text
    assert section.all("script") == []
    assert section.all("img") == []


def test_an_interrupted_judgment_is_told(person: Practice, server: ModelServer) -> None:
    """Who had been asked is named, and it can be asked for again."""
    person.configure(server.address)
    now = person.room.clock.now()
    person.room.store.add_judgment(person.id, report=1, asked=OTHER, at=now)
    section = person.section()

    assert "Interrupted." in section.text
    assert "another-toy at http://127.0.0.1:1/v1 was being asked" in section.text
    assert not [each for each in section if each.get("hx-get")]
    assert "A language model's verdict" in person.judged().text


def test_an_unreadable_judgment_is_told(person: Practice, server: ModelServer) -> None:
    """The page opens with a sentence instead of the details."""
    person.configure(server.address)
    person.judged()
    with person.room.store.write() as connection:  # type: ignore[attr-defined]
        connection.execute(
            text("UPDATE judgments SET body = '{\"judged\": 1}' WHERE attempt_id = :id"),
            {"id": person.id},
        )
    section = person.section()

    assert "Another version of Caseroom wrote this judgment" in section.text
    assert section.all("table") == []


def test_each_part_has_its_own_judgment(person: Practice, server: ModelServer) -> None:
    """After a follow-up the earlier judgment is found at its part, without a button there."""
    person.configure(server.address)
    person.judged()
    hand_in_part(person.room, person.id, "follow_up_1", "I asked finance.", seconds=5)
    newest, earlier = person.section(), person.section(part="answer")

    assert "this answer with its follow-ups" in newest.text
    assert newest.all("table") == []
    assert len(earlier.all("table")) == 1
    assert earlier.all("button") == []


def test_a_judgment_beside_an_earlier_report(person: Practice, server: ModelServer) -> None:
    """After grading again, the page says that the judgment is older than the report."""
    person.configure(server.address)
    assert "beside an earlier report" not in person.judged().text
    regrade_attempt(person.room, person.id)

    assert "beside an earlier report" in person.section().text


def test_polling_what_is_not_there(person: Practice) -> None:
    """An attempt that there is not is explained; one without an answer changes nothing."""
    assert person.client.get("/attempts/nope/judgment").status_code == 404
    finish_attempt(person.room, person.id)
    person.id = start_attempt(person.room, "Q001").card.id

    assert person.poll() == ""
