"""Choices: probabilities over causes by the Brier score, one choice, a segment.

In: a `CauseRule`, `ChoiceRule` or `SegmentRule` and the answer. Out: a judgment that states what
was given and what is true.
Source of the quadratic score: Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.
"""

from __future__ import annotations

from collections.abc import Mapping

from caseroom.case.form import ChoiceField, Form, ProbabilitiesField
from caseroom.case.rubric import CauseRule, ChoiceRule, SegmentRule
from caseroom.grading.criteria.setting import Judgment, Setting, cut, unanswered

__all__ = ["brier_skill", "judge_causes", "judge_choice", "judge_segment", "missed_causes"]

_ALL = "all"


def brier_skill(given: Mapping[str, float], true: frozenset[str], choices: frozenset[str]) -> float:
    """Give 1 - Brier / Brier of the base rate, cut to 0..1.

    `given` holds probabilities (0..1) by choice, 0 where one is absent. The base rate gives every
    choice k / n, for k true ones of n; its mean quadratic score is (k/n)(1 - k/n).
    """
    every = choices | true
    base = len(true) / len(every)
    if not 0 < base < 1:
        return 0.0
    errors = ((given.get(each, 0.0) - (each in true)) ** 2 for each in every)
    return cut(1 - sum(errors) / len(every) / (base * (1 - base)))


def missed_causes(given: Mapping[str, float], true: frozenset[str]) -> tuple[str, ...]:
    """Give the true causes that count as missed: below 0.5, or not above every false choice."""
    false = max((number for each, number in given.items() if each not in true), default=0.0)
    missed = (each for each in true if given.get(each, 0.0) < 0.5 or given.get(each, 0.0) <= false)
    return tuple(sorted(missed))


def judge_causes(rule: CauseRule, setting: Setting) -> Judgment:
    """Score probabilities over all choices of the field."""
    given = setting.submission.get(rule.field)
    if given is None:
        return unanswered()
    labels = _labels(setting.case.form, rule.field)
    right = ", ".join(
        f"{given.get(each, 0.0):.2g} to {labels.get(each, each)}" for each in sorted(rule.true)
    )
    why = f"You gave {right}, which {'is' if len(rule.true) == 1 else 'are'} true"
    why += f"{_false_part(given, rule.true, labels)}. "
    why += "The same probability for every choice would score 0."
    return Judgment(score=brier_skill(given, rule.true, frozenset(labels)), why=why)


def _false_part(given: Mapping[str, float], true: frozenset[str], labels: Mapping[str, str]) -> str:
    false = sorted(
        ((number, each) for each, number in given.items() if each not in true and number > 0),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if not false:
        return ", and nothing to a false cause"
    named = ", ".join(f"{number:.2g} to {labels.get(each, each)}" for number, each in false[:3])
    more = f" and {len(false) - 3} more" if len(false) > 3 else ""
    return f", and to false causes {named}{more}"


def _labels(form: Form, field_id: str) -> dict[str, str]:
    field = form.field(field_id)
    if not isinstance(field, ProbabilitiesField | ChoiceField):
        return {}
    return {choice.id: choice.label for choice in field.choices}


def judge_choice(rule: ChoiceRule, setting: Setting) -> Judgment:
    """Score one choice: full, partial or no credit."""
    chosen = setting.submission.get(rule.field)
    if chosen is None:
        return unanswered()
    labels = _labels(setting.case.form, rule.field)
    if chosen == rule.true:
        return Judgment(score=1.0, why=f"You chose {labels.get(chosen, chosen)}, which is right.")
    score = cut(rule.partial.get(chosen, 0.0))
    credit = f", which earns {score:.0%}" if score else ""
    why = f"You chose {labels.get(chosen, chosen)}{credit}; "
    return Judgment(score=score, why=f"{why}right is {labels.get(rule.true, rule.true)}.")


def judge_segment(rule: SegmentRule, setting: Setting) -> Judgment:
    """Score a slice by the share of dimensions that are right.

    Where the truth names a slice and no named dimension is right, the score is 0.
    """
    given = setting.submission.get(rule.field)
    if given is None:
        return unanswered()
    right = [each for each, value in rule.true.items() if given.get(each, _ALL) == value]
    named = [each for each, value in rule.true.items() if value != _ALL]
    touched = not named or any(each in right for each in named)
    parts = "; ".join(
        f"{each}: you said {given.get(each, _ALL)}, "
        + ("right" if each in right else f"it was {value}")
        for each, value in rule.true.items()
    )
    why = f"{len(right)} of {len(rule.true)} right. {parts}."
    if right and not touched:
        why += " Nothing of the slice itself is right, so what was left on all earns nothing."
    return Judgment(score=len(right) / len(rule.true) if touched and rule.true else 0.0, why=why)
