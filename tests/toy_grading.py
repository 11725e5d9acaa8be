"""Grading toy cases in tests: settings, logs and reports from a few words.

In: a toy case, changed answers, SQL texts. Out: what the grader reads and says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import toy_kind
from caseroom.case.contract import Case
from caseroom.case.form import Form, Submission
from caseroom.case.parse import parse_submission
from caseroom.case.rubric import Rule
from caseroom.grading.criteria import Setting, judge
from caseroom.grading.evidence import Evidence, GradeReport
from caseroom.grading.report import grade
from caseroom.investigation.log import InvestigationLog, QueryRecord

START = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
OPTIONAL = Form(tuple(replace(field, required=False) for field in toy_kind.FORM.fields))
KIND = toy_kind.kind()


def query(number: int, sql: str, error: str = "") -> QueryRecord:
    """Give the record of a query run `number` minutes after the start."""
    at = START + timedelta(minutes=number)
    return QueryRecord(id=number, sql=sql, at=at, milliseconds=1.0, row_count=1, error=error)


def log_of(queries: Sequence[str]) -> InvestigationLog:
    """Give the log of queries that all ran."""
    return InvestigationLog(queries=tuple(query(n, sql) for n, sql in enumerate(queries, 1)))


def submission_of(raw: Mapping[str, Any]) -> Submission:
    """Read a submission in which every field is optional."""
    submission, problems = parse_submission(OPTIONAL, raw)
    assert submission is not None, problems
    return submission


def setting_of(case: Case, raw: Mapping[str, Any], queries: Sequence[str] = ()) -> Setting:
    """Give what a rule is judged on."""
    submission = submission_of(raw)
    return Setting(
        case=case,
        log=log_of(queries),
        submission=submission,
        consequence=toy_kind.consequence(case, (), submission),
    )


def judged(case: Case, rule: Rule, raw: Mapping[str, Any], queries: Sequence[str] = ()) -> Evidence:
    """Judge one rule of a toy case."""
    criterion = replace(case.rubric.criteria[0], rule=rule)
    return judge(criterion, setting_of(case, raw, queries))


def rule_of(case: Case, criterion_id: str) -> Any:
    """Give the rule of a criterion of the case."""
    (rule,) = (each.rule for each in case.rubric.criteria if each.id == criterion_id)
    return rule


def report_of(case: Case, raw: Mapping[str, Any], queries: Sequence[str] = ()) -> GradeReport:
    """Grade a submission to a toy case."""
    setting = setting_of(case, raw, queries)
    return grade(case, KIND, setting.log, setting.submission, setting.consequence)
