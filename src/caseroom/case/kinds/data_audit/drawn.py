"""Everything that a case is made of before words are put to it.

In: a `CaseSpec`. Out: `Drawn`, the same for the same spec; the last few are remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from caseroom.case.contract import CaseSpec
from caseroom.case.kinds.data_audit.dice import Dice
from caseroom.case.kinds.data_audit.frame import Frame, clean_frame, recent
from caseroom.case.kinds.data_audit.ground import Ground, survey_ground
from caseroom.case.kinds.data_audit.plan import Plan, draw_plan
from caseroom.case.kinds.data_audit.planting import Tables, plant
from caseroom.case.kinds.data_audit.rates import Rates, draw_rates
from caseroom.case.kinds.data_audit.report import Number, numbers_of
from caseroom.case.kinds.data_audit.states import States
from caseroom.case.kinds.data_audit.survey import survey_source

__all__ = ["Drawn", "drawn_case", "planted_tables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The clean company, the faults, the report, the rates, and the states of the report.

    `frame` and `ground.frame` hold the rows of the last weeks only, so that many cases may be
    remembered; `planted_tables` makes the whole again.
    """

    spec: CaseSpec
    dice: Dice
    frame: Frame
    ground: Ground
    numbers: tuple[Number, ...]
    plan: Plan
    rates: Rates
    states: States

    def number(self, number_id: str) -> Number:
        """Give a number of the report. Raises StopIteration for an unknown one."""
        return next(number for number in self.numbers if number.id == number_id)


def planted_tables(drawn: Drawn) -> Tables:
    """Give all rows of the company's tables with the faults in them."""
    frame = clean_frame(survey_source(drawn.spec.source), drawn.dice)
    injectors = [fault.injector for fault in drawn.plan.faults]
    tables, _ = plant(Tables(main=frame.table, dim=frame.dim_table), injectors)
    return tables


@lru_cache(maxsize=16)
def drawn_case(spec: CaseSpec) -> Drawn:
    """Draw what a spec stands for."""
    survey = survey_source(spec.source)
    dice = Dice(Dice(spec.seed).seed_of(spec.level.value))
    frame = clean_frame(survey, dice)
    ground = survey_ground(frame)
    numbers = numbers_of(frame, dice)
    plan = draw_plan(ground, numbers, spec.level, dice)
    frame = recent(frame)
    return Drawn(
        spec=spec,
        dice=dice,
        frame=frame,
        ground=replace(ground, frame=frame),
        numbers=numbers,
        plan=plan,
        rates=draw_rates(dice, spec.vertical),
        states=States(frame=frame, numbers=numbers, plan=plan),
    )
