"""A case kind small enough to read in one sitting, for tests of parsing, grading and checking.

In: a seed. Out: a kiosk chain whose sales fall in one region, either because customers stay away
("demand") or because the tills lose records ("logging"), with payments doubled in one region.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from caseroom.case.contract import (
    Brief,
    Case,
    CaseKind,
    CaseSpec,
    ChangeEntry,
    Consequence,
    Desk,
    DictionaryEntry,
    Outcome,
    Progress,
    Purchase,
    Quote,
    Samples,
    Stakeholder,
)
from caseroom.case.form import (
    Choice,
    ChoiceField,
    DateField,
    DecisionField,
    FindingsField,
    Form,
    IntervalField,
    Option,
    Param,
    ProbabilitiesField,
    SegmentField,
    Submission,
    TextField,
)
from caseroom.case.rubric import (
    CauseRule,
    ChoiceRule,
    Criterion,
    Cue,
    DateRule,
    Fault,
    FindingsRule,
    Gate,
    IntervalRule,
    MemoRule,
    ProcessCheck,
    ProcessRule,
    RegretRule,
    Rubric,
    SegmentRule,
)
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Competency, Level, Vertical

FIRST = date(2025, 1, 6)
DAYS = 120
LAST = FIRST + timedelta(days=DAYS - 1)
REGIONS = ("north", "south", "east")
CAUSES = ("demand", "logging")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What was drawn: the cause, its region, day and size; where and when payments double."""

    cause: str
    region: str
    day: int
    lost: int
    doubled: str
    doubled_day: int


def choices(*ids: str) -> tuple[Choice, ...]:
    """Give choices whose labels are their ids."""
    return tuple(Choice(id=each, label=each.title()) for each in ids)


FORM = Form(
    (
        ProbabilitiesField(
            id="causes",
            label="Causes",
            choices=choices("demand", "logging", "season", "price", "staff", "other"),
        ),
        SegmentField(id="segment", label="Segment", dimensions={"region": choices(*REGIONS)}),
        DateField(id="onset", label="Onset", first=FIRST, last=LAST),
        IntervalField(id="effect", label="Share lost", unit="%", low=0, high=100),
        ChoiceField(id="verdict", label="Verdict", choices=choices("real", "measurement")),
        DecisionField(
            id="decision",
            label="Decision",
            options=(
                Option(
                    id="campaign",
                    label="Campaign",
                    params=(
                        Param(
                            id="region", label="Region", default="north", choices=choices(*REGIONS)
                        ),
                        Param(
                            id="weeks",
                            label="Weeks",
                            default=4,
                            low=1,
                            high=8,
                            whole=True,
                            unit="weeks",
                        ),
                    ),
                ),
                Option(id="repair_tills", label="Repair the tills"),
                Option(id="close_region", label="Close the region"),
                Option(id="nothing", label="Do nothing"),
            ),
        ),
        FindingsField(
            id="findings",
            label="Faults in the data",
            required=False,
            types=choices("duplicates", "missing_rows", "unit_change"),
            places=choices("sales", "payments", "sales.cents", "payments.cents"),
            slices={"region": choices(*REGIONS)},
            first=FIRST,
            last=LAST,
            size_unit={"duplicates": "percent of rows"},
            most=10,
        ),
        TextField(id="memo", label="Memo", min_words=40, max_words=200),
    )
)

CHECKS = (
    ProcessCheck(
        id="unique",
        label="Checked that payments are unique",
        tables=(frozenset({"payments"}),),
        columns=frozenset({"sale_id"}),
        constructs=frozenset({"count_distinct", "having"}),
        validity=True,
    ),
    ProcessCheck(
        id="reconcile",
        label="Compared sales with payments",
        tables=(frozenset({"sales", "payments"}),),
        validity=True,
    ),
    ProcessCheck(
        id="by_region",
        label="Split by region",
        tables=(frozenset({"sales", "shops"}), frozenset({"payments", "shops"})),
        columns=frozenset({"region"}),
        constructs=frozenset({"group_by"}),
    ),
    ProcessCheck(
        id="over_time",
        label="Looked at days",
        tables=(frozenset({"sales"}),),
        columns=frozenset({"day"}),
        constructs=frozenset({"group_by", "min_max"}),
    ),
)

CUES = (
    Cue(id="number", label="States a number", patterns=(r"\d+(\.\d+)?\s?(%|percent)",)),
    Cue(id="advice", label="Says what to do", patterns=(r"\b(recommend|should|propose)\b",)),
    Cue(id="doubt", label="Says what is not known", patterns=(r"\b(uncertain|not know|unsure)\b",)),
    Cue(id="reversal", label="Says what would change it", patterns=(r"\b(unless|stop if)\b",)),
)


def draw(spec: CaseSpec) -> Case:
    """Draw one case."""
    rng = random.Random(f"toy:{spec.seed}:{spec.level}")
    hidden = Hidden(
        cause=rng.choice(CAUSES),
        region=rng.choice(REGIONS),
        day=rng.randrange(40, 80),
        lost=rng.randrange(35, 60),
        doubled=rng.choice(REGIONS),
        doubled_day=rng.randrange(20, 90),
    )
    return Case(
        spec=spec,
        brief=_brief(),
        form=FORM,
        offers=(),
        rubric=_rubric(hidden),
        truth=(("Cause", f"{hidden.cause} in {hidden.region}"),),
        secret_words=("demand_planted", "logging_planted", "doubled_rows"),
        hidden=hidden,
    )


def _brief() -> Brief:
    return Brief(
        title="The kiosks that sold less",
        company="Forty kiosks in three regions sell coffee to commuters.",
        stakeholder=Stakeholder(name="Ada", role="Head of sales", concern="the yearly target"),
        question="Why did the sales table fall this spring, and what should we do about it?",
        context=("The tills were updated in spring and the weather was mild everywhere.",),
        today=LAST,
        due=LAST + timedelta(days=7),
        budget_cents=100_000,
        budget_weeks=2,
        value_rule="Profit over six months.",
        dictionary=(DictionaryEntry(table="sales", column="cents", meaning="Amount at the till."),),
        change_log=(ChangeEntry(on=FIRST, team="Tills", what="New receipt layout"),),
    )


def day(number: int) -> date:
    """Give the date of a day of the toy world."""
    return FIRST + timedelta(days=number)


def _rubric(hidden: Hidden) -> Rubric:
    rules = (
        (
            "causes",
            Competency.DIAGNOSIS,
            30,
            CauseRule(field="causes", true=frozenset({hidden.cause})),
        ),
        (
            "segment",
            Competency.ANALYSIS,
            10,
            SegmentRule(field="segment", true={"region": hidden.region}),
        ),
        (
            "onset",
            Competency.ANALYSIS,
            10,
            DateRule(field="onset", true=day(hidden.day), tolerance_days=3, zero_days=21),
        ),
        (
            "effect",
            Competency.ANALYSIS,
            10,
            IntervalRule(field="effect", true=hidden.lost, sd=2, vague=60),
        ),
        ("verdict", Competency.METRICS, 5, ChoiceRule(field="verdict", true=verdict(hidden))),
        ("decision", Competency.DECISIONS, 15, RegretRule(field="decision")),
        (
            "findings",
            Competency.QUALITY,
            8,
            FindingsRule(
                field="findings",
                faults=(fault(hidden),),
                original=frozenset({("missing_rows", "payments")}),
            ),
        ),
        ("process", Competency.QUALITY, 7, ProcessRule(checks=CHECKS)),
        (
            "memo",
            Competency.INFLUENCE,
            5,
            MemoRule(field="memo", cues=CUES, min_words=40, max_words=200),
        ),
    )
    return Rubric(
        criteria=tuple(
            Criterion(id=name, label=name.title(), competency=competency, weight=weight, rule=rule)
            for name, competency, weight, rule in rules
        ),
        gates=(
            Gate(
                id="cause",
                label="The cause was missed",
                cap=50,
                kind="cause_missed",
                field="causes",
                true=frozenset({hidden.cause}),
            ),
            Gate(
                id="harm",
                label="A healthy region was closed",
                cap=40,
                kind="harmful_option",
                field="decision",
                options=frozenset({"close_region"}),
            ),
        ),
    )


def fault(hidden: Hidden) -> Fault:
    """Give the planted fault in the data."""
    return Fault(
        type="duplicates",
        places=frozenset({"payments", "payments.cents"}),
        slice={"region": hidden.doubled},
        since=day(hidden.doubled_day),
        size=50,
        since_days=3,
        size_share=0.2,
    )


def verdict(hidden: Hidden) -> str:
    """Say whether the fall is real."""
    return "real" if hidden.cause == "demand" else "measurement"


def build(
    case: Case, purchases: tuple[Purchase, ...], path: Path, progress: Progress
) -> Mapping[str, int]:
    """Write the three tables."""
    hidden: Hidden = case.hidden
    seed = f"{case.spec.seed}-{case.spec.level}"
    progress("Writing the tables", 0.0)
    with duckdb.connect(str(path), config={"threads": 1}) as db:
        db.execute(
            "CREATE TABLE shops AS SELECT i::INT AS shop_id, "
            "['north','south','east'][(i % 3 + 1)::INT] AS region FROM range(12) t(i)"
        )
        db.execute(
            "CREATE TABLE all_sales AS SELECT row_number() OVER (ORDER BY d, i, k) AS sale_id, "
            f"i::INT AS shop_id, (DATE '{FIRST}' + d::INT) AS day, "
            f"(hash('{seed}', 'c', d, i, k) % 900 + 100)::BIGINT AS cents, region, "
            f"hash('{seed}', 'lost', d, i, k) % 100 < {hidden.lost} AND region = '{hidden.region}' "
            f"AND d >= {hidden.day} AS gone, "
            f"hash('{seed}', 'twice', d, i, k) % 2 = 0 AND region = '{hidden.doubled}' "
            f"AND d >= {hidden.doubled_day} AS twice "
            f"FROM range({DAYS}) a(d), range(12) b(i), range(8) c(k) JOIN shops s ON s.shop_id = i"
        )
        db.execute(
            "CREATE TABLE sales AS SELECT sale_id, shop_id, day, cents FROM all_sales "
            "WHERE NOT gone"
        )
        kept = "NOT gone" if hidden.cause == "demand" else "true"
        db.execute(
            "CREATE TABLE payments AS SELECT row_number() OVER (ORDER BY sale_id, copy) AS "
            "payment_id, sale_id, shop_id, day, cents FROM all_sales, range(2) r(copy) "
            f"WHERE {kept} AND (copy = 0 OR twice)"
        )
        db.execute("DROP TABLE all_sales")
        counts = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in ("shops", "sales", "payments")
        }
    progress("Ready", 1.0)
    return counts


def planted(case: Case) -> tuple[str, ...]:
    """Give what was planted."""
    return (case.hidden.cause,)


def quote(case: Case, bought: tuple[Purchase, ...], purchase: Purchase) -> Quote:
    """Refuse: nothing is for sale."""
    raise CaseroomError(f"Nothing is for sale, also not {purchase.offer!r}.")


def consequence(case: Case, bought: tuple[Purchase, ...], submission: Submission) -> Consequence:
    """Value every option under the planted cause."""
    hidden: Hidden = case.hidden
    decision = submission.get("decision")
    option = decision.option if decision else "nothing"
    campaign = 60_000 if hidden.cause == "demand" else -40_000
    if option == "campaign" and decision.params["region"] != hidden.region:
        campaign = -40_000
    values = {
        "campaign": campaign,
        "repair_tills": 50_000 if hidden.cause == "logging" else -20_000,
        "close_region": -200_000,
        "nothing": 0,
    }
    best = 60_000 if hidden.cause == "demand" else 50_000
    best_option = "campaign" if hidden.cause == "demand" else "repair_tills"
    return Consequence(
        chosen=_outcome(option, values[option]),
        nothing=_outcome("nothing", 0),
        best=_outcome(best_option, best),
        values=values,
        regret_cents=best - values[option],
        regret_customers=0,
        stake_cents=80_000,
        delay_cents=0,
        measures={"cents": "Sales"},
        sentences=(f"{option} is worth {values[option]} cents.",),
    )


def _outcome(option: str, cents: int) -> Outcome:
    return Outcome(label=option, option=option, value_cents=cents, customers=100, series=())


MEMO = (
    "Sales fell by about {lost} percent in the {region} region from {day} on, and nowhere else. "
    "I compared the till records with the payments, which shows whether the fall is real. "
    "I recommend to act on {cause} now, because every week of waiting costs money. "
    "I am unsure about the exact size, and I would stop if the payments show no change in a month."
)


def perfect(case: Case) -> dict[str, Any]:
    """Give the answer that uses the truth."""
    hidden: Hidden = case.hidden
    decision: dict[str, Any] = {"option": "repair_tills"}
    if hidden.cause == "demand":
        decision = {"option": "campaign", "params": {"region": hidden.region}}
    memo = MEMO.format(
        lost=hidden.lost, region=hidden.region, day=day(hidden.day), cause=hidden.cause
    )
    return {
        "causes": {hidden.cause: 0.95},
        "segment": {"region": hidden.region},
        "onset": day(hidden.day),
        "effect": {"value": hidden.lost, "low": hidden.lost - 2, "high": hidden.lost + 2},
        "verdict": verdict(hidden),
        "decision": decision,
        "findings": [
            {
                "type": "duplicates",
                "place": "payments",
                "slice": {"region": hidden.doubled},
                "since": day(hidden.doubled_day),
                "size": 50,
            }
        ],
        "memo": memo,
    }


def samples(case: Case) -> Samples:
    """Give the submissions with known scores."""
    best = perfect(case)
    wrong = "logging" if case.hidden.cause == "demand" else "demand"
    places = ("sales", "payments", "sales.cents", "payments.cents")
    kinds = ("duplicates", "missing_rows", "unit_change")
    everything = [{"type": kind, "place": place} for kind in kinds for place in places][:10]
    all_causes = dict.fromkeys(("demand", "logging", "season", "price", "staff", "other"), 1.0)
    constants = {cause: best | {"causes": {cause: 0.95}} for cause in CAUSES}
    constants["demand"]["decision"] = {"option": "campaign"}
    constants["logging"]["decision"] = {"option": "repair_tills"}
    return Samples(
        perfect=best,
        typical=best | {"causes": {wrong: 0.9}, "effect": {"value": 10, "low": 5, "high": 15}},
        shotgun=best | {"causes": all_causes, "findings": everything},
        empty={},
        malformed={"causes": {"demand": 80}, "onset": "soon", "effect": [], "nonsense": 1},
        constants=constants,
    )


def reference(desk: Desk) -> dict[str, Any]:
    """Solve the case with what a candidate sees."""
    rows = desk.sql(
        "SELECT count(*) AS n, count(DISTINCT sale_id) AS ids FROM payments",
        title="Are payments unique?",
    ).one()
    desk.note(f"{rows['n']} payments for {rows['ids']} sales")
    doubled = desk.sql(
        "SELECT region, min(day) AS since FROM (SELECT sale_id, shop_id, day FROM payments "
        "GROUP BY ALL HAVING count(*) > 1) JOIN shops USING (shop_id) GROUP BY region"
    ).one()
    lost = desk.sql(
        "SELECT region, count(*) AS n FROM payments ANTI JOIN sales USING (sale_id) "
        "JOIN shops USING (shop_id) GROUP BY region"
    )
    daily = desk.sql(
        "SELECT region, day, count(*) AS n FROM sales JOIN shops USING (shop_id) "
        "GROUP BY region, day ORDER BY region, day"
    )
    region, onset, share = _step(daily)
    cause = "logging" if len(lost) else "demand"
    decision: dict[str, Any] = {"option": "repair_tills"}
    if cause == "demand":
        decision = {"option": "campaign", "params": {"region": region}}
    return {
        "causes": {cause: 0.95},
        "segment": {"region": region},
        "onset": onset,
        "effect": {"value": share, "low": max(0, share - 3), "high": share + 3},
        "verdict": "real" if cause == "demand" else "measurement",
        "decision": decision,
        "findings": [
            {
                "type": "duplicates",
                "place": "payments",
                "slice": {"region": doubled["region"]},
                "since": doubled["since"],
                "size": 50,
            }
        ],
        "memo": MEMO.format(lost=round(share), region=region, day=onset, cause=cause),
    }


def _step(daily: Any) -> tuple[str, date, float]:
    """Give the region, day and percent of the largest step down (least squares, two levels)."""
    found: list[tuple[float, str, date, float]] = []
    for region in REGIONS:
        series = [row for row in daily if row["region"] == region]
        for at in range(20, len(series) - 20):
            before = sum(row["n"] for row in series[:at]) / at
            after = sum(row["n"] for row in series[at:]) / (len(series) - at)
            gain = (before - after) * abs(before - after) * at * (len(series) - at)
            found.append((gain, region, series[at]["day"], 100 * (1 - after / before)))
    _, region, onset, share = max(found)
    return region, onset, share


def naive(desk: Desk) -> dict[str, Any]:
    """Read the totals and run a campaign everywhere near the office."""
    desk.sql("SELECT day, sum(cents) AS cents FROM sales GROUP BY day ORDER BY day")
    return {
        "causes": {"demand": 0.9},
        "segment": {"region": "all"},
        "onset": FIRST + timedelta(days=60),
        "effect": {"value": 15, "low": 10, "high": 20},
        "verdict": "real",
        "decision": {"option": "campaign", "params": {"region": "north"}},
        "memo": "Sales are down. We should run a campaign now.",
    }


def kind() -> CaseKind:
    """Give the toy kind."""
    return CaseKind(
        id="toy-kiosk",
        version=1,
        title="The kiosks that sold less",
        summary="A toy.",
        trains=(Competency.DIAGNOSIS,),
        minutes=dict.fromkeys(Level, 10),
        levels=(Level.ASSOCIATE, Level.SENIOR),
        verticals=(Vertical.SAAS, Vertical.FINANCE),
        draw=draw,
        build=build,
        quote=quote,
        consequence=consequence,
        samples=samples,
        reference=reference,
        naive=naive,
        causes=CAUSES,
        planted=planted,
    )


def spec(seed: int = 1, level: Level = Level.ASSOCIATE) -> CaseSpec:
    """Give the spec of one toy case."""
    return CaseSpec(kind="toy-kiosk", version=1, seed=seed, level=level, vertical=Vertical.SAAS)


def toy_case(**drawn: Any) -> Case:
    """Give a toy case with chosen truth, for tests that need to know it."""
    hidden = Hidden(
        cause="demand", region="north", day=60, lost=40, doubled="south", doubled_day=30
    )
    hidden = replace(hidden, **drawn)
    return replace(draw(spec()), rubric=_rubric(hidden), hidden=hidden)
