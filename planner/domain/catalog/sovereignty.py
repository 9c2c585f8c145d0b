"""The Commission's sovereignty calculator: objectives, factors, rungs."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from planner.domain.base import Flag, Id, Noun, Number, PartialDay, Seal, Share, Text
from planner.domain.catalog.law import Cure
from planner.domain.conditions import Condition


class Rung(Noun):
    """One step of a factor: its points, its SEAL tag, and the facts that put a party on it."""

    points: Number
    seal: Seal
    also_seal: Seal | None = None  # the tag of a second extraction of the same table, where it differs: kept and shown, never scored
    says: Text
    when: Condition | None = None  # none on the lowest rung, which needs nothing


class Factor(Noun):
    """One of the 48 factors; rungs from the lowest to the highest."""

    id: str = Field(pattern=r"^SOV-[1-8]\.\d{1,2}$")
    name: Text
    why: Text
    gating: Flag
    ranking_only: Flag = False
    subject: Literal["party", "deployment"]  # judged for each party (worst counts), or once for the deployment
    parties: tuple[Literal["operator", "site-owner", "vendor", "chips", "stack", "customer"], ...] = ("operator", "vendor")
    rungs: tuple[Rung, ...]
    cut_by: Text | None = None  # how the dependency it measures can be cut, in plain words
    cure: Cure | None = None  # what that costs once, where it is work and paper; none where it takes another operator


class Objective(Noun):
    """One of the eight sovereignty objectives."""

    id: str = Field(pattern=r"^SOV-[1-8]$")
    name: Text
    factors: tuple[Factor, ...]


class SovereigntyFramework(Noun):
    """The Commission's calculator: objectives, factors, rungs, weight sets, and the labels of a rating out of ten."""

    id: Id
    name: Text
    source: Id
    checked: PartialDay
    objectives: tuple[Objective, ...]
    weights: Mapping[str, Mapping[str, Number]]  # weight set -> objective -> weight; sums to 100
    default_weights: str
    labels: tuple[RatingLabel, ...]
    label_needs_coverage: Share = Decimal("0.5")  # share of factors that must be known before a label may rest on the known level
    label_too_little_known: Text = "too little is known for a label"
    serving_stack: Id | None = None  # the party whose software serves a model where the customer runs it


class RatingLabel(Noun):
    """A name for a band of ratings; the first whose bounds are met is used."""

    says: Text
    score_at_least: Number
    seal_at_least: Seal
