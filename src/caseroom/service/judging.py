"""Judging an answer with a configured language model, always beside the offline grader.

In: an application, a question, a text. Out: views that say whose verdict stands, where the text
was sent and what that cost. Nothing is sent unless the person configured an address.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass

from caseroom.grading.judge.endpoint import Message, ModelEndpoint, ModelRequest
from caseroom.grading.judge.judging import judge
from caseroom.grading.judge.report import JudgedReport, JudgeSettings, Outcome
from caseroom.grading.text.report import AnswerReport
from caseroom.questions.model import Question
from caseroom.service.app import Caseroom
from caseroom.service.model_ports import ModelStatus
from caseroom.service.practice import spoken

__all__ = [
    "LANGUAGE_MODEL",
    "OFFLINE_GRADER",
    "JudgedView",
    "TriedModel",
    "judge_answer",
    "judged_view",
    "model_status",
    "try_model",
]

LANGUAGE_MODEL = "language model"
OFFLINE_GRADER = "offline grader"

_HELLO = 'Reply with one JSON object of the form {"ready": true} and nothing else.'
_HELLO_SCHEMA = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedView:
    """An answer with both reports; `stands` is "language model" or "offline grader".

    `notice` is one sentence to show above the result: who judged, where, at what cost.
    """

    stands: str
    notice: str
    judged: JudgedReport
    offline: AnswerReport


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedModel:
    """How a tiny request went: `form` is how far the server bound the reply."""

    status: ModelStatus
    model: str
    form: str
    requests: int
    seconds: float
    tokens_in: int | None
    tokens_out: int | None


def judge_answer(
    app: Caseroom, question_id: str, text: str, *, settings: JudgeSettings | None = None
) -> JudgedView:
    """Grade a text offline, then have the configured model judge it.

    Whatever the model or its server does, a view comes back, and says so.

    Raises:
        CaseroomError: For an unknown question, a text that is too long, or no usable
            configuration of a model.
    """
    question, answer = app.bank.find(question_id), spoken(text)
    with closing(app.models.open()) as endpoint:
        offline = app.bank.grade(question, answer)
        return judged_view(question, answer, offline, endpoint, settings)


def judged_view(
    question: Question,
    answer: str,
    offline: AnswerReport,
    endpoint: ModelEndpoint,
    settings: JudgeSettings | None = None,
) -> JudgedView:
    """Have an answer judged beside its offline report; random marks keep it apart as data."""
    chosen = settings or JudgeSettings()
    marks = [secrets.token_hex(8) for _ in range(chosen.runs)]
    report = judge(question, answer, offline, endpoint, delimiters=marks, settings=chosen)
    model_stands = report.outcome is Outcome.JUDGED
    return JudgedView(
        stands=LANGUAGE_MODEL if model_stands else OFFLINE_GRADER,
        notice=_notice(report),
        judged=report,
        offline=offline,
    )


def model_status(app: Caseroom) -> ModelStatus:
    """Say which model is configured. Sends nothing."""
    return app.models.status()


def try_model(app: Caseroom) -> TriedModel:
    """Send one tiny request, without anything of the person's in it.

    Raises:
        CaseroomError: When no model is configured, or no reply comes (ModelFailure).
    """
    request = ModelRequest(
        system="You test whether a connection works.",
        messages=(Message(role="user", text=_HELLO),),
        schema=_HELLO_SCHEMA,
        temperature=JudgeSettings().temperature,
        most_tokens=1000,
    )
    with closing(app.models.open()) as endpoint:
        before = app.clock.now()
        reply = endpoint.ask(request)
        seconds = (app.clock.now() - before).total_seconds()
    return TriedModel(
        status=app.models.status(),
        model=reply.model,
        form=reply.form,
        requests=reply.requests,
        seconds=round(seconds, 2),
        tokens_in=reply.tokens_in,
        tokens_out=reply.tokens_out,
    )


def _notice(report: JudgedReport) -> str:
    """Say who judged, where and at what cost."""
    who = f"{report.identity.name} at {report.identity.address}"
    if report.outcome is Outcome.NOT_ASKED:
        return f"{report.why} The offline verdict stands."
    if report.outcome is Outcome.FAILED:
        return f"{report.why} Asked was {who}. Cost: {report.cost}."
    return f"Judged by a language model: {who}. {report.why} Cost: {report.cost}."
