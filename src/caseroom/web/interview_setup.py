"""The settings of an interview: what the form offers, and what was chosen.

In: what was posted. Out: the choices of the form, and the fields that `plan_interview` takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseroom.interview.personas import load_personas
from caseroom.interview.rounds import EXTRA_TIMES, PRESETS, Preset, Role, RoundKind
from caseroom.service.app import Caseroom
from caseroom.vocabulary.errors import CaseroomError
from caseroom.vocabulary.levels import Level, Vertical
from caseroom.web.filters import labeled
from caseroom.web.handling import whole_number

__all__ = ["FIRST", "OWN_ROUNDS", "PresetCard", "setup_choices", "setup_fields"]

OWN_ROUNDS = "own"
FIRST: Mapping[str, str] = {
    "preset": "loop-45",
    "role": Role.ANALYTICS,
    "level": Level.MID,
    "vertical": Vertical.SAAS,
    "extra_time": "1",
    "pauses": "on",
}
"""What the form shows at first."""

_ROLES = {
    Role.PLATFORM: "Data platform",
    Role.ANALYTICS: "Analytics and experiments",
    Role.ML: "Products with models",
}
_CASES = (("", "As the choice above says"), ("yes", "With a case"), ("no", "Without a case"))
_SURPRISE = ("", "Surprise me")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetCard:
    """A ready-made interview with its length before extra time."""

    id: str
    title: str
    summary: str
    minutes: int


def setup_choices(app: Caseroom) -> dict[str, Any]:
    """Give everything that the form offers."""
    return {
        "presets": tuple(_card(preset) for preset in PRESETS),
        "kinds": tuple(RoundKind),
        "roles": tuple(_ROLES.items()),
        "levels": tuple((level, labeled(level)) for level in Level),
        "verticals": tuple((vertical, labeled(vertical)) for vertical in Vertical),
        "extra_times": tuple((f"{each:g}", _times(each)) for each in EXTRA_TIMES),
        "cases": _CASES,
        "case_kinds": (
            _SURPRISE,
            *((kind, app.kinds.load(kind).title) for kind in app.kinds.ids()),
        ),
        "personas": (
            _SURPRISE,
            *((each.id, f"{each.name}, {each.title}") for each in load_personas()),
        ),
    }


def _card(preset: Preset) -> PresetCard:
    minutes = sum(plan.minutes for plan in preset.rounds) + preset.closing_minutes
    return PresetCard(id=preset.id, title=preset.title, summary=preset.summary, minutes=minutes)


def _times(factor: float) -> str:
    return "None" if factor == 1 else f"{factor - 1:.0%} more"


def setup_fields(posted: Mapping[str, str]) -> dict[str, Any]:
    """Read what was posted; `seed` is None where it was left empty.

    Raises:
        CaseroomError: For minutes, a factor or a seed that is no number, for own rounds without any
            minutes, and for minutes beside a ready-made interview.
    """
    own = posted.get("preset") == OWN_ROUNDS
    if not own:
        _refuse_minutes(posted)
    seed = posted.get("seed", "").strip()
    return {
        "role": posted.get("role", ""),
        "level": posted.get("level", ""),
        "vertical": posted.get("vertical", ""),
        "preset": "" if own else posted.get("preset", ""),
        "rounds": _own_rounds(posted) if own else (),
        "with_case": {"yes": True, "no": False}.get(posted.get("with_case", "")),
        "extra_time": _factor(posted.get("extra_time", "1")),
        "pauses": bool(posted.get("pauses")),
        "case_kind": posted.get("case_kind", ""),
        "persona": posted.get("persona", ""),
        "seed": whole_number(seed, "seed") if seed else None,
    }


def _refuse_minutes(posted: Mapping[str, str]) -> None:
    """Refuse minutes that would be left out without a word."""
    if any(posted.get(f"minutes.{kind}", "").strip() for kind in RoundKind):
        raise CaseroomError(
            "There are minutes for rounds of your own, but a ready-made interview is chosen.",
            allowed="one of the two",
            next_step="choose “Rounds of your own”, or empty the minutes.",
        )


def _own_rounds(posted: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    typed = ((kind, posted.get(f"minutes.{kind}", "").strip()) for kind in RoundKind)
    rounds = [(str(kind), whole_number(text, "number of minutes")) for kind, text in typed if text]
    rounds = [(kind, minutes) for kind, minutes in rounds if minutes]
    if not rounds:
        raise CaseroomError(
            "No round has minutes.",
            allowed="5 to 90 minutes for one round or more",
            next_step="fill in the minutes of your rounds, or choose a ready-made interview.",
        )
    return tuple(rounds)


def _factor(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise CaseroomError(
            f"{text!r} is not a factor for extra time.",
            allowed=", ".join(f"{each:g}" for each in EXTRA_TIMES),
            next_step="choose one of these.",
        ) from None
