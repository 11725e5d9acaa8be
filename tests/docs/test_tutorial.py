"""The tutorial can be followed: its queries run, show what it says, and its answer passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from caseroom.bootstrap import open_case
from caseroom.service.desk import OpenCase
from caseroom.vocabulary.rows import Rows

PAGE = (Path(__file__).parents[2] / "docs/tutorial/first-case.md").read_text()


def blocks(language: str) -> list[str]:
    """Give the page's code blocks in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCase]:
    """Give the tutorial's case."""
    folder = tmp_path_factory.mktemp("tutorial")
    with open_case("saas-churn", seed=4, level="associate", data_dir=folder) as opened:
        yield opened


def test_every_query_gives_rows(case: OpenCase) -> None:
    """Each query of the page runs as it stands."""
    assert all(len(case.sql(query)) for query in blocks("sql"))


def shown(case: OpenCase, column: str) -> Rows:
    """Give what the page's query with this column shows."""
    (query,) = (text for text in blocks("sql") if f"AS {column}" in text)
    return case.sql(query)


def test_the_dashboard_rises_and_subscriptions_do_not_end_sooner(case: OpenCase) -> None:
    """What the page says about the two series can be seen in its query."""
    rows = shown(case, "share_ended")
    dashboard = [float(value) for value in rows.column("dashboard_churn")]
    ended = [float(value) for value in rows.column("share_ended")]

    assert max(dashboard[:10]) > 1.5 * max(dashboard[20:])
    assert max(ended[:10]) <= max(ended[20:])


def test_one_platform_works_without_sessions(case: OpenCase) -> None:
    """Those who pay are seen working, but on one platform many start no session."""
    first, second, *_ = shown(case, "no_session_for_weeks")

    assert first["platform"] == "ios"
    assert first["no_session_for_weeks"] > second["no_session_for_weeks"] + 0.1
    assert first["no_session_for_weeks"] > first["no_event_for_weeks"] + 0.1


def test_one_client_lost_its_session_starts(case: OpenCase) -> None:
    """The page's query singles out the client that its answer names."""
    rows = shown(case, "without_session_start")
    lost = [row for row in rows if row["without_session_start"] > 0.05]

    assert [(row["platform"], row["client_version"]) for row in lost] == [("ios", "5.3")]


def test_at_equal_age_nobody_leaves_sooner(case: OpenCase) -> None:
    """No slice by plan or channel moves like the dashboard."""
    rows = [row for row in shown(case, "left_lately") if row["slice"] != "not recorded"]

    assert len(rows) == 8
    assert all(row["left_lately"] < 1.5 * row["left_before"] for row in rows)


def test_the_answer_passes(case: OpenCase) -> None:
    """The page's answer has no format problem, passes after the page's queries, without regret."""
    (text,) = blocks("yaml")
    answer = yaml.safe_load(text)
    check = case.check(answer)

    assert (check.problems, check.warnings) == ((), ())

    debrief = case.submit(answer, self_score=75)

    assert debrief.report.passed
    assert debrief.consequence.regret_cents == 0
