"""The reference page of the command line is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseroom.cli.reference import reference
from caseroom.cli.root import COMMANDS
from caseroom.vocabulary.errors import ExitCode

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_what_the_commands_say() -> None:
    """After a change: python -m caseroom.cli.reference > docs/reference/cli.md."""
    assert PAGE.read_text() == reference()


@pytest.mark.parametrize("command", [*COMMANDS, "world build"])
def test_every_command_is_on_it(command: str) -> None:
    """With a heading of its own."""
    assert f" `caseroom {command}`\n" in reference()


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_on_it(code: ExitCode) -> None:
    """With its meaning."""
    assert f"| {int(code)} | {code.name} | " in reference()
