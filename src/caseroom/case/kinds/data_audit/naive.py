"""The naive solver: looks at the total number of rows and at empty cells, and publishes.

In: a desk. Out: a raw submission.
"""

from __future__ import annotations

from caseroom.case.contract import Desk, RawSubmission
from caseroom.case.form import FindingsField
from caseroom.vocabulary.levels import Level

__all__ = ["solve"]


def solve(desk: Desk) -> RawSubmission:
    """Solve a case the way it is often done."""
    field = desk.form.field("findings")
    places = [c.id for c in field.places] if isinstance(field, FindingsField) else []
    main = places[0]
    desk.sql(f'SELECT count(*) AS row_count FROM "{main}"', title="How many rows are there?")
    columns = [place.split(".")[1] for place in places if place.startswith(f"{main}.")]
    nulls = ", ".join(f'count(*) - count("{c}") AS "{c}"' for c in columns)
    row = desk.sql(f'SELECT {nulls} FROM "{main}"', title="Which cells are empty?").one()
    column = max(row, key=lambda c: row[c])
    answer = {
        "findings": [
            {"type": "empty_values", "place": f"{main}.{column}", "size": float(row[column])}
        ],
        "main_fault": "empty_values",
        "wrong_number": "records",
        "error": {"value": 0.0, "low": -1.0, "high": 1.0},
        "decision": {"option": "publish"},
        "reversal_rule": "If anybody complains within a week, we look again.",
        "missing_data": "Nothing that I know of.",
        "memo": "The number of rows looks as usual and few cells are empty, so the report can go "
        "out today as it stands. I will look again when somebody asks.",
    }
    if desk.level is Level.LEAD:
        answer["control"] = "default_rule"
    return answer
