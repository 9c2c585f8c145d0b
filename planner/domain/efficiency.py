"""What a mixture of experts buys against dense models, as a report shows it."""
from __future__ import annotations

from typing import Literal

from planner.domain.base import Amount, Count, Flag, Id, Noun, Number, Positive, Text

Role = Literal["mixture", "twin-total", "real-total", "twin-active", "real-active"]


class Contender(Noun):
    """One model of the comparison on the panel's accelerator. The twins are synthetic; figures are None where nothing fits."""

    role: Role
    model: Text
    total_b: Amount
    active_b: Amount
    weights_gb: Amount
    accelerators: Count | None  # of the smallest replica that fits
    tokens_per_second: Amount | None  # of one accelerator, in and out
    kwh_per_mtok: Amount | None
    eur_per_mtok: Amount | None
    because: Text | None = None  # why it does not fit


class Duel(Noun):
    """The mixture against one other: from how many requests an hour it is never dearer (None: from none), and how they compare at much traffic."""

    against: Role
    from_requests_per_hour: Count | None
    dearer_below: Flag
    cost_ratio: Number
    energy_ratio: Number


class EfficiencyPanel(Noun):
    """The comparison for one mixture of a plan, on one accelerator at one rent, for requests of one shape."""

    model: Id
    workload: Id  # whose requests give the shape
    accelerator: Id
    precision: Text
    input_tokens: Positive
    output_tokens: Positive
    eur_per_accelerator_hour: Amount
    offer: Id
    contenders: tuple[Contender, ...]
    duels: tuple[Duel, ...]
