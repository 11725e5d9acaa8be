"""A text by simple cues: does some sentence show signs of each point that a reader needs?

In: a `MemoRule` and the text. Out: a judgment labeled as simple text cues, with the sentence that
each point rests on. Cues show that words are present, not that the argument is right; fluent prose
made of the right words passes. Texts that say nothing get 0 (`memo_guards`).

Score = share of cues found * length factor; the factor is 1 inside the range, words / min_words
below it and max_words / words above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from caseroom.case.contract import Case
from caseroom.case.form import ChoiceField, DecisionField, ProbabilitiesField
from caseroom.case.rubric import Cue, MemoRule
from caseroom.case.soft import count_words
from caseroom.grading.criteria.memo_guards import is_list, why_floored
from caseroom.grading.criteria.setting import Judgment, Setting, unanswered
from caseroom.grading.evidence import Method, Span

__all__ = ["judge_memo", "sentences"]

RELIABILITY = (
    "Low: word patterns show that a point is touched, not that it is right or well said. "
    "Not validated against people."
)
_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)")
_SENTENCE_LIST = 8


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give (start, end) offsets of sentences and list items, without white space around them."""
    start = 0
    for end in (*(found.start() for found in _END.finditer(text)), len(text)):
        part = text[start:end]
        lead = len(part) - len(part.lstrip())
        if part.strip():
            yield start + lead, start + len(part.rstrip())
        start = end


@lru_cache(maxsize=1024)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def judge_memo(rule: MemoRule, setting: Setting) -> Judgment:
    """Score a text by cues and length."""
    text = setting.submission.get(rule.field)
    if text is None:
        return unanswered()
    reason = why_floored(text, _shown_texts(setting.case, rule), rule.min_words)
    if reason:
        why = f"This is not scored as a text: {reason}."
        return Judgment(score=0.0, why=why, method=Method.TEXT_CUES, reliability=RELIABILITY)
    found = _find(rule, text)
    share = len(found) / len(rule.cues) if rule.cues else 0.0
    return Judgment(
        score=share * _length_factor(rule, text),
        why=_why(rule, text, found),
        spans=tuple(
            Span(source="field", ref=rule.field, quote=text[start:end], start=start, end=end)
            for start, end in sorted(set(found.values()))
        ),
        method=Method.TEXT_CUES,
        reliability=RELIABILITY,
    )


def _find(rule: MemoRule, text: str) -> dict[str, tuple[int, int]]:
    """Give the first sentence for each cue; sentences that are mere lists of words carry none."""
    prose = [
        (place, re.sub(r"\s+", " ", text[place[0] : place[1]]))
        for place in sentences(text)
        if not is_list(text[place[0] : place[1]], _SENTENCE_LIST)
    ]
    found: dict[str, tuple[int, int]] = {}
    for cue in rule.cues:
        for place, sentence in prose:
            if any(_pattern(source).search(sentence) for source in cue.patterns):
                found[cue.id] = place
                break
    return found


def _length_factor(rule: MemoRule, text: str) -> float:
    words = count_words(text)
    if words < rule.min_words:
        return words / rule.min_words
    return min(1.0, rule.max_words / words) if words else 0.0


def _why(rule: MemoRule, text: str, found: dict[str, tuple[int, int]]) -> str:
    words = count_words(text)
    seen = _labels(cue for cue in rule.cues if cue.id in found)
    missing = _labels(cue for cue in rule.cues if cue.id not in found)
    parts = [f"Signs of {len(found)} of {len(rule.cues)} points{f': {seen}' if seen else ''}."]
    if missing:
        parts.append(f"No sign of: {missing}.")
    if not rule.min_words <= words <= rule.max_words:
        parts.append(f"{words} words; {rule.min_words} to {rule.max_words} were asked for.")
    return " ".join(parts)


def _labels(cues: Iterator[Cue]) -> str:
    return "; ".join(cue.label for cue in cues)


def _shown_texts(case: Case, rule: MemoRule) -> Iterator[str]:
    """Give what the candidate was shown, and the rubric's own words."""
    brief = case.brief
    yield from (brief.question, brief.company, brief.value_rule, brief.stakeholder.concern)
    yield from brief.context
    yield from brief.hints
    yield from (entry.meaning for entry in brief.dictionary)
    yield from (entry.what for entry in brief.change_log)
    yield from (cue.label for cue in rule.cues)
    for field in case.form.fields:
        yield from (field.label, field.help)
        if isinstance(field, ProbabilitiesField | ChoiceField):
            yield from (f"{choice.label} {choice.help}" for choice in field.choices)
        if isinstance(field, DecisionField):
            yield from (f"{option.label} {option.help}" for option in field.options)
