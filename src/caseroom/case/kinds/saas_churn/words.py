"""The words of a vertical: the same business law, other tables, columns, values and nouns.

In: SQL or tables in the world's own words. Out: the same in the words of SaaS, finance or
healthcare, and results back. A word means the same wherever it occurs, so a translation is a map.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
from sqlglot.dialects.duckdb import DuckDB

from caseroom.vocabulary.levels import Vertical
from caseroom.vocabulary.rows import Rows

__all__ = ["Words", "words_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Names (tables and columns), values, and nouns for texts, of one vertical.

    `lead_weeks` are weeks that a rule of the vertical adds before a decision takes effect, and
    `rules` says why.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(default_factory=dict)
    lead_weeks: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    def name(self, word: str) -> str:
        """Give the vertical's name of a table or column."""
        return self.names.get(word, word)

    def value(self, dimension: str, word: str) -> str:
        """Give the vertical's word for a value of a dimension."""
        return self.values.get(word, word)

    def world_value(self, word: str) -> str:
        """Give the world's own word for a value in the vertical's words."""
        return next((ours for ours, theirs in self.values.items() if theirs == word), word)

    def translate(self, query: str) -> str:
        """Put a query from the world's words into the vertical's, keeping its layout."""
        if not self.names and not self.values:
            return query
        parts: list[str] = []
        done = 0
        for token in DuckDB().tokenize(query):
            text = query[token.start : token.end + 1]
            if text.startswith("'"):
                fresh = "'" + self.values.get(text[1:-1], text[1:-1]) + "'"
            else:
                fresh = self.names.get(text, text)
            parts += [query[done : token.start], fresh]
            done = token.end + 1
        return "".join([*parts, query[done:]])

    def back(self, rows: Rows) -> Rows:
        """Put a result into the world's words."""
        if not self.names and not self.values:
            return rows
        names = {theirs: ours for ours, theirs in self.names.items()}
        values = {theirs: ours for ours, theirs in self.values.items()}
        return Rows(
            columns=tuple(names.get(c, c) for c in rows.columns),
            rows=tuple(
                tuple(values.get(v, v) if isinstance(v, str) else v for v in row)
                for row in rows.rows
            ),
        )

    def dress(self, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Put tables into the vertical's words."""
        return {self.name(name): self._dress_table(table) for name, table in sorted(tables.items())}

    def _dress_table(self, table: pa.Table) -> pa.Table:
        columns = {}
        for name in table.column_names:
            column = table.column(name)
            if self.values and pa.types.is_dictionary(column.type):
                column = column.unify_dictionaries() if column.num_chunks > 1 else column
                column = pa.chunked_array([self._dress_chunk(chunk) for chunk in column.chunks])
            columns[self.name(name)] = column
        return pa.table(columns)

    def _dress_chunk(self, chunk: pa.DictionaryArray) -> pa.DictionaryArray:
        words = [self.values.get(word, word) for word in chunk.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(chunk.indices, pa.array(words, pa.string()))

    def say(self, text: str) -> str:
        """Fill the nouns of the vertical into a text with {placeholders}."""
        return text.format(**self.nouns)


_SAAS = Words(
    nouns={
        "company": "Tandem, a team-work tool sold by subscription",
        "account": "account",
        "accounts": "accounts",
        "seats": "seats",
        "plan": "plan",
        "customer": "customer",
        "step": "connecting another tool",
        "service": "the service",
    }
)

_FINANCE = Words(
    names={
        "accounts": "clients",
        "account_id": "client_id",
        "users": "cardholders",
        "user_id": "cardholder_id",
        "onboarding_steps": "activation_steps",
        "events": "app_events",
        "subscriptions": "contracts",
        "invoices": "fee_collections",
        "invoice_id": "collection_id",
        "tickets": "service_requests",
        "ticket_id": "request_id",
        "releases": "app_releases",
        "prices": "tariff_prices",
        "seat_price_cents": "card_price_cents",
        "service_levels": "response_times",
        "plan": "tariff",
        "seats": "cards",
        "paying_accounts": "paying_clients",
        "new_accounts": "new_clients",
    },
    values={
        "starter": "basic",
        "team": "plus",
        "business": "corporate",
        "workspace": "documents",
        "profile": "identity_check",
        "invite": "first_card",
        "connect": "connect_ledger",
        "first_project": "first_payment",
        "session_started": "app_opened",
        "task_edited": "payment_made",
        "comment_added": "receipt_added",
        "file_shared": "statement_shared",
        "report_viewed": "balance_viewed",
        "search_run": "transaction_search",
        "acquirer_a": "collection_bank_a",
        "acquirer_b": "collection_bank_b",
        "outbound": "relationship_manager",
        "partner": "tax_adviser",
        "feature_request": "wish",
    },
    nouns={
        "company": "Kontor, a payments bank for small firms with cards and an app",
        "account": "client",
        "accounts": "clients",
        "seats": "cards",
        "plan": "tariff",
        "customer": "client",
        "step": "connecting the bookkeeping ledger",
        "service": "the app",
    },
    lead_weeks={"rollback_price": 4, "redesign_onboarding": 1, "test_first": 1},
    rules=(
        "A change of tariff takes effect four weeks after notice to clients.",
        "Collected fees must reconcile to the ledger (table ledger_weekly).",
        "A change of the identity check needs an independent challenge, which takes one more week.",
    ),
)

_HEALTHCARE = Words(
    names={
        "accounts": "clinics",
        "account_id": "clinic_id",
        "users": "staff_members",
        "user_id": "staff_id",
        "onboarding_steps": "enrollment_steps",
        "events": "portal_events",
        "subscriptions": "contracts",
        "tickets": "support_cases",
        "ticket_id": "case_id",
        "releases": "portal_releases",
        "prices": "package_prices",
        "seat_price_cents": "clinician_price_cents",
        "service_levels": "response_times",
        "plan": "package",
        "seats": "clinicians",
        "paying_accounts": "paying_clinics",
        "new_accounts": "new_clinics",
    },
    values={
        "starter": "single",
        "team": "group",
        "business": "network",
        "workspace": "site_setup",
        "profile": "clinic_profile",
        "invite": "invite_staff",
        "connect": "connect_records",
        "first_project": "first_booking",
        "session_started": "portal_opened",
        "task_edited": "appointment_booked",
        "comment_added": "message_sent",
        "file_shared": "document_shared",
        "report_viewed": "schedule_viewed",
        "search_run": "patient_search",
        "partner": "record_vendor",
        "outbound": "field_team",
        "ads": "congress",
    },
    nouns={
        "company": "Vela, a patient portal that clinics subscribe to",
        "account": "clinic",
        "accounts": "clinics",
        "seats": "clinicians",
        "plan": "package",
        "customer": "clinic",
        "step": "connecting the record system",
        "service": "the portal",
    },
    lead_weeks={"redesign_onboarding": 4, "test_first": 4, "fix_tracking": 1},
    rules=(
        "A change of the enrollment flow needs clinical safety sign-off, which takes four weeks.",
        "Minimum necessary: satisfaction scores are kept by region only, never by clinic.",
        "New tracking in the portal needs a privacy review, which takes one more week.",
    ),
)

_WORDS = {
    Vertical.SAAS: _SAAS,
    Vertical.FINANCE: _FINANCE,
    Vertical.HEALTHCARE: _HEALTHCARE,
}


def words_of(vertical: Vertical) -> Words:
    """Give the words of a vertical."""
    return _WORDS[vertical]
