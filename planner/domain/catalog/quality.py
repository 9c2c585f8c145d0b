"""How able models are, on one scale, and gates beside it."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from planner.domain.base import Amount, Flag, Id, Noun, Number, PartialDay, Positive, Text


class Ability(Noun):
    """Measured ability of a model at one reasoning effort, on one latent scale (mean 0, SD 1); only differences mean anything."""

    model: Id
    effort: Literal["off", "low", "on"]
    ability: Number
    standard_error: Amount
    families: Mapping[str, Number] = {}  # task family -> ability
    languages: Mapping[str, tuple[Decimal, Decimal]] = {}  # ISO 639-1 -> (ability, standard error)
    sources: tuple[Id, ...]
    date: PartialDay


class QualityTier(Noun):
    """A named floor that stands for a reference model."""

    id: Id
    says: Text
    reference: Id
    effort: Literal["off", "low", "on"] = "on"


class QualityTest(Noun):
    """A benchmark behind the ability scale, with what a score on it is worth: what to run to measure a model nobody has measured.

    Log-odds of a right answer are `slope` x (ability - `difficulty`). `own_error` and `misfit` are what no number of items takes away, in
    units of ability: the scatter of models about the benchmark's line, and what its source measures besides ability.
    """

    id: Id
    name: Text
    kind: Literal["exam", "agent-run", "votes"]  # the cheapest first: one answer an item, a run an item, a person an item
    family: str
    languages: tuple[str, ...] = ("en",)
    slope: Number
    difficulty: Number
    own_error: Amount
    misfit: Amount
    items: Positive | None = None  # how many it has
    source: Id
    date: PartialDay


class GateScore(Noun):
    """A score on a scale of its own (faithfulness, OCR, speech, embedding): a gate beside ability, never on its scale."""

    model: Id
    gate: Id
    value: Number
    unit: Text
    higher_is_better: Flag
    source: Id
    date: PartialDay
