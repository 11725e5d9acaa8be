"""An interview as a file to keep or to hand to a mentor: Markdown, HTML or JSON.

In: an interview's state and its scorecard. Out: bytes. Rubrics and examples are not in it, only
what was said and, when it is closed, how the panel scored it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from caseroom.interview.scales import load_scales
from caseroom.interview.state import Say, SayKind, State
from caseroom.interview.verdicts import IN_DOUBT
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.plain import plain

if TYPE_CHECKING:
    from caseroom.interview.scorecard import Scorecard

__all__ = ["FORMATS", "export_as"]

_SILENT = (SayKind.NUDGE,)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "dt{font-weight:600;margin-top:1rem}dd{margin:0;white-space:pre-wrap}"
    "time{color:#555;font-weight:400}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.25rem .5rem;text-align:left}"
)


def export_as(fmt: str, state: State, *, title: str, card: Scorecard | None) -> bytes:
    """Give an interview in a format: md, html or json.

    Raises:
        CaseroomError: For another format.
    """
    if fmt not in FORMATS:
        raise CaseroomError(
            f"An interview is not exported as {fmt!r}.",
            allowed=", ".join(FORMATS),
            next_step="choose one of these.",
        )
    return FORMATS[fmt](state, title, card).encode()


def _markdown(state: State, title: str, card: Scorecard | None) -> str:
    lines = [f"# {_md(title)}", "", *(f"- {_md(fact)}" for fact in _facts(state)), ""]
    lines += ["## Transcript"]
    for line in _lines(state):
        lines += ["", f"**{_md(_speaker(state, line))}** ({_clock(state, line)})", ""]
        lines += [f"> {_md(part)}".rstrip() for part in line.text.split("\n")]
    if card is not None:
        lines += ["", "## Scorecard", "", *_scorecard_markdown(card)]
    return "\n".join(lines) + "\n"


def _scorecard_markdown(card: Scorecard) -> Iterator[str]:
    yield from (f"- {_md(sentence)}" for sentence in _summary(card))
    yield from ("", "| dimension | score | bounds | parts |", "|---|---|---|---|")
    for name, score, bounds, parts in _rows(card):
        yield f"| {_md(name)} | {score} | {bounds} | {parts} |"
    yield ""
    yield from (f"- {_md(sentence)}" for sentence in (*card.how, card.disclaimer))


def _html(state: State, title: str, card: Scorecard | None) -> str:
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>",
        _list(_facts(state)),
        "<h2>Transcript</h2><dl>",
    ]
    for line in _lines(state):
        who, when = escape(_speaker(state, line)), _clock(state, line)
        parts.append(f"<dt>{who} <time>{when}</time></dt><dd>{escape(line.text)}</dd>")
    parts.append("</dl>")
    if card is not None:
        parts += ["<h2>Scorecard</h2>", _list(_summary(card)), _table(card)]
        parts.append(_list((*card.how, card.disclaimer)))
    return "".join((*parts, "</body></html>\n"))


def _table(card: Scorecard) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Dimension", "Score", "Bounds"))
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{score}</td><td>{bounds}</td></tr>'
        for name, score, bounds, _ in _rows(card)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _list(sentences: tuple[str, ...]) -> str:
    return "<ul>" + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences) + "</ul>"


def _json(state: State, title: str, card: Scorecard | None) -> str:
    whole = {
        "title": title,
        "setup": plain(state.setup),
        "ended": state.ended,
        "transcript": [
            {
                "at": line.at.isoformat(),
                "speaker": _speaker(state, line),
                "kind": str(line.kind),
                "round": line.round + 1,
                "text": line.text,
            }
            for line in _lines(state)
        ],
        "scorecard": plain(card),
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[State, str, Scorecard | None], str]] = {
    "md": _markdown,
    "html": _html,
    "json": _json,
}
"""Format to the function that writes it."""


def _facts(state: State) -> tuple[str, ...]:
    setup = state.setup
    rounds = ", ".join(f"{plan.kind} ({plan.minutes} minutes)" for plan in setup.rounds)
    extra = f", times {setup.extra_time:g}" if setup.extra_time != 1 else ""
    began = state.clock.interview or state.transcript[0].at
    return (
        f"Role {setup.role}, level {setup.level}, industry {setup.vertical}",
        f"Rounds: {rounds}; {setup.minutes} minutes in all{extra}",
        f"Held on {began:%Y-%m-%d}; ended: {state.ended.replace('_', ' ') or 'still running'}",
    )


def _summary(card: Scorecard) -> tuple[str, ...]:
    words = load_scales().verdicts
    sentences = [
        f"Overall {card.overall:.1f} of 5 ({card.level:.0%} interval {card.low:.1f} to "
        f"{card.high:.1f}), from {card.n} parts: {words[card.verdict]}.",
        f"The verdict could be: {words[card.verdict_low]} to {words[card.verdict_high]}."
        if card.verdict_low is not card.verdict_high
        else "",
        *(f"Veto, {veto.title}: {veto.why}" for veto in card.vetoes),
        *(f"Possible veto, {doubt.title}: {doubt.why} {IN_DOUBT}" for doubt in card.doubts),
        *(change.what for change in card.changes if change.lifts),
        card.indicative,
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _rows(card: Scorecard) -> Iterator[tuple[str, str, str, int]]:
    for one in card.dimensions:
        yield one.name, f"{one.score:.1f}", f"{one.low:.1f} to {one.high:.1f}", one.n


def _lines(state: State) -> Iterator[Say]:
    return (line for line in state.transcript if line.kind not in _SILENT)


def _speaker(state: State, line: Say) -> str:
    names = {
        script.persona.id: f"{script.persona.name}, {script.persona.title}"
        for script in state.script
        if script.persona is not None
    }
    return names.get(line.speaker, line.speaker.capitalize())


def _clock(state: State, line: Say) -> str:
    """Give minutes and seconds since the greeting."""
    seconds = int((line.at - state.transcript[0].at).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def _md(text: str) -> str:
    """Keep a text from being read as markup."""
    for mark in ("\\", "`", "*", "_", "[", "<", "|", "#"):
        text = text.replace(mark, "\\" + mark)
    return text
