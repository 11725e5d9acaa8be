"""A case as a notebook that runs beside its database."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import nbformat
import pytest
from nbclient import NotebookClient

import toy_kind
from caseroom.export.notebook import NotebookPin, notebook_bytes

BRIEF = toy_kind.draw(toy_kind.spec()).brief
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "mark": "bar",
    "data": {"values": [{"x": 'it\'s "é" \\ \n', "y": 1}]},
}
QUERIES = [
    "SELECT 1 AS n",
    "SELECT 'it''s' AS \"quoted\"",
    "SELECT '\\n' AS backslash, '\"\"\"' AS q",
    "SELECT shop_id,\n  region\nFROM shops -- a comment",
    "SHOW TABLES",
    "DESCRIBE shops",
]
PINS = [
    NotebookPin(sql="SELECT count(*) FROM shops", note="Twelve *shops*."),
    NotebookPin(sql=QUERIES[0], note="As a chart", spec=SPEC, sentence="One bar of 1."),
]


def notebook(queries: list[str] = QUERIES, pins: list[NotebookPin] = PINS) -> nbformat.NotebookNode:
    """Give the notebook as it is read by Jupyter."""
    content = notebook_bytes(BRIEF, "company.duckdb", queries, pins)
    return nbformat.reads(content.decode(), as_version=4)


def test_it_holds_brief_board_and_queries() -> None:
    """Sections come in the order in which a reader needs them."""
    cells = notebook().cells

    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert BRIEF.question in texts[0]
    assert texts[1:] == [
        "## Evidence board",
        "**1.** Twelve *shops*.",
        "**2.** As a chart",
        "## Queries, in order",
    ]


def test_a_chart_is_shown_before_anything_runs() -> None:
    """The Vega-Lite spec is stored as the cell's output, with its sentence for readers of text."""
    outputs = [output for cell in notebook().cells for output in cell.get("outputs", [])]

    (chart,) = outputs
    assert chart.data["application/vnd.vegalite.v6+json"] == SPEC
    assert chart.data["text/plain"] == "One bar of 1."


def test_repeated_queries_stand_once() -> None:
    """A history is long; a notebook need not be."""
    assert len(notebook(["SELECT 1"] * 3, []).cells) == 4


def test_an_untouched_case_is_a_notebook_too() -> None:
    """Brief and setup alone are enough to begin."""
    assert len(notebook([], []).cells) == 2


def test_the_same_case_gives_the_same_bytes() -> None:
    """Cell ids follow from the content, so that notebooks can be compared."""
    first, second = (notebook_bytes(BRIEF, "c.duckdb", QUERIES, PINS) for _ in range(2))

    assert first == second
    ids = [cell["id"] for cell in json.loads(first)["cells"]]
    assert len(ids) == len(set(ids))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_it_runs_with_the_database_beside_it(tmp_path: Path) -> None:
    """Every cell runs in a fresh kernel, and charts come out as they went in."""
    with duckdb.connect(str(tmp_path / "company.duckdb")) as connection:
        connection.execute("CREATE TABLE shops AS SELECT 1 AS shop_id, 'north' AS region")
    ready = notebook()
    before = [cell.outputs for cell in ready.cells if cell.get("outputs")]

    NotebookClient(
        ready, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()

    shown = {
        cell.source: "".join(output.data["text/plain"] for output in cell.outputs)
        for cell in ready.cells
        if cell.cell_type == "code" and cell.outputs
    }
    assert "shops" in shown[ready.cells[1].source]
    assert any("it's" in text for text in shown.values())
    assert any("backslash" in text for text in shown.values())
    after = [
        cell.outputs
        for cell in ready.cells
        if cell.get("outputs") and "application/vnd.vegalite.v6+json" in cell.outputs[0].data
    ]
    assert after == before
