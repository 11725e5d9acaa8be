"""The brief, the data dictionary, the change log and the form, in the words of a vertical.

In: a spec and its story. Out: what the candidate is told, and the form to fill in.
"""

from __future__ import annotations

from datetime import timedelta

from caseroom.case.contract import (
    Brief,
    CaseSpec,
    ChangeEntry,
    DictionaryEntry,
    Stakeholder,
)
from caseroom.case.form import (
    Choice,
    ChoiceField,
    DateField,
    DecisionField,
    Field,
    Form,
    IntervalField,
    ProbabilitiesField,
    SegmentField,
    TextField,
)
from caseroom.case.kinds.saas_churn.menu import DIMENSIONS, dimension_choices, options
from caseroom.case.kinds.saas_churn.process import CHOICES
from caseroom.case.kinds.saas_churn.story import Story
from caseroom.case.kinds.saas_churn.words import Words, words_of
from caseroom.vocabulary.levels import Level
from caseroom.world.saas.blueprint import TODAY, WEEKS, Blueprint, Cause, Plant
from caseroom.world.saas.company import SIZES
from caseroom.world.saas.sheets import campaign_names, client_versions
from caseroom.world.saas.value import FREE_WEEKS, SIGNUP_COST

__all__ = ["BUDGET_CENTS", "BUDGET_WEEKS", "CAUSE_LABELS", "make_brief", "make_form"]

BUDGET_CENTS = 4_000_000
BUDGET_WEEKS = 8

CAUSE_LABELS: dict[str, tuple[str, str]] = {
    Cause.BROKEN_ONBOARDING: (
        "A setup step that truly helps stopped working",
        "forcing or repairing the step would keep people",
    ),
    Cause.LOW_INTENT_CAMPAIGN: (
        "A campaign brings people with little intent",
        "setup only shows their intent; forcing it changes little",
    ),
    Cause.PRICE_RISE: ("A price change drives people away", ""),
    Cause.CHANNEL_MIX_SHIFT: (
        "The mix of channels moved to one that always lost more",
        "nothing got worse inside any channel",
    ),
    Cause.LOST_EVENT: ("The data, not the product: tracking loses events", ""),
    Cause.SLOW_SERVICE: ("Slow service drives large ones away", ""),
    Cause.FAILED_PAYMENTS: ("Payments fail; people did not decide to leave", ""),
    "season": ("The season", "the same weeks of every year look like this"),
    "competitor": ("A competitor", ""),
    "something_else": ("Something else", ""),
}


def _context(words: Words, story: Story) -> tuple[str, ...]:
    board, plan = story.dashboard, story.plan
    return (
        words.say("You are the data product manager of {company}.")
        + f" {story.paying:,} {words.nouns['accounts']} pay "
        f"${story.fees_cents / 100:,.0f} a month in all.",
        f"On the dashboard, churn stands at {board.churn:.1%} over the last six weeks; the plan, "
        f"which held for a year, says {plan.churn:.1%}. Of those who joined "
        f"thirteen weeks earlier, {board.early:.1%} are gone; the plan says {plan.early:.1%}.",
        "The product lead is sure that it is onboarding: those who finish the setup stay far more "
        "often than those who don't.",
        words.say(
            "Since last year the dashboard also steers money: {accounts} that it counts as "
            "inactive get a win-back credit on their next invoice."
        ),
        "A sign-up costs, by channel: "
        + ", ".join(
            f"{words.value('channel', name)} ${cents / 100:,.0f}"
            for name, cents in SIGNUP_COST.items()
        )
        + "; a campaign pays cost_per_signup_cents on top.",
        *words.rules,
    )


def make_brief(spec: CaseSpec, story: Story) -> Brief:
    """Write the brief."""
    words = words_of(spec.vertical)
    today = story.blueprint.day(TODAY)
    end = story.blueprint.day(WEEKS)
    return Brief(
        title=words.say("Why do more {accounts} leave?"),
        company=words.nouns["company"],
        stakeholder=Stakeholder(
            name="Mara Lindqvist",
            role="Chief operating officer",
            concern="I have heard three explanations in one week. I want one that holds, and a "
            "decision that pays.",
        ),
        question=words.say(
            "What made churn rise, for whom and since when, what did it cost, and what do we do?"
        ),
        context=_context(words, story),
        today=today,
        due=today + timedelta(weeks=BUDGET_WEEKS),
        budget_cents=BUDGET_CENTS,
        budget_weeks=BUDGET_WEEKS,
        value_rule=(
            f"Revenue collected from today to {end}, plus 26 weeks of the fees that still come in "
            "then, minus what sign-ups cost, minus the price of the decision and of evidence."
        ),
        dictionary=_dictionary(spec.level, words),
        change_log=_change_log(spec.level, words, story.blueprint),
        hints=_hints(spec.level, words),
    )


def _hints(level: Level, words: Words) -> tuple[str, ...]:
    ladder = (
        "Does the dashboard count the same thing as the subscriptions that ended? Put both beside "
        "each other, week by week.",
        words.say(
            "Compare {accounts} at equal age: those who joined lately had less time to "
            "leave, and most who leave do so early."
        ),
        "For every entry of the change log ask: whom did it reach, and did the losses of exactly "
        "these people change compared with everybody else?",
    )
    return {Level.ASSOCIATE: ladder, Level.MID: ladder[:1]}.get(level, ())


_TABLE_MEANINGS = (
    ("accounts", "", "One row per {account} that ever signed up."),
    ("accounts", "created_at", "Moment of sign-up (UTC)."),
    ("accounts", "campaign", "Campaign that the sign-up came through, if any."),
    ("accounts", "is_internal", "Our own staff's test {accounts}."),
    ("users", "", "People who use an {account}; at most 40 are listed."),
    ("onboarding_steps", "", "One row per setup step that was completed, in order."),
    ("events", "", "What people do, as the clients report it. Clients may send an event twice."),
    ("events", "client_version", "Version that sent the event; headless is automated traffic."),
    ("subscriptions", "ended_at", "When the subscription ended; empty while it runs."),
    ("subscriptions", "end_reason", "cancelled by the {customer}, or payment_failed."),
    ("invoices", "", "One row per invoice: every four weeks, or every 52 for yearly billing."),
    ("invoices", "credit_cents", "Credits given: free weeks of a campaign, win-back credits."),
    ("tickets", "", "Questions to support, by topic."),
    ("nps", "", "Quarterly question; few answer."),
    ("releases", "", "Client versions. It takes up to four weeks until everybody has one."),
    ("prices", "", "Price list: price per {seats} and month from a day on."),
    ("campaigns", "", "Campaigns by channel; ends_on is empty while one runs."),
    ("service_levels", "p95_ms", "95th percentile of response times, milliseconds, by week."),
    ("kpi_weekly", "", "The dashboard's numbers, by week."),
)


def _dictionary(level: Level, words: Words) -> tuple[DictionaryEntry, ...]:
    right = (
        "Share of {accounts} with a session in weeks -12 to -7 that had none in weeks -6 to -1. "
        "It counts silence in the event log, not subscriptions that ended."
    )
    outdated = "Share of {accounts} whose subscription ended in the last four weeks."
    meaning = right if level is Level.ASSOCIATE else outdated
    entries = (*_TABLE_MEANINGS, ("kpi_weekly", "dashboard_churn", meaning))
    return tuple(
        DictionaryEntry(table=words.name(table), column=words.name(column), meaning=words.say(text))
        for table, column, text in entries
    )


def _plant_entry(words: Words, blueprint: Blueprint, plant: Plant) -> tuple[int, str, str] | None:
    place = {name: words.value(name, value) for name, value in plant.where.items()}
    match plant.cause:
        case Cause.BROKEN_ONBOARDING:
            text = f"Setup screens on {place['platform']} rebuilt with the new component library"
            return plant.week, "Client", text
        case Cause.LOW_INTENT_CAMPAIGN:
            name = campaign_names(blueprint)[1]
            text = f"Campaign {name} in {place['channel']}: {FREE_WEEKS} weeks free"
            return plant.week, "Marketing", text
        case Cause.PRICE_RISE:
            text = f"New price list for {place['plan']}, all {words.nouns['accounts']}"
            return plant.week, "Revenue", text
        case Cause.CHANNEL_MIX_SHIFT:
            text = f"Growth budget moves to {place['channel']}"
            return plant.week, "Marketing", text
        case Cause.SLOW_SERVICE:
            text = f"Large {words.nouns['accounts']} in {place['region']} moved to the new cluster"
            return plant.week, "Platform", text
        case Cause.FAILED_PAYMENTS:
            processor = words.value("", "acquirer_b")
            return plant.week, "Payments", f"{place['region']} collects through {processor}"
        case Cause.LOST_EVENT:
            return None  # the release itself is in the log, as every release is


def _decoy_entries(words: Words, blueprint: Blueprint) -> list[tuple[int, str, str]]:
    decoys = blueprint.decoys

    def say(place: str) -> str:
        return words.value("", place)

    plan, plan_week = decoys.quiet_price
    slow, slow_week = decoys.latency_bump
    bank, bank_week = decoys.processor_switch
    burst, burst_week = decoys.channel_burst
    gap, gap_week = decoys.step_log_gap
    channel, campaign_week = decoys.quiet_campaign
    return [
        (plan_week, "Revenue", f"Price of {say(plan)} rounded to full amounts"),
        (slow_week, "Platform", f"Database move in {say(slow)}, slower for some days"),
        (bank_week, "Payments", f"{say(bank)} collects through {say('acquirer_b')}"),
        (burst_week, "Marketing", f"Fair weeks: extra push in {say(burst)}"),
        (gap_week, "Client", f"Logging of setup steps on {say(gap)} repaired after a gap"),
        (campaign_week, "Marketing", f"Campaign {campaign_names(blueprint)[0]} in {say(channel)}"),
        (decoys.outage_week, "Platform", "Outage on Tuesday afternoon, everybody affected"),
        (blueprint.releases[-1], "Client", f"Client {client_versions(blueprint)[-1]} released"),
    ]


_NOISE = (
    (-22, "Support", "Answers within one working day are now a target"),
    (-17, "People", "New head of design"),
    (-12, "Data", "Dashboard tiles rearranged"),
    (-6, "Legal", "Terms of use reworded"),
    (-4, "Support", "Help center moved to new articles"),
)


def _change_log(level: Level, words: Words, blueprint: Blueprint) -> tuple[ChangeEntry, ...]:
    entries = _decoy_entries(words, blueprint)
    for plant in blueprint.plants:
        entry = _plant_entry(words, blueprint, plant)
        if entry is not None:
            entries.append(entry)
    few = 1 if level is Level.ASSOCIATE else len(_NOISE)
    entries += [(TODAY + week, team, what) for week, team, what in _NOISE[:few]]
    return tuple(
        ChangeEntry(on=blueprint.day(week), team=team, what=what)
        for week, team, what in sorted(entries)
    )


def make_form(spec: CaseSpec, story: Story) -> Form:
    """Give the fields of the submission."""
    words = words_of(spec.vertical)
    blueprint = story.blueprint
    accounts = words.nouns["accounts"]
    pair = spec.level in (Level.SENIOR, Level.LEAD)
    main = " (the cause that did most harm)" if pair else ""
    segments = {
        name: dimension_choices(words, name, everywhere=True)
        for name in DIMENSIONS
        if name != "size"
    }
    sizes = (f"under 20 {words.nouns['seats']}", f"20 or more {words.nouns['seats']}")
    segments["size"] = (
        Choice(id="all", label="all"),
        *(Choice(id=size, label=label) for size, label in zip(SIZES, sizes, strict=True)),
    )
    fields: list[Field] = [
        ProbabilitiesField(
            id="causes",
            label="Causes",
            help="How likely is each a real cause? Each probability stands on its own, 0 to 1."
            + (" More than one may be at work." if pair else ""),
            choices=tuple(
                Choice(id=name, label=label, help=text)
                for name, (label, text) in CAUSE_LABELS.items()
            ),
        ),
        SegmentField(id="segment", label=f"Whom it reaches{main}", dimensions=segments),
        DateField(
            id="onset",
            label=f"Since when{main}",
            help="First day of the week in which it began.",
            first=blueprint.day(TODAY - 52),
            last=blueprint.day(TODAY),
        ),
        IntervalField(
            id="effect",
            label=f"{accounts.capitalize()} lost so far that would still pay without it",
            help="All causes together; 0 if nobody left because of it.",
            unit=accounts,
            low=-500,
            high=20_000,
        ),
        DecisionField(
            id="decision",
            label="Decision" + (" (what you would fund first)" if pair else ""),
            options=options(words, story.fees_cents),
        ),
        IntervalField(
            id="forecast",
            label=f"Paying {accounts} on {blueprint.day(WEEKS - 1)} under your decision",
            help=f"{story.paying:,} pay today.",
            unit=accounts,
            low=0,
            high=100_000,
        ),
        TextField(
            id="reversal_rule",
            label="What would make you take the decision back",
            help="A measure, a threshold and a date.",
            min_words=8,
            max_words=80,
            rows=3,
        ),
        TextField(
            id="missing_data", label="What data are missing", min_words=5, max_words=80, rows=3
        ),
        TextField(
            id="memo",
            label=f"Memo to {make_stakeholder_name()}",
            help="Recommendation first. 150 to 300 words.",
            min_words=150,
            max_words=300,
            rows=14,
        ),
    ]
    if spec.level is Level.LEAD:
        fields.insert(
            5,
            ChoiceField(id="process", label="Which way of working let it happen", choices=CHOICES),
        )
    return Form(tuple(fields))


def make_stakeholder_name() -> str:
    """Give the name of the person who asked."""
    return "Mara Lindqvist"
