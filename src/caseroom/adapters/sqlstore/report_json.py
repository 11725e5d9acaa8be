"""Grade reports as JSON and back.

In: a `GradeReport`. Out: plain values that a JSON column holds; reading them gives an equal report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from caseroom.grading.evidence import Evidence, GateHit, GradeReport, Method, Span
from caseroom.vocabulary.levels import Competency

__all__ = ["from_json", "to_json"]


def to_json(report: GradeReport) -> dict[str, Any]:
    """Give a report as JSON-ready values."""
    return asdict(report)


def from_json(body: Mapping[str, Any]) -> GradeReport:
    """Read a report."""
    return GradeReport(
        **{
            **body,
            "evidence": tuple(_evidence(entry) for entry in body["evidence"]),
            "gates": tuple(GateHit(**gate) for gate in body["gates"]),
        }
    )


def _evidence(entry: Mapping[str, Any]) -> Evidence:
    return Evidence(
        **{
            **entry,
            "competency": Competency(entry["competency"]),
            "method": Method(entry["method"]),
            "spans": tuple(Span(**span) for span in entry["spans"]),
        }
    )
