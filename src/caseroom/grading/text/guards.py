"""Guards: what is unusual about a whole answer before its points are looked at.

In: an answer and what the person was shown. Out: flags with reasons; some withhold all credit, and
some name sentences that may not count. Thresholds: docs/reference/text-grading.md quotes how often
each guard speaks on answers that people wrote and on attacks (`bench/text_grading.py`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence, Set

from caseroom.grading.evidence import Span
from caseroom.grading.text.report import Flag, FlagKind
from caseroom.grading.text.vectors import Vectors
from caseroom.grading.text.word_order import order_score
from caseroom.grading.text.words import function_words, sentences, stem, tokenize

__all__ = [
    "MIN_WORDS",
    "copied_share",
    "denial_within",
    "denied",
    "guard",
    "instruction_at",
    "own_answer",
    "repeated_share",
    "shingles",
    "shown_runs",
]

MIN_WORDS = 8
ODD_SHARE = 0.35
LIST_SHARE = 0.05
SPARSE_SHARE = 0.22
REPEATED_SHARE = 0.45
ECHO_SHARE = 0.20
COPIED_SHARE = 0.30
SALAD_SCORE = -0.03
PROSE_SHARE = 0.30
KEYWORD_RECALL = 0.70
KEYWORD_SHARE = 0.25
DENIED_SHARE = 0.60
_LONG = 20

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.!?\n]{0,40}\b(?:instruction|rubric|rule|prompt|above)"
    r"|\b(?:grader|grading|scorer|evaluator|examiner|assessor|system prompt|language model"
    r"|ai model|as an ai)\b[^.!?\n]{0,80}\b(?:must|should|please|will|now|mark|give|award|score"
    r"|treat|rate|output)\b"
    r"|\b(?:mark|score|rate|grade|treat|count)\b[^.!?\n]{0,40}\b(?:all|every|each|this answer)\b"
    r"[^.!?\n]{0,40}\b(?:met|found|covered|correct|passed|full|maximum|perfect|5|10|100)\b"
    r"|\bfull (?:marks|score|points|credit)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|honestly|frankly|actually|in fact|there|back then),?\s+)*"
    r"(?:it (?:is not|isn't|was not|wasn't) (?:true|the case) that"
    r"|(?:i|we|nobody|no one|none of us)\s+(?:have |had |also |simply |really |just )?"
    r"(?:never|did not|didn't|do not|don't|have not|haven't|had not|hadn't|would not|wouldn't"
    r"|will not|won't|was not|wasn't|were not|weren't|could not|couldn't|cannot|can't)\b"
    r"|(?:nobody|no one|none of us)\b)",
    re.IGNORECASE,
)
_UNTRUE = re.compile(r"\b(?:true|the case) that\b", re.IGNORECASE)
_CONTRAST = re.compile(r"\b(?:but|until|instead)\b|[,:]\s+(?:so\s+)?(?:i|we)\b", re.IGNORECASE)


def guard(
    text: str, known: Container[tuple[str, ...]], rubric: Set[str], vectors: Vectors
) -> tuple[Flag, ...]:
    """Give the flags of an answer.

    `known` are the four-word runs that the person could copy (`shown_runs`), `rubric` the stems of
    the telling words of the rubric's statements.
    """
    words = tokenize(text)
    if len(words) < MIN_WORDS:
        why = f"It has {len(words)} words; a point can't be told from fewer than {MIN_WORDS}."
        return (Flag(kind=FlagKind.EMPTY, why=why, withholds=True),)
    flags = (
        _not_words(words, vectors),
        _word_list(words),
        _copy(words, known),
        _keywords(words, rubric),
        _repetition(words),
        _salad(text, words),
        _denial(text),
        _instruction(text),
    )
    return tuple(flag for flag in flags if flag)


def shingles(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Give all runs of `size` words."""
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def shown_runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Give all four-word runs of what a person could copy."""
    return frozenset(run for text in texts for run in shingles(tokenize(text), 4))


def copied_share(words: Sequence[str], known: Container[tuple[str, ...]]) -> float:
    """Give the share of four-word runs that stand in what the person was shown."""
    runs = shingles(words, 4)
    return sum(run in known for run in runs) / len(runs) if runs else 0.0


def repeated_share(words: Sequence[str]) -> float:
    """Give the share of three-word runs that were there before."""
    runs = shingles(words, 3)
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def denied(sentence: str) -> bool:
    """Say whether a sentence starts by denying what follows ("I never ...", "Nobody ...")."""
    return bool(_DENIAL.match(sentence.replace("’", "'")))


def denial_within(text: str) -> bool:
    """Say whether some sentence of a text denies, and tells nothing in its place ("but I ...")."""
    parts = [text[start:end] for start, end in sentences(text)]
    return any(denied(part) and not _tells_instead(part) for part in parts)


def _tells_instead(denial: str) -> bool:
    """Say whether a denying sentence goes on with what was done; a whole told untrue does not."""
    return bool(_CONTRAST.search(denial)) and not _UNTRUE.search(denial)


def instruction_at(text: str) -> re.Match[str] | None:
    """Find words that speak to the grader instead of answering."""
    return _INSTRUCTION.search(text)


def own_answer(text: str) -> str:
    """Give a text without the sentences that speak to the grader."""
    parts = [text[start:end] for start, end in sentences(text)]
    return " ".join(part for part in parts if not instruction_at(part))


def _not_words(words: Sequence[str], vectors: Vectors) -> Flag | None:
    """Withhold where more than a third is no word of the vocabulary."""
    odd = sum(not vectors.knows(word.split("'")[0]) for word in words) / len(words)
    if odd <= ODD_SHARE:
        return None
    why = f"{odd:.0%} of it is not words (more than {ODD_SHARE:.0%} is not scored)."
    return Flag(kind=FlagKind.NOT_WORDS, why=why, withholds=True)


def _word_list(words: Sequence[str]) -> Flag | None:
    """Flag an answer with few small words; withhold where there are next to none."""
    share = sum(word in function_words for word in words) / len(words)
    if share >= SPARSE_SHARE or len(words) < _LONG:
        return None
    why = f"Only {share:.0%} are words such as the, of, because; sentences have 35 to 60%."
    return Flag(kind=FlagKind.WORD_LIST, why=why, withholds=share < LIST_SHARE)


def _copy(words: Sequence[str], known: Container[tuple[str, ...]]) -> Flag | None:
    """Withhold where a third stands in the question, the rubric or the model answer."""
    share = copied_share(words, known)
    if share <= COPIED_SHARE:
        return None
    why = f"{share:.0%} of its four-word runs stand in the question, rubric or model answer."
    return Flag(kind=FlagKind.COPY, why=why, withholds=True)


def _keywords(words: Sequence[str], rubric: Set[str]) -> Flag | None:
    """Withhold where an answer is made of the rubric's own words, as no told case is."""
    stems = [stem(word) for word in words]
    recall = len(rubric & set(stems)) / len(rubric) if rubric else 0.0
    share = sum(word in rubric for word in stems) / len(stems)
    if recall < KEYWORD_RECALL or share < KEYWORD_SHARE:
        return None
    why = f"It has {recall:.0%} of the rubric's words, and they are {share:.0%} of all its words."
    return Flag(kind=FlagKind.KEYWORDS, why=why, withholds=True)


def _repetition(words: Sequence[str]) -> Flag | None:
    """Flag an answer that repeats itself; withhold where it does little else."""
    share = repeated_share(words)
    if share <= ECHO_SHARE or len(words) < _LONG:
        return None
    why = f"{share:.0%} of its three-word runs were said before."
    return Flag(kind=FlagKind.REPETITION, why=why, withholds=share > REPEATED_SHARE)


def _salad(text: str, words: Sequence[str]) -> Flag | None:
    """Withhold where the order of the words is not that of sentences.

    Telegram style has hardly any small words and is let pass.
    """
    score, pairs = order_score(text)
    prose = sum(word in function_words for word in words) / len(words)
    if pairs < _LONG or score >= SALAD_SCORE or prose < PROSE_SHARE:
        return None
    why = "Its words do not stand in the order of English sentences."
    return Flag(kind=FlagKind.WORD_SALAD, why=why, withholds=True)


def _denial(text: str) -> Flag | None:
    """Flag an answer of which most sentences deny; its denied sentences do not count."""
    parts = [text[start:end] for start, end in sentences(text)]
    share = sum(denied(part) for part in parts) / len(parts)
    if share <= DENIED_SHARE:
        return None
    why = f"{share:.0%} of its sentences say what was not done."
    return Flag(kind=FlagKind.DENIAL, why=why, withholds=True)


def _instruction(text: str) -> Flag | None:
    """Flag words to the grader; the sentence they stand in does not count."""
    found = instruction_at(text)
    if not found:
        return None
    quote = text[found.start() : found.end()]
    span = Span(source="answer", ref="answer", quote=quote, start=found.start(), end=found.end())
    why = "It speaks to the grader; that sentence is not scored."
    return Flag(kind=FlagKind.INSTRUCTION, why=why, withholds=False, span=span)
