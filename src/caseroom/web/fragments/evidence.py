"""Buying evidence: the quote first, then the purchase with its progress, then what is new.

In: `GET /case/ID/quote`, `POST /case/ID/buy`, `GET /case/ID/purchase`. Out: parts of the room: once
evidence has arrived, the new day, budget, tables and completion too.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from caseroom.service.evidence import start_buy
from caseroom.service.room import open_room, take_hint
from caseroom.vocabulary.errors import CaseroomError
from caseroom.web.handling import Posted, room_of, wants_fragment
from caseroom.web.render import Part, fill, parts, redirect
from caseroom.web.room_parts import ask_quote, purchase_from, room_values

__all__ = ["buy", "hint", "purchase_progress", "quote"]


def quote(request: Request) -> Response:
    """Say what an offer costs with these parameters, and offer to buy it."""
    app, case_id = room_of(request), request.path_params["case"]
    purchase = purchase_from(dict(request.query_params))
    room = open_room(app, case_id)
    offer = next((offer for offer in room.offers if offer.id == purchase.offer), None)
    if offer is None:
        raise CaseroomError(
            f"Nobody offers {purchase.offer!r} here.",
            allowed=", ".join(offer.id for offer in room.offers),
            next_step="choose one of the offers in the case room.",
        )
    values = room_values(app, case_id, room)
    values |= {"offer": offer, "quotes": {offer.id: ask_quote(app, case_id, purchase)}}
    return parts([Part(f"#offer-{offer.id}", fill(request, "parts/offer.html", **values))])


def buy(request: Request, posted: Posted) -> Response:
    """Buy evidence; the company runs on in the background."""
    app, case_id = room_of(request), request.path_params["case"]
    start_buy(app, case_id, purchase_from(posted.fields))
    if not wants_fragment(request):
        return redirect(f"/case/{case_id}#evidence")
    values = room_values(app, case_id)
    if values["room"].build.state != "building":
        return _arrived(request, values)
    values["just_bought"] = True
    say = "Bought. The weeks go by."
    return parts([_part(request, "#purchases", "purchases", values)], say=say)


def purchase_progress(request: Request) -> Response:
    """Give the progress of a purchase, and everything that is new once it has arrived."""
    values = room_values(room_of(request), request.path_params["case"])
    if values["room"].build.state == "building":
        return parts([_part(request, "#purchase-state", "purchase_progress", values, "innerMorph")])
    return _arrived(request, values)


def _arrived(request: Request, values: dict[str, Any]) -> Response:
    build = values["room"].build
    failed = build.state == "failed"
    values |= {"arrived": not failed, "purchase_problem": build.message if failed else ""}
    pieces = [
        _part(request, "#purchases", "purchases", values),
        _part(request, "#facts", "facts", values),
        _part(request, "#data", "data", values),
        _part(request, "#schema", "schema", values),
    ]
    for offer in values["room"].offers:
        pieces.append(_part(request, f"#offer-{offer.id}", "offer", values | {"offer": offer}))
    return parts(pieces, say="" if failed else "The evidence has arrived; the tables are new.")


def _part(
    request: Request, target: str, template: str, values: dict[str, Any], swap: str = "innerHTML"
) -> Part:
    return Part(target, fill(request, f"parts/{template}.html", **values), swap)


def hint(request: Request, posted: Posted) -> Response:
    """Give the next hint; it is recorded."""
    app, case_id = room_of(request), request.path_params["case"]
    text = take_hint(app, case_id)
    if not wants_fragment(request):
        return redirect(f"/case/{case_id}#hints-title")
    values = room_values(app, case_id) | {"hint_taken": True}
    return parts([_part(request, "#hints", "hints", values)], say=text)
