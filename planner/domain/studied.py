"""What studies said of a plan, as far as its report shows it: where the cheapest way changes, and what each plan is regretted by in which future."""
from __future__ import annotations

from collections.abc import Mapping

from planner.domain.base import Amount, Id, Noun, Number, Text


class TrafficCost(Noun):
    """What one subject costs by each way of running, at a multiple of the stated traffic; None where a way cannot serve it."""

    subject: Id  # a workload, or `portfolio`
    cached_share: Number | None
    traffic: Amount
    cost_eur: Mapping[Id, Amount | None]
    cheapest: Id | None


class Crossing(Noun):
    """Between which multiples of the traffic the cheapest way changes; None: no way by itself."""

    subject: Id
    cached_share: Number | None
    before: Id | None
    after: Id | None
    above: Amount
    below: Amount


class Regretted(Noun):
    """What a plan costs more than the best one in each future, in euros; None where it does not hold there."""

    plan: Id
    regret_eur: Mapping[Id, Amount | None]


class Studied(Noun):
    """Break-even and regret; empty where that study was not given. `names` are those of the futures."""

    traffic: tuple[TrafficCost, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    regret: tuple[Regretted, ...] = ()
    least_regret: Id | None = None
    names: Mapping[Id, Text] = {}
