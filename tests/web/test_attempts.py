"""An attempt without JavaScript: answer, feedback, follow-ups, contest, retry."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from starlette.testclient import TestClient

from caseroom.grading.text.report import GRADER
from caseroom.questions.bank import find_question, load_bank
from caseroom.questions.model import Band, Round
from caseroom.web.attempt_parts import level_words
from page_reading import Element, Page
from toy_interview import grader

QUESTION = find_question("Q020")
STORY = next(q for q in load_bank() if q.round is Round.BEHAVIORAL)


@dataclass
class Drill:
    """A person at one attempt."""

    client: TestClient
    address: str

    def at(self, **query: str) -> Page:
        """Open the attempt."""
        return Page(self.client.get(self.address, params=query))

    def hand_in(self, text: str, page: Page | None = None, **fields: str) -> Page:
        """Send the answer form."""
        form = (page or self.at()).form(f"{self.address}/hand-in")
        return Page(form.send(self.client, {"text": text, "action": "hand-in"} | fields))

    def post(self, path: str, **fields: str) -> object:
        """Post as a script would."""
        (token,) = self.at().root.all("meta", name="csrf-token")
        data = fields | {"csrf_token": token.get("content")}
        return self.client.post(f"{self.address}{path}", data=data)


def begin(client: TestClient, question: str = QUESTION.id, mode: str = "drill") -> Drill:
    """Start a fresh attempt."""
    place = f"/questions/{question}"
    form = Page(client.get(place)).form(f"{place}/attempts", holding={"mode": mode})
    attempt = Page(form.send(client)).address.removeprefix(str(client.base_url))
    drill = Drill(client, attempt)
    page = drill.at()
    if page.root.all(id="feedback") or page.by_id("turn-text").text:  # left by another test
        page.form(f"{attempt}/finish").send(client)
        return begin(client, question, mode)
    return drill


@pytest.fixture
def drill(client: TestClient) -> Drill:
    """Give a fresh attempt at a question."""
    return begin(client)


def test_a_report_says_how_it_was_made(drill: Drill) -> None:
    """Grader and content by name, what was not looked at, and the way to the page on grading."""
    page = drill.hand_in(strong())

    assert f"grader {GRADER}" in page.text
    for words in ("How this was made:", "whether your facts are true", "your numbers are right"):
        assert words in page.text
    about = Page(drill.client.get("/about"))
    assert "/about#answers" in [a.get("href") for a in page.root.all("a")]
    assert "How answers are graded" in about.by_id("answers").text


def strong(question: str = QUESTION.id) -> str:
    """Give the strong anchor answer."""
    return find_question(question).anchor("strong").text


def point(page: Page, number: int) -> Element:
    """Give the article of a point."""
    return page.by_id(f"point-{QUESTION.points[number].id}")


def test_a_drill_hides_the_rubric(drill: Drill) -> None:
    """Before an answer only the question is shown; in study mode the rubric stands beside it."""
    text = drill.at().text
    beside = begin(drill.client, mode="study").at().text

    assert QUESTION.ask in text
    assert not any(each.statement in text for each in QUESTION.points)
    assert not any(line in text for line in (*QUESTION.best_practices, *QUESTION.follow_ups))
    assert all(each.statement in beside for each in QUESTION.points)


def test_feedback_says_where_and_why(drill: Drill) -> None:
    """Bands and level in words, how they were made, what was not looked at, and each point."""
    page = drill.hand_in(QUESTION.anchor("middling").text)
    overview = page.by_id("points").all("ul")[0].all("li")

    assert "of 6 points" in page.by_id("feedback").text
    assert "Level" in page.by_id("feedback-title").text
    assert "text-2" in page.by_id("feedback").text
    assert "whether your facts are true" in page.text
    assert len(overview) == len(QUESTION.points)
    for number, each in enumerate(QUESTION.points):
        shown = point(page, number)
        assert each.statement in shown.text
        assert "confidence" in shown.text
        assert any(word in shown.text for word in ("● Found", "◐ Perhaps", "○ Not found"))
        if "● Found" not in shown.text:
            assert "Rewrite." in shown.text


def test_marks_do_not_change_the_answer(drill: Drill) -> None:
    """The marked text, without the point numbers, is what was typed, markup of others included."""
    typed = f"<b>{strong()}</b>\r\n\r\nAnd <script>alert(1)</script> so on."
    page = drill.hand_in(typed)
    (shown,) = page.by_id("words").all("p", class_="answer-text")
    kept = "".join(_words(shown))

    assert shown.all("mark")
    assert kept == typed.replace("\r\n", "\n")
    targets = {link.get("href") for link in shown.all("a")}
    assert all(page.root.all(id=target.removeprefix("#")) for target in targets)


def _words(element: Element) -> list[str]:
    found: list[str] = []
    for child in element.inside:
        if isinstance(child, str):
            found.append(child)
        elif child.tag != "a":
            found += _words(child)
    return found


def test_points_lead_to_their_words_and_back(drill: Drill) -> None:
    """Every quote links to its mark, and the mark's number to the point."""
    page = drill.hand_in(strong())
    quoted = [a.get("href") for a in page.by_id("points").all("a") if "Rests on" in a.text]

    assert len(quoted) >= 4
    assert all(page.root.all(id=href.removeprefix("#")) for href in quoted)


def test_a_weak_answer_is_not_praised(drill: Drill) -> None:
    """An answer of the weak anchor lies below one of the strong anchor."""
    weak = drill.hand_in(QUESTION.anchor("weak").text).by_id("feedback-title").text
    better = begin(drill.client).hand_in(strong()).by_id("feedback-title").text

    assert int(weak.split()[1]) < int(better.split()[1])


@pytest.mark.parametrize("text", ["", "   \n "])
def test_an_empty_answer_is_refused(drill: Drill, text: str) -> None:
    """Nothing is graded; the page says what to do, and the form is still there."""
    page = drill.hand_in(text)

    assert page.status == 400
    assert "is empty" in page.by_id("refused").text
    assert page.root.all(id="turn")
    assert not page.root.all(id="feedback")


def test_gibberish_is_withheld_with_the_reason(drill: Drill) -> None:
    """A withheld answer says why nothing was credited."""
    page = drill.hand_in("qwrtzp lkjhgf mnbvcx " * 20)

    assert "Nothing was credited." in page.text
    assert "Level 1 of 5" in page.text


def test_a_text_that_is_too_long_is_kept_in_the_form(drill: Drill) -> None:
    """The refusal names the limit, and the typed text is not lost."""
    typed = "word " * 5000
    page = drill.hand_in(typed)

    assert page.status == 400
    assert "20,000 characters" in page.text
    assert page.by_id("turn-text").text.startswith("word word")


def test_a_part_is_handed_in_once(drill: Drill) -> None:
    """A second tab with another text is refused, and shows that text to copy."""
    stale = drill.at()
    drill.hand_in(strong())
    page = drill.hand_in("Another answer from the tab that was still open.", stale)

    assert page.status == 400
    assert "Another answer from the tab" in page.by_id("refused").text
    assert page.root.all(id="feedback")


def test_saving_without_a_script(drill: Drill) -> None:
    """The save button keeps text and seconds; the page then shows both."""
    page = drill.hand_in("Half an ans", action="save", seconds="75")

    assert page.by_id("turn-text").text == "Half an ans"
    assert page.by_id("turn-seconds").get("value") == "75"
    assert not page.root.all(id="feedback")


def test_drafts_meet_in_two_tabs(drill: Drill) -> None:
    """The draft address saves on top of a version; the second tab learns of the first one."""
    fields = {"field": "answer", "version": "0", "seconds": "12"}
    first = drill.post("/drafts", text="From one tab", **fields).json()  # type: ignore[attr-defined]
    second = drill.post("/drafts", text="From another", **fields).json()  # type: ignore[attr-defined]

    assert (first["version"], first["conflict"]) == (1, False)
    assert (second["text"], second["conflict"]) == ("From one tab", True)
    assert drill.at().by_id("turn-text").text == "From one tab"


@pytest.mark.parametrize(
    "fields",
    [
        {"field": "answer", "version": "x", "seconds": "1"},
        {"field": "answer", "version": "0", "seconds": "-1"},
        {"field": "nothing", "version": "0", "seconds": "1"},
        {"field": "answer", "version": "0", "seconds": "9999999999"},
    ],
)
def test_bad_drafts_are_refused(drill: Drill, fields: dict[str, str]) -> None:
    """A made-up part, version or time is refused with words."""
    answer = drill.post("/drafts", text="x", **fields)

    assert answer.status_code == 400  # type: ignore[attr-defined]


def test_follow_ups_come_one_after_the_other(drill: Drill) -> None:
    """Each follow-up is asked after the one before; the table shows before and after."""
    first = drill.hand_in(QUESTION.anchor("middling").text)
    assert QUESTION.follow_ups[0] in first.by_id("turn-question").text
    assert not first.root.all(id="steps")

    second = drill.hand_in(strong())
    assert QUESTION.follow_ups[1] in second.by_id("turn-question").text
    rows = second.by_id("steps").all("tr")[1:]
    assert [row.all("th")[0].text for row in rows] == ["Your answer", "First follow-up"]
    assert "→ found" in rows[1].text

    done = drill.hand_in("We would get one alarm in two months at that setting.")
    assert not done.root.all(id="turn")
    assert len(done.by_id("steps").all("tr")) == 4
    earlier = drill.at(part="answer")
    assert "This is the verdict after: your answer." in earlier.text
    assert done.by_id("reports").all("tr")[1].text.startswith("3 (shown)")


def test_the_time_of_all_parts_is_kept(drill: Drill) -> None:
    """Seconds that the form sends are stored with the part."""
    drill.hand_in(strong(), seconds="95")

    assert "1:35" in Page(drill.client.get("/attempts")).text


def test_a_contest_stands_beside_the_verdict(drill: Drill) -> None:
    """The person's band and reason are shown; the machine's band and the level stay."""
    before = drill.hand_in(QUESTION.anchor("middling").text)
    form = before.form(f"{drill.address}/contest", holding={"point": QUESTION.points[5].id})
    after = Page(form.send(drill.client, band="found", reason="I <i>said</i> who hears first."))

    assert "You see it differently" in point(after, 5).text
    assert "I <i>said</i> who hears first." in point(after, 5).text
    assert "beside the machine's" in point(after, 5).text
    assert after.by_id("feedback-title").text == before.by_id("feedback-title").text


def test_a_contest_stays_in_sight_after_follow_ups(drill: Drill) -> None:
    """What was said against an earlier report stands beside the verdict of the next."""
    before = drill.hand_in(QUESTION.anchor("middling").text)
    form = before.form(f"{drill.address}/contest", holding={"point": QUESTION.points[5].id})
    form.send(drill.client, band="found", reason="The second sentence says it.")
    after = drill.hand_in("I would count twenty of them by hand, and tell finance first.")

    assert "You saw it differently before" in point(after, 5).text
    assert "The second sentence says it." in point(after, 5).text
    assert "You saw it differently" not in point(after, 0).text


def test_the_verdict_says_what_its_level_means() -> None:
    """In the words of this answer: level 2 with the gate point is another than without it."""
    report = grader(QUESTION, strong())
    without = tuple(replace(p, band=Band.NOT_FOUND) if p.gate else p for p in report.points)

    assert level_words(replace(report, level=2)) == "some points"
    assert level_words(replace(report, level=2, points=without)) == "the gate point is missing"
    assert level_words(replace(report, level=5)) == "nearly everything"


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "  "},
        {"reason": "why", "band": "certainly"},
        {"reason": "why", "point": "p99"},
        {"reason": "why", "report": "999"},
    ],
)
def test_a_contest_needs_a_reason_and_a_point(drill: Drill, fields: dict[str, str]) -> None:
    """What can't be kept is refused with words."""
    page = drill.hand_in(strong())
    refused = Page(page.form(f"{drill.address}/contest").send(drill.client, fields))

    assert refused.status in (400, 404)
    assert "Next:" in refused.text


def test_a_contest_by_script_changes_only_its_point(drill: Drill) -> None:
    """htmx gets that point again, and a sentence to read out."""
    form = drill.hand_in(strong()).form(f"{drill.address}/contest")
    data = form.fields | {"reason": "Look again.", "band": "perhaps"}
    answer = drill.client.post(form.action, data=data, headers={"HX-Request": "true"})

    assert f'hx-target="#point-{QUESTION.points[0].id}"' in answer.text
    assert "Look again." in answer.text
    assert answer.text.count("<hx-partial") == 2


def test_giving_up_shows_the_rubric(drill: Drill) -> None:
    """Who finishes without an answer sees the rubric, and the attempt is over."""
    page = Page(drill.at().form(f"{drill.address}/finish").send(drill.client))

    assert all(each.statement in page.text for each in QUESTION.points)
    assert not page.root.all(id="turn")
    assert "Answer it again" in page.text


def test_a_retry_is_a_new_attempt(drill: Drill) -> None:
    """After finishing, answering again starts with an empty page; the old one stays."""
    drill.hand_in(strong())
    finished = Page(drill.at().form(f"{drill.address}/finish").send(drill.client))
    again = Page(finished.form(f"/questions/{QUESTION.id}/attempts").send(drill.client))

    assert again.address != finished.address
    assert again.by_id("turn-text").text == ""
    assert drill.at().root.all(id="feedback")


def test_grading_again_adds_a_report(drill: Drill) -> None:
    """The earlier report is still listed."""
    page = drill.hand_in(strong())
    again = Page(page.form(f"{drill.address}/regrade").send(drill.client))

    assert len(again.by_id("reports").all("tr")) == 3


def test_a_story_is_shown_by_its_parts(client: TestClient) -> None:
    """For a behavioral answer each part has words for how far it is there, and its share."""
    page = begin(client, STORY.id).hand_in(strong(STORY.id))
    rows = page.by_id("shape").all("tr")[1:]

    parts = [row.all("th")[0].text for row in rows]
    assert parts == ["Situation", "Task", "Action", "Result", "Learning"]
    assert all("%" in row.text for row in rows)
    assert all(any(w in row.text for w in ("missing", "thin", "there")) for row in rows)


def test_made_up_attempts_are_explained(client: TestClient) -> None:
    """An attempt that there is not gives words."""
    page = Page(client.get("/attempts/nope"))

    assert page.status == 404
    assert "no attempt 'nope'" in page.text
