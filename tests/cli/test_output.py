"""Printing tables, amounts and progress."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import toy_kind
from caseroom.cli.output import money, table_lines


def test_numbers_stand_right_and_texts_left() -> None:
    """A column of numbers with gaps is still one of numbers."""
    lines = table_lines(["name", "n"], [["a", 1], ["b", None], ["c", 12345.678]])

    assert lines == ["name        n", "----  -------", "a           1", "b", "c     12345.7"]


def test_long_cells_are_cut_and_line_breaks_shown_as_spaces() -> None:
    """A table row is one line."""
    (_, _, line) = table_lines(["t"], [["x" * 50 + "\n" + "y" * 50]])

    assert len(line) == 60
    assert line.endswith("…")


def test_an_empty_result_is_a_header() -> None:
    """No rows is an answer too."""
    assert table_lines(["a", "bc"], []) == ["a  bc", "-  --"]


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "$0"), (99, "$1"), (-1234500, "-$12,345"), (10**11, "$1,000,000,000")]
)
def test_amounts_are_whole(cents: int, text: str) -> None:
    """Minus stands before the sign of the currency."""
    assert money(cents) == text


def test_progress_is_drawn_on_a_terminal(tmp_path: Path) -> None:
    """On standard error, over itself, and gone at the end."""
    main, other = pty.openpty()
    toy = Path(toy_kind.__file__).with_name("toy_cli.py")
    arguments = ["new", "toy-kiosk", "--seed", "1", "--data-dir", str(tmp_path / "d")]
    done = subprocess.run(
        [sys.executable, str(toy), *arguments], stdout=subprocess.PIPE, stderr=other, text=True
    )
    os.close(other)
    drawn = os.read(main, 10_000).decode()
    os.close(main)

    assert done.returncode == 0
    assert "Building the company   0%" in drawn
    assert drawn.endswith("\r")
    assert "Building" not in done.stdout
