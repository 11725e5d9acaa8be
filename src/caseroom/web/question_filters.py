"""The filters of the question list: what is asked for, and how many questions each choice has.

In: a query string and the cards of the bank. Out: a `QuestionFilter`, facets with counts, and the
address that shows the same list again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from caseroom.questions.model import Category, Round
from caseroom.service.practice_views import QuestionCard, QuestionFilter
from caseroom.vocabulary.levels import Competency, Level, Vertical
from caseroom.web.filters import labeled

__all__ = ["Choice", "Facet", "asked_filter", "facets", "list_address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a filter with the number of questions that it would leave."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A filter: its name in addresses, its label, its choices ("any" comes first)."""

    name: str
    label: str
    choices: tuple[Choice, ...]


_OFFERED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("category", "Category", tuple(Category)),
    ("round", "Round", tuple(Round)),
    ("level", "Level", tuple(Level)),
    ("vertical", "Vertical", tuple(Vertical)),
    ("competency", "Competency", tuple(Competency)),
    ("answered", "Answered", ("no", "yes")),
)
_WORDS = {"no": "Not answered yet", "yes": "Answered"}


def asked_filter(query: Mapping[str, str]) -> QuestionFilter:
    """Read the filter from a query string; names that are not there mean any."""
    names = (field.name for field in fields(QuestionFilter))
    return QuestionFilter(**{name: query.get(name, "").strip() for name in names})


def facets(cards: Sequence[QuestionCard], asked: QuestionFilter) -> tuple[Facet, ...]:
    """Give every filter with counts: how many of `cards` fit it and all other filters."""
    return tuple(_facet(name, label, values, cards, asked) for name, label, values in _OFFERED)


def _facet(
    name: str,
    label: str,
    values: Iterable[str],
    cards: Sequence[QuestionCard],
    asked: QuestionFilter,
) -> Facet:
    others = replace(asked, **{name: ""})
    left = [card for card in cards if _fits(card, others)]
    now = getattr(asked, name)
    choices = [Choice(value="", label="Any", count=len(left), chosen=not now)]
    for value in values:
        fitting = sum(_fits(card, replace(QuestionFilter(), **{name: value})) for card in left)
        words = _WORDS.get(value, labeled(value))
        choices.append(Choice(value=value, label=words, count=fitting, chosen=now == value))
    return Facet(name=name, label=label, choices=tuple(choices))


def _fits(card: QuestionCard, asked: QuestionFilter) -> bool:
    """Say whether a card fits all filters but the words that are searched for."""
    return (
        (not asked.category or card.category == asked.category)
        and (not asked.round or card.round == asked.round)
        and (not asked.level or card.level == asked.level)
        and (not asked.vertical or card.vertical in ("any", asked.vertical))
        and (not asked.competency or asked.competency in card.competencies)
        and (not asked.answered or (card.times_answered > 0) == (asked.answered == "yes"))
    )


def list_address(asked: QuestionFilter) -> str:
    """Give the address of the list with these filters."""
    filled = {name: value for name, value in asdict(asked).items() if value}
    return "/questions" + (f"?{urlencode(filled)}" if filled else "")
