"""The application as one value: ports, kinds, questions and running builds, for every use case.

In: adapters that `caseroom.bootstrap` wired. Out: a `Caseroom`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from caseroom.case.contract import CaseKind
from caseroom.case.registry import kind_ids, load_kind
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.bank import find_question, search_bank
from caseroom.questions.model import Question
from caseroom.service.builds import Builds
from caseroom.service.errands import Errands
from caseroom.service.model_ports import Models, NoModels
from caseroom.service.ports import CaseFiles, Clock, Sandbox, Store
from caseroom.service.views import SolutionStep

__all__ = ["Bank", "Caseroom", "Kinds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The case kinds that can be played: all registered ones unless told otherwise."""

    ids: Callable[[], tuple[str, ...]] = kind_ids
    load: Callable[[str], CaseKind] = load_kind


def _grade(question: Question, text: str) -> AnswerReport:
    """Grade with the offline grader; its tables are read when the first answer comes."""
    from caseroom.grading.text.grade import grade_answer

    return grade_answer(question, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The questions that can be asked and what grades their answers.

    `search` takes words and the filters of `search_bank`, `find` an id (CaseroomError NOT_FOUND for
    an unknown one), `grade` a question and a text.
    """

    find: Callable[[str], Question] = find_question
    search: Callable[..., tuple[Question, ...]] = search_bank
    grade: Callable[[Question, str], AnswerReport] = _grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseroom:
    """Everything that a use case may touch.

    `models` is the language model that the person configured; by default there is none. `errands`
    are the threads in which it is asked.
    `solutions` remembers worked solutions for as long as the process lives: they are never stored.
    """

    store: Store
    files: CaseFiles
    sandbox: Sandbox
    clock: Clock
    builds: Builds = field(default_factory=Builds)
    kinds: Kinds = field(default_factory=Kinds)
    bank: Bank = field(default_factory=Bank)
    models: Models = field(default_factory=NoModels)
    errands: Errands = field(default_factory=Errands)
    solutions: dict[str, tuple[SolutionStep, ...]] = field(default_factory=dict)

    def close(self) -> None:
        """End the sandbox workers and close the store."""
        self.sandbox.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
