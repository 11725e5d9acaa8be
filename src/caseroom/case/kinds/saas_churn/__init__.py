"""The case kind `saas-churn`: a subscription business loses accounts, for one of seven reasons.

In: a seed, a level, a vertical. Out: a company whose truth is drawn, and everything around it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from caseroom.case.contract import Case, CaseKind, CaseSpec, Purchase, Quote
from caseroom.case.kinds.saas_churn.brief import BUDGET_CENTS, BUDGET_WEEKS, make_brief, make_form
from caseroom.case.kinds.saas_churn.company_file import build, weeks_of
from caseroom.case.kinds.saas_churn.consequence import consequence
from caseroom.case.kinds.saas_churn.menu import offers, quote_offer
from caseroom.case.kinds.saas_churn.naive import solve as naive
from caseroom.case.kinds.saas_churn.reference import solve as reference
from caseroom.case.kinds.saas_churn.samples import samples
from caseroom.case.kinds.saas_churn.story import Story, tell
from caseroom.case.kinds.saas_churn.truth import make_rubric, make_truth
from caseroom.case.kinds.saas_churn.words import words_of
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level, Vertical
from caseroom.world.saas.blueprint import Cause

__all__ = ["kind"]


@lru_cache(maxsize=16)
def draw(spec: CaseSpec) -> Case:
    """Draw the case of a spec: pure, so it is kept for the next call."""
    story = tell(spec)
    return Case(
        spec=spec,
        brief=make_brief(spec, story),
        form=make_form(spec, story),
        offers=offers(words_of(spec.vertical)),
        rubric=make_rubric(spec, story),
        truth=make_truth(spec, story),
        secret_words=(
            *(cause.value for cause in Cause),
            "connect_factor",
            "blueprint",
            "decoy",
            "planted",
        ),
        hidden=story,
    )


def quote(case: Case, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Give price and delay of one more purchase within the budget.

    Raises:
        CaseroomError: Where money or weeks do not suffice.
    """
    asked = quote_offer(purchase)
    cents = BUDGET_CENTS - sum(quote_offer(p).cost_cents for p in bought)
    weeks = BUDGET_WEEKS - weeks_of(bought)
    if asked.cost_cents > cents or asked.weeks > weeks:
        raise CaseroomError(
            f"This costs ${asked.cost_cents / 100:,.0f} and {asked.weeks} weeks, but "
            f"${cents / 100:,.0f} and {weeks} weeks are left until the due date.",
            allowed=f"up to ${cents / 100:,.0f} and {weeks} weeks",
            next_step="choose a shorter or cheaper piece of evidence, or decide now.",
        )
    return asked


def planted(case: Case) -> Iterable[str]:
    """Give the ids of the causes that are planted."""
    story: Story = case.hidden
    return tuple(plant.cause.value for plant in story.blueprint.plants)


def kind() -> CaseKind:
    """Give the kind."""
    return CaseKind(
        id="saas-churn",
        version=2,
        title="Why do they leave?",
        summary="Churn rose. Seven explanations look alike; find the one that holds, decide, and "
        "see what would have happened.",
        trains=(
            Competency.DIAGNOSIS,
            Competency.ANALYSIS,
            Competency.EXPERIMENTS,
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
        causes=tuple(cause.value for cause in Cause),
        planted=planted,
    )
