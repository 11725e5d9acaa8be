"""Commands that get help: bought evidence, and hints.

In: an offer with parameters. Out: the company as it stands after it, and what is left to spend.
"""

from __future__ import annotations

import click

from caseroom.case.contract import Offer, Purchase
from caseroom.case.form import Param
from caseroom.cli.output import money, paragraph, print_json, weeks
from caseroom.cli.settings import CaseId, Settings, case_of, room_command
from caseroom.service.evidence import buy, quote_purchase
from caseroom.service.room import open_room, take_hint
from caseroom.service.views import RoomView
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["buy_command", "hint_command"]


@click.command("buy")
@click.argument("case", type=CaseId())
@click.argument("offer", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="May be repeated.")
@click.option("--quote", is_flag=True, help="Only say what it costs and how long it takes.")
@room_command
def buy_command(
    settings: Settings, case: str, offer: str | None, params: tuple[str, ...], quote: bool
) -> None:
    """Buy evidence in CASE, or list offers.

    Without OFFER, list what there is to buy and what is left to spend."""
    app, case_id = settings.app(), case_of(settings, case)
    if offer is None:
        _list(settings, open_room(app, case_id))
        return
    purchase = Purchase(offer=offer, params=dict(_param(text) for text in params))
    quoted = quote_purchase(app, case_id, purchase)
    bought = None if quote else buy(app, case_id, purchase, settings.progress())
    settings.bar.clear()
    if settings.json:
        print_json({"quote": quoted, "purchase": bought})
        return
    price = f"{money(quoted.quote.cost_cents)} and {weeks(quoted.quote.weeks)}"
    click.echo(f"{'Costs' if quote else 'Bought for'} {price}. {quoted.quote.note}".rstrip())
    click.echo(f"Left after it: {money(quoted.cents_left)} and {weeks(quoted.weeks_left)}.")
    if not quote:
        click.echo(f"The new rows are in the tables: `caseroom schema {case_id}`.")


@click.command("hint")
@click.argument("case", type=CaseId())
@room_command
def hint_command(settings: Settings, case: str) -> None:
    """Take the next hint of CASE.

    The debrief tells how many were taken."""
    hint = take_hint(settings.app(), case_of(settings, case))
    print_json({"hint": hint}) if settings.json else click.echo(paragraph(hint))


def _param(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise CaseroomError(
            f"{text!r} is not a parameter.",
            allowed="NAME=VALUE, such as weeks=4",
            next_step="`caseroom buy CASE` lists the offers with their parameters.",
        )
    return name.strip(), value.strip()


def _list(settings: Settings, room: RoomView) -> None:
    if settings.json:
        left = {"cents_left": room.cents_left, "weeks_left": room.weeks_left}
        print_json({"offers": room.offers, "purchases": room.purchases, **left})
        return
    for offer in room.offers:
        _print_offer(offer)
    if not room.offers:
        click.echo("Nobody offers evidence in this case.")
    for bought in room.purchases:
        click.echo(f"Bought: {bought.offer.title} for {money(bought.cost_cents)}")
    click.echo(f"Left: {money(room.cents_left)} and {weeks(room.weeks_left)}.")


def _print_offer(offer: Offer) -> None:
    click.echo(f"{offer.id}  {offer.title}: {offer.price_note}")
    click.echo(paragraph(offer.what_you_get, "    "))
    for param in offer.params:
        click.echo(f"    --param {param.id}=...  {_range(param)}, default {param.default}")
    click.echo()


def _range(param: Param) -> str:
    if param.choices:
        return ", ".join(choice.id for choice in param.choices)
    return f"{param.low:g} to {param.high:g} {param.unit}".rstrip()
