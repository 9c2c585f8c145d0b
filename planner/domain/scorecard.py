"""The sovereignty of a plan, an option, an operator or a vendor: levels, scores, factors, and what remains."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from planner.domain.base import Amount, Count, FactName, Flag, Id, Noun, Number, Seal, Text


class Levels(Noun):
    """A SEAL level three ways: unknown as the lowest rung, unknown left out, unknown as the best rung."""

    proven: Seal
    known: Seal | None
    possible: Seal


class Scores(Noun):
    """A score out of 100 three ways."""

    proven: Number
    known: Number | None
    possible: Number


class ObjectiveScore(Noun):
    """One objective: its levels, and the share of its points."""

    name: Text
    seal: Levels
    percent: Scores


class FactorVerdict(Noun):
    """Where one factor stands, who holds it there, and why."""

    factor: Text
    name: Text
    rung_proven: Count  # from 1
    rung_known: Count | None
    rung_possible: Count
    rungs: Count
    points: Number | None
    party: Text  # the worst party, by name
    because: Text
    facts: tuple[FactName, ...] = ()
    unknown: tuple[FactName, ...] = ()
    to_verify: Flag = False  # rests on a fact nobody has read in its source


class Dependency(Noun):
    """What still depends on somebody else."""

    factor: Text
    name: Text
    party: Text
    cause: Text
    cut_by: Text
    seal: Seal | None = None


class NextStep(Noun):
    """The cheapest step that raises the score, and what it brings."""

    says: Text
    gain_points: Number
    cost_eur: Amount | None = None


class Overall(Noun):
    """The headline is the range, never the known score alone."""

    seal: Levels
    score: Mapping[str, Decimal | None]  # weight set -> known score
    score_range: Mapping[str, tuple[Decimal, Decimal]]  # weight set -> (proven, possible)
    coverage_percent: Number  # share of the 48 factors that are known
    rating_out_of_10: Number
    rating_range: tuple[Decimal, Decimal]
    label: Text


class Scorecard(Noun):
    """The sovereignty of a plan, an option, an operator or a vendor."""

    subject: Text
    objectives: Mapping[str, ObjectiveScore]
    overall: Overall
    factors: tuple[FactorVerdict, ...]
    achieved: tuple[Text, ...]
    remaining: tuple[Dependency, ...]
    unknown: tuple[Text, ...]  # factors with nothing known
    next_step: NextStep | None = None
    parts: tuple[PartScore, ...] = ()  # of a plan: each workload's own


class PartScore(Noun):
    """One workload's share of a plan's scorecard."""

    workload: Id
    seal: Levels
    score: Scores
    weight: Number
