"""What the candidate fills in.

In: a drawn case. Out: a `Form`.
"""

from __future__ import annotations

from datetime import timedelta

from caseroom.case.form import (
    Choice,
    ChoiceField,
    DecisionField,
    Field,
    FindingsField,
    Form,
    IntervalField,
    TextField,
)
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.controls import CONTROLS
from caseroom.case.kinds.data_audit.decisions import OPTIONS
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.frame import CHANGED, LOADED, RECORD
from caseroom.vocabulary.levels import Level

__all__ = ["MEMO_WORDS", "MOST_FINDINGS", "make_form"]

MEMO_WORDS = (120, 300)
MOST_FINDINGS = 16


def make_form(drawn: Drawn) -> Form:
    """Build the form of a case."""
    control = (_control(),) if drawn.spec.level is Level.LEAD else ()
    decision = DecisionField(id="decision", label="Your decision", options=OPTIONS)
    return Form((*_analysis(drawn), decision, *control, *_texts()))


def _analysis(drawn: Drawn) -> tuple[Field, ...]:
    return (
        _findings(drawn),
        ChoiceField(
            id="main_fault", label="The fault that moves the report most", choices=_types()
        ),
        ChoiceField(
            id="wrong_number",
            label="The number that is furthest from the truth (in percent)",
            choices=tuple(Choice(id=n.id, label=n.label) for n in drawn.numbers),
        ),
        IntervalField(
            id="error",
            label="Its error: (reported - true) / true",
            help="Negative where the report is too low; below -100 where a mean changed its sign. "
            "Give an 80% interval.",
            unit="percent",
            low=-2000.0,
            high=2000.0,
        ),
    )


def _control() -> ChoiceField:
    return ChoiceField(
        id="control",
        label="The control that would have caught the main fault",
        choices=tuple(Choice(id=c.id, label=c.label) for c in CONTROLS),
    )


def _texts() -> tuple[Field, ...]:
    low, high = MEMO_WORDS
    return (
        TextField(
            id="reversal_rule",
            label="When would you take the decision back?",
            help="A number, a date, and what you do then.",
            min_words=8,
            max_words=120,
            rows=3,
        ),
        TextField(
            id="missing_data",
            label="What would you still want to know, and from whom?",
            min_words=5,
            max_words=120,
            rows=3,
            required=False,
        ),
        TextField(
            id="memo",
            label="Memo to the owner of the report",
            help="What is wrong, by how much, what it means, what you do, what remains unsure.",
            min_words=low,
            max_words=high,
            rows=12,
        ),
    )


def _types() -> tuple[Choice, ...]:
    return tuple(
        Choice(id=kind.id, label=kind.label, help=kind.help)
        for kind in (*types.PLANTED, *types.DECOYS)
    )


def _findings(drawn: Drawn) -> FindingsField:
    frame = drawn.frame
    columns = [RECORD, *(c.name for c in frame.survey.profile.columns), LOADED]
    places = [frame.main, *(f"{frame.main}.{column}" for column in columns)]
    places += [frame.dim_name, *(f"{frame.dim_name}.{c}" for c in (frame.dim_key, CHANGED))]
    return FindingsField(
        id="findings",
        label="Faults in the data",
        help="One line per fault. Wrong findings cost as much as missed ones; mark what the data "
        "had before as original.",
        types=_types(),
        places=tuple(Choice(id=place, label=place) for place in places),
        slices={
            dimension: tuple(Choice(id=v, label=v) for v in sorted(values))
            for dimension, values in frame.roles.slices.items()
        },
        first=frame.sound_until + timedelta(days=1),
        last=frame.last,
        size_unit={kind.id: kind.size_unit for kind in (*types.PLANTED, *types.DECOYS)},
        most=MOST_FINDINGS,
    )
