"""The words of the scorecard: dimensions with anchors, panel profiles, fixed sentences.

In: content/scorecard.yaml. Out: a checked `Scales` value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from caseroom.vocabulary.errors import CaseroomError

__all__ = ["Dimension", "DimensionWords", "ProfileWords", "Scales", "Verdict", "load_scales"]


class Dimension(StrEnum):
    """What the panel scores, each from 1 to 5."""

    FRAMING = "framing"
    EVIDENCE = "evidence"
    JUDGMENT = "judgment"
    USER = "user"
    COMMUNICATION = "communication"
    RISK = "risk"


class Verdict(StrEnum):
    """The four levels of a recommendation, lowest first."""

    STRONG_NO = "strong_no"
    NO = "no"
    YES = "yes"
    STRONG_YES = "strong_yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionWords:
    """A dimension's name, its question, and what an answer at 1, 3 and 5 looks like."""

    name: str
    asks: str
    anchors: Mapping[int, str]

    def anchor(self, score: float) -> str:
        """Give the description nearest to a score."""
        return self.anchors[min(self.anchors, key=lambda level: abs(level - score))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWords:
    """A panel member's name, and how they score."""

    name: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scales:
    """Everything that a scorecard says in fixed words."""

    dimensions: Mapping[Dimension, DimensionWords]
    profiles: Mapping[str, ProfileWords]
    verdicts: Mapping[Verdict, str]
    disclaimer: str
    indicative: str


@cache
def load_scales() -> Scales:
    """Give the scales. Raises CaseroomError for content that does not fit."""
    text = (files("caseroom.content") / "scorecard.yaml").read_text(encoding="utf-8")
    try:
        scales = msgspec.convert(yaml.safe_load(text), Scales)
    except msgspec.ValidationError as problem:
        raise _broken(str(problem)) from problem
    if set(scales.dimensions) != set(Dimension) or set(scales.verdicts) != set(Verdict):
        raise _broken("a dimension or a verdict has no words")
    if any(set(words.anchors) != {1, 3, 5} for words in scales.dimensions.values()):
        raise _broken("a dimension has other anchors than 1, 3 and 5")
    return scales


def _broken(problem: str) -> CaseroomError:
    """Give the error for content that does not fit."""
    return CaseroomError(
        f"scorecard.yaml does not fit: {problem}.",
        allowed="the fields of caseroom.interview.scales.Scales",
        next_step="Mend the file.",
    )
