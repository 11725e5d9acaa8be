"""The bank: all questions, found by id, words and tags.

In: the compiled content that ships in the package. Out: questions.
"""

from __future__ import annotations

import difflib
import gzip
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

from caseroom.questions.model import Question
from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["COMPILED", "compile_bank", "find_question", "load_bank", "search_bank"]

COMPILED = "questions.json.gz"


def compile_bank(questions: Iterable[Question]) -> bytes:
    """Give the bytes that `load_bank` reads; the same questions give the same bytes."""
    plain = msgspec.json.encode(tuple(questions), order="deterministic")
    return gzip.compress(plain, compresslevel=9, mtime=0)


@cache
def load_bank() -> tuple[Question, ...]:
    """Give all questions, in the order of their ids."""
    packed = (files("caseroom.content") / "data" / COMPILED).read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=tuple[Question, ...])


@cache
def _by_id() -> dict[str, Question]:
    """Give the questions by id."""
    return {question.id: question for question in load_bank()}


def find_question(question_id: str) -> Question:
    """Give one question. Raises CaseroomError (NOT_FOUND) with the nearest ids."""
    wanted = question_id.strip().upper()
    if wanted in _by_id():
        return _by_id()[wanted]
    near = difflib.get_close_matches(wanted, list(_by_id()), n=3, cutoff=0.5)
    raise CaseroomError(
        f"There is no question {question_id!r}.",
        allowed=f"Q001 to {max(_by_id())}" + (f", for instance {', '.join(near)}" if near else ""),
        next_step="Run `caseroom questions list` to see all of them.",
        code=ExitCode.NOT_FOUND,
    )


def search_bank(
    text: str = "",
    *,
    category: str = "",
    round: str = "",
    level: str = "",
    vertical: str = "",
    competency: str = "",
) -> tuple[Question, ...]:
    """Give the questions that fit every filter that is set and hold every word of `text`.

    An unknown filter value finds nothing; whoever offers filters checks them. A question for
    "any" vertical fits each of them.
    """
    words = text.lower().split()
    return tuple(
        question
        for question in load_bank()
        if (not category or question.category == category)
        and (not round or question.round == round)
        and (not level or question.level == level)
        and (not vertical or question.vertical in ("any", vertical))
        and (not competency or competency in question.competencies)
        and all(word in _haystack(question) for word in words)
    )


def _haystack(question: Question) -> str:
    """Give what a search looks through, in lower case."""
    statements = " ".join(point.statement for point in question.points)
    return f"{question.id} {question.title} {question.ask} {statements}".lower()
