"""The bank: what is in it, how it is found, and that the compiled form is up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from caseroom.questions.bank import compile_bank, find_question, load_bank, search_bank
from caseroom.questions.model import Category
from caseroom.vocabulary.errors import CaseroomError, ExitCode

ROOT = Path(__file__).parents[2]


def test_holds_every_topic_once():
    """The bank has 124 questions, numbered without a gap."""
    assert [question.id for question in load_bank()] == [f"Q{n:03d}" for n in range(1, 125)]


def test_has_all_categories():
    """Every category of question is in the bank."""
    assert {question.category for question in load_bank()} == set(Category)


def test_compiled_files_are_up_to_date():
    """What ships is what the reviewed content compiles to."""
    command = [sys.executable, str(ROOT / "tools" / "compile_bank.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_compiling_twice_gives_the_same_bytes():
    """The compiled form depends on the content alone."""
    assert compile_bank(load_bank()[:3]) == compile_bank(load_bank()[:3])


def test_finds_an_id_as_typed():
    """An id is found in lower case and with spaces around it."""
    assert find_question(" q007 ").id == "Q007"


def test_unknown_id_names_near_ones():
    """An id that is not there is refused with ids that are."""
    with pytest.raises(CaseroomError, match="Q125") as refusal:
        find_question("Q125")
    assert refusal.value.code is ExitCode.NOT_FOUND
    assert "Q124" in refusal.value.allowed or "Q12" in refusal.value.allowed


def test_search_needs_every_word():
    """A search gives questions that hold all words, in any order and case."""
    found, first, second = (
        {question.id for question in search_bank(text)}
        for text in ("dashboard TRUST", "dashboard", "trust")
    )
    assert found
    assert found == first & second


def test_filters_narrow():
    """Each filter gives only what it names; a vertical includes questions for any."""
    found = search_bank(category="behavioral", level="mid", vertical="finance")
    assert found
    assert {(q.category.value, q.level.value) for q in found} == {("behavioral", "mid")}
    assert {q.vertical for q in found} <= {"any", "finance"}
