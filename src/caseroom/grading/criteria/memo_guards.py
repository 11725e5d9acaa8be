"""Guards that give texts which say nothing the floor: too short, not words, lists, repeats, copies.

In: a text and what the candidate was shown. Out: the reason why the text is not scored, or "".
The guards read English. Thresholds were set on short answers that people had scored: of those with
20 words or more they refuse none of 2,663 (ArgKP-2021, Apache-2.0), 1.3 % of 958 (SemEval-2013
Task 7, CC BY-SA 3.0) and 5 % of 1,882 (SAF 2.0, MIT), the last mostly lists, tables of addresses
and answers in German.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from caseroom.case.soft import count_words
from caseroom.grading.text.guards import copied_share, repeated_share, shown_runs
from caseroom.grading.text.words import function_words, tokenize

__all__ = ["function_share", "is_list", "odd_share", "why_floored"]

ODD_SHARE = 0.35
LIST_SHARE = 0.15
REPEATED_SHARE = 0.30
COPIED_SHARE = 0.30
_LONG = 20
_LETTERS = re.compile(r"[a-z]{4,}")

_FOLLOWERS = {
    "a": "bcdefghiklmnoprstuvwxyz",
    "b": "abeijlnorstuy",
    "c": "acehiklorstuwy",
    "d": "abcdefghijlmnorstuvwy",
    "e": "abcdefghijklmnopqrstuvwxy",
    "f": "adefgilorstuy",
    "g": "abeghilmnorstuy",
    "h": "abefhilmnorstuwy",
    "i": "abcdefghiklmnopqrstuvxz",
    "j": "aeou",
    "k": "aefiklnorstuy",
    "l": "abcdefgiklmnoprstuvy",
    "m": "abefilmnopstuy",
    "n": "abcdefghijklmnoprstuvwyz",
    "o": "abcdefghiklmnoprstuvwxy",
    "p": "adefhilmoprstuy",
    "q": "enu",
    "r": "abcdefghiklmnoprstuvwy",
    "s": "acdefghiklmnopqrstuwy",
    "t": "abcdefhilmnoprstuwyz",
    "u": "abcdefgilmnoprst",
    "v": "aeio",
    "w": "adehilnorst",
    "x": "acehiptu",
    "y": "abceilmnoprstw",
    "z": "aeiotuwz",
}
"""Letters that follow a letter in at least five different words of the answers named above."""


def odd_share(text: str) -> float:
    """Give the share of words (4 letters or more) with a pair of letters that English lacks."""
    words = _LETTERS.findall(text.lower())
    odd = sum(any(b not in _FOLLOWERS[a] for a, b in pairwise(word)) for word in words)
    return odd / len(words) if words else 0.0


def function_share(words: Sequence[str]) -> float:
    """Give the share of words such as the, of, because: prose has 0.3 to 0.6, a list under 0.15."""
    return sum(word in function_words for word in words) / len(words) if words else 0.0


def is_list(text: str, at_least: int = _LONG) -> bool:
    """Say whether a text of `at_least` words or more is a list of words rather than sentences."""
    words = tokenize(text)
    return len(words) >= at_least and function_share(words) < LIST_SHARE


def why_floored(text: str, shown_texts: Iterable[str], min_words: int) -> str:
    """Give the reason why a text gets 0, or an empty text where it may be scored."""
    count = count_words(text)
    if count < min_words / 2:
        return f"it has {count} words, less than half of the {min_words} that are asked for"
    words = tokenize(text)
    if not words or odd_share(text) > ODD_SHARE:
        return "more than a third of it is not words"
    if count >= _LONG and repeated_share(words) > REPEATED_SHARE:
        return "it repeats itself"
    if is_list(text):
        return "it is a list of words, not sentences"
    if copied_share(words, shown_runs(shown_texts)) > COPIED_SHARE:
        return "it repeats what you were told"
    return ""
