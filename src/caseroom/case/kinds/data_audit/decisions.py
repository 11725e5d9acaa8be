"""The menu of decisions.

In: nothing. Out: option ids and what a person reads of them.
"""

from __future__ import annotations

from caseroom.case.form import Choice, Option, Param

__all__ = ["HARMFUL", "OPTIONS", "OPTION_IDS"]

HARMFUL = frozenset({"correct_quietly"})

_COVER = Param(
    id="cover",
    label="Which findings are repaired",
    default="all",
    choices=(
        Choice(id="all", label="Every finding"),
        Choice(id="main", label="Only the fault that moves the report most"),
    ),
    help="Each repair is paid for; what is not repaired stays in the report.",
)

OPTIONS: tuple[Option, ...] = (
    Option(
        id="publish",
        label="Publish the report as it stands",
        help="Nothing changes; errors cost what they cost.",
    ),
    Option(
        id="publish_labeled",
        label="Publish with a labeled correction, no repair",
        help="The wrong number is corrected by your figure and labeled, every week; other numbers "
        "carry a warning.",
    ),
    Option(
        id="label_and_fix",
        label="Publish with a labeled correction and queue the fix at the source",
        help="As above until the queued fixes are done.",
        params=(_COVER,),
    ),
    Option(
        id="hold_and_fix",
        label="Hold the report and have the source fixed urgently",
        help="No report until the fixes are done.",
        params=(_COVER,),
    ),
    Option(
        id="patch_by_rule",
        label="Patch by rule with validity dates, keep the raw rows",
        help="Findings that a rule can repair are repaired as you described them (slice, start, "
        "size). A rule cannot bring back rows that never came.",
        params=(
            _COVER,
            Param(
                id="scope",
                label="Where the rules hold",
                default="as_found",
                choices=(
                    Choice(id="as_found", label="Only the slice and dates of each finding"),
                    Choice(id="everywhere", label="The whole column or table, all dates"),
                ),
            ),
        ),
    ),
    Option(
        id="wait_for_close",
        label="Publish later every week, when the days are complete",
        help="Rows that come late are in; nothing else is repaired.",
        params=(
            Param(
                id="days",
                label="Days to wait",
                default=3.0,
                low=1.0,
                high=7.0,
                whole=True,
                unit="days",
            ),
        ),
    ),
    Option(
        id="rebuild_all",
        label="Hold the report and load the whole history again from the sources",
        help="Everything is repaired, found or not; it is the dearest way.",
    ),
    Option(
        id="correct_quietly",
        label="Change the number by your figure without saying so",
        help="Cheap until somebody finds out.",
    ),
)

OPTION_IDS: tuple[str, ...] = tuple(option.id for option in OPTIONS)
