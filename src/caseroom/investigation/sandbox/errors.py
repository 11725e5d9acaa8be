"""The engine's error messages in our words.

In: a message of DuckDB 2.0, the SQL text, the case's tables. Out: `QueryRefused` with the engine's
useful part, the closest names and the place in the text. No message names a path of this machine.
"""

from __future__ import annotations

import json
import re
from typing import Any

from caseroom.investigation.sandbox import refusals
from caseroom.investigation.sandbox.messages import RULES, Catalog, Found, Rule
from caseroom.investigation.sandbox.refusals import QueryRefused

__all__ = ["translate"]


def translate(message: str, *, sql: str, catalog: Catalog, shift: int = 0) -> QueryRefused:
    """Put an engine message into our words.

    `message` is the text of the exception (its structured form, or plain). `shift` counts the
    bytes that were put in front of `sql` when it ran.
    """
    kind, text, position = _structured(message)
    line, column = _place(sql, position, shift)
    if kind == "Parser" and _at_end(sql, text, position):
        text += " at the end"
    if kind == "Out of Memory" or "Out of Memory Error" in message:
        return refusals.no_memory()
    for rule in RULES:
        if match := rule.pattern.search(text):
            groups = {name: _plain(value or "") for name, value in match.groupdict().items()}
            found = Found(groups=groups, catalog=catalog, message=text)
            return _say(rule, found, sql, line, column)
    return QueryRefused(
        "syntax" if kind == "Parser" else "engine",
        f"{_where(line, column)}The query failed: {_useful(text, sql)}",
        next_step="Correct the query and run it again.",
        line=line,
        column=column,
    )


def _say(rule: Rule, found: Found, sql: str, line: int | None, column: int | None) -> QueryRefused:
    texts = (
        _hide_paths(part.format(**found.groups) if isinstance(part, str) else part(found), sql)
        for part in (rule.problem, rule.allowed, rule.next_step)
    )
    problem, allowed, next_step = texts
    return QueryRefused(
        rule.reason,
        _where(line, column) + problem,
        allowed=allowed,
        next_step=next_step,
        line=line,
        column=column,
    )


def _structured(message: str) -> tuple[str, str, int | None]:
    """Give kind, text and byte position of a message."""
    kind, _, rest = message.partition(" Error: ")
    try:
        parts: dict[str, Any] = json.loads(rest)
        position = int(parts["position"]) if "position" in parts else None
        return parts["exception_type"], parts["exception_message"], position
    except (ValueError, KeyError, TypeError):
        return kind, rest or message, None


def _place(sql: str, position: int | None, shift: int) -> tuple[int | None, int | None]:
    """Give line and column, both from 1, of a byte position."""
    if position is None or not 0 <= position - shift <= len(sql.encode()):
        return None, None
    before = sql.encode()[: position - shift].decode(errors="ignore")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _at_end(sql: str, text: str, position: int | None) -> bool:
    """Tell whether a syntax error is at the last word; the engine points at it, not behind it."""
    near = re.search(r'syntax error at or near "(.*?)"$', text, re.DOTALL)
    if near is None or position is None:
        return False
    rest = sql.encode()[position:].decode(errors="ignore")
    return not rest.removeprefix(near[1]).strip(" \t\r\n;")


_WORDS = {
    "STRING_LITERAL": "text",
    "INTEGER_LITERAL": "a whole number",
    "INT32": "INTEGER",
    "INT64": "BIGINT",
    "~~": "LIKE",
    "company.main.": "",
}


def _plain(text: str) -> str:
    """Replace the engine's inner names by those that a person writes."""
    for inner, word in _WORDS.items():
        text = text.replace(inner, word)
    return text


def _where(line: int | None, column: int | None) -> str:
    return "" if line is None else f"Line {line}, column {column}: "


def _useful(text: str, sql: str) -> str:
    """Give the first paragraph of an engine message, as one line that ends in a full stop."""
    first = " ".join(text.split("\n\n")[0].split())
    first = _hide_paths(first, sql)[:400].rstrip(" .!:")
    if not first:
        return "the engine gave no reason."
    return first if first.endswith("?") else f"{first}."


_PATH = re.compile(r"(?:[A-Za-z]:)?(?:[/\\][\w.\-+@~]+){2,}[/\\]?")


def _hide_paths(text: str, sql: str) -> str:
    """Replace paths, except those that the person wrote."""
    return _PATH.sub(lambda found: found[0] if found[0] in sql else "(a path)", text)
