"""A panel of four profiles, each of which scores every answer before anybody compares notes.

In: a question with the reports on what was said to it. Out: scores from 1 to 5 per dimension and
profile. Every profile is a function of the reports alone and sees no other profile's score
(independent scores before the discussion: Conway, Jako and Goodman 1995,
https://doi.org/10.1037/0021-9010.80.5.565). The weights in here are our choice, not fitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from caseroom.grading.text.guards import MIN_WORDS
from caseroom.grading.text.report import AnswerReport
from caseroom.grading.text.structure import Structure
from caseroom.interview.scales import Dimension
from caseroom.questions.model import Band, PointKind, Question
from caseroom.vocabulary.levels import Competency, Level

__all__ = ["PANEL", "Heard", "Profile", "dimensions_of", "panel_score", "share"]

_D, _C = Dimension, Competency
FEEDS: Mapping[Competency, tuple[Dimension, ...]] = {
    _C.STRATEGY: (_D.FRAMING, _D.JUDGMENT),
    _C.DISCOVERY: (_D.USER, _D.FRAMING),
    _C.ANALYSIS: (_D.EVIDENCE,),
    _C.METRICS: (_D.FRAMING, _D.EVIDENCE),
    _C.EXPERIMENTS: (_D.EVIDENCE,),
    _C.QUALITY: (_D.EVIDENCE, _D.RISK),
    _C.PLATFORM: (_D.JUDGMENT,),
    _C.MODELLING: (_D.EVIDENCE, _D.RISK),
    _C.GOVERNANCE: (_D.RISK,),
    _C.DECISIONS: (_D.JUDGMENT,),
    _C.DELIVERY: (_D.JUDGMENT, _D.RISK),
    _C.INFLUENCE: (_D.USER,),
    _C.STORY: (_D.COMMUNICATION, _D.USER),
    _C.DIAGNOSIS: (_D.FRAMING, _D.EVIDENCE),
    _C.LIFECYCLE: (_D.USER, _D.JUDGMENT),
}
"""Which dimensions a competency gives evidence for."""

MOST_DIMENSIONS = 4

_PULLS: Mapping[PointKind, Mapping[Dimension, float]] = {
    PointKind.CONTENT: {},
    PointKind.STRUCTURE: {_D.FRAMING: 1.5, _D.COMMUNICATION: 1.5},
    PointKind.QUANTIFICATION: {_D.EVIDENCE: 1.5, _D.JUDGMENT: 0.75},
    PointKind.REFLECTION: {_D.JUDGMENT: 1.5, _D.RISK: 1.0},
}
_ELSEWHERE: Mapping[PointKind, float] = {
    PointKind.CONTENT: 1.0,
    PointKind.STRUCTURE: 0.5,
    PointKind.QUANTIFICATION: 0.5,
    PointKind.REFLECTION: 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A question and what was heard: the first answer, both follow-ups added, the probe added.

    `prompted` says that the gate point came only after the probe. `level` is that of the interview.
    """

    question: Question
    first: AnswerReport
    final: AnswerReport
    probed: AnswerReport
    level: Level

    @property
    def prompted(self) -> bool:
        """Say whether the gate point came only after the probe."""
        before, after = self.final.gate.band, self.probed.gate.band
        return before is not Band.FOUND and after is Band.FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A panel member: how they score an answer, and how much each dimension counts with them."""

    id: str
    score: Callable[[Heard, Dimension], float]
    weights: Mapping[Dimension, float]


def dimensions_of(question: Question) -> tuple[Dimension, ...]:
    """Give the dimensions that a question feeds: at most four, communication always."""
    counts = Counter(one for name in question.competencies for one in FEEDS[name])
    counts.pop(Dimension.COMMUNICATION, None)
    ranked = [one for one, _ in counts.most_common(MOST_DIMENSIONS - 1)]
    return (*ranked, Dimension.COMMUNICATION)


def share(
    question: Question,
    report: AnswerReport,
    dimension: Dimension,
    *,
    perhaps: float,
    extra: Mapping[PointKind, float] | None = None,
) -> float:
    """Give the weighted share (0..1) of the points that count for a dimension.

    `perhaps` is what an uncertain point is worth. `extra` multiplies the weight of kinds of points.
    """
    kinds = {point.id: point.kind for point in question.points}
    worth = {Band.FOUND: 1.0, Band.PERHAPS: perhaps, Band.NOT_FOUND: 0.0}
    total = got = 0.0
    for verdict in report.points:
        kind = kinds[verdict.point]
        weight = verdict.weight * _PULLS[kind].get(dimension, _ELSEWHERE[kind])
        weight *= (extra or {}).get(kind, 1.0)
        total += weight
        got += weight * worth[verdict.band]
    return got / total if total else 0.0


def _capped(score: float, heard: Heard, report: AnswerReport, *, perhaps_counts: bool) -> float:
    """Cap a score by the gate point: 2 without it, 3 where it is uncertain or needed the probe.

    For an associate a gate point that needed prompting is what is expected: the cap is 4.
    """
    band = report.gate.band
    if band is Band.NOT_FOUND or (band is Band.PERHAPS and not perhaps_counts):
        return min(score, 2.0)
    if band is Band.PERHAPS:
        return min(score, 3.0)
    if heard.prompted and report is heard.probed:
        return min(score, 4.0 if heard.level is Level.ASSOCIATE else 3.0)
    return score


def _clip(score: float) -> float:
    """Keep a score on the scale."""
    return min(5.0, max(1.0, score))


def _hiring_manager(heard: Heard, dimension: Dimension) -> float:
    """Count what was found in everything that was said."""
    if dimension is Dimension.COMMUNICATION:
        return _communication(heard, {"length": 1, "order": 1, "figures": 1, "voice": 1})
    got = share(heard.question, heard.probed, dimension, perhaps=0.0)
    return _capped(1 + 4 * got, heard, heard.probed, perhaps_counts=False)


def _data_partner(heard: Heard, dimension: Dimension) -> float:
    """Read "perhaps" as half; look for numbers with a comparison."""
    if dimension is Dimension.COMMUNICATION:
        return _communication(heard, {"length": 1, "order": 1, "figures": 2, "voice": 1})
    got = share(heard.question, heard.probed, dimension, perhaps=0.5)
    score = 1 + 4 * got
    if dimension in (Dimension.EVIDENCE, Dimension.RISK):
        looks = heard.probed.structure
        score += 0.5 if looks.numbers and looks.comparisons else 0.0 if looks.numbers else -0.5
    return _capped(_clip(score), heard, heard.probed, perhaps_counts=True)


def _business_stakeholder(heard: Heard, dimension: Dimension) -> float:
    """Look for result, number and learning; dislike overlong answers."""
    if dimension is Dimension.COMMUNICATION:
        return _communication(heard, {"length": 2, "order": 1, "figures": 1, "voice": 1})
    double = {PointKind.QUANTIFICATION: 2.0, PointKind.REFLECTION: 2.0}
    got = share(heard.question, heard.probed, dimension, perhaps=0.5, extra=double)
    score = 1 + 4 * got
    parts = {part.part: part.score for part in heard.probed.structure.story}
    if parts:
        told = (parts.get("result", 0) + parts.get("learning", 0)) / 4
        score = 0.7 * score + 0.3 * (1 + 4 * told)
    if heard.first.structure.seconds > 1.5 * heard.question.minutes * 60:
        score -= 0.5
    return _capped(_clip(score), heard, heard.probed, perhaps_counts=True)


def _bar_raiser(heard: Heard, dimension: Dimension) -> float:
    """Weigh what came unprompted most; the probe does not count."""
    if dimension is Dimension.COMMUNICATION:
        return _communication(heard, {"length": 1, "order": 2, "figures": 1, "voice": 1})
    first = share(heard.question, heard.first, dimension, perhaps=0.0)
    final = share(heard.question, heard.final, dimension, perhaps=0.0)
    score = 1 + 4 * (0.6 * first + 0.4 * final)
    return _capped(score, heard, heard.final, perhaps_counts=False)


def _communication(heard: Heard, weights: Mapping[str, float]) -> float:
    """Score how it was said (1..5), from length, order, figures and own voice.

    Well-worded answers without content get no more than 3: half of the scale hangs on content.
    """
    report = heard.final
    if report.withheld or report.structure.words < MIN_WORDS:
        return 1.0
    parts = _how_it_was_said(heard)
    used = {name: weight for name, weight in weights.items() if name in parts}
    told = sum(parts[name] * weight for name, weight in used.items()) / sum(used.values())
    content = share(heard.question, report, Dimension.COMMUNICATION, perhaps=0.5)
    return 1 + 4 * min(told, 0.5 + 0.5 * content)


def _how_it_was_said(heard: Heard) -> dict[str, float]:
    """Give each part of how it was said, 0..1; the voice only where a story is asked for."""
    looks = heard.final.structure
    parts = {
        "length": _length(heard.first.structure, heard.question.minutes),
        "order": _order(looks),
        "figures": (bool(looks.numbers) + bool(looks.comparisons)) / 2,
    }
    if looks.story:
        parts["voice"] = min(1.0, 2 * looks.first_person)
    return parts


def _length(looks: Structure, minutes: int) -> float:
    """Give 1 for 40 to 125% of the question's time, falling to 0 at 10% and 250%."""
    ratio = looks.seconds / (minutes * 60)
    if ratio < 0.4:
        return max(0.0, (ratio - 0.1) / 0.3)
    return 1.0 if ratio <= 1.25 else max(0.0, (2.5 - ratio) / 1.25)


def _order(looks: Structure) -> float:
    """Give the story's parts (0..1), or whether sentences are of a length that can be followed."""
    if looks.story:
        return sum(part.score for part in looks.story) / (2 * len(looks.story))
    mean = looks.words / looks.sentences if looks.sentences else 0.0
    return 1.0 if 7 <= mean <= 28 else 0.5


_EVEN = dict.fromkeys(Dimension, 1.0)
PANEL: tuple[Profile, ...] = (
    Profile(id="hiring_manager", score=_hiring_manager, weights=_EVEN),
    Profile(
        id="data_partner",
        score=_data_partner,
        weights={**_EVEN, Dimension.EVIDENCE: 2.0, Dimension.RISK: 2.0},
    ),
    Profile(
        id="business_stakeholder",
        score=_business_stakeholder,
        weights={**_EVEN, Dimension.USER: 2.0, Dimension.COMMUNICATION: 2.0},
    ),
    Profile(id="bar_raiser", score=_bar_raiser, weights=_EVEN),
)
"""The panel, with what each member's score weighs in each dimension."""


def panel_score(scores: Mapping[str, float], dimension: Dimension) -> float:
    """Combine the profiles' scores (by id) of one dimension: their weighted mean."""
    weights = {profile.id: profile.weights[dimension] for profile in PANEL}
    total = sum(weights[name] for name in scores)
    return sum(weights[name] * score for name, score in scores.items()) / total
