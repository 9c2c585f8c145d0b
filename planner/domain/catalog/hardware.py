"""Accelerators, and the servers one can buy."""
from __future__ import annotations

from decimal import Decimal

from planner.domain.base import Figure, Flag, Id, Noun, Positive, Text


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
