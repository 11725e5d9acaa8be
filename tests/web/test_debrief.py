"""The debrief: score, criteria with what they rest on, truth, consequence, solution, next steps."""

from __future__ import annotations

import pytest

from page_reading import Page

from .conftest import Visitor
from .test_answer import answer_form, perfect

CHECKED = "select count(distinct sale_id) as ids, count(*) as n from payments"


@pytest.fixture
def graded(visitor: Visitor) -> Visitor:
    """Give a visitor who looked at the data and submitted a good answer."""
    visitor.query(CHECKED)
    form = answer_form(visitor.at("/submit"), visitor)
    form.send(visitor.client, perfect() | {"self_score": "60"}, action="submit")
    return visitor


def test_there_is_no_debrief_before_the_submission(visitor: Visitor) -> None:
    """The debrief's address leads to the form, and the solution is refused."""
    assert visitor.at("/debrief").title == "Your answer"
    assert visitor.part("/solution").status_code == 400


def test_every_criterion_says_how_it_was_made(graded: Visitor) -> None:
    """Score, weight, band, why, method and reliability stand at each criterion."""
    page = graded.at("/debrief")
    articles = page.root.all("article")

    assert len(articles) == 9
    for article in articles:
        assert "How it was scored:" in article.text
        assert "points" in article.text
    assert "simple text cues" in page.text


def test_scores_lead_to_the_queries_and_words_they_rest_on(graded: Visitor) -> None:
    """A query that counted is linked; marked words of the memo lead to their criterion and back."""
    page = graded.at("/debrief")
    links = {link.get("href") for link in page.root.all("a")}
    marked = page.root.all("a", class_="marked")

    assert f"/case/{graded.case}?edit=1#query" in links
    assert marked
    for link in marked:
        assert page.root.all(id=link.get("href").removeprefix("#"))
    ids = {element.get("id") for element in page.root}
    assert all(h.removeprefix("#") in ids for h in links if h.startswith("#"))


def test_marked_words_put_together_are_the_memo(graded: Visitor) -> None:
    """Highlighting changes no character of what was written."""
    page = graded.at("/debrief")
    texts = [e.text for e in page.root.all(class_="answer-text")]

    assert " ".join(perfect()["memo"].split()) in texts


def test_truth_and_consequence_are_told(graded: Visitor) -> None:
    """The planted truth, three futures with table and sentence, regret in money and customers."""
    page = graded.at("/debrief")
    figures = page.by_id("consequence").all("figure")

    assert page.by_id("truth").all("dd")[0].text
    assert len(figures) == 2
    for figure in figures:
        assert len(figure.all("tr")) == 27
        assert "Doing nothing" in figure.all("figcaption")[0].text
    assert "12 customers" in page.by_id("consequence").text
    assert "Repair the tills" in page.by_id("consequence").text


def test_process_and_calibration_are_told(graded: Visitor) -> None:
    """What was done when, which checks it made, and how well the person judged themselves."""
    page = graded.at("/debrief")

    assert "Checked that payments are unique" in page.text
    assert "checks whether the data can be trusted" in page.text
    assert "60" in page.root.all(class_="verdict")[0].text


def test_the_solution_is_there_on_request(graded: Visitor) -> None:
    """Without JavaScript by a link, with htmx as a part; each step goes into the editor."""
    page = graded.at("/debrief")
    assert "Are payments unique?" not in page.by_id("solution").text
    shown = graded.at("/debrief", solution="1")
    part = graded.part("/solution")

    assert "1. Are payments unique?" in shown.by_id("solution").text
    assert 'hx-target="#solution-steps"' in part.text
    form = shown.form(f"/case/{graded.case}/editor")
    assert Page(form.send(graded.client)).by_id("sql").text == form.fields["sql"]


def test_grading_again_adds_a_report(graded: Visitor) -> None:
    """A new report stands beside the first one."""
    form = graded.at("/debrief").form(f"/case/{graded.case}/regrade")
    page = Page(form.send(graded.client))

    assert len(page.by_id("reports").all("tr")) == 3


def test_the_same_kind_starts_with_a_new_seed(graded: Visitor) -> None:
    """One button starts another case of this kind, level and vertical."""
    form = graded.at("/debrief").form("/cases")
    assert form.fields["seed"] == ""
    page = Page(form.send(graded.client))

    assert page.status == 200
    assert graded.case not in page.address


def test_the_room_stays_open_for_queries_only(graded: Visitor) -> None:
    """After the submission one can query; buying is over and the room leads to the debrief."""
    page = graded.query("select 1 as n")

    assert page.by_id("result").all("td")[0].text == "1"
    assert all("disabled" in e.attributes for e in page.root.all(id="quote-survey"))
    assert f"/case/{graded.case}/debrief" in {a.get("href") for a in page.root.all("a")}


def test_the_list_shows_the_score(graded: Visitor) -> None:
    """The list of cases leads to the debrief and shows the total."""
    page = Page(graded.client.get("/"))

    assert f"/case/{graded.case}/debrief" in {a.get("href") for a in page.root.all("a")}
