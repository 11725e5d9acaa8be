"""Which offline grader reads answers: the embedded one, or the semantic one of the extra.

In: the environment and what a person asked for. Out: a `Bank` with that grader.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Question
from caseroom.service.app import Bank
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["VARIABLE", "TextGrader", "chosen_bank"]

VARIABLE = "CASEROOM_TEXT_GRADER"


class TextGrader(StrEnum):
    """The offline graders; without a choice it is the embedded one."""

    EMBEDDED = "embedded"
    SEMANTIC = "semantic"


def chosen_bank(environment: Mapping[str, str], *, semantic: bool = False) -> Bank:
    """Give the bank with the grader that the environment names, or with the semantic one.

    Raises:
        CaseroomError: For a name that there is not, and where the extra is not installed.
    """
    grader = TextGrader.SEMANTIC if semantic else _named(environment.get(VARIABLE, "").strip())
    if grader is TextGrader.EMBEDDED:
        return Bank()
    from caseroom.grading.text.semantic_models import model_folder

    model_folder()
    return Bank(grade=_grade_semantically)


def _named(name: str) -> TextGrader:
    """Read the name of a grader; none means the embedded one."""
    try:
        return TextGrader(name or TextGrader.EMBEDDED)
    except ValueError:
        raise CaseroomError(
            f"{VARIABLE} is {name!r}: there is no such text grader.",
            allowed=", ".join(TextGrader),
            next_step=f"set {VARIABLE} to one of these, or unset it.",
        ) from None


def _grade_semantically(question: Question, text: str) -> AnswerReport:
    """Grade with the semantic reader; its models are read when the first answer comes."""
    from caseroom.grading.text.grade import grade_answer
    from caseroom.grading.text.semantic import semantic_reader

    return grade_answer(question, text, semantic_reader())
