"""What enumeration yields: ways still open, what they run on, what they share, and ways ruled out."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.domain.assessment import Workload
from planner.domain.catalog import WorkUnit
from planner.domain.plan import CostLine, Exclusion
from planner.judging.deployment import Deployment
from planner.quantities import to_cents
from planner.sizing.demand import Volumes
from planner.sizing.replica import Capacity


def cents_of(lines: tuple[CostLine, ...]) -> int:
    """The sum of some cost lines in whole cents."""
    return sum(to_cents(line.amount_eur) for line in lines)


@dataclass(frozen=True, slots=True)
class NodeKind:
    """One kind of machine that can be rented or bought at one site: what one of them costs over the horizon."""

    key: str
    offer: str
    site: str | None
    operator: str
    accelerator: str
    accelerators: int
    lines: tuple[CostLine, ...]  # of one node over the horizon
    power_watts: int | None  # at the wall of the building, mean, for carbon and site limits; None: not known
    carbon_kg: int | None  # CO2e of one node over the horizon; None: not known

    @property
    def cents(self) -> int:
        """Cost of one node over the horizon."""
        return cents_of(self.lines)

    @property
    def capex_cents(self) -> int:
        """The part of it that is bought."""
        return sum(to_cents(line.amount_eur) for line in self.lines if line.capex)


@dataclass(frozen=True, slots=True)
class PoolKind:
    """Replicas that may be opened: a model in one precision, so many accelerators each, on one kind of node."""

    key: str
    model: str
    precision: str
    tensor_parallel: int
    node: str


@dataclass(frozen=True, slots=True)
class SharedKind:
    """Something paid once as soon as one workload needs it."""

    key: str
    what: str
    operator: str | None
    lines: tuple[CostLine, ...]

    @property
    def cents(self) -> int:
        """Its cost over the horizon."""
        return cents_of(self.lines)


@dataclass(frozen=True, slots=True)
class Option:
    """One open way to serve one workload. `violated` is empty unless demands were lifted to look for a conflict."""

    key: str
    workload: str
    deployment: Deployment
    lines: tuple[CostLine, ...]  # what this workload alone causes
    shared: tuple[str, ...]  # keys of SharedKind that it opens
    pool: str | None = None
    load_milli: int = 0  # thousandths of a replica at the peak
    capacity: Capacity | None = None
    quality_probability: Decimal | None = None
    quality_pinned: bool = False
    seal_known: int | None = None
    seal_proven: int = 0
    score: int = 0  # known score in ten-thousandths of a point; 0 where nothing is known
    score_strict: int = 0  # proven score
    conditional_on: tuple[str, ...] = ()
    carbon_grams: int | None = None  # of the metered part; hardware's is on its nodes
    sources: tuple[str, ...] = ()
    violated: frozenset[str] = frozenset()

    @property
    def cents(self) -> int:
        """Cost over the horizon of what this workload alone causes."""
        return cents_of(self.lines)

    @property
    def operator(self) -> str:
        """Who runs it."""
        return self.deployment.operator.id

    @property
    def model(self) -> str:
        """The model that answers."""
        assert self.deployment.model is not None
        return self.deployment.model.id


@dataclass(frozen=True, slots=True)
class Options:
    """All that the formulation needs to know, in catalog order."""

    workloads: tuple[Workload, ...]
    volumes: Mapping[tuple[str, WorkUnit], Volumes]  # by workload and what its model's work is counted in
    open: Mapping[str, tuple[Option, ...]]  # workload -> its open options
    pools: Mapping[str, PoolKind]
    nodes: Mapping[str, NodeKind]
    shared: Mapping[str, SharedKind]
    excluded: tuple[Exclusion, ...]
    dearer_terms: tuple[str, ...]  # machines left out because the same machine costs less under another term
    dominated: int = 0  # ways left out because another is never worse

    @property
    def count(self) -> int:
        """How many ways are open over all workloads."""
        return sum(len(options) for options in self.open.values())
