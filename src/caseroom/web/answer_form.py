"""The answer's form as its template reads it: texts, versions, problems and rows by flat name.

In: a room view and what was posted. Out: mappings keyed by the flat names of `case.flat`; saving of
what was typed as drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from caseroom.case.form import FindingsField, Form, FormatProblem
from caseroom.case.parse import nest_fields
from caseroom.service.app import Caseroom
from caseroom.service.room import save_draft
from caseroom.service.views import RoomView
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import whole_number

__all__ = [
    "SELF_SCORE",
    "answer_fields",
    "by_field",
    "form_values",
    "raw_answer",
    "save_typed",
    "self_score",
]

SELF_SCORE = "self_score"
_FEWEST_ROWS = 3
_VERSION = "version:"


def form_values(room: RoomView, *, more_rows: int = 0) -> dict[str, Any]:
    """Give texts and versions of all drafts, and how many rows each list of findings shows."""
    texts = {name: draft.text for name, draft in room.drafts.items()}
    return {
        "texts": texts,
        "versions": {name: draft.version for name, draft in room.drafts.items()},
        "rows": {
            field.id: _row_count(field, texts, more_rows)
            for field in room.form.fields
            if isinstance(field, FindingsField)
        },
        "labels": {field.id: field.label for field in room.form.fields},
    }


def _row_count(field: FindingsField, texts: Mapping[str, str], more: int) -> int:
    pattern = re.compile(re.escape(field.id) + r"\.(\d{1,4})\.")
    filled = [
        int(match[1]) for name, text in texts.items() if text and (match := pattern.match(name))
    ]
    wanted = max([_FEWEST_ROWS, *(number + 2 for number in filled)]) + more
    return min(wanted, field.most)


def answer_fields(form: Form, fields: Mapping[str, str]) -> dict[str, str]:
    """Keep what belongs to the answer: no tokens, versions or buttons.

    A check box that was not posted stands for "not checked" once its row is in the form.
    """
    ids = tuple(field.id for field in form.fields)
    kept = {
        name: text
        for name, text in fields.items()
        if name in ids or name.startswith(tuple(f"{field_id}." for field_id in ids))
    }
    for name in [name for name in kept if name.endswith(".confidence")]:
        kept.setdefault(name.removesuffix("confidence") + "original", "")
    return kept


def raw_answer(form: Form, fields: Mapping[str, str]) -> dict[str, Any]:
    """Give the answer in the shape of a submission file."""
    return nest_fields(form, answer_fields(form, fields))


def self_score(fields: Mapping[str, str]) -> float | None:
    """Read the expected total; None where it was left empty.

    Raises:
        CaseroomError: For anything that is not a number.
    """
    text = fields.get(SELF_SCORE, "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise CaseroomError(
            f"{text!r} is not a total that you could expect.",
            allowed="a number from 0 to 100",
            next_step="correct the number, or leave it empty.",
        ) from None


def save_typed(
    app: Caseroom, case_id: str, room: RoomView, fields: Mapping[str, str]
) -> dict[str, str]:
    """Save every field that differs from its draft; give the texts that met a newer version."""
    conflicts: dict[str, str] = {}
    typed = answer_fields(room.form, fields) | {SELF_SCORE: fields.get(SELF_SCORE, "")}
    for name, text in typed.items():
        draft = room.drafts.get(name)
        if text == (draft.text if draft else ""):
            continue
        version = whole_number(fields.get(_VERSION + name, "0"), "version")
        if save_draft(app, case_id, name, text, version=version).conflict:
            conflicts[name] = text
    return conflicts


def by_field(problems: Iterable[FormatProblem]) -> dict[str, tuple[FormatProblem, ...]]:
    """Give problems by the id of their field."""
    found: dict[str, tuple[FormatProblem, ...]] = {}
    for problem in problems:
        found[problem.field] = (*found.get(problem.field, ()), problem)
    return found
