"""Use cases of bought evidence: quoting, buying, and what is left of the budget.

In: an offer with parameters. Out: quotes and purchases; the company runs on meanwhile, so the
database is built again with the later weeks and the new rows.
"""

from __future__ import annotations

import difflib
import logging
from dataclasses import dataclass

from caseroom.case.contract import Case, Offer, Progress, Purchase, Quote
from caseroom.case.parse import read_param
from caseroom.case.values import Unreadable
from caseroom.investigation.log import InvestigationLog, PurchaseRecord
from caseroom.service.app import Caseroom
from caseroom.service.cases import build_locked, busy
from caseroom.service.loading import (
    LoadedCase,
    built_file,
    load_case,
    purchases_of,
    require_not_submitted,
)
from caseroom.service.pausing import require_not_paused
from caseroom.service.views import PurchaseView, QuoteView
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["Budget", "budget_left", "buy", "purchase_view", "quote_purchase", "start_buy"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What is left to spend on evidence."""

    cents: int
    weeks: int


def budget_left(case: Case, log: InvestigationLog) -> Budget:
    """Give the brief's budget minus what was bought."""
    return Budget(
        cents=case.brief.budget_cents - sum(entry.cost_cents for entry in log.purchases),
        weeks=case.brief.budget_weeks - sum(entry.weeks for entry in log.purchases),
    )


def quote_purchase(app: Caseroom, case_id: str, purchase: Purchase) -> QuoteView:
    """Say what a purchase costs and what would be left of the budget.

    Raises:
        CaseroomError: For an unknown offer or parameter, or a price or delay over the budget.
    """
    return _quoted(app, load_case(app, case_id), purchase)[1]


def buy(
    app: Caseroom, case_id: str, purchase: Purchase, progress: Progress | None = None
) -> PurchaseView:
    """Buy evidence: record it, build the company as it stands after it, switch in one step.

    A crash in between is made good at the next start; a build that fails is refunded.

    Raises:
        CaseroomError: As `quote_purchase`, while another build runs or the case's interview is
            paused, and after the submission.
    """
    with app.files.lock(case_id) as mine:
        if not mine:
            raise busy(case_id)
        bought = _pay(app, case_id, purchase)
        return _deliver(app, case_id, bought, progress)


def start_buy(app: Caseroom, case_id: str, purchase: Purchase) -> None:
    """Buy in a background thread (`build_state` tells how far it is); refusals are raised here."""
    loaded = load_case(app, case_id)
    require_not_submitted(loaded.record)
    require_not_paused(app, case_id)
    _quoted(app, loaded, purchase)
    app.builds.start(case_id, lambda: _buy_quietly(app, case_id, purchase))


def purchase_view(offers: tuple[Offer, ...], record: PurchaseRecord) -> PurchaseView:
    """Give a purchase with its offer."""
    return PurchaseView(
        id=record.id,
        offer=_offer(offers, record.purchase.offer),
        params=record.purchase.params,
        cost_cents=record.cost_cents,
        weeks=record.weeks,
        at=record.at,
    )


def _pay(app: Caseroom, case_id: str, purchase: Purchase) -> PurchaseRecord:
    loaded = load_case(app, case_id)
    require_not_submitted(loaded.record)
    require_not_paused(app, case_id)
    built_file(loaded.record)
    complete, view = _quoted(app, loaded, purchase)
    return app.store.add_purchase(case_id, complete, view.quote, app.clock.now())


def _deliver(
    app: Caseroom, case_id: str, bought: PurchaseRecord, progress: Progress | None
) -> PurchaseView:
    loaded = load_case(app, case_id)
    try:
        build_locked(app, loaded, progress)
    except Exception as error:
        app.store.refund_purchase(case_id, bought.id, str(error), app.clock.now())
        raise
    return purchase_view(loaded.case.offers, bought)


def _buy_quietly(app: Caseroom, case_id: str, purchase: Purchase) -> None:
    try:
        buy(app, case_id, purchase)
    except CaseroomError as error:
        app.builds.report(case_id, "failed", str(error), 1.0)
    except Exception:
        _log.exception("buying evidence in case %s failed", case_id)
        app.builds.report(case_id, "failed", "An unexpected error; the log has it.", 1.0)


def _quoted(app: Caseroom, loaded: LoadedCase, purchase: Purchase) -> tuple[Purchase, QuoteView]:
    log = app.store.log(loaded.record.id)
    complete = _complete(loaded.case.offers, purchase)
    quote = loaded.kind.quote(loaded.case, purchases_of(log), complete)
    left = budget_left(loaded.case, log)
    _require_budget(quote, left)
    view = QuoteView(
        quote=quote, cents_left=left.cents - quote.cost_cents, weeks_left=left.weeks - quote.weeks
    )
    return complete, view


def _require_budget(quote: Quote, left: Budget) -> None:
    if quote.cost_cents > left.cents or quote.weeks > left.weeks:
        raise CaseroomError(
            f"This costs {_money(quote.cost_cents)} and takes {_weeks(quote.weeks)}.",
            allowed=f"up to {_money(left.cents)} and {_weeks(left.weeks)}, what is left",
            next_step="choose cheaper or smaller evidence, or decide with what you have.",
        )


def _money(cents: int) -> str:
    return f"${cents / 100:,.0f}" if cents % 100 == 0 else f"${cents / 100:,.2f}"


def _weeks(weeks: int) -> str:
    return f"{weeks} week" if weeks == 1 else f"{weeks} weeks"


def _complete(offers: tuple[Offer, ...], purchase: Purchase) -> Purchase:
    """Give the purchase with its parameters read and the defaults filled in."""
    offer = _offer(offers, purchase.offer)
    params = {param.id: param for param in offer.params}
    chosen: dict[str, str | float] = {key: param.default for key, param in params.items()}
    for key, value in purchase.params.items():
        if key not in params:
            raise _unknown(f"{offer.id} has no parameter {key!r}.", key, tuple(params))
        try:
            chosen[key] = read_param(params[key], value)
        except Unreadable as error:
            raise CaseroomError(
                f"{error.problem}.", allowed=error.allowed, next_step="change that parameter."
            ) from error
    return Purchase(offer=offer.id, params=chosen)


def _offer(offers: tuple[Offer, ...], offer_id: str) -> Offer:
    for offer in offers:
        if offer.id == offer_id:
            return offer
    raise _unknown(f"Nobody offers {offer_id!r} here.", offer_id, tuple(o.id for o in offers))


def _unknown(problem: str, text: str, allowed: tuple[str, ...]) -> CaseroomError:
    close = difflib.get_close_matches(text, allowed, n=1)
    return CaseroomError(
        problem,
        allowed=", ".join(allowed) or "nothing",
        next_step=f"did you mean {close[0]}?" if close else "choose one of these.",
    )
