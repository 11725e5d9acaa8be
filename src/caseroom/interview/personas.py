"""Skeptical stakeholders: who they are, what worries them, and what they say.

In: content/stakeholders.yaml. Out: checked values; a concern has the form of a rubric point, so
that the same text grader judges whether it was addressed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from caseroom.questions.model import Pitfall
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["CONCERNS", "Concern", "Persona", "Replies", "find_persona", "load_personas"]

CONCERNS = ("data validity", "sample", "cost to the team", "past failure")
"""What every stakeholder worries about, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One worry.

    `opens` brings it up; `addressed`, `half` and `evaded` are the persona's words after an answer
    (`half` and `evaded` ask once more). `statement`, `says` and `near_miss` have the form of a
    rubric point, `evades` is what people say who go around it; they are never spoken, and neither
    are `strong` and `weak`, whole answers for debrief and tests.
    """

    id: str
    topic: str
    opens: str
    addressed: str
    half: str
    evaded: str
    strong: str
    weak: str
    statement: str
    says: tuple[str, ...]
    near_miss: tuple[str, ...]
    evades: tuple[str, ...]

    @property
    def evasion(self) -> Pitfall:
        """Give what speaks against an answer to this concern in the form of a pitfall."""
        return Pitfall(
            id=f"{self.id}-evaded",
            statement="Goes around the concern",
            says=self.evades,
            near_miss=self.says,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """A persona's words to what holds for every concern, one wording per use, and at the end."""

    over_promised: tuple[str, ...]
    dismissed: tuple[str, ...]
    moving_on: tuple[str, ...]
    convinced: str
    waiting: str
    unconvinced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A skeptical stakeholder. `vertical` is "any" or the one industry that the persona is from.

    `over_promise` and `dismissal` are pitfalls with examples: what lowers trust.
    """

    id: str
    name: str
    title: str
    vertical: str
    situation: str
    proposal: str
    greeting: str
    concerns: tuple[Concern, ...]
    over_promise: Pitfall
    dismissal: Pitfall
    replies: Replies


@cache
def load_personas() -> tuple[Persona, ...]:
    """Give all stakeholders, in the order of the file. Raises CaseroomError for broken content."""
    path = files("caseroom.content") / "stakeholders.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        personas = msgspec.convert(raw, tuple[Persona, ...])
    except msgspec.ValidationError as problem:
        raise CaseroomError(
            f"stakeholders.yaml does not fit the schema of a stakeholder: {problem}.",
            allowed="the fields of caseroom.interview.personas.Persona",
            next_step="Mend the file; its other entries show the form.",
        ) from problem
    for persona in personas:
        _check(persona)
    return personas


def _check(persona: Persona) -> None:
    """Refuse a stakeholder whose concerns or examples are not complete."""
    topics = tuple(concern.topic for concern in persona.concerns)
    if topics != CONCERNS:
        raise _broken(persona, f"its concerns are {topics}", f"exactly {', '.join(CONCERNS)}")
    for concern in persona.concerns:
        if not (3 <= len(concern.says) <= 8 and 2 <= len(concern.near_miss) <= 6):
            raise _broken(
                persona,
                f"{concern.id} has {len(concern.says)} examples, {len(concern.near_miss)} misses",
                "3 to 8 examples and 2 to 6 near-misses",
            )
        if len(concern.evades) < 6:
            raise _broken(persona, f"{concern.id} has {len(concern.evades)} evasions", "6 or more")
    replies = persona.replies
    if min(map(len, (replies.over_promised, replies.dismissed, replies.moving_on))) < 2:
        raise _broken(persona, "a reply has one wording", "two or more wordings")


def _broken(persona: Persona, problem: str, allowed: str) -> CaseroomError:
    """Give the error for content that is not complete."""
    return CaseroomError(
        f"Stakeholder {persona.id}: {problem}.",
        allowed=allowed,
        next_step="Mend stakeholders.yaml.",
    )


def find_persona(persona_id: str, personas: tuple[Persona, ...]) -> Persona:
    """Give a persona by id. Raises CaseroomError with the ids there are."""
    found = next((persona for persona in personas if persona.id == persona_id), None)
    if found is None:
        raise CaseroomError(
            f"There is no stakeholder {persona_id!r}.",
            allowed=", ".join(persona.id for persona in personas),
            next_step="Choose one of these, or none: then the seed chooses.",
        )
    return found
