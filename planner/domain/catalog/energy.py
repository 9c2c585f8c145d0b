"""What was measured of a model's energy, and what its maker says of its life cycle: shown beside a plan's carbon, never mixed into it."""
from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from planner.domain.base import Amount, Confidence, Count, Figure, Id, Noun, PartialDay, Positive, Text


class MeasuredEnergy(Noun):
    """Energy that somebody measured while a model, or a service made of models, answered. Joules, watts and watt-hours of what `boundary` names."""

    id: Id
    vendor: Id  # who made what was measured
    model: Id | None = None  # none: a service whose models are not named
    says: Text
    boundary: Literal["accelerators", "server", "service"]  # service: machines, idle capacity and the building
    accelerator: Id | None = None
    accelerators: Count = 0
    precision: Text | None = None
    at_once: Positive | None = None  # requests served together
    joules_per_output_token: Amount | None = None
    watt_hours_per_query: Amount | None = None
    watts: Amount | None = None
    source: Id
    date: PartialDay
    confidence: Confidence = Confidence.MEDIUM
    note: Text | None = None

    @model_validator(mode="after")
    def _a_figure(self) -> MeasuredEnergy:
        if self.joules_per_output_token is None and self.watt_hours_per_query is None and self.watts is None:
            raise ValueError("give `joules_per_output_token`, `watt_hours_per_query` or `watts`")
        return self


class LifeCycle(Noun):
    """A maker's own account of what a model, or a service made of models, costs the earth: of the whole, and of one answer."""

    id: Id
    vendor: Id
    model: Id | None = None
    says: Text
    covers: Literal["training", "training-and-use", "use"]
    months_of_use: Count = 0
    boundary: Text
    tonnes_co2e: Figure[Decimal] | None = None
    water_m3: Figure[Decimal] | None = None
    minerals_kg_sb_eq: Figure[Decimal] | None = None
    accelerator_hours: Figure[Decimal] | None = None
    answer_tokens: Positive | None = None  # the answer that the following are of; none where its length is not stated
    answer_g_co2e: Figure[Decimal] | None = None
    answer_water_ml: Figure[Decimal] | None = None
    answer_minerals_mg_sb_eq: Figure[Decimal] | None = None

    @property
    def figures(self) -> tuple[tuple[str, Figure[Decimal]], ...]:
        """The figures that are stated, by name, each with its source and date."""
        named = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple((name, figure) for name, figure in named if isinstance(figure, Figure))

    @model_validator(mode="after")
    def _a_figure(self) -> LifeCycle:
        if not self.figures:
            raise ValueError("give at least one figure")
        return self
