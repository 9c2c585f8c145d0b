"""The roadmap: on which day something begins, ends or has to be ready, and who has to act by when."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Count, Day, Flag, Id, Noun, Text


class RoadmapEntry(Noun):
    """One day of the horizon. `what`: the rule's title, the owner of steps, the model, the offer, or the rule that is waived."""

    day: Day
    kind: Literal["duty", "duty-ends", "ready", "model-deprecated", "model-retires", "offer-ends", "term-ends", "price", "waiver"]
    what: Text
    says: Text | None = None  # of a rule: what it asks
    detail: Text | None = None  # a successor, a new price, who answers for a waiver
    rule: Id | None = None
    status: Literal["met", "unmet", "unknown", "informs"] | None = None  # of a rule, by the facts known today
    citation: Text | None = None
    workloads: tuple[Id, ...] = ()  # none: all of them, or the whole organisation
    owners: tuple[Text, ...] = ()  # who has to act
    steps: tuple[Text, ...] = ()  # what has to be ready on that day
    weeks: Count = 0  # how long the longest of the steps takes; 0: not estimated
    begin_by: Day | None = None  # the latest day to begin
    late: Flag = False  # that day lies before the planning day
