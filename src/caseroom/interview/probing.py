"""The adaptive probe: when it is due, and which neutral question it is.

In: a question, the reports on its answers, the words so far, probes already used. Out: a text that
was written without sight of any rubric. It is chosen by the kind of the missing point and by what
the answer lacks, and says nothing about the point itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from caseroom.grading.text.report import AnswerReport, Structure
from caseroom.interview.lines import Lines
from caseroom.questions.model import Band, Category, PointKind, Question, Round

__all__ = ["choose_probe", "lacks", "probe_due"]

_WHY = re.compile(
    r"\b(?:because|since|so that|in order to|the reason|that(?:'s| is|’s) why|therefore|otherwise"
    r"|rather than|instead of)\b",
    re.IGNORECASE,
)
_CHECKED = re.compile(
    r"\b(?:check\w*|verif\w+|compar\w+|test\w*|reconcil\w+|look(?:ed)? (?:at|into)|counted|measured"
    r"|pulled|sampled|confirm\w*|audit\w*)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:decid\w+|decision|approv\w+|agreed|signed off|sign-off|said yes|said no|chose"
    r"|accountable|owner|my call|last word|sponsor)\b",
    re.IGNORECASE,
)
_ORDER: Mapping[PointKind, tuple[str, ...]] = {
    PointKind.CONTENT: ("checked", "reason", "who_decided", "own_action", "number"),
    PointKind.STRUCTURE: ("reason", "who_decided", "own_action", "checked", "number"),
    PointKind.QUANTIFICATION: ("number", "checked", "reason", "own_action", "who_decided"),
    PointKind.REFLECTION: ("reason", "own_action", "checked", "who_decided", "number"),
}
_FITS: Mapping[Category, frozenset[str]] = {
    Category.TECHNICAL: frozenset({"reason", "checked", "number"}),
    Category.BEHAVIORAL: frozenset(_ORDER[PointKind.CONTENT]),
    Category.SITUATIONAL: frozenset(_ORDER[PointKind.CONTENT]),
    Category.PROBLEM_SOLVING: frozenset(_ORDER[PointKind.CONTENT]),
}
"""What may be asked for: a question on a concept has nobody who decided and no own part."""

_SCREENING = frozenset({"reason"})
_OWN_SHARE = 0.4  # below this share of "I" among "I" and "we", the own part is not visible


def probe_due(report: AnswerReport) -> bool:
    """Say whether the gate point is still missing: a "perhaps" is worth a question, too."""
    return report.gate.band is not Band.FOUND


def lacks(text: str, structure: Structure) -> frozenset[str]:
    """Give what an answer does not show: a number, an own action, a reason, a check, a decider."""
    missing = {
        "number": not structure.numbers,
        "own_action": structure.first_person < _OWN_SHARE,
        "reason": not _WHY.search(text),
        "checked": not _CHECKED.search(text),
        "who_decided": not _DECIDED.search(text),
    }
    return frozenset(name for name, absent in missing.items() if absent)


def choose_probe(
    question: Question,
    report: AnswerReport,
    answers: Sequence[str],
    used: Collection[str],
    lines: Lines,
) -> str:
    """Give the probe to ask: one for what is lacking, else an open one; none is used twice."""
    fits = _SCREENING if question.round is Round.SCREEN else _FITS[question.category]
    fitting = [name for name in _ORDER[question.gate.kind] if name in fits]
    missing = lacks("\n".join(answers), report.structure)
    wanted = [name for name in fitting if name in missing]
    tense = "past" if question.category is Category.BEHAVIORAL else "would"
    every = (*wanted, "open", *fitting)
    texts = [text for name in every for text in getattr(lines.probes[name], tense)]
    return next((text for text in texts if text not in used), texts[0])
