"""The answer's form without JavaScript: every type of field, drafts, the check, submitting."""

from __future__ import annotations

from typing import Any

import pytest

import toy_kind
from caseroom.case.flat import flatten_fields
from page_reading import Form, Page

from .conftest import Visitor


def perfect() -> dict[str, str]:
    """Give the answer that uses the truth of the visitor's case, by the form's names."""
    spec = toy_kind.spec(seed=7)
    return flatten_fields(toy_kind.FORM, toy_kind.perfect(toy_kind.draw(spec)))


def answer_form(page: Page, visitor: Visitor) -> Form:
    """Give the form of the answer."""
    return page.form(f"/case/{visitor.case}/submit")


def press(visitor: Visitor, action: str, **fields: Any) -> Page:
    """Fill in fields and press a button."""
    form = answer_form(visitor.at("/submit"), visitor)
    return Page(form.send(visitor.client, fields.pop("fields", {}), action=action))


def test_every_type_of_field_is_on_the_form(visitor: Visitor) -> None:
    """Probabilities, segment, date, interval, choice, decision, findings and text can be given."""
    page = visitor.at("/submit")
    names = {element.get("name") for element in page.root}

    assert names >= {
        "causes.demand",
        "segment.region",
        "onset",
        "effect.low",
        "effect.value",
        "effect.high",
        "verdict",
        "decision.option",
        "decision.params.campaign.weeks",
        "findings.0.type",
        "findings.2.note",
        "findings.0.slice.region",
        "memo",
        "self_score",
    }
    (cause,) = page.root.all(id="causes.demand")
    assert (cause.get("min"), cause.get("max"), cause.get("step")) == ("0", "1", "0.05")
    assert "holds the truth with a chance of 80%" in page.text
    assert "0 words; 40 to 200 asked for." in page.text


def test_what_was_typed_is_kept(visitor: Visitor) -> None:
    """Saving keeps every field, as it was typed, right or wrong."""
    typed = {
        "causes.demand": "lots",
        "segment.region": "north",
        "onset": "2025-03-10",
        "effect.low": "1",
        "decision.option": "campaign",
        "decision.params.campaign.weeks": "6",
        "findings.1.type": "duplicates",
        "findings.1.original": "on",
        "memo": "Dear Ada,\n<b>now</b>",
        "self_score": "55",
    }
    press(visitor, "save", fields=typed)
    form = answer_form(visitor.at("/submit"), visitor)

    assert typed.items() <= form.fields.items()


def test_a_box_can_be_unchecked(visitor: Visitor) -> None:
    """A check box that was saved as checked can be taken back without JavaScript."""
    press(visitor, "save", fields={"findings.0.original": "on"})
    form = answer_form(visitor.at("/submit"), visitor)
    assert form.fields.pop("findings.0.original") == "on"
    form.send(visitor.client, action="save")

    assert "findings.0.original" not in answer_form(visitor.at("/submit"), visitor).fields


def test_the_check_names_every_problem_at_its_field(visitor: Visitor) -> None:
    """All problems at once, in a list with links and beside the fields; nothing is submitted."""
    page = press(visitor, "check", fields={"causes.demand": "1.5", "onset": "2031-01-01"})

    assert "things to correct" in page.by_id("check-title").text
    assert "1.5" in page.by_id("problem-causes").text
    assert "2031-01-01" in page.by_id("problem-onset").text
    links = {link.get("href") for link in page.by_id("check").all("a")}
    assert {"#field-causes", "#field-memo"} <= links
    assert "This check cost nothing." in page.text
    assert visitor.at("/submit").title == "Your answer"


def test_a_right_format_is_told(visitor: Visitor) -> None:
    """The check of a complete answer is good news, without a button that submits."""
    page = press(visitor, "check", fields=perfect())

    assert page.by_id("check-title").text == "The format is right"
    assert not page.root.all("button", value="submit")


def test_rows_for_findings_can_be_added(visitor: Visitor) -> None:
    """Without JavaScript a button gives three more rows, up to the most there can be."""
    page = press(visitor, "rows")

    assert page.root.all(id="findings.5.type")
    assert not page.root.all(id="findings.6.type")
    assert press(visitor, "rows", fields={"findings.8.type": "duplicates"}).root.all(
        id="findings.9.type"
    )


def test_one_row_is_added_by_htmx(visitor: Visitor) -> None:
    """htmx appends a row and moves the button on."""
    page = visitor.at("/submit")
    answer = visitor.part("/submit/row", field="findings", number="3")

    assert 'hx-target="#rows-findings" hx-swap="beforeend"' in answer.text
    assert "findings.3.type" in answer.text
    assert "number=4" in answer.text
    assert page.root.all(id="rows-findings")


@pytest.mark.parametrize("asked", [{"field": "memo", "number": "1"}, {"field": "findings"}])
def test_impossible_rows_are_refused(visitor: Visitor, asked: dict[str, str]) -> None:
    """Rows for another field, or without a number, are refused in words."""
    assert visitor.part("/submit/row", **asked).status_code == 400


def test_another_tab_is_noticed(visitor: Visitor) -> None:
    """Saving an old page over a newer text shows both; nothing is lost silently."""
    old = answer_form(visitor.at("/submit"), visitor)
    press(visitor, "save", fields={"memo": "The newer text"})
    page = Page(old.send(visitor.client, memo="The text of the old page", action="save"))

    assert page.status == 409
    assert page.by_id("memo").text == "The newer text"
    assert "The text of the old page" in page.by_id("field-memo").text
    assert "Another tab saved this field too." in page.text


def test_submitting_takes_a_review_and_a_second_button(visitor: Visitor) -> None:
    """Review shows that the answer can be submitted once; the second button does it."""
    page = press(visitor, "review", fields=perfect() | {"self_score": "80"})
    assert page.by_id("check-title").text == "Ready to submit"
    assert "You submit once." in page.text

    debrief = Page(answer_form(page, visitor).send(visitor.client, action="submit"))
    assert debrief.title.startswith("Debrief")
    again = Page(answer_form(page, visitor).send(visitor.client, action="submit"))
    assert again.title.startswith("Debrief")
    assert visitor.at("/submit").title.startswith("Debrief")


def test_a_malformed_answer_costs_nothing(visitor: Visitor) -> None:
    """Pressing submit with problems shows them and leaves the case open."""
    page = press(visitor, "submit", fields={"causes.demand": "x"})

    assert page.by_id("problem-causes").text
    assert visitor.at("/submit").title == "Your answer"


@pytest.mark.parametrize("score", ["200", "many", "-1"])
def test_an_impossible_self_score_costs_nothing(visitor: Visitor, score: str) -> None:
    """The self-score has to be a number from 0 to 100, or empty."""
    page = press(visitor, "submit", fields=perfect() | {"self_score": score})

    assert page.status == 400
    assert score in page.root.all(role="alert")[1].text
    assert visitor.at("/submit").title == "Your answer"


def test_htmx_checks_what_stands_in_the_form(visitor: Visitor) -> None:
    """The check by htmx saves nothing (autosave does) and has a part for every field."""
    page = visitor.at("/submit")
    fields = {"causes.demand": "1.5", "csrf_token": ""}
    checked = visitor.post_part("/submit/check", page, **fields)
    reviewed = visitor.post_part("/submit/review", page, **perfect())

    assert 'hx-target="#problem-causes"' in checked.text
    assert "1.5" in checked.text
    assert 'value="submit"' in reviewed.text
    assert "causes.demand" not in {
        name
        for name, value in answer_form(visitor.at("/submit"), visitor).fields.items()
        if value and not name.startswith("version:")
    }
