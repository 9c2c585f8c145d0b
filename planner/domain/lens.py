"""Where one party stands by another yardstick than the Commission's calculator."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Count, FactName, Flag, Id, Noun, PartialDay, Text
from planner.domain.catalog.lenses import LensStatus


class CriterionVerdict(Noun):
    """One demand: met only by facts that were read or declared; unmet by any fact that breaks it; else unknown."""

    id: Id
    level: Count  # from 1
    says: Text
    cites: Text
    status: Literal["met", "unmet", "unknown"]
    to_verify: Flag = False  # a fact that nobody has read in its source says that it is met, or that it is not
    facts: tuple[FactName, ...] = ()
    ask: Text | None = None  # what to ask for, where it is not met


class LensReading(Noun):
    """One party by one lens: the level that is proven, the one by all that is known, and the highest that nothing rules out; 0 is none."""

    lens: Id
    name: Text
    status: LensStatus
    says: Text
    party: Id
    party_name: Text
    levels: tuple[Text, ...]
    proven: Count
    known: Count
    possible: Count
    criteria: tuple[CriterionVerdict, ...]
    asked_by: tuple[Id, ...] = ()
    source: Id
    checked: PartialDay
    verified: Text
