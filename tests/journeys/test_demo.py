"""The whole way with the kinds of the product, as `caseroom demo` plays it."""

from __future__ import annotations

import json

import pytest

from caseroom.case.registry import kind_ids
from caseroom.cli import run


@pytest.mark.parametrize("kind", kind_ids())
def test_the_demo_plays_each_kind_from_brief_to_consequence(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reference solver works at a candidate's desk: through the sandbox, within its caps."""
    code = run(["demo", "--kind", kind, "--json"])

    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    (play,) = json.loads(printed.out)["plays"]
    debrief = play["debrief"]
    assert play["kind"] == kind
    assert all(step["title"] for step in play["steps"])
    assert any("note" in step for step in play["steps"])
    assert debrief["report"]["passed"]
    assert debrief["truth"]
    assert debrief["consequence"]["chosen"]["series"]
    assert [entry for entry in debrief["timeline"] if entry["validity"]]
