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

__all__ = ["function_share", "is_list", "odd_share", "repeated_share", "shingles", "why_floored"]

ODD_SHARE = 0.35
LIST_SHARE = 0.15
REPEATED_SHARE = 0.30
COPIED_SHARE = 0.30
_LONG = 20
_LETTERS = re.compile(r"[a-z]{4,}")
_TOKEN = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")

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

_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the this that these those it its they them their he she his her we us our you "
        "your i me my who whom which what where when why how and or but nor so yet if then than "
        "as because since while until unless although though whether of in on at by for with "
        "from to into over under about after before between through during against without "
        "within per not no is are was were be been being am do does did done have has had "
        "having will would shall should can could may might must there here all any some each "
        "every both most more less few many much such only own same other another one very too "
        "also just even still again once",
    )
)


def tokens(text: str) -> list[str]:
    """Give the words and numbers of a text in lower case."""
    return _TOKEN.findall(text.lower())


def odd_share(text: str) -> float:
    """Give the share of words (4 letters or more) with a pair of letters that English lacks."""
    words = _LETTERS.findall(text.lower())
    odd = sum(any(b not in _FOLLOWERS[a] for a, b in pairwise(word)) for word in words)
    return odd / len(words) if words else 0.0


def function_share(words: Sequence[str]) -> float:
    """Give the share of words such as the, of, because: prose has 0.3 to 0.6, a list under 0.15."""
    return sum(word in _FUNCTION_WORDS for word in words) / len(words) if words else 0.0


def is_list(text: str, at_least: int = _LONG) -> bool:
    """Say whether a text of `at_least` words or more is a list of words rather than sentences."""
    words = tokens(text)
    return len(words) >= at_least and function_share(words) < LIST_SHARE


def shingles(words: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Give all runs of `size` words."""
    return [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]


def repeated_share(words: Sequence[str]) -> float:
    """Give the share of three-word runs that were there before."""
    runs = shingles(words, 3)
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def copied_share(words: Sequence[str], shown_texts: Iterable[str]) -> float:
    """Give the share of four-word runs that stand in what the candidate was shown."""
    runs = shingles(words, 4)
    known = {run for text in shown_texts for run in shingles(tokens(text), 4)}
    return sum(run in known for run in runs) / len(runs) if runs else 0.0


def why_floored(text: str, shown_texts: Iterable[str], min_words: int) -> str:
    """Give the reason why a text gets 0, or an empty text where it may be scored."""
    count = count_words(text)
    if count < min_words / 2:
        return f"it has {count} words, less than half of the {min_words} that are asked for"
    words = tokens(text)
    if not words or odd_share(text) > ODD_SHARE:
        return "more than a third of it is not words"
    if count >= _LONG and repeated_share(words) > REPEATED_SHARE:
        return "it repeats itself"
    if is_list(text):
        return "it is a list of words, not sentences"
    if copied_share(words, shown_texts) > COPIED_SHARE:
        return "it repeats what you were told"
    return ""
