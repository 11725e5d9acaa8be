"""Does a quote stand in the answer? The check that a model's credit must pass.

In: an answer as typed and a quote that a model gave. Out: the place in the answer, or None. What
is shown later are the answer's own characters at that place, never the model's.

White space, quote marks, dashes and case may differ; beyond that 95% of the characters must agree
(difflib's ratio, 2 x matches / length of both), and numbers and negations must be the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from caseroom.grading.evidence import Span
from caseroom.grading.text.guards import copied_share, instruction_at, shown_runs
from caseroom.grading.text.words import sentences, tokenize

__all__ = ["FEWEST_WORDS", "LIKE", "find_quote", "verified_span"]

LIKE = 0.95
FEWEST_WORDS = 3
"""Fewer words stand in almost any answer, so they prove nothing."""

_COPIED = 0.5
_LONGEST = 400
_SAME = str.maketrans(
    {
        **dict.fromkeys('‘’‚‛`´′“”„‟«»″"', "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    }
)
_SENSE = re.compile(r"\d+|\b(?:not|no|never|nobody|none|nothing|without|cannot)\b|n't\b")
_EDGE = " '.,;:!?-([)]"


@dataclass(frozen=True, slots=True)
class _Flat:
    """A text without differences that do not matter; `places[i]` is where character i came from."""

    text: str
    places: tuple[int, ...]


def verified_span(answer: str, quote: str, shown: Sequence[str]) -> Span | None:
    """Give the answer's own words for a quote, if they can carry credit.

    Words that were copied from what the person was `shown` or that speak to the grader carry none.
    The span is widened to whole sentences, so that no "never" is left out before it.
    """
    place = find_quote(answer, quote)
    if place is None:
        return None
    words = answer[place[0] : place[1]]
    if instruction_at(words) or copied_share(tokenize(words), shown_runs(shown)) > _COPIED:
        return None
    start, end = _whole_sentences(answer, *place)
    words = answer[start:end]
    return Span(source="answer", ref="answer", quote=words, start=start, end=end)


def find_quote(answer: str, quote: str) -> tuple[int, int] | None:
    """Give the character range of a quote in an answer, None when it does not stand there.

    Example:
        >>> find_quote("We said “ship  it” twice.", "said \\"ship it\\" twice")
        (3, 24)
    """
    flat, wanted = _flatten(answer), _flatten(quote).text.strip(_EDGE)
    if len(tokenize(wanted)) < FEWEST_WORDS:
        return None
    exact = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", flat.text)
    found = exact.span() if exact else _nearest(flat.text, wanted)
    if found is None:
        return None
    return flat.places[found[0]], flat.places[found[1] - 1] + 1


def _flatten(text: str) -> _Flat:
    """Make white space, quote marks, dashes, width and case the same, and remember the places."""
    characters: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text):
        for one in unicodedata.normalize("NFKC", raw.translate(_SAME)).translate(_SAME).lower():
            character = " " if one.isspace() else one
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            places.append(place)
    return _Flat("".join(characters), tuple(places))


def _nearest(text: str, wanted: str) -> tuple[int, int] | None:
    """Give the stretch around the longest common run, if it is like the quote and says the same."""
    run = SequenceMatcher(None, text, wanted, autojunk=False).find_longest_match()
    slack = len(wanted) // 20 + 1
    low = max(0, run.a - run.b - slack)
    near = text[low : run.a - run.b + len(wanted) + slack]
    blocks = SequenceMatcher(None, near, wanted, autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return None
    start, end = _whole_words(near, blocks[0].a, blocks[-1].a + blocks[-1].size)
    ratio = 2 * sum(block.size for block in blocks) / (end - start + len(wanted))
    return (low + start, low + end) if ratio >= LIKE and _same(near[start:end], wanted) else None


def _same(found: str, wanted: str) -> bool:
    """Say whether two texts have the same numbers and negations, and the same words at the ends."""
    ends = [(words[0], words[-1]) for words in (tokenize(found), tokenize(wanted)) if words]
    return len(set(ends)) == 1 and _SENSE.findall(found) == _SENSE.findall(wanted)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to whole words."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _whole_sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to the sentences that hold it, unless they go on and on."""
    touched = [part for part in sentences(text) if part[0] < end and start < part[1]]
    wide = min([start, *(s for s, _ in touched)]), max([end, *(e for _, e in touched)])
    return wide if wide[1] - wide[0] <= _LONGEST else (start, end)
