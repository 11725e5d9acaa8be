"""Length, story parts and numbers, by rules that show what they found.

In: an answer. Out: a `Structure`. Cue words were chosen by hand; no public set of answers with
labeled story parts exists, so the parts are not validated against people. Why the parts matter:
stories told in interviews dwell on the situation and give too little action and result (Bangerter,
Corvalan and Cavin 2014, https://doi.org/10.1111/joop.12064).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from caseroom.grading.evidence import Span
from caseroom.grading.text.report import StoryPart, Structure
from caseroom.grading.text.words import function_words, sentences, tokenize

__all__ = ["STORY_PARTS", "WORDS_PER_MINUTE", "structure"]

WORDS_PER_MINUTE = 140
"""Speaking pace that turns words into seconds."""

STORY_PARTS = ("situation", "task", "action", "result", "learning")
LONGEST = {"situation": 0.40, "task": 0.30}
"""Largest share of the words before a part is called too long."""

_COUNT_WORD = (
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|million|half|third|quarter"
)
_COUNT = rf"(?:\d[\d,.]*\d|\d|(?:{_COUNT_WORD})(?:[ -](?:{_COUNT_WORD}))*)"
_NO_UNIT = "|".join(sorted(function_words))
_NUMBER = re.compile(
    rf"(?:[$€£]\s?\d[\d,.]*(?:\s(?:thousand|million|billion))?|\b\d[\d,.]*\s?%"
    rf"|\b{_COUNT}[ -](?!(?:{_NO_UNIT})\b)[a-z]{{2,}})",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    rf"\bfrom (?:[$€£]|about |around |roughly |nearly |some )*{_COUNT}\b[^.!?]{{0,40}}?\bto\b"
    r"|\b(?:compared (?:with|to)|against (?:the|a) |versus|vs\.?|control group|holdout|hold-out"
    r"|(?:down|up) from|than (?:before|the|in|last|a year)|same (?:weeks?|months?|period|quarter)"
    r"|twice as|half as|instead of)\b",
    re.IGNORECASE,
)
_ACTION_VERB = (
    r"(?:\w{3,}ed|built|wrote|ran|took|went|sat|drew|cut|put|set|told|gave|got|made|found|brought"
    r"|sent|led|chose|kept|let|met|held|began|spoke|read|showed|split|taught|bought|drove|fed|left)"
)


def _any(*phrases: str) -> re.Pattern[str]:
    """Match any of the phrases as whole words."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)


_CUES: Mapping[str, re.Pattern[str]] = {
    "learning": _any(
        r"i(?:'ve)? (?:have )?learn(?:ed|t)|lesson|in hindsight|looking back|next time|since then",
        r"ever since|from then on|now i (?:always|never)|today i|my mistake|these days",
        r"i(?:'d| would) (?:now )?do .{0,20}differently|what i (?:took|take) (?:away|from)",
    ),
    "result": _any(
        r"as a result|in the end|the result|result was|outcome|paid off|afterwards|after that,",
        r"(?:weeks?|months?|quarters?|year) later|reduced|saved|down from|up from",
        r"(?:fell|dropped|rose|grew|went|came|climbed) (?:\w+ )?(?:from|by|to)",
        r"(?:declined|improved|halved|doubled|shrank) (?:\w+ )?(?:from|by|to)",
        r"we (?:ended up|shipped|launched|kept)",
    ),
    "task": _any(
        r"my (?:job|task|role|part|goal|brief|responsibility)|i had to|i needed to|i owned",
        r"i (?:was|am) (?:asked|responsible|in charge|the owner|accountable)",
        r"it was (?:on|up to) me|asked me to|wanted me to",
    ),
    "action": re.compile(
        rf"\b(?:i (?:then |also |first |simply |just )?{_ACTION_VERB})\b"
        rf"|^\W*(?:then |also |first )?(?!indeed|based|compared|supposed){_ACTION_VERB}\b",
        re.IGNORECASE,
    ),
    "situation": _any(
        r"when i (?:was|worked|joined|ran)|we had|there was|in (?:19|20)\d\d",
        r"last (?:year|spring|summer|autumn|fall|winter|month)|(?:two|three|four) years ago",
        r"the (?:situation|problem|context|background) was",
        r"at (?:my|our|a|an|the) [\w -]{0,30}(?:company|bank|hospital|insurer|retailer|agency)",
        r"at (?:my|our|a|an|the) [\w -]{0,30}(?:startup|chain|team|utility|studio|employer|firm)",
    ),
}
_LATER = _any(
    r"(?:after|within) \w+ (?:days?|weeks?|months?|quarters?|years?)",
    r"by (?:christmas|easter|spring|summer|autumn|fall|winter|the end of|then)",
    r"by (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december)",
)
_ORDER = ("learning", "result", "task", "action", "situation")
"""In which order cues are asked. After an own action a number that is compared with something, or
one that tells how it was some time later, is a result, too."""


def structure(text: str, *, tells_story: bool, minutes: int) -> Structure:
    """Look at an answer whose first telling should take `minutes`."""
    words = tokenize(text)
    spans = sentences(text)
    numbers = _matches(_NUMBER, text)
    comparisons = _matches(_COMPARISON, text)
    story = _story(text, spans, numbers, comparisons) if tells_story else ()
    seconds = round(len(words) / WORDS_PER_MINUTE * 60)
    own = sum(word in ("i", "i'd", "i've", "my", "me") for word in words)
    ours = sum(word in ("we", "our", "us") for word in words)
    advice = (
        *_length_advice(text, spans, seconds, minutes),
        *_number_advice(text, spans, numbers, comparisons),
        *(_voice_advice(own, ours) if tells_story else ()),
        *(_part_advice(part) for part in story if part.score < 2),
    )
    return Structure(
        words=len(words),
        sentences=len(spans),
        seconds=seconds,
        first_person=own / (own + ours) if own + ours else 0.0,
        numbers=numbers,
        comparisons=comparisons,
        story=story,
        advice=tuple(line for line in advice if line),
    )


def _matches(pattern: re.Pattern[str], text: str) -> tuple[Span, ...]:
    """Give all places of a pattern as spans."""
    return tuple(_span(text, found.start(), found.end()) for found in pattern.finditer(text))


def _span(text: str, start: int, end: int) -> Span:
    """Give a verbatim quote."""
    return Span(source="answer", ref="answer", quote=text[start:end], start=start, end=end)


def _story(
    text: str,
    spans: Sequence[tuple[int, int]],
    numbers: Sequence[Span],
    comparisons: Sequence[Span],
) -> tuple[StoryPart, ...]:
    """Sort the sentences into parts; one without a cue goes on with the part before it.

    A sentence may show several parts ("I built checks, and the faults fell from nine to one"); its
    words are counted for the latest of them.
    """
    sorted_parts: dict[str, list[tuple[int, int]]] = {part: [] for part in STORY_PARTS}
    current = "situation"
    cued: dict[str, tuple[int, int]] = {}
    for start, end in spans:
        shown = [part for part in _ORDER if _CUES[part].search(text[start:end])]
        if "action" in cued and _tells_a_result(text, (start, end), numbers, comparisons):
            shown = [part for part in _ORDER if part in (*shown, "result")]
        for part in shown:
            cued.setdefault(part, (start, end))
        current = shown[0] if shown else current
        sorted_parts[current].append((start, end))
    total = sum(len(tokenize(text[start:end])) for start, end in spans) or 1
    return tuple(
        _part(text, part, sorted_parts[part], cued.get(part), total, numbers, comparisons)
        for part in STORY_PARTS
    )


def _tells_a_result(
    text: str, place: tuple[int, int], numbers: Sequence[Span], comparisons: Sequence[Span]
) -> bool:
    """Say whether a sentence after an action has a number and what it is compared with, or when."""
    later = bool(_LATER.search(text[slice(*place)]))
    return _inside(numbers, [place]) and (later or _inside(comparisons, [place]))


def _part(
    text: str,
    part: str,
    own: Sequence[tuple[int, int]],
    cue: tuple[int, int] | None,
    total: int,
    numbers: Sequence[Span],
    comparisons: Sequence[Span],
) -> StoryPart:
    """Score one part 0 to 2: there at all, and with what makes it convincing."""
    share = sum(len(tokenize(text[start:end])) for start, end in own) / total
    span = _span(text, *cue) if cue else None
    if not cue:
        return StoryPart(part=part, score=0, share=share, span=None, why="No sentence shows it.")
    if part in LONGEST and share > LONGEST[part]:
        why = f"It takes {share:.0%} of the words, more than {LONGEST[part]:.0%}."
        return StoryPart(part=part, score=1, share=share, span=span, why=why)
    if part == "result":
        number, against = _inside(numbers, own), _inside(comparisons, own)
        missing = "no number" if not number else "nothing that it is compared with"
        if not (number and against):
            why = f"It has {missing}."
            return StoryPart(part=part, score=1, share=share, span=span, why=why)
    return StoryPart(part=part, score=2, share=share, span=span, why="It is there.")


def _inside(spans: Sequence[Span], ranges: Sequence[tuple[int, int]]) -> bool:
    """Say whether one of the spans lies in one of the ranges."""
    return any(start <= span.start < end for span in spans for start, end in ranges)


_PART_PROMPTS = {
    "situation": "Say in two sentences where it was and what was at stake for whom.",
    "task": "Say what was yours to do, as against the team's: start with “My part was”.",
    "action": "Say what you did, in order, and why so: start each sentence with “I”.",
    "result": "Say how much changed, compared with what, and over which time.",
    "learning": "Say what you do differently since then, with one occasion where you did.",
}


def _part_advice(part: StoryPart) -> str:
    """Turn a weak part into a rewrite prompt with where and why."""
    where = f"at “{_short(part.span.quote)}”" if part.span else "missing"
    return f"{part.part.capitalize()} ({where}): {part.why} {_PART_PROMPTS[part.part]}"


def _length_advice(
    text: str, spans: Sequence[tuple[int, int]], seconds: int, minutes: int
) -> tuple[str, ...]:
    """Say when an answer is much too short or long, and where to cut."""
    if not spans or seconds < 20:
        return ("Length: under 20 seconds of speech. Give one case from start to result.",)
    if seconds <= minutes * 60 * 1.25:
        return ()
    start, end = max(spans, key=lambda span: span[1] - span[0])
    longest = _short(text[start:end])
    return (
        f"Length: about {seconds // 60} min {seconds % 60} s for a question of {minutes} minutes. "
        f"Start cutting at the longest sentence: “{longest}”.",
    )


def _number_advice(
    text: str,
    spans: Sequence[tuple[int, int]],
    numbers: Sequence[Span],
    comparisons: Sequence[Span],
) -> tuple[str, ...]:
    """Ask for a number, or for what a number is compared with."""
    if not numbers:
        last = _short(text[spans[-1][0] : spans[-1][1]]) if spans else ""
        return (f"Numbers: none. After “{last}” say how many, how much or how long.",)
    if not comparisons:
        quote = numbers[-1].quote.strip()
        return (
            f"Numbers: “{quote}” is compared with nothing. Say what it was before or elsewhere.",
        )
    return ()


def _voice_advice(own: int, ours: int) -> tuple[str, ...]:
    """Point out a story in which the team did everything."""
    if ours <= own:
        return ()
    return (f"Voice: “we” {ours} times, “I” {own} times. Say which of these steps were yours.",)


def _short(quote: str, size: int = 60) -> str:
    """Shorten a quote for a prompt."""
    return quote if len(quote) <= size else quote[: size - 1].rsplit(" ", 1)[0] + " …"
