"""Commands run inside the test process, with the toy kind and a data folder of their own.

In: `toy_shop`. Out: the fixture `caseroom`, which runs a command and gives what it printed.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import toy_shop
from caseroom.cli import run


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended: exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What was printed on standard output, as JSON."""
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture
def caseroom(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Give a function that runs `caseroom ARGUMENTS` with the toy kind."""
    monkeypatch.setenv("CASEROOM_HOME", str(data_dir))

    def command(*arguments: str | Path, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        code = run([str(argument) for argument in arguments], kinds=toy_shop.kinds())
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return command


@pytest.fixture
def case_id(caseroom: Command) -> str:
    """Give a started case."""
    return caseroom("new", "toy-kiosk", "--seed", "3", "--json").json["id"]
