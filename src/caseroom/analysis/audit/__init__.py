"""The audit toolkit: what a table holds, what identifies a row, and what looks broken in it.

In: a query function and a relation (any DuckDB table or query). Out: results with estimate,
interval, n, method, assumptions and warnings. Used by worked solutions and on one's own data.
"""

from caseroom.analysis.audit.attribution import Flagged, Place, count_flagged, locate
from caseroom.analysis.audit.coverage import (
    DailyCounts,
    count_days,
    expected_rows,
    find_missing_days,
)
from caseroom.analysis.audit.duplicates import find_duplicates, once
from caseroom.analysis.audit.fanout import find_fan_out
from caseroom.analysis.audit.hours import best_shift, find_hour_shift, shift_gain
from caseroom.analysis.audit.keys import KeyCandidate, find_keys
from caseroom.analysis.audit.lateness import Completeness, completeness, find_late
from caseroom.analysis.audit.levels import daily_levels
from caseroom.analysis.audit.profile import (
    ColumnProfile,
    TableProfile,
    profile_table,
    value_counts,
)
from caseroom.analysis.audit.relation import Query, Relation, Span, equals, literal, name
from caseroom.analysis.audit.result import Signal, counted
from caseroom.analysis.audit.roles import (
    Roles,
    guess_moment,
    guess_roles,
    looks_like_id,
    slice_candidates,
)
from caseroom.analysis.audit.spikes import find_default_spikes, suspects
from caseroom.analysis.audit.steps import (
    CONVENTIONAL_FACTORS,
    find_unit_steps,
    natural_step,
    nearest_factor,
)
from caseroom.analysis.audit.swaps import find_swaps

__all__ = [
    "CONVENTIONAL_FACTORS",
    "ColumnProfile",
    "Completeness",
    "DailyCounts",
    "Flagged",
    "KeyCandidate",
    "Place",
    "Query",
    "Relation",
    "Roles",
    "Signal",
    "Span",
    "TableProfile",
    "best_shift",
    "completeness",
    "count_days",
    "count_flagged",
    "counted",
    "daily_levels",
    "equals",
    "expected_rows",
    "find_default_spikes",
    "find_duplicates",
    "find_fan_out",
    "find_hour_shift",
    "find_keys",
    "find_late",
    "find_missing_days",
    "find_swaps",
    "find_unit_steps",
    "guess_moment",
    "guess_roles",
    "literal",
    "locate",
    "looks_like_id",
    "name",
    "natural_step",
    "nearest_factor",
    "once",
    "profile_table",
    "shift_gain",
    "slice_candidates",
    "suspects",
    "value_counts",
]
