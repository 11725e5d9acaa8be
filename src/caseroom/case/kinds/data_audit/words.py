"""The words and rules of a vertical.

In: a vertical and the source. Out: `Words`: who asks, what the report decides, which rules hold.
Table and faults are the same in every vertical; words, rates, evidence and one table differ.
"""

from __future__ import annotations

from dataclasses import dataclass

from caseroom.case.kinds.data_audit.source import Source
from caseroom.vocabulary.levels import Vertical

__all__ = ["SMALL_CELL", "Words", "words_of"]

SMALL_CELL = 11
"""Counts of 1 to 10 are not handed out in healthcare.
Source: https://www.hhs.gov/guidance/document/cms-cell-suppression-policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a vertical.

    `rules` are sentences for the brief; `rule_cue` is the memo point that the vertical adds:
    (label, patterns).
    """

    company: str
    asker: str
    asker_role: str
    concern: str
    decides: str
    engineer: str
    rules: tuple[str, ...]
    rule_cue: tuple[str, tuple[str, ...]]


_OWN = {
    Vertical.SAAS: "Your company sells a data product on the table {table}.",
    Vertical.FINANCE: "Your company settles and reports on the table {table}.",
    Vertical.HEALTHCARE: "Your organization plans care on the table {table}.",
}
_FLIGHTS = {
    Vertical.SAAS: "Apron Data sells a weekly report on every scheduled departure from the three "
    "New York airports to airlines and ground handlers.",
    Vertical.FINANCE: "Harbor Slot Finance settles landing fees and insurance for every scheduled "
    "departure from the three New York airports, once a week.",
    Vertical.HEALTHCARE: "Lifeline Logistics plans the transport of organs, samples and patients "
    "on scheduled departures from the three New York airports.",
}


def words_of(vertical: Vertical, source: Source) -> Words:
    """Give the words of a vertical."""
    texts = _FLIGHTS if source.built_in else _OWN
    company = texts[vertical].format(table=source.table_name)
    return _WORDS[vertical](company)


def _saas(company: str) -> Words:
    return Words(
        company=company,
        asker="Dana Whitfield",
        asker_role="head of the weekly report",
        concern="Three customers asked last week why our figures differ from theirs. I cannot "
        "send out another report that I have to take back.",
        decides="customers plan staff and stands with it",
        engineer="Ravi, data engineer",
        rules=(),
        rule_cue=(
            "tells customers what changes and when",
            (r"\b(customer|reader|recipient)s?\b.*\b(tell|told|inform|note|label|notice|see)",
             r"\b(tell|told|inform|note|label|notice)\w*\b.*\b(customer|reader|recipient)s?\b"),
        ),
    )  # fmt: skip


def _finance(company: str) -> Words:
    return Words(
        company=company,
        asker="Dana Whitfield",
        asker_role="controller",
        concern="The auditors sample one settlement a month. A figure that does not reconcile to "
        "the source becomes a finding with my name on it.",
        decides="fees are settled with it",
        engineer="Ravi, data engineer",
        rules=(
            "Every published figure must reconcile to counts of the source, and its lineage "
            "(table, column, feed) must be on record; the table lineage holds it.",
            "A restated figure is published beside the old one, with the reason.",
        ),
        rule_cue=(
            "reconciles to the source and names the lineage",
            (r"\breconcil", r"\blineage\b", r"\bsource (count|total|record)s?\b"),
        ),
    )


def _healthcare(company: str) -> Words:
    return Words(
        company=company,
        asker="Dana Whitfield",
        asker_role="clinical operations lead",
        concern="Crews are sent out by these figures. A wrong one costs more than a late one, but "
        "with none at all we plan blind.",
        decides="crews and vehicles are planned with it",
        engineer="Ravi, data engineer",
        rules=(
            "Minimum necessary: ask for no more columns and rows than the question needs. Samples "
            "from the source hold keys and measures only.",
            f"Small cells: counts below {SMALL_CELL} are left empty in everything that leaves the "
            "source system.",
        ),
        rule_cue=(
            "says what a wrong figure means for safety, or asks for the minimum of data only",
            (r"\bminimum\b", r"\bsafe(ty|ly)?\b", r"\bcrew", r"\bpatient", r"\bsmall cell"),
        ),
    )


_WORDS = {
    Vertical.SAAS: _saas,
    Vertical.FINANCE: _finance,
    Vertical.HEALTHCARE: _healthcare,
}
