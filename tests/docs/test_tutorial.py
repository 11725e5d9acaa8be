"""The tutorial can be followed: its queries run, show what it says, and its answer passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from caseroom.bootstrap import open_case
from caseroom.service.desk import OpenCase

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


def test_the_dashboard_jumps_and_subscriptions_do_not(case: OpenCase) -> None:
    """What the page says about the two series can be seen in its query."""
    (query,) = (text for text in blocks("sql") if "share_ended" in text)
    rows = case.sql(query)
    dashboard = [float(value) for value in rows.column("dashboard_churn")]
    ended = [float(value) for value in rows.column("share_ended")]

    assert max(dashboard) > 2.5 * dashboard[-1]
    assert max(ended) < 2 * sum(ended) / len(ended)


def test_one_client_lost_its_session_starts(case: OpenCase) -> None:
    """The page's query singles out the client that its answer names."""
    (query,) = (text for text in blocks("sql") if "share_of_session_starts" in text)
    low = [row for row in case.sql(query) if row["share_of_session_starts"] < 0.1]

    assert [(row["platform"], row["client_version"]) for row in low] == [("ios", "5.3")]


def test_the_answer_passes(case: OpenCase) -> None:
    """The page's answer has no format problem, passes, and leaves no regret to speak of."""
    (text,) = blocks("yaml")
    answer = yaml.safe_load(text)
    check = case.check(answer)

    assert (check.problems, check.warnings) == ((), ())

    debrief = case.submit(answer, self_score=75)

    assert debrief.report.passed
    assert debrief.consequence.regret_cents < 0.25 * debrief.consequence.stake_cents
