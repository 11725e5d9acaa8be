"""The questions that a careful analyst puts to the company's tables, as DuckDB SQL.

In: the day of today and, for some, a segment and a week. Out: query texts in the world's own
words; `caseroom.case.kinds.saas_churn.words` puts them into the words of a vertical.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from caseroom.world.saas.blueprint import TODAY

__all__ = [
    "by_platform_connect",
    "channel_mix",
    "checks",
    "coverage",
    "credits",
    "duplicates",
    "failed_invoices",
    "first_steps",
    "guided_release",
    "kpi",
    "latency",
    "paid_but_quiet",
    "price_list",
    "risk_table",
]


def _week(expression: str, today: date) -> str:
    start = today - timedelta(weeks=TODAY)
    return f"(datediff('day', DATE '{start}', CAST({expression} AS DATE)) // 7)"


def _life(today: date) -> str:
    """Accounts that are neither staff nor robots, with their weeks of joining and leaving."""
    return f"""
WITH life AS (
  SELECT a.account_id, a.plan, a.seats, coalesce(a.region, 'unknown') AS region,
         coalesce(a.channel, 'unknown') AS channel, a.platform, a.billing, a.campaign,
         {_week("a.created_at", today)} AS joined,
         coalesce({_week("s.ended_at", today)}, {TODAY}) AS left_week,
         s.end_reason, s.monthly_fee_cents
  FROM accounts AS a JOIN subscriptions AS s USING (account_id)
  WHERE NOT a.is_internal
    AND a.account_id NOT IN (SELECT account_id FROM events WHERE client_version = 'headless')
)"""


_AGE_BAND = """CASE WHEN billing = 'yearly' THEN 9 WHEN week - joined < 4 THEN 0
            WHEN week - joined < 13 THEN 1 WHEN week - joined < 26 THEN 2
            WHEN week - joined < 52 THEN 3 ELSE 4 END"""
_AT_RISK = "(billing = 'monthly' OR (week - joined > 0 AND (week - joined) % 52 = 0))"
"""Yearly accounts decide in the week of renewal only."""


def checks(today: date) -> str:
    """Rows, distinct keys and the first and last day of the main tables."""
    return """
SELECT 'accounts' AS source, count(*) AS row_count, count(DISTINCT account_id) AS keys,
       min(created_at) AS first_seen, max(created_at) AS last_seen FROM accounts
UNION ALL SELECT 'subscriptions', count(*), count(DISTINCT account_id),
       min(started_at), max(started_at) FROM subscriptions
UNION ALL SELECT 'invoices', count(*), count(DISTINCT invoice_id),
       min(issued_on), max(issued_on) FROM invoices
UNION ALL SELECT 'events', count(*), count(DISTINCT account_id),
       min(occurred_at), max(occurred_at) FROM events"""


def duplicates(today: date) -> str:
    """Events that were delivered twice, and staff and robots among the accounts."""
    return """
SELECT (SELECT count(*) FROM events)
       - (SELECT count(*) FROM (SELECT DISTINCT user_id, event, occurred_at FROM events))
         AS sent_twice,
       (SELECT count(*) FROM accounts WHERE is_internal) AS internal_accounts,
       (SELECT count(DISTINCT account_id) FROM events
        WHERE client_version = 'headless') AS robots"""


def coverage(today: date) -> str:
    """Events per week of the last half year: is a week missing?"""
    return f"""
SELECT {_week("occurred_at", today)} AS week, count(*) AS events,
       count(DISTINCT account_id) AS accounts
FROM events WHERE occurred_at >= DATE '{today - timedelta(weeks=26)}' GROUP BY 1 ORDER BY 1"""


def kpi(today: date) -> str:
    """The dashboard's churn, and subscriptions that really ended, week by week."""
    return f"""{_life(today)}
SELECT k.week_start, k.dashboard_churn, k.paying_accounts,
       (SELECT count(*) FROM life WHERE life.left_week = {_week("k.week_start", today)}) AS ended
FROM kpi_weekly AS k ORDER BY 1"""


def paid_but_quiet(today: date) -> str:
    """Accounts that pay but had no session in four weeks, by week and platform."""
    return f"""{_life(today)},
seen AS (
  SELECT DISTINCT account_id, {_week("occurred_at", today)} + shift.d AS week
  FROM events, (VALUES (1), (2), (3), (4)) AS shift(d) WHERE event = 'session_started'
)
SELECT pays.week, pays.platform AS segment, count(*) AS trials,
       count(*) FILTER (WHERE seen.account_id IS NULL) AS hits
FROM (SELECT account_id, platform, unnest(range(joined + 5, left_week)) AS week FROM life) AS pays
LEFT JOIN seen ON seen.account_id = pays.account_id AND seen.week = pays.week
GROUP BY 1, 2 ORDER BY 1, 2"""


def failed_invoices(today: date) -> str:
    """Monthly invoices that were never collected, by week and region."""
    return f"""{_life(today)}
SELECT {_week("i.issued_on", today)} AS week, life.region AS segment, count(*) AS trials,
       count(*) FILTER (WHERE i.status = 'failed') AS hits
FROM invoices AS i JOIN life USING (account_id)
WHERE life.billing = 'monthly' GROUP BY 1, 2 ORDER BY 1, 2"""


def by_platform_connect(today: date) -> str:
    """Of the sign-ups of a week that invited somebody: how many connected a tool, by platform."""
    return f"""{_life(today)}
SELECT life.joined AS week, life.platform AS segment, count(*) AS trials,
       count(c.account_id) AS hits
FROM life
JOIN (SELECT account_id FROM onboarding_steps WHERE step = 'invite') AS i
  ON i.account_id = life.account_id
LEFT JOIN (SELECT account_id FROM onboarding_steps WHERE step = 'connect') AS c
  ON c.account_id = life.account_id
WHERE life.joined <= {TODAY - 3} GROUP BY 1, 2 ORDER BY 1, 2"""


def first_steps(today: date) -> str:
    """Of the sign-ups of a week: how many got through the first three steps, by channel."""
    return f"""{_life(today)}
SELECT life.joined AS week, life.channel AS segment, count(*) AS trials,
       count(i.account_id) AS hits
FROM life
LEFT JOIN (SELECT account_id FROM onboarding_steps WHERE step = 'invite') AS i
  ON i.account_id = life.account_id
WHERE life.joined <= {TODAY - 2} GROUP BY 1, 2 ORDER BY 1, 2"""


def channel_mix(today: date) -> str:
    """Sign-ups by week and channel."""
    return f"""{_life(today)}
SELECT joined AS week, channel AS segment, count(*) AS hits,
       sum(count(*)) OVER (PARTITION BY joined) AS trials
FROM life GROUP BY 1, 2 ORDER BY 1, 2"""


def latency(today: date) -> str:
    """Response times by week, region and size, where they left their usual level lately."""
    recent = today - timedelta(weeks=4)
    return f"""
SELECT region, size,
       median(p95_ms) FILTER (WHERE week_start < DATE '{today - timedelta(weeks=30)}') AS usual,
       median(p95_ms) FILTER (WHERE week_start >= DATE '{recent}') AS lately,
       min(week_start) FILTER (
         WHERE p95_ms > 900 AND week_start >= DATE '{today - timedelta(weeks=30)}') AS slow_since
FROM service_levels GROUP BY 1, 2 ORDER BY lately - usual DESC"""


def price_list(today: date) -> str:
    """Prices that changed after the start."""
    return """
SELECT plan, valid_from, seat_price_cents,
       seat_price_cents / lag(seat_price_cents) OVER (PARTITION BY plan ORDER BY valid_from) - 1
         AS rise
FROM prices QUALIFY rise IS NOT NULL ORDER BY valid_from"""


def risk_table(today: date, inside: str, since: int, *, reason: str) -> str:
    """Account-weeks at risk and losses inside and outside a segment, before and after a week.

    `lost` counts endings for this reason, `cancelled` those that somebody decided. Yearly accounts
    are at risk in the week of renewal only (age band 9).
    """
    return f"""{_life(today)},
weeks AS (SELECT *, unnest(range(joined, least(left_week + 1, {TODAY}))) AS week FROM life)
SELECT coalesce({inside}, FALSE) AS inside, week >= {since} AS after_change,
       {_AGE_BAND} AS age_band, count(*) AS at_risk,
       count(*) FILTER (WHERE week = left_week AND end_reason = '{reason}') AS lost,
       count(*) FILTER (WHERE week = left_week AND end_reason = 'cancelled') AS cancelled
FROM weeks WHERE {_AT_RISK} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


def risk_cells(today: date, reaches: Sequence[tuple[str, int, bool]]) -> str:
    """Account-weeks at risk and cancellations by age and by the changes that reach them.

    Each of `reaches` is a segment (an SQL condition), the first week of a change there, and
    whether it reaches only those who signed up since. `inside_k` tells who belongs to segment k,
    `reached_k` whom change k reaches in that week; periods are cut where a change begins.
    """
    columns = [
        column
        for k, (inside, since, joiners) in enumerate(reaches)
        for column in (
            f"coalesce({inside}, FALSE) AS inside_{k}",
            f"coalesce({inside}, FALSE) AND {'joined' if joiners else 'week'} >= {since} "
            f"AS reached_{k}",
        )
    ]
    starts = sorted({since for _, since, _ in reaches})
    period = " + ".join(f"(week >= {since})::INT" for since in starts)
    return f"""{_life(today)},
weeks AS (SELECT *, unnest(range(joined, least(left_week + 1, {TODAY}))) AS week FROM life)
SELECT {", ".join(columns)},
       {period} AS period, {_AGE_BAND} AS age_band, count(*) AS at_risk,
       count(*) FILTER (WHERE week = left_week AND end_reason = 'cancelled') AS lost
FROM weeks WHERE {_AT_RISK} GROUP BY ALL ORDER BY ALL"""


def credits(today: date) -> str:
    """Win-back credits a week, before and lately, by platform; free weeks of a campaign are none.

    A free week is credited in full, a win-back credit is a part of the invoice.
    """
    before = f"issued_on < DATE '{today - timedelta(weeks=22)}'"
    return f"""{_life(today)}
SELECT life.platform,
       coalesce(sum(i.credit_cents) FILTER (
         WHERE issued_on >= DATE '{today - timedelta(weeks=4)}'), 0) / 4 AS lately_cents_a_week,
       coalesce(sum(i.credit_cents) FILTER (WHERE {before}), 0) / 8 AS before_cents_a_week
FROM invoices AS i JOIN life USING (account_id)
WHERE i.credit_cents < i.amount_cents AND issued_on >= DATE '{today - timedelta(weeks=30)}'
GROUP BY 1 ORDER BY 1"""


def flow(today: date, inside: str, since: int) -> str:
    """Who is at risk, leaves, pays now and joined lately, by age in weeks, in a segment.

    Risk and losses count weeks since `since`; `joined_lately` counts the last ten weeks.
    """
    return f"""{_life(today)},
weeks AS (SELECT *, unnest(range(joined, least(left_week + 1, {TODAY}))) AS week
          FROM life WHERE coalesce({inside}, FALSE))
SELECT week - joined AS age, count(*) FILTER (WHERE week >= {since}) AS at_risk,
       count(*) FILTER (WHERE week >= {since} AND week = left_week) AS lost,
       count(*) FILTER (WHERE week >= {since} AND week = left_week
                        AND end_reason = 'payment_failed') AS unpaid,
       count(*) FILTER (WHERE week = {TODAY - 1} AND left_week >= {TODAY}) AS paying,
       coalesce(sum(monthly_fee_cents) FILTER (
         WHERE week = {TODAY - 1} AND left_week >= {TODAY}), 0) AS fees_cents,
       count(*) FILTER (WHERE week = joined AND joined >= {TODAY - 10}) AS joined_lately
FROM weeks GROUP BY 1 ORDER BY 1"""


def campaigns(today: date) -> str:
    """Campaigns by channel and when they began."""
    return "SELECT campaign, channel, starts_on FROM campaigns ORDER BY starts_on"


def guided_release(today: date) -> str:
    """Loss within 13 weeks of accounts that joined just before and just after the guided setup."""
    return f"""{_life(today)},
released AS (SELECT * FROM (VALUES ('NA', 30), ('EU', 36), ('LATAM', 44), ('APAC', 50))
             AS r(region, week))
SELECT joined >= released.week AS guided, count(*) AS accounts,
       count(c.account_id) AS connected,
       count(*) FILTER (WHERE left_week - joined < 13) AS left_early
FROM life JOIN released USING (region)
LEFT JOIN (SELECT account_id FROM onboarding_steps WHERE step = 'connect') AS c
  ON c.account_id = life.account_id
WHERE joined BETWEEN released.week - 12 AND released.week + 11 GROUP BY 1 ORDER BY 1"""


def session_share(today: date) -> str:
    """Share of session starts among the events of each client version, by platform."""
    return f"""{_life(today)}
SELECT e.client_version, life.platform, r.released_on, count(*) AS events,
       avg(CASE WHEN e.event = 'session_started' THEN 1 ELSE 0 END) AS session_share
FROM events AS e JOIN life USING (account_id)
LEFT JOIN releases AS r USING (client_version)
WHERE e.occurred_at >= DATE '{today - timedelta(weeks=26)}'
GROUP BY 1, 2, 3 HAVING count(*) > 200 ORDER BY session_share"""


def mix_outcome(today: date, channel: str, since: int) -> str:
    """Account-weeks and losses by age band of those who joined since a week: channel and others."""
    return f"""{_life(today)},
weeks AS (SELECT *, unnest(range(joined, least(left_week + 1, {TODAY}))) AS week
          FROM life WHERE joined >= {since})
SELECT channel = '{channel}' AS inside,
       CASE WHEN week - joined < 4 THEN 0 WHEN week - joined < 13 THEN 1 ELSE 2 END AS age_band,
       count(*) AS at_risk, count(*) FILTER (WHERE week = left_week) AS lost
FROM weeks WHERE billing = 'monthly' AND channel <> 'unknown' GROUP BY 1, 2 ORDER BY 1, 2"""


def campaign_cost(today: date, channel: str) -> str:
    """What the campaigns of a channel pay out per sign-up, over the last eight weeks."""
    return f"""
SELECT avg(c.cost_per_signup_cents) AS cents_a_signup
FROM accounts AS a JOIN campaigns AS c USING (campaign, channel)
WHERE a.channel = '{channel}' AND a.created_at >= DATE '{today - timedelta(weeks=8)}'"""


def signups(today: date) -> str:
    """Sign-ups by week, all of history."""
    return f"""{_life(today)}
SELECT joined AS week, count(*) AS sign_ups FROM life
WHERE joined >= 0 AND joined < {TODAY} GROUP BY 1 ORDER BY 1"""


def channels_before(today: date, until: int) -> str:
    """Sign-ups by channel in the half year before a week."""
    return f"""{_life(today)}
SELECT channel, count(*) AS joined FROM life
WHERE joined >= {until - 26} AND joined < {until} AND channel <> 'unknown' GROUP BY 1 ORDER BY 1"""
