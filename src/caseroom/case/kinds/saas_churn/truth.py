"""The rubric of a churn case and the truth in words.

In: a spec, its story. Out: criteria, weights, gates, (label, sentence) pairs for the debrief.
"""

from __future__ import annotations

import math

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.saas_churn.brief import CAUSE_LABELS
from caseroom.case.kinds.saas_churn.menu import DIMENSIONS
from caseroom.case.kinds.saas_churn.process import CHOICES
from caseroom.case.kinds.saas_churn.story import Story
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.case.rubric import (
    CauseRule,
    ChoiceRule,
    Criterion,
    Cue,
    DateRule,
    ForecastRule,
    Gate,
    IntervalRule,
    MemoRule,
    ProcessCheck,
    ProcessRule,
    RegretRule,
    Rubric,
    Rule,
    SegmentRule,
)
from caseroom.vocabulary.levels import Competency, Level
from caseroom.world.saas.blueprint import Cause, Plant

__all__ = ["effect_sd", "make_rubric", "make_truth", "true_segment"]


def true_segment(words: Words, plant: Plant) -> dict[str, str]:
    """Give the segment of a plant over all dimensions, in the vertical's words."""
    segment = dict.fromkeys(DIMENSIONS, "all")
    for name, value in plant.where.items():
        segment[name] = "20_plus" if name == "size" else words.value(name, value)
    return segment


def effect_sd(story: Story) -> float:
    """Give the noise (standard deviation) that the data leave in the number of lost accounts.

    Losses are counts: their own noise is the square root of all losses since the onset that the
    comparison rests on, taken as 40% of the company's, plus 10% of the effect for what the
    comparison cannot standardize away.
    """
    return math.hypot(math.sqrt(0.4 * story.lost_since), 0.1 * story.extra_lost)


_LOOKS = "report|review|revisit|look|check|measure again|follow up|come back"
_WHEN = (
    r"(?:days?|weeks?|months?|quarter)|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"\s+\d{1,2}(?:st|nd|rd|th)?"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)"
)
"""Words for looking again, and for a period or a day, as they stand in one sentence."""

_CUES = (
    Cue(
        id="recommendation",
        label="says what to do",
        patterns=(r"\brecommend", r"\bwe should\b", r"\bmy proposal\b", r"\bpropose\b"),
    ),
    Cue(
        id="range",
        label="gives a number with a range",
        patterns=(r"\d[\d,.]*\s*(?:to|and|-|–)\s*\d", r"\binterval\b", r"\bbetween \d"),
    ),
    Cue(
        id="comparison",
        label="says what was compared",
        patterns=(r"\bcompared\b", r"\bsame age\b", r"\bequal age\b", r"\bcontrol\b"),
    ),
    Cue(
        id="data",
        label="says how far the data can be trusted",
        patterns=(r"\bchecked\b", r"\bduplicate", r"\bcomplete\b", r"\btracking\b"),
    ),
    Cue(
        id="doubt",
        label="says what is not known or could be wrong",
        patterns=(r"\bdo(?:es)? not know\b", r"\bdon't know\b", r"\buncertain", r"\brisk\b"),
    ),
    Cue(
        id="follow_up",
        label="says when it will be looked at again",
        patterns=(
            rf"\b(?:{_WHEN})\b.*\b(?:{_LOOKS})",
            rf"\b(?:{_LOOKS}|be (?:reported|reviewed|checked))\b.*\b(?:{_WHEN})\b",
            r"\bstop if\b",
            r"\btake (?:it )?back\b",
        ),
    ),
)

_REVERSAL_CUES = (
    Cue(
        id="threshold",
        label="names a threshold",
        patterns=(
            r"\d+(?:[.,]\d+)?\s*(?:%|percent)",
            r"\b(?:below|above|less than|more than|at least) \d",
        ),
    ),
    Cue(
        id="when",
        label="names a date or a period",
        patterns=(r"\bweeks?\b", r"\bmonths?\b", r"\d{4}-\d{2}-\d{2}"),
    ),
)


def _check(
    words: Words,
    name: str,
    label: str,
    tables: tuple[str, ...],
    columns: tuple[str, ...],
    *constructs: str,
    validity: bool = False,
) -> ProcessCheck:
    return ProcessCheck(
        id=name,
        label=words.say(label),
        tables=(frozenset(words.name(table) for table in tables),),
        columns=frozenset(words.name(column) for column in columns),
        constructs=frozenset(constructs or ("any",)),
        validity=validity,
    )


def _checks(words: Words) -> tuple[ProcessCheck, ...]:
    def check(*args: object, validity: bool = False) -> ProcessCheck:
        return _check(words, *args, validity=validity)  # type: ignore[arg-type]

    return (
        check(
            "keys",
            "rows and distinct keys",
            ("accounts",),
            ("account_id",),
            "count_distinct",
            validity=True,
        ),
        check(
            "coverage",
            "events by time: is a piece missing?",
            ("events",),
            ("occurred_at",),
            "group_by",
            "min_max",
            validity=True,
        ),
        check(
            "staff",
            "staff and robots left out",
            ("accounts",),
            ("is_internal",),
            "filter",
            validity=True,
        ),
        check(
            "two_sources",
            "the log beside subscriptions",
            ("events", "subscriptions"),
            (),
            "join",
            validity=True,
        ),
        check(
            "by_plan",
            "losses by {plan}",
            ("accounts", "subscriptions"),
            ("plan",),
            "group_by",
            "filter",
        ),
        check(
            "by_channel", "sign-ups or losses by channel", ("accounts",), ("channel",), "group_by"
        ),
        check("steps", "setup steps", ("onboarding_steps",), ("step",), "group_by", "filter"),
        check("payments", "invoices by status", ("invoices",), ("status",), "group_by", "filter"),
        check("service", "response times", ("service_levels",), ("p95_ms",)),
        check("versions", "events by client", ("events",), ("client_version",), "group_by"),
    )


def _criterion(
    name: str, label: str, competency: Competency, weight: float, rule: Rule
) -> Criterion:
    return Criterion(id=name, label=label, competency=competency, weight=weight, rule=rule)


def make_rubric(spec: CaseSpec, story: Story) -> Rubric:
    """Give criteria and gates of a case."""
    words = words_of(spec.vertical)
    plants = story.blueprint.plants
    true = frozenset(plant.cause.value for plant in plants)
    lead = spec.level is Level.LEAD
    sd = effect_sd(story)
    vague = max(3.0 * abs(story.extra_lost), 10.0 * sd)  # "from none to three times as many"
    criteria = [
        _criterion(
            "causes", "The cause", Competency.DIAGNOSIS, 22, CauseRule(field="causes", true=true)
        ),
        _criterion(
            "segment",
            "Whom it reaches",
            Competency.ANALYSIS,
            6,
            SegmentRule(field="segment", true=true_segment(words, plants[0])),
        ),
        _criterion(
            "onset",
            "Since when",
            Competency.ANALYSIS,
            6,
            DateRule(
                field="onset",
                true=story.blueprint.day(plants[0].week),
                tolerance_days=10,
                zero_days=42,
            ),
        ),
        _criterion(
            "effect",
            "What it cost so far",
            Competency.EXPERIMENTS,
            10,
            IntervalRule(field="effect", true=story.extra_lost, sd=sd, vague=vague),
        ),
        _criterion(
            "decision", "The decision", Competency.DECISIONS, 22, RegretRule(field="decision")
        ),
        _criterion(
            "forecast",
            "The forecast",
            Competency.DECISIONS,
            8,
            ForecastRule(field="forecast", sd_share=0.04, vague_share=0.5),
        ),
        _criterion(
            "process",
            "What was checked, and when",
            Competency.QUALITY,
            10 if lead else 14,
            ProcessRule(checks=_checks(words)),
        ),
        _criterion(
            "reversal",
            "The reversal rule",
            Competency.DECISIONS,
            4,
            MemoRule(field="reversal_rule", cues=_REVERSAL_CUES, min_words=8, max_words=80),
        ),
        _criterion(
            "memo",
            "The memo",
            Competency.STORY,
            8,
            MemoRule(field="memo", cues=_CUES, min_words=150, max_words=300),
        ),
    ]
    if lead:
        criteria.append(
            _criterion(
                "way_of_working",
                "The way of working behind it",
                Competency.LIFECYCLE,
                4,
                ChoiceRule(field="process", true=story.process),
            )
        )
    gate = Gate(
        id="cause_missed",
        label="A real cause is missing, or ranks no higher than a false one",
        cap=50.0,
        kind="cause_missed",
        field="causes",
        true=true,
    )
    no_gain = Gate(
        id="decision_without_gain",
        label="The decision is no better than doing nothing",
        cap=65.0,
        kind="criterion_below",
        criterion="decision",
        floor=0.02,
    )
    return Rubric(criteria=tuple(criteria), gates=(gate, no_gain))


_WHERE = {
    "plan": "{value}",
    "region": "{value}",
    "platform": "{value}",
    "channel": "{value}",
    "size": "20 or more",
}


def _sentence(words: Words, story: Story, plant: Plant) -> str:
    places = ", ".join(
        _WHERE[name].format(value=words.value(name, value)) for name, value in plant.where.items()
    )
    label = CAUSE_LABELS[plant.cause][0]
    return f"{label}: {places}, since {story.blueprint.day(plant.week)}."


def make_truth(spec: CaseSpec, story: Story) -> tuple[tuple[str, str], ...]:
    """Tell the truth of a case, for the debrief."""
    words = words_of(spec.vertical)
    blueprint = story.blueprint
    lines = [("Cause", _sentence(words, story, plant)) for plant in blueprint.plants]
    lines.append(
        (
            "What it cost",
            f"{story.extra_lost:,} {words.nouns['accounts']} were lost up to today that would "
            "still pay without it: the same draws, run once with and once without.",
        )
    )
    step = words.nouns["step"]
    lines.append(
        (
            "Does the setup help?",
            f"Here {step} multiplies the weekly hazard of leaving by "
            f"{blueprint.connect_factor:.2f}, everything else equal. The gap between those who "
            "did it and those who did not is far larger, because intent drives both.",
        )
    )
    decoy = blueprint.decoys
    lines.append(
        (
            "What only looked like it",
            f"The small price step of {words.value('', decoy.quiet_price[0])}, two slow weeks in "
            f"{decoy.latency_bump[0]}, the processor change in {decoy.processor_switch[0]}, the "
            f"push in {words.value('', decoy.channel_burst[0])}, two weeks without setup logs on "
            f"{decoy.step_log_gap[0]}, the campaign in "
            f"{words.value('', decoy.quiet_campaign[0])} and one outage changed nothing.",
        )
    )
    if spec.level is Level.LEAD:
        label = next(choice.label for choice in CHOICES if choice.id == story.process)
        lines.append(("Way of working", label + "."))
    if any(plant.cause is Cause.LOST_EVENT for plant in blueprint.plants):
        lines.append(
            (
                "Measurement",
                "The dashboard counts silence in the log. Lost session starts look like churn, "
                "and the win-back credits follow the mistake.",
            )
        )
    return tuple(lines)
