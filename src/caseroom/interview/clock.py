"""The interview's clocks: seconds used and left, computed from instants, without pauses.

In: instants that the caller gives. Out: seconds. A pause moves the instants at which the turn, the
round and the interview began forward by its length, so that nothing else has to know of pauses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

__all__ = ["Clock", "begin", "begin_round", "begin_turn", "forgive", "pause", "resume", "used"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When the interview, the round and the turn began (aware UTC), and where a pause began.

    `interview` is None until the candidate is ready. `last` is the latest event.
    """

    last: datetime
    interview: datetime | None = None
    round: datetime | None = None
    turn: datetime | None = None
    paused: datetime | None = None


def begin(clock: Clock, at: datetime) -> Clock:
    """Start the interview's clock."""
    return replace(clock, interview=at, round=at, turn=at)


def begin_round(clock: Clock, at: datetime) -> Clock:
    """Start a round, and its first turn."""
    return replace(clock, round=at, turn=at)


def begin_turn(clock: Clock, at: datetime) -> Clock:
    """Start a turn."""
    return replace(clock, turn=at)


def pause(clock: Clock, at: datetime) -> Clock:
    """Stop all clocks."""
    return replace(clock, paused=at)


def resume(clock: Clock, at: datetime) -> Clock:
    """Let all clocks run on from where they stood."""
    if clock.paused is None:
        return clock
    return replace(forgive(clock, at - clock.paused), paused=None)


def forgive(clock: Clock, span: timedelta) -> Clock:
    """Leave a span of time out of all clocks."""
    moved = [began and began + span for began in (clock.interview, clock.round, clock.turn)]
    return replace(clock, interview=moved[0], round=moved[1], turn=moved[2])


def used(clock: Clock, began: datetime | None, at: datetime) -> float:
    """Give the seconds from `began` to `at` (or to the pause that runs), 0 when nothing began."""
    until = clock.paused or at
    return max(0.0, (until - began).total_seconds()) if began else 0.0
