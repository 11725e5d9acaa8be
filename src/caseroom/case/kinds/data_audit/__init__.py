"""The case kind `data-audit`: a real table with planted faults, and a report that waits for it.

In: a seed, a level, a vertical, and a person's own table or the built-in one. Out: a company whose
clean data are known, and everything around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from caseroom.case.contract import (
    Case,
    CaseKind,
    CaseSpec,
    Consequence,
    Progress,
    Purchase,
    Quote,
    Samples,
)
from caseroom.case.form import Submission
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.brief import make_brief
from caseroom.case.kinds.data_audit.company import write_company
from caseroom.case.kinds.data_audit.consequence import consequence_of
from caseroom.case.kinds.data_audit.drawn import drawn_case
from caseroom.case.kinds.data_audit.evidence import delay_cents, offers_of, quote_of
from caseroom.case.kinds.data_audit.form import make_form
from caseroom.case.kinds.data_audit.naive import solve as naive
from caseroom.case.kinds.data_audit.reference import solve as reference
from caseroom.case.kinds.data_audit.rubric import make_rubric, make_truth
from caseroom.case.kinds.data_audit.samples import make_samples
from caseroom.vocabulary.levels import Competency, Level, Vertical

__all__ = ["kind"]


def draw(spec: CaseSpec) -> Case:
    """Draw the case of a spec.

    Raises:
        CaseroomError: Where a person's table cannot carry a case; it says what is missing.
    """
    drawn = drawn_case(spec)
    return Case(
        spec=spec,
        brief=make_brief(drawn),
        form=make_form(drawn),
        offers=offers_of(drawn),
        rubric=make_rubric(drawn),
        truth=make_truth(drawn),
        secret_words=tuple(fault.id for fault in types.PLANTED),
    )


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the company's database as it stands after these purchases."""
    return write_company(drawn_case(case.spec), purchases, path, progress)


def quote(case: Case, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Give price and delay of one more purchase."""
    return quote_of(drawn_case(case.spec), bought, purchase)


def consequence(case: Case, purchases: tuple[Purchase, ...], submission: Submission) -> Consequence:
    """Replay a submission's decision beside doing nothing and the best option."""
    drawn = drawn_case(case.spec)
    return consequence_of(drawn.states, drawn.rates, submission, delay_cents(drawn, purchases))


def samples(case: Case) -> Samples:
    """Give submissions whose scores are known beforehand."""
    return make_samples(drawn_case(case.spec))


def planted(case: Case) -> Iterable[str]:
    """Give the types of the planted faults."""
    return tuple(fault.type for fault in drawn_case(case.spec).plan.faults)


def kind() -> CaseKind:
    """Give the kind."""
    return CaseKind(
        id="data-audit",
        version=1,
        title="Can this report go out?",
        summary="A real table, yours or 336,776 flights, with faults in it. Find them, say which "
        "number of the report is wrong and by how much, and decide.",
        trains=(
            Competency.QUALITY,
            Competency.ANALYSIS,
            Competency.METRICS,
            Competency.GOVERNANCE,
            Competency.DECISIONS,
            Competency.STORY,
        ),
        minutes={Level.ASSOCIATE: 45, Level.MID: 60, Level.SENIOR: 75, Level.LEAD: 90},
        levels=tuple(Level),
        verticals=tuple(Vertical),
        draw=draw,
        build=build,
        quote=quote,
        consequence=consequence,
        samples=samples,
        reference=reference,
        naive=naive,
        causes=tuple(fault.id for fault in types.PLANTED),
        planted=planted,
        takes_data=True,
    )
