"""The company's database as it stands after bought evidence: one DuckDB file.

In: a drawn case and its purchases. Out: a file that holds what the company would hold, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from caseroom.case.contract import Case, Progress, Purchase
from caseroom.case.kinds.saas_churn.menu import experiment_of, quote_offer
from caseroom.case.kinds.saas_churn.process import notes
from caseroom.case.kinds.saas_churn.story import Story
from caseroom.case.kinds.saas_churn.voices import arms, expert_note, interviews, survey
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.world.columns import Sheet, arrow
from caseroom.world.saas.blueprint import TODAY
from caseroom.world.saas.company import blocks, company_tables
from caseroom.world.saas.policy import Action, Policy
from caseroom.world.saas.sheets import Block, simulate_block

__all__ = ["build", "policy_of", "weeks_of"]

_INTERVIEWED = 12


def weeks_of(purchases: tuple[Purchase, ...]) -> int:
    """Give how many weeks the business ran on while evidence was gathered."""
    return sum(quote_offer(purchase).weeks for purchase in purchases)


def policy_of(purchases: tuple[Purchase, ...], words: Words) -> Policy:
    """Give the policy that bought experiments make, one after another."""
    actions: list[Action] = []
    week = TODAY
    for number, purchase in enumerate(purchases):
        action = experiment_of(purchase, words, week, number)
        if action is not None:
            actions.append(action)
        week += quote_offer(purchase).weeks
    return Policy(tuple(actions))


def _voices(case: Case, purchases: tuple[Purchase, ...], block: Block) -> dict[str, Sheet]:
    """Give what bought evidence adds for one block of accounts."""
    story: Story = case.hidden
    words = words_of(case.spec.vertical)
    added: dict[str, Sheet] = {}
    week = TODAY
    for number, purchase in enumerate(purchases):
        if purchase.offer == "interviews":
            added[f"interviews {number}"] = interviews(story.blueprint, block, week, _INTERVIEWED)
        elif purchase.offer == "survey":
            added[f"survey_answers {number}"] = survey(story.blueprint, block, week)
        action = experiment_of(purchase, words, week, number)
        if action is not None:
            assignment, exposure = arms(story.blueprint, block, action)
            added[f"ab_assignment {number}"], added[f"ab_exposure {number}"] = assignment, exposure
        week += quote_offer(purchase).weeks
    return added


def _evidence_tables(
    case: Case, purchases: tuple[Purchase, ...], policy: Policy, until: int
) -> dict[str, pa.Table]:
    """Gather the tables of bought evidence over all blocks; a test's number names it."""
    story: Story = case.hidden
    parts: dict[str, list[pa.Table]] = {}
    for ids in blocks(story.blueprint.accounts):
        block = simulate_block(story.blueprint, policy, until, ids)
        for label, sheet in _voices(case, purchases, block).items():
            name, number = label.split(" ")
            table = arrow(sheet)
            if name.startswith("ab_"):
                count = pa.array(np.full(table.num_rows, int(number) + 1, dtype=np.int16))
                table = table.add_column(0, "test", count)
            if name == "interviews":
                have = sum(t.num_rows for t in parts.get(label, []))
                table = table.slice(0, _INTERVIEWED - have)
            parts.setdefault(label if name == "interviews" else name, []).append(table)
    gathered: dict[str, list[pa.Table]] = {}
    for label, tables in parts.items():
        gathered.setdefault(label.split(" ")[0], []).extend(tables)
    return {name: pa.concat_tables(some) for name, some in gathered.items()}


def _text_tables(case: Case, purchases: tuple[Purchase, ...]) -> dict[str, pa.Table]:
    story: Story = case.hidden
    tables: dict[str, pa.Table] = {}
    said = [
        expert_note(story.blueprint, number)
        for number, purchase in enumerate(purchases)
        if purchase.offer == "expert"
    ]
    if said:
        tables["expert_notes"] = pa.table({"note": said})
    if case.spec.level is Level.LEAD:
        topics, texts = zip(*notes(story.process), strict=True)
        tables["org_notes"] = pa.table({"topic": list(topics), "note": list(texts)})
    return tables


def _vertical_tables(case: Case, tables: dict[str, pa.Table]) -> None:
    """Apply the rules of a vertical to the tables: what is kept, and what must reconcile."""
    if case.spec.vertical is Vertical.HEALTHCARE:
        regions = tables["accounts"].select(["account_id", "region"])
        joined = tables["nps"].join(regions, "account_id").sort_by("account_id")
        tables["nps"] = joined.select(["region", "asked_on", "score"])
    if case.spec.vertical is Vertical.FINANCE:
        with duckdb.connect() as connection:
            connection.register("collected", tables["invoices"])
            tables["ledger_weekly"] = connection.sql(
                "SELECT CAST(date_trunc('week', issued_on) AS DATE) AS week_start, "
                "CAST(sum(amount_cents - credit_cents) AS BIGINT) AS booked_fee_cents "
                "FROM collected WHERE status <> 'failed' GROUP BY 1 ORDER BY 1"
            ).to_arrow_table()


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the company's database; gives rows per table. `path` must not exist."""
    story: Story = case.hidden
    words = words_of(case.spec.vertical)
    policy = policy_of(purchases, words)
    until = TODAY + weeks_of(purchases)
    progress("The business runs up to today", 0.05)
    tables = company_tables(story.blueprint, policy, until)
    progress("Evidence comes in", 0.45)
    if purchases:
        tables |= _evidence_tables(case, purchases, policy, until)
    tables |= _text_tables(case, purchases)
    _vertical_tables(case, tables)
    dressed = words.dress(tables)
    return _write(dressed, path, progress)


def _write(tables: Mapping[str, pa.Table], path: Path, progress: Progress) -> dict[str, int]:
    done = 0
    total = sum(table.num_rows for table in tables.values())
    with duckdb.connect(str(path)) as connection:
        for name, table in tables.items():
            progress(f"Writing {name.replace('_', ' ')}", 0.5 + 0.45 * done / total)
            connection.register("incoming", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
            connection.unregister("incoming")
            done += table.num_rows
        connection.execute("CHECKPOINT")
    progress("Ready", 1.0)
    return {name: table.num_rows for name, table in tables.items()}
