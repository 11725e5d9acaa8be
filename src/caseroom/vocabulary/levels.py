"""Levels, verticals and competencies of a Data Product Manager.

In: nothing. Out: enumerations that cases, criteria and questions tag themselves with.
Source: the competency framework of the project (15 competencies; O*NET 15-2051.01, SFIA 9 codes
DAAN, DATS, PROD were used as checks).
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Competency", "Level", "Vertical"]


class Level(StrEnum):
    """How much help a case gives and how many flaws interact."""

    ASSOCIATE = "associate"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"


class Vertical(StrEnum):
    """The industry whose words, tables and rules a case uses."""

    SAAS = "saas"
    FINANCE = "finance"
    HEALTHCARE = "healthcare"


class Competency(StrEnum):
    """What a criterion gives evidence for."""

    STRATEGY = "strategy"
    DISCOVERY = "discovery"
    ANALYSIS = "analysis"
    METRICS = "metrics"
    EXPERIMENTS = "experiments"
    QUALITY = "quality"
    PLATFORM = "platform"
    MODELLING = "modelling"
    GOVERNANCE = "governance"
    DECISIONS = "decisions"
    DELIVERY = "delivery"
    INFLUENCE = "influence"
    STORY = "story"
    DIAGNOSIS = "diagnosis"
    LIFECYCLE = "lifecycle"
