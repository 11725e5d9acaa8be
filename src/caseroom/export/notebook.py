"""A case as a Jupyter notebook: the brief, the evidence board with its charts, and the queries.

In: a brief, queries and pins. Out: notebook bytes (nbformat 4.5) that run wherever Python and
DuckDB are, with the company's database file beside them. The same case gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from caseroom.case.contract import Brief

__all__ = ["NotebookPin", "notebook_bytes"]

_SETUP = """\
# Needs DuckDB (pip install duckdb) and the file {database} beside this notebook.
import json

import duckdb
from IPython.display import display

company = duckdb.connect({database!r}, read_only=True)


def show_chart(spec, sentence, mime):
    display({{mime: spec, "text/plain": sentence}}, raw=True)


company.sql("SHOW TABLES")"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPin:
    """A pin: its query, its note and, for a chart, the Vega-Lite spec with a sentence."""

    sql: str
    note: str
    spec: Mapping[str, Any] | None = None
    sentence: str = ""


def notebook_bytes(
    brief: Brief, database: str, queries: Sequence[str], pins: Sequence[NotebookPin]
) -> bytes:
    """Give the notebook; `database` is the name of the file that it opens."""
    cells = [
        _text(_brief(brief)),
        _code(_SETUP.format(database=database)),
        *_board(pins),
        *_history(queries),
    ]
    for at, cell in enumerate(cells):
        cell["id"] = hashlib.sha256(f"{at}:{cell['source']}".encode()).hexdigest()[:12]
    notebook = v4.new_notebook(cells=cells, metadata=_METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook).encode("utf-8")


_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def _brief(brief: Brief) -> str:
    who = brief.stakeholder
    return "\n\n".join(
        [
            f"# {brief.title}",
            brief.company,
            f"**{who.name}, {who.role}:** {brief.question}",
            f"*What worries them:* {who.concern}",
            *brief.context,
            f"Today is {brief.today}; the answer is due on {brief.due}. {brief.value_rule}",
            "## What the documentation says",
            "\n".join(_dictionary(brief)),
            "## Change log",
            "\n".join(f"- {entry.on}, {entry.team}: {entry.what}" for entry in brief.change_log),
        ]
    )


def _dictionary(brief: Brief) -> Iterable[str]:
    for entry in brief.dictionary:
        name = f"{entry.table}.{entry.column}" if entry.column else entry.table
        yield f"- `{name}`: {entry.meaning}"


def _board(pins: Sequence[NotebookPin]) -> list[NotebookNode]:
    if not pins:
        return []
    cells = [_text("## Evidence board")]
    for number, pin in enumerate(pins, 1):
        cells += [_text(f"**{number}.** {pin.note}"), _query(pin.sql)]
        if pin.spec is not None:
            cells.append(_chart(pin.spec, pin.sentence))
    return cells


def _history(queries: Sequence[str]) -> list[NotebookNode]:
    once = list(dict.fromkeys(queries))
    return [_text("## Queries, in order"), *(_query(sql) for sql in once)] if once else []


def _query(sql: str) -> NotebookNode:
    return _code(f"company.sql({_quoted(sql)})")


def _quoted(sql: str) -> str:
    """Give the query as a Python literal, over several lines where that is possible."""
    text = sql.strip()
    plain = "\\" not in text and '"""' not in text and not text.endswith('"')
    return f'"""\n{text}\n"""' if plain else repr(text)


def _chart(spec: Mapping[str, Any], sentence: str) -> NotebookNode:
    mime = _mime(spec)
    shown = json.dumps(spec, ensure_ascii=True, allow_nan=False)
    cell = _code(f"show_chart(\n    json.loads({shown!r}),\n    {sentence!r},\n    {mime!r},\n)")
    data = {mime: dict(spec), "text/plain": sentence}
    cell["outputs"] = [v4.new_output("display_data", data=data)]
    return cell


def _mime(spec: Mapping[str, Any]) -> str:
    found = re.search(r"vega-lite/v(\d+)", str(spec.get("$schema", "")))
    return f"application/vnd.vegalite.v{found[1] if found else '5'}+json"


def _text(source: str) -> NotebookNode:
    return v4.new_markdown_cell(source)


def _code(source: str) -> NotebookNode:
    return v4.new_code_cell(source)
