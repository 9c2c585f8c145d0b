"""Accelerators, and the servers one can buy."""
from __future__ import annotations

from decimal import Decimal

from pydantic import model_validator

from planner.domain.base import Amount, Figure, Flag, Id, Noun, PartialDay, Positive, Text


class Accelerator(Noun):
    """Dense peak rates in TFLOPS, bandwidths in GB/s (link: one direction, per accelerator), memory in GB, power in W."""

    id: Id
    name: Text
    maker: Id
    memory_gb: Figure[Decimal]
    bandwidth_gbs: Figure[Decimal]
    bf16_tflops: Figure[Decimal]
    fp8_tflops: Figure[Decimal] | None = None
    fp4_tflops: Figure[Decimal] | None = None
    link_gbs: Figure[Decimal]
    link: Text
    nvlink: Flag  # a scale-up fabric wide enough for tensor parallelism across a server
    power_w: Figure[Decimal]
    aliases: tuple[Id, ...] = ()


class Server(Noun):
    """A machine one can buy: so many accelerators, its power under load, its price (an estimate where no list exists)."""

    id: Id
    name: Text
    accelerator: Id
    accelerators: Positive
    power_w: Figure[Decimal]  # at the wall, under load
    rack_units: Positive


class MeasuredReplica(Noun):
    """What one serving copy of a model was measured to do. A plan rests on it instead of on the physics.

    Give `requests_per_hour`, what one copy may be counted on for within the service goals (taken as stated: no margin is added), or
    `units_per_hour`, audio hours or pages an hour at full load (a plan fills the usual share of it).
    """

    model: Id
    accelerator: Id
    precision: Text = "bf16"
    tensor_parallel: Positive = 1
    requests_per_hour: Positive | None = None
    units_per_hour: Amount | None = None  # of the model's own unit: audio hours, pages
    input_tokens: Positive | None = None  # of the requests it was measured with; other lengths are scaled by the physics
    output_tokens: Positive | None = None
    ttft_ms: Positive | None = None  # p95; not stated: the physics' own, where it has one
    tpot_us: Positive | None = None
    watts: Positive | None = None  # of all its accelerators
    note: Text | None = None

    @model_validator(mode="after")
    def _one_rate(self) -> MeasuredReplica:
        if (self.requests_per_hour is None) == (not self.units_per_hour):
            raise ValueError("give either `requests_per_hour` or `units_per_hour`")
        if (self.input_tokens is None) != (self.output_tokens is None):
            raise ValueError("give `input_tokens` and `output_tokens` together, or neither")
        return self


class PublishedRate(MeasuredReplica):
    """A measurement that somebody published, with the lowest and highest rate of the same series where they differ by the kind of work."""

    id: Id
    low: Amount | None = None
    high: Amount | None = None
    source: Id
    date: PartialDay
