"""Interviews without JavaScript: settings, turns, pauses, a case inside, scorecard, files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from starlette.testclient import TestClient

import toy_kind
from caseroom.case.flat import flatten_fields
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.questions.bank import find_question
from caseroom.service.app import Bank, Caseroom
from caseroom.service.interviews import interview, scorecard, skip_turn
from caseroom.vocabulary.levels import Competency
from caseroom.web.app import create_app
from page_reading import Page
from set_clock import SetClock
from toy_interview import doubting

from .conftest import ADDRESS


@pytest.fixture(scope="module")
def clock() -> SetClock:
    """Give the clock of all tests here; it only goes forward."""
    return SetClock()


@pytest.fixture(scope="module")
def timed(room: Caseroom, clock: SetClock) -> Caseroom:
    """Give the application with that clock."""
    return replace(room, clock=clock)


@pytest.fixture(scope="module")
def client(timed: Caseroom) -> Iterator[TestClient]:
    """Give a browser without JavaScript at that application."""
    with TestClient(create_app(timed, token=None), base_url=ADDRESS) as browser:
        yield browser


@dataclass
class Candidate:
    """A person in one interview."""

    client: TestClient
    app: Caseroom
    address: str

    @property
    def id(self) -> str:
        """Give the interview's id."""
        return self.address.rpartition("/")[2]

    def at(self, path: str = "") -> Page:
        """Open a page of the interview."""
        return Page(self.client.get(self.address + path))

    def post(self, path: str, **fields: str) -> Any:
        """Post as a script would."""
        (token,) = Page(self.client.get("/about")).root.all("meta", name="csrf-token")
        data = fields | {"csrf_token": token.get("content")}
        return self.client.post(f"{self.address}{path}", data=data)

    def press(self, path: str, **fields: str) -> Page:
        """Send the form that goes there."""
        return Page(self.at().form(self.address + path).send(self.client, fields))

    def say(self, text: str) -> Page:
        """Answer what is asked."""
        return self.press("/answer", text=text, action="answer")

    def ready(self) -> Page:
        """Start the clock."""
        return self.press("/answer")

    def answer_well(self) -> Page:
        """Answer with the strong answer of the question that is asked."""
        question = interview(self.app, self.id).status.question
        return self.say(find_question(question).anchor("strong").text)


def begin(client: TestClient, app: Caseroom, **fields: str) -> Candidate:
    """Start an interview with some settings changed."""
    form = Page(client.get("/interviews/new")).form("/interviews")
    page = Page(form.send(client, {"preset": "screen", "seed": "5"} | fields))
    assert page.status == 200, page.text
    return Candidate(client, app, page.address.removeprefix(str(client.base_url)))


@pytest.fixture
def candidate(client: TestClient, timed: Caseroom) -> Candidate:
    """Give a person in a fresh screening talk."""
    return begin(client, timed)


def test_the_settings_are_explained(client: TestClient) -> None:
    """Ready-made interviews with minutes, own rounds, role, level, vertical, extra time, pauses."""
    page = Page(client.get("/interviews/new"))
    form = page.form("/interviews")

    assert "Full loop in 45 minutes 45 min" in page.text
    assert form.fields["preset"] == "loop-45"
    assert form.fields["pauses"] == "on"
    assert form.fields.keys() >= {"role", "level", "vertical", "extra_time", "minutes.screen"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"preset": "own"}, "No round has minutes."),
        ({"preset": "own", "minutes.screen": "3"}, "The screen round has 3 minutes"),
        ({"preset": "own", "minutes.craft": "ten"}, "'ten' is not a number of minutes"),
        ({"minutes.craft": "20"}, "minutes for rounds of your own, but a ready-made"),
        ({"preset": "nothing"}, "no ready-made interview 'nothing'"),
        ({"seed": "-4"}, "'-4' is not a seed"),
        ({"level": "wizard"}, "no level 'wizard'"),
        ({"extra_time": "7"}, "Extra time of 7"),
        ({"extra_time": "much"}, "'much' is not a factor"),
    ],
)
def test_settings_that_can_not_be_held(
    client: TestClient, fields: dict[str, str], words: str
) -> None:
    """The form comes back with the reason, and what was chosen stays."""
    form = Page(client.get("/interviews/new")).form("/interviews")
    page = Page(form.send(client, fields | {"role": "ml"}))

    assert page.status == 400
    assert words in page.text
    assert page.form("/interviews").fields["role"] == "ml"


def test_the_clock_starts_when_the_person_is_ready(candidate: Candidate, clock: SetClock) -> None:
    """The greeting waits; after "I am ready" the first question and the clocks are shown."""
    assert "Tell me when you are ready." in candidate.at().by_id("asked").text
    clock.move(minutes=9)
    page = candidate.ready()

    assert page.title == "Round 1 of 1: Screen"
    assert [e.text for e in page.root.all("dd")][-1] == "20:00"
    assert page.by_id("prompt").text
    clock.move(minutes=2)
    assert [e.text for e in candidate.at().root.all("dd")][-1] == "18:00"


def test_nothing_of_the_rubric_is_on_the_page(candidate: Candidate) -> None:
    """While the interview runs no point, practice, pitfall or model answer is shown."""
    candidate.ready()
    question = find_question(interview(candidate.app, candidate.id).status.question)
    text = candidate.say("I would first ask who decides what with it, and by when.").text

    assert question.follow_ups[0] in text
    assert f"The question was: {question.ask}" in text
    for line in (*question.best_practices, question.model_answer[:80]):
        assert line not in text
    assert not any(point.statement in text for point in question.points)


def test_a_draft_is_there_again(candidate: Candidate) -> None:
    """What was typed at a turn is in the form after a reload, with and without a script."""
    candidate.ready()
    turn = candidate.at().form(f"{candidate.address}/answer").fields["turn"]
    saved = candidate.post("/drafts", field=turn, text="Half of", version="0").json()
    assert (saved["version"], saved["conflict"]) == (1, False)
    page = candidate.press("/answer", text="Half of it", action="save")

    assert page.by_id("turn-text").text == "Half of it"
    other = candidate.post("/drafts", field=turn, text="Other", version="1").json()
    assert (other["text"], other["conflict"]) == ("Half of it", True)


def test_an_answer_to_a_turn_that_is_over(candidate: Candidate) -> None:
    """It is refused with the reason, and the text is shown to copy."""
    candidate.ready()
    stale = candidate.at().form(f"{candidate.address}/answer")
    candidate.answer_well()
    page = Page(stale.send(candidate.client, text="From the other window, at length."))

    assert page.status == 400
    assert "The interviewer has gone on" in page.by_id("refused").text
    assert "From the other window, at length." in page.by_id("refused").text
    assert page.by_id("turn-text").text == ""


def test_pausing_stops_all_clocks(candidate: Candidate, clock: SetClock) -> None:
    """While paused nothing can be answered and no time passes."""
    candidate.ready()
    clock.move(minutes=1)
    page = candidate.press("/pause")
    assert "The clocks stand still." in page.text
    assert not page.root.all(id="turn-text")
    clock.move(hours=20)

    assert [e.text for e in candidate.press("/resume").root.all("dd")][-1] == "19:00"


def test_an_interview_without_pauses(client: TestClient, timed: Caseroom) -> None:
    """No button is offered, and a forged post is refused with words."""
    candidate = begin(client, timed, pauses="")
    candidate.ready()

    assert "Pause" not in [button.text for button in candidate.at().root.all("button")]
    assert "without pauses" in Page(candidate.post("/pause")).text


def test_skipping_goes_on(candidate: Candidate) -> None:
    """A skipped question is left in peace."""
    candidate.ready()
    before = candidate.at().by_id("prompt").text
    form = candidate.at().form(f"{candidate.address}/answer")
    page = Page(candidate.client.post(f"{candidate.address}/skip", data=form.fields))

    assert "No problem, we leave that one." in page.by_id("asked").text
    assert page.by_id("prompt").text != before


def test_the_page_asks_the_server_for_the_time(candidate: Candidate, clock: SetClock) -> None:
    """A look gives turn, seconds left and the interviewer's reminder; when time is up it moves."""
    candidate.ready()
    minutes = find_question(interview(candidate.app, candidate.id).status.question).minutes
    first = candidate.post("/tick").json()
    clock.move(minutes=minutes)
    second = candidate.post("/tick").json()
    assert second["turn"] == first["turn"]
    assert "Please bring your thought to an end." in second["nudge"]
    assert second["left"]["turn"] == 0

    candidate.post("/drafts", field=str(first["turn"]), text="What I had so far.", version="0")
    clock.move(minutes=minutes)
    third = candidate.post("/tick").json()
    assert third["turn"] > first["turn"]
    assert "What I had so far." in candidate.at().by_id("transcript").text


def test_a_whole_talk_ends_in_a_scorecard(candidate: Candidate, clock: SetClock) -> None:
    """Verdict with interval, dimensions by profile, what would change it, questions with retry."""
    running = candidate.at("/scorecard")
    assert running.address.endswith(candidate.address)
    candidate.ready()
    questions = hold(candidate, clock)
    page = candidate.at("/scorecard")

    assert "Verdict:" in page.by_id("verdict-title").text
    assert "Indicative only" in page.text
    assert "does not predict whether an employer would hire you" in page.text
    heads = [head.text for head in page.by_id("dimensions").all("th", scope="col")]
    assert heads[4:8] == ["Hiring manager", "Data partner", "Business stakeholder", "Bar raiser"]
    assert "Computed by scoring the same interview again" in page.text
    assert [a.get("id") for a in page.root.all("article")] == [f"question-{q}" for q in questions]
    assert "Transcript" in page.text


def hold(candidate: Candidate, clock: SetClock) -> list[str]:
    """Answer until it is over; give the questions that were asked."""
    asked: list[str] = []
    for _ in range(60):
        status = interview(candidate.app, candidate.id).status
        if status.phase == "closed":
            break
        if status.question and status.question not in asked:
            asked.append(status.question)
        clock.move(seconds=50)
        candidate.answer_well() if status.question else candidate.say("No, thank you.")
    return asked


def test_a_question_can_be_retried(candidate: Candidate, clock: SetClock) -> None:
    """The retry is an attempt of practice that leads back; other questions are refused."""
    candidate.ready()
    hold(candidate, clock)
    attempt = candidate_retry(candidate)
    place = attempt.address.removeprefix(str(candidate.client.base_url))
    finished = Page(attempt.form(f"{place}/finish").send(candidate.client))

    back = [link.get("href") for link in finished.root.all("a")]
    assert f"{candidate.address}/scorecard" in back
    assert place in [link.get("href") for link in candidate.at("/scorecard").root.all("a")]
    assert Page(candidate.post("/retry", question="Q124")).status == 404


def candidate_retry(candidate: Candidate) -> Page:
    """Press the first retry button of the scorecard."""
    form = candidate.at("/scorecard").form(f"{candidate.address}/retry")
    return Page(form.send(candidate.client))


@pytest.mark.parametrize(("kind", "begins"), [("md", b"#"), ("html", b"<!"), ("json", b"{")])
def test_the_transcript_can_be_taken_away(candidate: Candidate, kind: str, begins: bytes) -> None:
    """Markdown, HTML and JSON come as files with a name, also while it runs."""
    candidate.ready()
    candidate.answer_well()
    answer = candidate.client.get(f"{candidate.address}/export/{kind}")

    assert f"interview-{candidate.id}.{kind}" in answer.headers["content-disposition"]
    assert answer.content.lower().startswith(begins)
    assert candidate.client.get(f"{candidate.address}/export/pdf").status_code == 400


def test_ending_early(candidate: Candidate) -> None:
    """Nothing said gives a page that says so; the list shows how it ended."""
    candidate.ready()
    page = candidate.press("/end")
    assert "The interview is over" in page.text

    empty = candidate.at("/scorecard")
    assert "There is nothing to score." in empty.text
    assert "Ended early" in Page(candidate.client.get("/interviews")).text


def test_the_history_shows_a_trend(client: TestClient, timed: Caseroom, clock: SetClock) -> None:
    """From two scored interviews on there is a chart with its table and sentence."""
    for _ in range(2):
        candidate = begin(client, timed, preset="own", **{"minutes.screen": "5"})
        candidate.ready()
        hold(candidate, clock)
    page = Page(client.get("/interviews"))
    (chart,) = page.root.all("chart-view")

    assert json.loads(chart.get("spec"))["layer"]
    assert page.root.all("figcaption")[0].text
    assert len(page.root.all("figure")[0].all("tr")) >= 3


def test_a_case_inside(client: TestClient, timed: Caseroom, clock: SetClock) -> None:
    """The case opens from the interview, shows its clock, and its result ends the round."""
    rounds = {"minutes.tech": "20", "minutes.screen": "5"}
    candidate = begin(client, timed, preset="own", with_case="yes", **rounds)
    candidate.ready()
    while interview(timed, candidate.id).status.phase != "case":
        clock.move(seconds=50)
        candidate.answer_well()
    assert "Open the case room" in candidate.at().text
    given = interview(timed, candidate.id).status.case
    assert given is not None
    clock.move(minutes=5)  # building costs no time
    candidate.press("/case")
    view = interview(timed, candidate.id)
    assert view.case is not None
    case = view.case.case_id
    timed.builds.wait(case, 30)

    room = Page(client.get(f"/case/{case}"))
    assert "This case is a part of your interview." in room.text
    assert room.root.all("span", data_clock="turn")[0].get("data-left") == str(given.seconds)
    clock.move(minutes=3)
    answer = Page(client.get(f"/case/{case}/submit"))
    left = answer.root.all("span", data_clock="turn")[0].get("data-left")
    assert left == str(given.seconds - 180)
    toy = toy_kind.draw(toy_kind.spec(seed=given.seed))
    fields = flatten_fields(toy_kind.FORM, toy_kind.perfect(toy))
    done = Page(answer.form(f"/case/{case}/submit").send(client, fields, action="submit"))
    assert "/debrief" in done.address
    assert "which waits for you" in done.text

    after = candidate.at()
    assert "Your questions" in after.title or "Closing" in after.title
    candidate.press("/end")
    card = candidate.at("/scorecard")
    assert "Read its debrief" in card.text
    over = Page(client.get(f"/case/{case}/debrief"))
    assert "To the scorecard" in over.text


def test_a_pause_locks_the_case(client: TestClient, timed: Caseroom, clock: SetClock) -> None:
    """Room and form say so and offer to go on; a query is refused with the way back, and kept."""
    candidate = begin(client, timed, preset="own", with_case="yes", **{"minutes.tech": "30"})
    candidate.ready()
    while interview(timed, candidate.id).status.phase != "case":
        candidate.answer_well()
    candidate.press("/case")
    view = interview(timed, candidate.id)
    assert view.case is not None
    case = f"/case/{view.case.case_id}"
    timed.builds.wait(view.case.case_id, 30)
    candidate.at()
    candidate.press("/pause")

    room, form = Page(client.get(case)), Page(client.get(f"{case}/submit"))
    for page in (room, form):
        assert "Your interview is paused, and this case with it." in page.text
    refused = Page(room.form(f"{case}/query").send(client, {"sql": "SELECT 42 AS n"}))
    assert refused.status == 400
    assert "is paused" in refused.text
    assert candidate.address in [a.get("href") for a in refused.root.all("a")]
    assert "SELECT 42 AS n" in Page(client.get(case)).text
    fields = flatten_fields(toy_kind.FORM, toy_kind.perfect(toy_kind.draw(toy_kind.spec(seed=1))))
    late = Page(form.form(f"{case}/submit").send(client, fields, action="submit"))
    assert "is paused" in late.text
    assert "/debrief" not in late.address

    clock.move(minutes=10)
    back = Page(Page(client.get(case)).form(f"{candidate.address}/resume").send(client))
    assert back.address.endswith(case)
    assert "left for it" in back.text
    assert "42" in Page(back.form(f"{case}/query").send(client, {"sql": "SELECT 42 AS n"})).text


def test_going_on_leads_to_pages_of_cases_only(client: TestClient, candidate: Candidate) -> None:
    """A form can't send anybody elsewhere."""
    candidate.ready()
    for back in ("https://example.org/", "//example.org", "/case/x/delete", "/case/../about"):
        candidate.press("/pause")
        assert Page(candidate.post("/resume", back=back)).address.endswith(candidate.address)


def test_a_case_that_comes_late(client: TestClient, timed: Caseroom, clock: SetClock) -> None:
    """When its time is up the interviewer goes on; the room says so and the case still counts."""
    candidate = begin(client, timed, preset="own", with_case="yes", **{"minutes.tech": "15"})
    candidate.ready()
    while interview(timed, candidate.id).status.phase != "case":
        clock.move(seconds=50)
        candidate.answer_well()
    candidate.press("/case")
    view = interview(timed, candidate.id)
    assert view.case is not None
    timed.builds.wait(view.case.case_id, 30)
    Page(client.get(f"/case/{view.case.case_id}"))
    clock.move(minutes=16)

    room = Page(client.get(f"/case/{view.case.case_id}"))
    assert "over" in room.text or "waits for you" in room.text
    assert candidate.at().title != "Round 1 of 1: Tech"


VETOED = {Competency.QUALITY, Competency.GOVERNANCE}


def asked(app: Caseroom, candidate: Candidate) -> str:
    """Give the question that is asked now."""
    return interview(app, candidate.id).status.question


def test_a_possible_veto_is_shown(client: TestClient, timed: Caseroom) -> None:
    """With its reason, a way to the answer, and what it means for the verdict."""
    unsure = replace(timed, bank=Bank(grade=doubting))
    with TestClient(create_app(unsure, token=None), base_url=ADDRESS) as browser:
        candidate = begin(browser, unsure, preset="tech", with_case="no")
        candidate.ready()
        while not VETOED & set(find_question(asked(unsure, candidate)).competencies):
            skip_turn(unsure, candidate.id, interview(unsure, candidate.id).turn)
        candidate.answer_well()
        candidate.press("/end")
        card = candidate.at("/scorecard")

    (doubt,) = scorecard(unsure, candidate.id).scorecard.doubts
    assert "Possible veto" in card.text
    assert doubt.why in card.text
    assert IN_DOUBT in card.text
    assert card.by_id(f"question-{doubt.question}") is not None


def test_a_stakeholder_is_met_by_name(client: TestClient, timed: Caseroom) -> None:
    """The persona speaks under their own name; the scorecard tells how trust moved."""
    candidate = begin(client, timed, preset="stakeholder")
    page = candidate.ready()
    speaker = interview(timed, candidate.id).status.speaker
    assert speaker in page.by_id("asked").text

    while interview(timed, candidate.id).status.phase != "closed":
        candidate.say("I guarantee that there is no risk at all; it works one hundred percent.")
    card = candidate.at("/scorecard")
    assert "Trust at the end" in card.text
    assert speaker.partition(",")[0] in card.text


@pytest.mark.parametrize("path", ["", "/scorecard", "/export/md"])
def test_made_up_interviews_are_explained(client: TestClient, path: str) -> None:
    """An interview that there is not gives words."""
    assert Page(client.get(f"/interviews/nope{path}")).status == 404
