"""One run: ask about all points, have a bad reply repaired once, check every quote.

In: a question, an answer, an order of the points, a delimiter and an endpoint. Out: a `Run`, with
votes if a reply could be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from caseroom.grading.judge.endpoint import (
    FailureKind,
    ModelEndpoint,
    ModelFailure,
    ModelReply,
    ModelRequest,
)
from caseroom.grading.judge.prompt import first_request, repair, second_look
from caseroom.grading.judge.quotes import verified_span
from caseroom.grading.judge.reply import Claim, UnreadableReply, read_reply
from caseroom.grading.judge.report import JudgeSettings, Mark, Run, Usage, Vote
from caseroom.questions.model import Question

__all__ = ["run_once"]

_CREDIT = (Mark.MET, Mark.PARTLY)
_UNCOUNTED = (
    FailureKind.TIMED_OUT,
    FailureKind.REFUSED,
    FailureKind.EMPTY,
    FailureKind.CUT_OFF,
)
"""Failures after which a server may have counted tokens that nobody told us of."""


def run_once(
    question: Question,
    text: str,
    order: tuple[str, ...],
    delimiter: str,
    endpoint: ModelEndpoint,
    settings: JudgeSettings,
) -> Run:
    """Ask once about all points; a failure ends the run and is told in it."""
    talk = _Talk(endpoint)
    request = first_request(question, text, order, delimiter, settings)
    try:
        answered = talk.read(request, order)
    except ModelFailure as failure:
        talk.note(failure)
        return talk.run(order, (), failure.kind)
    votes = {claim.criterion: _vote(question, text, claim) for claim in answered.claims}
    doubtful = [point for point in order if votes[point].is_unverified]
    for claim in talk.look_again(answered, doubtful):
        votes[claim.criterion] = _vote(question, text, claim, votes[claim.criterion].claimed)
    return talk.run(order, tuple(votes[point] for point in order), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """A request with the reply that could be read."""

    request: ModelRequest
    reply: ModelReply
    claims: tuple[Claim, ...]


@dataclass(slots=True)
class _Talk:
    """One conversation: adds up what it used and remembers what went wrong."""

    endpoint: ModelEndpoint
    usage: Usage = field(default_factory=Usage)
    failures: list[str] = field(default_factory=list)
    model: str = ""
    form: str = ""

    def read(self, request: ModelRequest, points: Sequence[str]) -> _Answered:
        """Ask, and once more when the reply can't be read. Raises ModelFailure."""
        reply = self._ask(request)
        try:
            return _Answered(request=request, reply=reply, claims=read_reply(reply.text, points))
        except UnreadableReply as problem:
            self.failures.append(f"{FailureKind.MALFORMED}, asked again: {problem}")
            request = repair(request, reply.text, str(problem))
        reply = self._ask(request)
        try:
            return _Answered(request=request, reply=reply, claims=read_reply(reply.text, points))
        except UnreadableReply as problem:
            raise ModelFailure(
                FailureKind.MALFORMED, f"The second reply could not be read, either: {problem}"
            ) from None

    def look_again(self, answered: _Answered, points: Sequence[str]) -> tuple[Claim, ...]:
        """Ask once more about points whose quotes failed; without a readable reply, nothing."""
        if not points:
            return ()
        request = second_look(answered.request, answered.reply.text, points)
        try:
            return read_reply(self._ask(request).text, points)
        except ModelFailure as failure:
            self.note(failure)
        except UnreadableReply as problem:
            self.failures.append(f"{FailureKind.MALFORMED}, second look: {problem}")
        return ()

    def note(self, failure: ModelFailure) -> None:
        """Remember a failure, and that its tokens are not known."""
        self.failures.append(f"{failure.kind}: {failure.problem}")
        if failure.kind in _UNCOUNTED:
            self.usage += Usage(tokens_in=None, tokens_out=None)

    def run(
        self, order: tuple[str, ...], votes: tuple[Vote, ...], failed: FailureKind | None
    ) -> Run:
        """Give what became of the conversation."""
        return Run(
            order=order,
            votes=votes,
            failures=tuple(self.failures),
            usage=self.usage,
            failed=failed,
            model=self.model,
            form=self.form,
        )

    def _ask(self, request: ModelRequest) -> ModelReply:
        reply = self.endpoint.ask(request)
        self.usage += Usage(
            requests=reply.requests, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out
        )
        self.model, self.form = reply.model or self.model, reply.form or self.form
        return reply


def _vote(question: Question, text: str, claim: Claim, claimed: Mark | None = None) -> Vote:
    """Check a claim: credit needs words of the answer; nothing unverified is kept to be shown."""
    span = verified_span(text, claim.quote, _shown(question))
    fails = claim.verdict in _CREDIT and span is None
    return Vote(
        point=claim.criterion,
        claimed=claimed or claim.verdict,
        mark=Mark.CANNOT_TELL if fails else claim.verdict,
        reason=claim.reason,
        span=span,
    )


def _shown(question: Question) -> tuple[str, ...]:
    """Give the words that count as copied: those of the rubric and of the question."""
    return (question.ask, *(point.statement for point in question.points))
