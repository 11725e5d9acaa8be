"""What htmx gets: parts of the page, each for an element that is there, with words to read out."""

from __future__ import annotations

import re

from caseroom.service.app import Caseroom
from page_reading import Page

from .conftest import Visitor

BY_REGION = "select region, count(*) as n from shops group by all order by all"


def targets(text: str) -> list[str]:
    """Give the elements that an answer has parts for."""
    return re.findall(r'<hx-partial hx-target="([^"]+)"', text)


def assert_fits(page: Page, text: str) -> None:
    """Every part has its element on the page, once, and the answer is no whole page."""
    assert "<html" not in text
    for target in targets(text):
        assert len(page.root.all(id=target.removeprefix("#"))) == 1, target


def test_a_query_updates_result_history_and_chart_builder(visitor: Visitor) -> None:
    """The answer fits the page, says what came back, and names the address of that state."""
    page = visitor.at()
    answer = visitor.post_part("/query", page, sql=BY_REGION)

    assert_fits(page, answer.text)
    assert targets(answer.text) == [
        "#result",
        "#query-problem",
        "#history",
        "#chart-builder",
        "#chart",
        "#live",
    ]
    assert re.search(r"3 rows, 2 columns, \d+ ms</hx-partial>$", answer.text)
    assert answer.headers["hx-replace-url"] == f"/case/{visitor.case}?query=1"


def test_a_refused_query_leaves_the_result_alone(visitor: Visitor) -> None:
    """Only the problem and the history change."""
    page = visitor.at()
    answer = visitor.post_part("/query", page, sql="select nope")

    assert_fits(page, answer.text)
    assert targets(answer.text) == ["#query-problem", "#history"]
    assert 'role="alert"' in answer.text


def test_pages_and_orders_update_the_result_only(visitor: Visitor) -> None:
    """A sorted page replaces the table and the address."""
    page = visitor.query(BY_REGION)
    answer = visitor.part("/query/1", order="n", desc="1")

    assert_fits(page, answer.text)
    assert targets(answer.text) == ["#result", "#query-problem", "#live"]
    assert answer.headers["hx-replace-url"] == f"/case/{visitor.case}?query=1&order=n&desc=1"


def test_an_unknown_column_is_told_near_the_editor(visitor: Visitor) -> None:
    """A made-up order is a message, not a lost page."""
    visitor.query(BY_REGION)

    assert "#query-problem" in targets(visitor.part("/query/1", order="nope").text)


def test_a_chart_is_drawn_in_place(visitor: Visitor) -> None:
    """The chart comes with its sentence, which is read out, and stays in the address."""
    page = visitor.query(BY_REGION)
    answer = visitor.part("/chart", query="1", mark="bar", x="region", y="n")

    assert_fits(page, answer.text)
    assert targets(answer.text) == ["#chart", "#live"]
    assert "mark=bar" in answer.headers["hx-replace-url"]


def test_a_pin_is_announced_and_focused(visitor: Visitor) -> None:
    """The new pin's heading takes the focus; the note's field is empty again."""
    page = visitor.query(BY_REGION)
    answer = visitor.post_part("/pins", page, query="1", note="Low")

    assert_fits(page, answer.text)
    assert targets(answer.text) == ["#pins", "#pin-note-box", "#live"]
    assert answer.text.count("data-focus") == 1


def test_a_purchase_shows_progress_then_everything_new(visitor: Visitor, room: Caseroom) -> None:
    """After the purchase arrived, day, budget, tables, completion and offers are new."""
    page = visitor.at()
    quote = visitor.part("/quote", offer="survey", **{"param.answers": "20"})
    assert_fits(page, quote.text)
    bought = visitor.post_part("/buy", page, offer="survey", **{"param.answers": "20"})
    assert_fits(page, bought.text)
    room.builds.wait(visitor.case, 30)
    arrived = visitor.part("/purchase")

    assert_fits(page, arrived.text)
    assert targets(arrived.text) == [
        "#purchases",
        "#facts",
        "#data",
        "#schema",
        "#offer-survey",
        "#offer-expert",
        "#live",
    ]
    assert "survey_answers" in arrived.text


def test_a_refusal_is_shown_at_the_top(visitor: Visitor) -> None:
    """A refusal that belongs to no field goes to the page's alert."""
    page = visitor.at()
    for answer in (
        visitor.post_part("/buy", page, offer="castle"),
        visitor.part("/quote", offer="castle"),
        visitor.post_part("/pins", page, query="99", note=""),
    ):
        assert_fits(page, answer.text)
        assert targets(answer.text) == ["#notice"]
        assert answer.status_code >= 400


def test_a_hint_is_read_out(visitor: Visitor) -> None:
    """The hint goes to the list and to the live region."""
    page = visitor.at()
    answer = visitor.post_part("/hint", page)

    assert_fits(page, answer.text)
    assert targets(answer.text) == ["#hints", "#live"]


def test_drafts_have_versions(visitor: Visitor) -> None:
    """Saving on the newest version raises it; on an older one both texts are kept and shown."""
    page = visitor.at()
    first = visitor.post_part("/drafts", page, field="memo", text="a", version="0").json()
    second = visitor.post_part(
        "/drafts", page, field="memo", text="b", version=str(first["version"])
    ).json()
    late = visitor.post_part(
        "/drafts", page, field="memo", text="c", version=str(first["version"])
    ).json()

    assert not first["conflict"]
    assert second["version"] > first["version"]
    assert late["conflict"]
    assert late["text"] == "b"
    assert late["kept_version"] is not None


def test_a_bad_version_is_refused(visitor: Visitor) -> None:
    """A version that is no number changes nothing."""
    answer = visitor.post_part("/drafts", visitor.at(), field="memo", text="a", version="new")

    assert answer.status_code == 400
