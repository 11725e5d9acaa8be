"""The reference solver: audits the table by ordinary queries, repairs, weighs, decides, writes.

In: a desk. Out: a raw submission. It sees only what a candidate sees.
"""

from __future__ import annotations

from typing import Any

from caseroom.case.contract import Desk, RawSubmission
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.inspection import Inspection, inspect
from caseroom.case.kinds.data_audit.memo import Told, write_memo
from caseroom.case.kinds.data_audit.repairs import Found
from caseroom.case.kinds.data_audit.weighing import Choice, weigh
from caseroom.vocabulary.levels import Level

__all__ = ["solve"]


def solve(desk: Desk) -> RawSubmission:
    """Solve a case."""
    audit = inspect(desk)
    choice = weigh(desk, audit)
    half = 1.28 * max(0.4, 0.05 * abs(choice.error), choice.noise)
    low, high = choice.error - half, choice.error + half
    answer: dict[str, Any] = {
        "findings": [_finding(fault) for fault in audit.found],
        "main_fault": choice.main,
        "wrong_number": choice.number,
        "error": {"value": choice.error, "low": low, "high": high},
        "decision": {"option": choice.option, "params": dict(choice.params)},
    }
    if desk.level is Level.LEAD:
        answer["control"] = _control(desk, choice.main)
    return answer | _texts(desk, audit, choice, (choice.error, low, high))


def _finding(fault: Found) -> dict[str, Any]:
    return {
        "type": fault.type,
        "place": fault.place,
        "slice": dict(fault.slice),
        "since": fault.since.isoformat() if fault.since else None,
        "size": fault.size,
        "confidence": 0.95,
    }


def _control(desk: Desk, main: str) -> str:
    desk.sql(
        "SELECT control, owner, state, note FROM controls ORDER BY control",
        title="Which control should have caught it?",
    )
    return types.BY_ID[main].control or "row_counts"


def _texts(
    desk: Desk, audit: Inspection, choice: Choice, error: tuple[float, float, float]
) -> dict[str, str]:
    told = sorted(
        (
            Told(type=f.type, place=f.place, slice=f.slice, since=f.since, size=f.size)
            for f in audit.found
        ),
        key=lambda item: item.type != choice.main,
    )
    if not told:
        told = [Told(type=types.MISSING, place=audit.view.main)]
    labels = desk.sql("SELECT number, label FROM report_definition", title="Labels of the numbers")
    label = next(row["label"] for row in labels if row["number"] == choice.number)
    return write_memo(
        asker=desk.brief.stakeholder.name,
        vertical=desk.vertical,
        number=label,
        reported=choice.reported,
        error=error,
        main=told[0],
        others=told[1:],
        option=choice.option,
    )
