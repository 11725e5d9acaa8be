"""The same answer told a little differently, which may change little about its points.

In: an answer. Out: texts with the same content: mistyped, as bullets, in another order, padded.
"""

from __future__ import annotations

from collections.abc import Iterator

from caseroom.grading.text.words import sentences

__all__ = ["variations"]

_PADDING = (
    "That is at least how it was, as far as I can say.",
    "Let me go on with the next part, if I may.",
    "I hope that this is clear so far, please stop me if it is not.",
    "There is more to say about it, but I want to come to the point.",
    "It was a busy time for everybody, as you can imagine.",
    "This is of course my own view of it.",
)


def variations(text: str) -> dict[str, str]:
    """Give the variations of a text by name."""
    parts = [text[start:end].strip() for start, end in sentences(text)]
    return {
        "typos": " ".join(_mistyped(text)),
        "bullets": "\n".join(f"- {part.rstrip('.')}" for part in parts),
        "last half first": " ".join((*parts[len(parts) // 2 :], *parts[: len(parts) // 2])),
        "padding": " ".join(_padded(parts)),
        "twice as long": " ".join(_padded(list(_padded(parts)))),
    }


def _mistyped(text: str) -> Iterator[str]:
    """Swap two letters inside every eighth longer word."""
    seen = 0
    for word in text.split():
        seen += len(word) > 4
        if len(word) > 4 and seen % 8 == 0:
            word = word[0] + word[2] + word[1] + word[3:]
        yield word


def _padded(parts: list[str]) -> Iterator[str]:
    """Put an empty sentence after every second one."""
    for at, part in enumerate(parts):
        yield part
        if at % 2:
            yield _PADDING[at // 2 % len(_PADDING)]
