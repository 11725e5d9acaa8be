"""Judge one answer with a language model: several runs, each checked, then counted by us.

In: a question, the answer, its offline report, an endpoint, one random delimiter per run. Out: a
`JudgedReport`. It never raises for what a model does: where fewer than most of the runs can be
read, the report says so and the offline verdict stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caseroom.grading.judge.alarms import alarms
from caseroom.grading.judge.conversation import run_once
from caseroom.grading.judge.endpoint import FailureKind, ModelEndpoint, ModelIdentity
from caseroom.grading.judge.prompt import prompt_digest
from caseroom.grading.judge.report import (
    JUDGE,
    JudgedPoint,
    JudgedReport,
    JudgeSettings,
    Outcome,
    Run,
    Usage,
)
from caseroom.grading.judge.votes import decide
from caseroom.grading.text.report import AnswerReport
from caseroom.grading.text.scale import level_of
from caseroom.questions.model import Question

__all__ = ["judge", "shuffled"]

_HOPELESS = (FailureKind.NO_ACCESS, FailureKind.UNREACHABLE, FailureKind.REJECTED)
"""Failures that the next run would meet again."""


def judge(
    question: Question,
    text: str,
    offline: AnswerReport,
    endpoint: ModelEndpoint,
    *,
    delimiters: Sequence[str],
    settings: JudgeSettings | None = None,
) -> JudgedReport:
    """Judge an answer, beside its offline report.

    An answer that a guard withholds is not sent: nothing in it could be credited.

    Raises:
        ValueError: When there is not one delimiter per run, or one stands in the material.
    """
    chosen = settings or JudgeSettings()
    if offline.withheld:
        why = f"The model was not asked. {offline.withheld}"
        return _offline_stands(question, offline, endpoint, chosen, (), Outcome.NOT_ASKED, why)
    runs = _runs(question, text, offline, endpoint, delimiters, chosen)
    counted = [run for run in runs if run.votes]
    if len(counted) < _quorum(chosen):
        why = (
            f"The model gave no verdict that counts ({_reason(runs)}). The offline verdict stands."
        )
        return _offline_stands(question, offline, endpoint, chosen, runs, Outcome.FAILED, why)
    points = tuple(
        decide(
            point, [vote for run in counted for vote in run.votes if vote.point == point.id], was
        )
        for point, was in zip(question.points, offline.points, strict=True)
    )
    why = f"{len(counted)} of {chosen.runs} runs count."
    return _report(question, offline, endpoint, chosen, runs, points, Outcome.JUDGED, why)


def shuffled(points: Sequence[str], runs: int, seed: int) -> list[tuple[str, ...]]:
    """Give the order of the points for every run: the same for the same seed."""
    draws = (np.random.default_rng((seed, run)).permutation(len(points)) for run in range(runs))
    return [tuple(points[int(at)] for at in draw) for draw in draws]


def _runs(
    question: Question,
    text: str,
    offline: AnswerReport,
    endpoint: ModelEndpoint,
    delimiters: Sequence[str],
    settings: JudgeSettings,
) -> tuple[Run, ...]:
    """Ask until all runs are done or too few could still count."""
    seed = int(offline.answer_sha256[:8], 16)
    orders = shuffled([point.id for point in question.points], settings.runs, seed)
    runs: list[Run] = []
    for order, delimiter in zip(orders, delimiters, strict=True):
        runs.append(run_once(question, text, order, delimiter, endpoint, settings))
        failed = sum(run.failed is not None for run in runs)
        if settings.runs - failed < _quorum(settings) or runs[-1].failed in _HOPELESS:
            break
    return tuple(runs)


def _quorum(settings: JudgeSettings) -> int:
    """Give how many runs must count: more than half."""
    return settings.runs // 2 + 1


def _reason(runs: Sequence[Run]) -> str:
    """Name the ways in which runs failed, each once."""
    return ", ".join(dict.fromkeys(str(run.failed) for run in runs if run.failed))


def _offline_stands(
    question: Question,
    offline: AnswerReport,
    endpoint: ModelEndpoint,
    settings: JudgeSettings,
    runs: tuple[Run, ...],
    outcome: Outcome,
    why: str,
) -> JudgedReport:
    """Give a report in which every verdict is the offline grader's."""
    points = tuple(
        JudgedPoint(verdict=was, votes=(), agreement="", offline=was.band) for was in offline.points
    )
    return _report(question, offline, endpoint, settings, runs, points, outcome, why)


def _report(
    question: Question,
    offline: AnswerReport,
    endpoint: ModelEndpoint,
    settings: JudgeSettings,
    runs: tuple[Run, ...],
    points: tuple[JudgedPoint, ...],
    outcome: Outcome,
    why: str,
) -> JudgedReport:
    """Compute level and bounds from the verdicts that stand, and add up what was used."""
    scale = level_of([p.verdict for p in points], offline.structure, offline.withheld)
    usage = sum((run.usage for run in runs), Usage())
    return JudgedReport(
        judge=JUDGE,
        outcome=outcome,
        why=why,
        identity=endpoint.identity,
        settings=settings,
        prompt_sha256=prompt_digest(question),
        points=points,
        alarms=alarms(points, offline),
        level=scale.level,
        level_low=scale.low,
        level_high=scale.high,
        score_low=scale.score_low,
        score_high=scale.score_high,
        runs=runs,
        usage=usage,
        cost_millionths=_cost(usage, endpoint.identity),
        offline=offline,
    )


def _cost(usage: Usage, identity: ModelIdentity) -> int | None:
    """Estimate the cost from the person's own prices per million tokens."""
    tokens = (usage.tokens_in, usage.tokens_out)
    prices = (identity.price_in, identity.price_out)
    if None not in tokens and usage.requests == 0:
        return 0
    if None in tokens or None in prices:
        return None
    return round(sum((t or 0) * (p or 0.0) for t, p in zip(tokens, prices, strict=True)))
