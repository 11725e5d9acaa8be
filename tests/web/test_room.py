"""The case room without JavaScript: every part through plain links and forms."""

from __future__ import annotations

from itertools import pairwise

import pytest

from caseroom.service.app import Caseroom
from page_reading import Page

from .conftest import Visitor

BY_REGION = "select region, count(*) as cups from sales join shops using (shop_id) group by all"


def test_the_room_tells_the_brief(visitor: Visitor) -> None:
    """Company, person, question, dates, budget, documentation and change log are on the page."""
    page = visitor.at()

    assert page.title == "The kiosks that sold less"
    for words in (
        "Kiosk & Co",
        "Ada Okafor, Head of sales.",
        "Why did the sales table fall this spring",
        "Due May 12, 2025",
        "Money left $1,000",
        "Weeks left 4",
        "One row per cup sold.",
        "Not documented.",
        "Release 4.2 of the till software, north first. (Tills)",
    ):
        assert words in page.text


def test_headings_are_in_order(visitor: Visitor) -> None:
    """No heading skips a level, so that a screen reader's outline holds."""
    page = visitor.query(BY_REGION)
    levels = [int(e.tag[1]) for e in page.root if e.tag in ("h1", "h2", "h3", "h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_query_gives_a_table(visitor: Visitor) -> None:
    """The result has column heads with types, a caption, the row count and the time."""
    page = visitor.query(f"{BY_REGION} order by all")
    (table,) = page.by_id("result").all("table")

    heads = [head.text for head in table.all("th", scope="col")]
    assert heads == ["region varchar", "cups bigint"]
    assert [row.all("td")[0].text for row in table.all("tr")[1:]] == ["east", "north", "south"]
    assert table.all("caption")[0].text.startswith("Query 1, 3 rows, 2 columns")
    assert page.address.endswith("?query=1#results") or page.address.endswith("?query=1")


def test_a_refused_query_is_explained_near_the_editor(visitor: Visitor) -> None:
    """The error stands in an alert, the editor keeps the text, and nothing else breaks."""
    page = visitor.query("select nope from sales")
    (alert,) = page.by_id("query-problem").all(role="alert")

    assert "nope" in alert.text
    assert page.by_id("sql").text == "select nope from sales"
    assert "did not run" in page.by_id("history").text


@pytest.mark.parametrize("sql", ["", "   ", "drop table sales", "select 1; select 2"])
def test_statements_that_are_not_one_query_are_refused(visitor: Visitor, sql: str) -> None:
    """An empty text, a change of the database, or two statements get words, not a crash."""
    page = visitor.query(sql)

    assert page.status == 200
    assert page.by_id("query-problem").all(role="alert")


def test_long_results_have_pages(visitor: Visitor) -> None:
    """Fifty rows a page, with links to the neighbors; the state is in the address."""
    page = visitor.query("select * from range(120) t(n)")
    (after,) = page.root.all(id="page-after")
    second = Page(visitor.client.get(after.get("href")))

    assert "Page 1 of 3" in page.text
    assert "Page 2 of 3" in second.text
    assert second.by_id("result").all("td")[0].text == "50"
    assert second.by_id("page-before").tag == "a"


def test_columns_sort_both_ways(visitor: Visitor) -> None:
    """A column head sorts by its column, and the other way round when followed again."""
    page = visitor.query("select * from (values (2, 'b'), (1, 'c'), (3, 'a')) t(n, word)")
    up = Page(visitor.client.get(page.by_id("sort-1").get("href")))
    down = Page(visitor.client.get(up.by_id("sort-1").get("href")))

    assert [row.all("td")[0].text for row in up.by_id("result").all("tr")[1:]] == ["1", "2", "3"]
    assert [row.all("td")[0].text for row in down.by_id("result").all("tr")[1:]] == ["3", "2", "1"]
    assert [head.get("aria-sort") for head in down.by_id("result").all("th")] == ["descending", ""]


@pytest.mark.parametrize(
    "asked",
    [
        {"query": "99"},
        {"query": "x"},
        {"query": "1", "page": "0"},
        {"query": "1", "page": "-1"},
        {"query": "0"},
        {"edit": "99"},
    ],
)
def test_made_up_addresses_are_explained(visitor: Visitor, asked: dict[str, str]) -> None:
    """A query or page that there is not gives words and the next step."""
    visitor.query("select 1 as n")
    page = visitor.at(**asked)

    assert page.status in (400, 404)
    assert "Next:" in page.text


@pytest.mark.parametrize("asked", [{"page": "99"}, {"order": "nope"}])
def test_a_result_that_cannot_be_shown_is_explained(
    visitor: Visitor, asked: dict[str, str]
) -> None:
    """An unknown column to sort by or a page after the last one still gives the room."""
    visitor.query("select 1 as n")

    assert visitor.at(query="1", **asked).status == 200


def test_missing_values_are_told_from_text(visitor: Visitor) -> None:
    """A null is marked, and differs from the text 'null' and from an empty text."""
    page = visitor.query("select null as a, 'null' as b, '' as c")
    cells = page.by_id("result").all("td")

    assert [cell.get("class") for cell in cells] == ["missing", "", ""] or cells[0].get(
        "class"
    ).startswith("missing")
    assert [cell.text for cell in cells] == ["null", "null", ""]


def test_the_history_brings_a_query_back(visitor: Visitor) -> None:
    """Following a past query puts its text into the editor."""
    visitor.query("select 1 as first")
    visitor.query("select 2 as second")
    page = visitor.at(edit="1")

    assert page.by_id("sql").text == "select 1 as first"
    assert page.by_id("sql-2").text == "select 2 as second"


def test_the_text_of_the_editor_stays(visitor: Visitor) -> None:
    """What was run last stands in the editor when the case is opened again."""
    visitor.query("select 1 as n")

    assert visitor.at().by_id("sql").text == "select 1 as n"


def test_a_chart_has_a_table_and_a_sentence(visitor: Visitor) -> None:
    """Without JavaScript the chart's data and sentence are there; the spec waits for a script."""
    page = visitor.query(f"{BY_REGION} order by all")
    form = page.form(f"/case/{visitor.case}", holding={"query": "1"})
    drawn = Page(form.send(visitor.client, mark="bar", x="region", y="cups"))
    (figure,) = drawn.by_id("chart").all("figure")

    assert figure.all("figcaption")[0].text
    assert [cell.text for cell in figure.all("td")][::2] == ["east", "north", "south"]
    assert '"mark"' in figure.all("chart-view")[0].get("spec")


def test_a_chart_that_does_not_fit_is_explained(visitor: Visitor) -> None:
    """A column that is not in the result gives words near the chart."""
    visitor.query(f"{BY_REGION} order by all")
    page = visitor.at(query="1", mark="bar", x="region", y="nope")

    assert page.by_id("chart").all(role="alert")


def test_results_and_charts_are_pinned_with_notes(visitor: Visitor) -> None:
    """A pin holds the note, the rows and the query; the note can change and the pin can go."""
    page = visitor.query(f"{BY_REGION} order by all")
    pins = f"/case/{visitor.case}/pins"
    board = Page(page.form(pins).send(visitor.client, note="North <is> low")).by_id("board")
    assert "North <is> low" in board.text
    assert "east" in board.text

    chart = visitor.at(query="1", mark="bar", x="region", y="cups")
    form = chart.form(pins, holding={"mark": "bar"})
    both = Page(form.send(visitor.client, note="As bars"))
    assert both.by_id("board").all("chart-view")

    edited = Page(both.form(f"{pins}/1").send(visitor.client, note="North is lowest"))
    assert "North is lowest" in edited.by_id("board").text
    left = Page(edited.form(f"{pins}/1/remove").send(visitor.client))
    assert "North is lowest" not in left.by_id("board").text
    assert "As bars" in left.by_id("board").text


def test_evidence_is_quoted_then_bought(visitor: Visitor, room: Caseroom) -> None:
    """The price comes first; after buying, day, budget and tables have moved on."""
    asked = visitor.at().form(f"/case/{visitor.case}", holding={"offer": "survey"})
    quoted = Page(asked.send(visitor.client, {"param.answers": "150"}))
    assert "$300 and 1 week." in quoted.by_id("offer-survey").text
    assert "Afterwards $700 and 3 weeks are left." in quoted.by_id("offer-survey").text

    Page(quoted.form(f"/case/{visitor.case}/buy").send(visitor.client))
    room.builds.wait(visitor.case, 30)
    page = visitor.at()
    assert "Today May 12, 2025" in page.text
    assert "Money left $700" in page.text
    assert "Bought so far Survey of customers: $300, 1 week (answers: 150 people" in page.text
    assert page.root.all(id="table-survey_answers")


@pytest.mark.parametrize("answers", ["5", "many", "12.5", "401"])
def test_impossible_parameters_are_explained(visitor: Visitor, answers: str) -> None:
    """A number out of range or not whole is told beside the offer, and stays in the field."""
    page = visitor.at(offer="survey", **{"param.answers": answers})

    assert page.by_id("offer-survey").all(role="alert")
    assert page.by_id("offer-survey-answers").get("value") == answers


def test_evidence_over_the_budget_is_refused(visitor: Visitor, room: Caseroom) -> None:
    """More than what is left cannot be bought, and the reason names what is left."""
    for _ in range(3):
        visitor.at(offer="expert").form(f"/case/{visitor.case}/buy").send(visitor.client)
        room.builds.wait(visitor.case, 30)

    assert "up to $100" in visitor.at(offer="expert").by_id("offer-expert").text


def test_hints_come_one_at_a_time(visitor: Visitor) -> None:
    """Each hint is given on request until there are none left."""
    path = f"/case/{visitor.case}/hint"
    page = visitor.at()
    assert "Compare two tables" not in page.text

    first = Page(page.form(path).send(visitor.client))
    assert "Compare two tables" in first.text
    assert "1 left" in first.text
    assert "No more hints." in Page(first.form(path).send(visitor.client)).text


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("csv", b"PK"), ("parquet", b"PK"), ("duckdb", None), ("notebook", b"{")],
)
def test_everything_can_be_taken_away(visitor: Visitor, kind: str, begins: bytes | None) -> None:
    """Tables, database and notebook come as files with a name."""
    answer = visitor.client.get(f"/case/{visitor.case}/download/{kind}")

    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content[:2].startswith(begins) if begins else answer.content[8:12] == b"DUCK"


def test_one_result_can_be_taken_away(visitor: Visitor) -> None:
    """A query's whole result comes as CSV."""
    visitor.query(f"{BY_REGION} order by all")
    answer = visitor.client.get(f"/case/{visitor.case}/query/1/download/csv")

    assert answer.text.splitlines()[0] == "region,cups"
    assert len(answer.text.splitlines()) == 4


@pytest.mark.parametrize(
    "path", ["/download/xls", "/query/1/download/xls", "/query/9/download/csv"]
)
def test_unknown_downloads_are_explained(visitor: Visitor, path: str) -> None:
    """A format or query that there is not gives words."""
    visitor.query("select 1 as n")
    page = Page(visitor.client.get(f"/case/{visitor.case}{path}"))

    assert page.status in (400, 404)
    assert page.root.all("h1")


def test_a_solution_step_goes_into_the_editor(visitor: Visitor) -> None:
    """A posted query becomes the editor's text, over what stood there."""
    visitor.query("select 1 as n")
    token = visitor.at().form(f"/case/{visitor.case}/query").fields["csrf_token"]
    page = Page(
        visitor.client.post(
            f"/case/{visitor.case}/editor", data={"sql": "select 42", "csrf_token": token}
        )
    )

    assert page.by_id("sql").text == "select 42"


def test_the_plain_editor_is_a_setting(visitor: Visitor) -> None:
    """Who prefers a plain text box gets one until they change it back."""
    form = visitor.at().form("/settings", holding={"editor": "plain"})
    page = Page(form.send(visitor.client))

    assert "plain" in page.root.all("sql-editor")[0].attributes
    back = Page(page.form("/settings", holding={"editor": "code"}).send(visitor.client))
    assert "plain" not in back.root.all("sql-editor")[0].attributes
