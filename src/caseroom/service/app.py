"""The application as one value: ports, kinds and running builds, handed to every use case.

In: adapters that `caseroom.bootstrap` wired. Out: a `Caseroom`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from caseroom.case.contract import CaseKind
from caseroom.case.registry import kind_ids, load_kind
from caseroom.service.builds import Builds
from caseroom.service.ports import CaseFiles, Clock, Sandbox, Store
from caseroom.service.views import SolutionStep

__all__ = ["Caseroom", "Kinds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """The case kinds that can be played: all registered ones unless told otherwise."""

    ids: Callable[[], tuple[str, ...]] = kind_ids
    load: Callable[[str], CaseKind] = load_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseroom:
    """Everything that a use case may touch.

    `solutions` remembers worked solutions for as long as the process lives: they are never stored.
    """

    store: Store
    files: CaseFiles
    sandbox: Sandbox
    clock: Clock
    builds: Builds = field(default_factory=Builds)
    kinds: Kinds = field(default_factory=Kinds)
    solutions: dict[str, tuple[SolutionStep, ...]] = field(default_factory=dict)

    def close(self) -> None:
        """End the sandbox workers and close the store."""
        self.sandbox.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
