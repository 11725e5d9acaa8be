"""The company's database: the audited table with its faults, and what lies around it.

In: a drawn case and purchases. Out: one DuckDB file; the rows per table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import compute

from caseroom.analysis.audit import name
from caseroom.case.contract import Progress, Purchase
from caseroom.case.kinds.data_audit.brief import jump_day
from caseroom.case.kinds.data_audit.changelog import slice_words
from caseroom.case.kinds.data_audit.controls import control_rows, note_rows
from caseroom.case.kinds.data_audit.drawn import Drawn, planted_tables
from caseroom.case.kinds.data_audit.evidence import bought_tables, sample_columns
from caseroom.case.kinds.data_audit.frame import LOADED
from caseroom.case.kinds.data_audit.planting import Tables, number_records
from caseroom.case.kinds.data_audit.rates import CAP_POINTS, DRIFT, HORIZON_WEEKS, LABELED_SHARE
from caseroom.case.kinds.data_audit.report import past_reports, source_sql
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical

__all__ = ["company_tables", "write_company"]

pc: Any = compute  # the module has no types for its generated functions

_RATE_NOTES = {
    "point_week": ("cents", "One point of silent error in one number for one week"),
    "first_week": ("times", "The same in this week's report, as a multiple"),
    "hold_week": ("cents", "A week without a report"),
    "hold_weeks": ("weeks", "On hold until urgent fixes are done"),
    "urgent_fix": ("cents", "Urgent fix of one fault at its source"),
    "queued_fix": ("cents", "The same fix in the normal queue"),
    "queue_weeks": ("weeks", "Until queued fixes are done"),
    "label": ("cents", "A labeled correction, once"),
    "manual_week": ("cents", "Keeping it up, per later week"),
    "patch": ("cents", "One repair rule, written and tested"),
    "patch_week": ("cents", "Keeping one rule, per week"),
    "wait_day_week": ("cents", "Publishing one day later, per week"),
    "rebuild": ("cents", "Loading the whole history again"),
    "rebuild_weeks": ("weeks", "On hold while that runs"),
    "quiet": ("cents", "A quiet correction that comes out"),
    "readers": ("people", "Readers of the report today"),
}


def write_company(
    drawn: Drawn, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> dict[str, int]:
    """Write the database. Raises CaseroomError where the file exists already."""
    if path.exists():
        raise CaseroomError(f"{path.name} exists already.", next_step="give another file.")
    progress("Planting faults and writing tables", 0.2)
    tables = company_tables(drawn, purchases)
    with duckdb.connect(str(path), config={"threads": 1}) as con:
        for at, (table_name, table) in enumerate(tables.items()):
            con.register("incoming", table)
            con.execute(f"CREATE TABLE {name(table_name)} AS SELECT * FROM incoming")
            con.unregister("incoming")
            progress(f"Wrote {table_name}", 0.3 + 0.7 * (at + 1) / len(tables))
    return {table_name: table.num_rows for table_name, table in tables.items()}


def company_tables(drawn: Drawn, purchases: tuple[Purchase, ...]) -> dict[str, pa.Table]:
    """Give all tables of the company, by name, in the order in which they are shown."""
    frame, level = drawn.frame, drawn.spec.level
    planted = planted_tables(drawn)
    main = _numbered(drawn, planted.main)
    tables = {frame.main: main, frame.dim_name: planted.dim}
    tables |= {
        "weekly_report": _weekly_report(drawn, planted),
        "report_definition": _definition(drawn),
        "planning_rates": _rates(drawn),
    }
    extras = drawn.frame.survey.source.extras
    if level is not Level.ASSOCIATE:
        tables |= {"load_log": _load_log(drawn, main), "tickets": _tickets(drawn)}
        tables |= {k: extras[k] for k in ("airports",) if k in extras}
    if level in (Level.SENIOR, Level.LEAD):
        tables["feed_contract"] = _contract(drawn)
        tables |= {k: v for k, v in extras.items() if k not in tables}
    if level is Level.LEAD:
        tables |= _process_tables(drawn)
    tables |= _vertical_table(drawn)
    return tables | bought_tables(drawn, purchases)


def _numbered(drawn: Drawn, main: pa.Table) -> pa.Table:
    start = drawn.dice.whole("ids/start", 1, 9) * 1_000_000 + 1
    jump = drawn.dice.whole("ids/jump", 2, 9) * 10_000
    return number_records(main, start=start, jump_at=jump_day(drawn), jump=jump)


def _weekly_report(drawn: Drawn, tables: Tables) -> pa.Table:
    labels = {number.id: (number.label, number.unit) for number in drawn.numbers}
    rows = past_reports(drawn.frame, drawn.numbers, tables.main, tables.dim)
    return _table(
        {
            "week_start": (pa.date32(), [week for week, *_ in rows]),
            "number": (pa.string(), [number for _, number, *_ in rows]),
            "label": (pa.string(), [labels[number][0] for _, number, *_ in rows]),
            "unit": (pa.string(), [labels[number][1] for _, number, *_ in rows]),
            "value": (pa.float64(), [value for _, _, value, _ in rows]),
            "published_at": (pa.timestamp("us"), [at for *_, at in rows]),
        }
    )


def _definition(drawn: Drawn) -> pa.Table:
    """Numbers as SQL over the rows `m` of a week, joined with the second table `d` if need be."""
    frame, numbers = drawn.frame, drawn.numbers
    sources = [source_sql(n, frame.main, frame.dim_name, frame.dim_key) for n in numbers]
    return _table(
        {
            "number": (pa.string(), [n.id for n in numbers]),
            "label": (pa.string(), [n.label for n in numbers]),
            "value_sql": (pa.string(), [n.value_sql for n in numbers]),
            "from_sql": (pa.string(), sources),
            "where_sql": (pa.string(), [n.where_sql for n in numbers]),
            "day_column": (pa.string(), [frame.roles.moment for _ in numbers]),
        }
    )


def _rates(drawn: Drawn) -> pa.Table:
    amounts: dict[str, float] = {k: float(v) for k, v in asdict(drawn.rates).items()}
    notes = dict(_RATE_NOTES)
    notes |= {
        "horizon": ("weeks", "Reports that count"),
        "cap": ("points", "Error from which a number costs no more"),
        "labeled_share": ("share", "Part of an error's cost that remains where it is labeled"),
        "drift": ("share", "Part of an error that a flat correction leaves in later weeks"),
    }
    amounts |= {
        "horizon": float(HORIZON_WEEKS),
        "cap": CAP_POINTS,
        "labeled_share": LABELED_SHARE,
        "drift": DRIFT,
    }
    return _table(
        {
            "item": (pa.string(), list(notes)),
            "amount": (pa.float64(), [amounts[item] for item in notes]),
            "unit": (pa.string(), [unit for unit, _ in notes.values()]),
            "meaning": (pa.string(), [meaning for _, meaning in notes.values()]),
        }
    )


def _load_log(drawn: Drawn, main: pa.Table) -> pa.Table:
    """Rows that the loader wrote, by load day and feed, since four weeks before the last audit."""
    feed = next(iter(drawn.frame.roles.slices))
    since = drawn.frame.sound_until - timedelta(weeks=4)
    rows = pa.table(
        {
            "load_day": main[LOADED].cast(pa.date32()),
            "feed": main[feed].cast(pa.string()),
            "at": main[LOADED],
        }
    )
    rows = rows.filter(pc.greater_equal(rows["load_day"], pa.scalar(since)))
    grouped = rows.group_by(["load_day", "feed"]).aggregate([("at", "count"), ("at", "min")])
    grouped = grouped.rename_columns(["load_day", "feed", "rows_loaded", "first_loaded_at"])
    return grouped.sort_by([("load_day", "ascending"), ("feed", "ascending")])


_COMPLAINTS = (
    "The figure '{label}' in the last report does not look like what we see on the ground.",
    "Something is off with {place}. Our own list says something else.",
)
_SMALL_TALK = (
    "How do I download the report as a spreadsheet?",
    "Please add a chart by weekday.",
    "What exactly counts as a record?",
    "Could the report come on Sunday evening?",
    "The colors of the new charts are hard to tell apart.",
    "Some cells are empty. Is that on purpose?",
    "Who is the contact for a new feed?",
)


def _tickets(drawn: Drawn) -> pa.Table:
    frame, dice, plan = drawn.frame, drawn.dice, drawn.plan
    label = drawn.number(plan.wrong_number).label
    place = slice_words(plan.main.slice)
    vague = drawn.spec.level in (Level.SENIOR, Level.LEAD)
    texts = [_COMPLAINTS[0].format(label=label)]
    texts += [] if vague else [_COMPLAINTS[1].format(place=place)]
    texts += dice.shuffled("tickets", _SMALL_TALK)[:5]
    days = [dice.whole(f"tickets/day/{at}", 1, 40) for at in range(len(texts))]
    days[0] = dice.whole("tickets/first", 1, 3)
    order = sorted(range(len(texts)), key=lambda at: -days[at])
    return _table(
        {
            "ticket": (pa.int64(), [4001 + at for at in range(len(order))]),
            "opened_on": (pa.date32(), [frame.today - timedelta(days=days[at]) for at in order]),
            "text": (pa.string(), [texts[at] for at in order]),
        }
    )


def _contract(drawn: Drawn) -> pa.Table:
    """What was agreed with every feed, as it was written once."""
    frame = drawn.frame
    feed = next(iter(frame.roles.slices))
    values = sorted(frame.roles.slices[feed])
    units = ", ".join(f"{k} in {v}" for k, v in frame.survey.source.units.items())
    return _table(
        {
            "feed": (pa.string(), values),
            "delivers": (pa.string(), ["every night by 06:00, the whole day before"] * len(values)),
            "units": (pa.string(), [units or "as in the data dictionary"] * len(values)),
            "clock": (pa.string(), ["local time of the place"] * len(values)),
            "missing_values": (pa.string(), ["left empty"] * len(values)),
            "agreed_on": (pa.date32(), [frame.sound_until - timedelta(days=400)] * len(values)),
        }
    )


def _process_tables(drawn: Drawn) -> dict[str, pa.Table]:
    planted = {fault.type: fault for fault in drawn.plan.faults}
    main = drawn.plan.main.type
    rows = control_rows(main, planted, drawn.frame.today, drawn.dice)
    notes = note_rows(main)
    return {
        "controls": _table(
            {
                "control": (pa.string(), [row[0] for row in rows]),
                "owner": (pa.string(), [row[1] for row in rows]),
                "state": (pa.string(), [row[2] for row in rows]),
                "note": (pa.string(), [row[3] for row in rows]),
                "last_run": (pa.date32(), [row[4] for row in rows]),
            }
        ),
        "org_notes": _table(
            {
                "topic": (pa.string(), [topic for topic, _ in notes]),
                "note": (pa.string(), [note for _, note in notes]),
            }
        ),
    }


def _vertical_table(drawn: Drawn) -> dict[str, pa.Table]:
    """Finance keeps lineage, healthcare the purpose of every column."""
    frame = drawn.frame
    if drawn.spec.vertical is Vertical.FINANCE:
        feed = next(iter(frame.roles.slices))
        return {
            "lineage": _table(
                {
                    "number": (pa.string(), [n.id for n in drawn.numbers]),
                    "reads_table": (pa.string(), [frame.main for _ in drawn.numbers]),
                    "reads_column": (pa.string(), [n.column or "(rows)" for n in drawn.numbers]),
                    "joins": (
                        pa.string(),
                        [frame.dim_name if n.joined else "" for n in drawn.numbers],
                    ),
                    "feed_by": (pa.string(), [feed for _ in drawn.numbers]),
                }
            )
        }
    if drawn.spec.vertical is Vertical.HEALTHCARE:
        columns = [c.name for c in frame.survey.profile.columns]
        shared = set(sample_columns(frame, drawn.spec.vertical))
        return {
            "column_purpose": _table(
                {
                    "column_name": (pa.string(), columns),
                    "may_leave_source": (pa.bool_(), [c in shared for c in columns]),
                }
            )
        }
    return {}


def _table(columns: Mapping[str, tuple[pa.DataType, list[Any]]]) -> pa.Table:
    arrays = {key: pa.array(values, kind) for key, (kind, values) in columns.items()}
    return pa.table(arrays)
