"""The question bank without JavaScript: search, filters with counts, study, starting an attempt."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from caseroom.questions.bank import load_bank
from page_reading import Page

QUESTION = load_bank()[19]


def links(page: Page) -> list[str]:
    """Give the ids of the questions in the list."""
    table = page.by_id("found").all("tbody")
    found = [link.get("href") for body in table for link in body.all("a")]
    return [address.removeprefix("/questions/") for address in found]


def test_all_questions_are_listed(client: TestClient) -> None:
    """One line per question, with the count, under an entry of the navigation."""
    page = Page(client.get("/questions"))

    assert links(page) == [question.id for question in load_bank()]
    assert f"{len(load_bank())} of {len(load_bank())} questions" in page.text
    assert page.root.all("a", aria_current="page")[0].get("href") == "/questions"


@pytest.mark.parametrize(
    "query",
    [
        {"text": "churn"},
        {"category": "behavioral"},
        {"round": "ml", "level": "senior"},
        {"vertical": "healthcare", "text": "data"},
        {"competency": "governance"},
        {"answered": "yes"},
        {"text": "no such word anywhere"},
    ],
)
def test_filters_narrow_the_list(client: TestClient, query: dict[str, str]) -> None:
    """What is asked for stays in the form, and its choice counts what the list shows."""
    page = Page(client.get("/questions", params=query))
    form = page.form("/questions")

    assert form.fields.items() >= query.items()
    for name, value in query.items():
        if name != "text":
            (chosen,) = page.by_id(f"filter-{name}").all("option", value=value)
            assert chosen.text.endswith(f"({len(links(page))})")
    assert f"{len(links(page))} of {len(load_bank())} questions" in page.text


def test_nothing_found_says_what_to_do(client: TestClient) -> None:
    """An empty list offers the same filters without the words."""
    page = Page(client.get("/questions", params={"text": "zyzzyva", "level": "mid"}))

    assert "No question fits all of this." in page.text
    (link,) = [each for each in page.root.all("a") if "without the words" in each.text]
    assert link.get("href") == "/questions?level=mid"


@pytest.mark.parametrize(
    "query", [{"level": "wizard"}, {"round": "<b>"}, {"answered": "maybe"}, {"competency": "x"}]
)
def test_made_up_filters_are_explained(client: TestClient, query: dict[str, str]) -> None:
    """A filter value that there is not gives words and what is allowed."""
    page = Page(client.get("/questions", params=query))

    assert page.status == 400
    assert "Allowed:" in page.text


def test_typing_changes_only_the_list(client: TestClient) -> None:
    """htmx gets list and counts, a sentence to read out, and the address to keep."""
    answer = client.get("/questions", params={"text": "churn"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Replace-Url"] == "/questions?text=churn"
    assert 'hx-target="#found"' in answer.text
    assert 'hx-target="#filter-level"' in answer.text
    assert "questions found." in answer.text
    assert "<html" not in answer.text


def test_the_study_page_holds_everything(client: TestClient) -> None:
    """Rubric with the gate point marked, practices, pitfalls, follow-ups, a model answer."""
    page = Page(client.get(f"/questions/{QUESTION.id}"))
    rubric = page.by_id("covers").all("li")

    assert page.title == QUESTION.title
    for point, shown in zip(QUESTION.points, rubric, strict=True):
        assert point.statement in shown.text
        assert ("Gate point" in shown.text) == point.gate
    for line in (
        QUESTION.ask,
        *QUESTION.best_practices,
        *QUESTION.avoid,
        *(pitfall.statement for pitfall in QUESTION.pitfalls),
        *QUESTION.vertical_points.values(),
        *QUESTION.follow_ups,
    ):
        assert " ".join(line.split()) in page.text
    model = " ".join(QUESTION.model_answer.split())
    assert model in [d.text.partition(" speech) ")[2] for d in page.root.all("details")]


def test_examples_of_the_grader_are_not_shown(client: TestClient) -> None:
    """Example sentences, near misses and anchor answers are not on the study page."""
    text = Page(client.get(f"/questions/{QUESTION.id}")).text

    for point in QUESTION.points:
        assert not any(line in text for line in (*point.says, *point.near_miss))
    assert not any(anchor.text[:60] in text for anchor in QUESTION.anchors)


def test_an_unknown_question_is_explained(client: TestClient) -> None:
    """A made-up id gives words and the next step."""
    page = Page(client.get("/questions/Q999"))

    assert page.status == 404
    assert "There is no question 'Q999'" in page.text


def test_answering_starts_an_attempt_and_goes_on_with_it(client: TestClient) -> None:
    """The button leads to an attempt; pressed again it leads to the same one."""
    place = f"/questions/{QUESTION.id}"
    started = Page(Page(client.get(place)).form(f"{place}/attempts").send(client))
    page = Page(client.get(place))
    again = Page(page.form(f"{place}/attempts", holding={"mode": "drill"}).send(client))

    assert "/attempts/" in started.address
    assert again.address == started.address
    assert "Go on with your answer" in page.text
    assert "Go on where you stopped" in Page(client.get("/questions")).text
    assert QUESTION.title in Page(client.get("/attempts")).by_id("main").text
