"""What enumeration yields: ways still open, what they run on, what they share, and ways ruled out. All of it by period."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Workload
from planner.domain.catalog import WorkUnit
from planner.domain.plan import CostLine, Exclusion
from planner.judging.deployment import Deployment
from planner.options.minimums import Minimum
from planner.quantities import to_cents
from planner.sizing.demand import Part, Period, Volumes
from planner.sizing.replica import Capacity

Lines = tuple[CostLine, ...]


def cents_of(lines: Lines) -> int:
    """The sum of some cost lines in whole cents."""
    return sum(to_cents(line.amount_eur) for line in lines)


@dataclass(frozen=True, slots=True)
class TermKind:
    """One way to pay for a machine: by the hour, reserved for a term, or bought.

    `lines[t]`: what one costs that is taken on in period t, for all the periods it `lasts` (0: to the end); None: it cannot be had then.
    Where it is billed by the hour and let go between blocks of hours, `by_hours` has its lines for each block in place of them.
    """

    key: str
    offer: str
    lines: tuple[Lines | None, ...]
    lasts: int
    by_hours: Mapping[str, tuple[Lines | None, ...]] = field(default_factory=dict)
    carbon_kg: tuple[int, ...] | None = None  # CO2e of one taken on in each period; None: not known

    def had(self, period: int) -> bool:
        """Whether one can be taken on in a period."""
        return self.lines[period] is not None

    @property
    def cents(self) -> int:
        """What one costs that serves as soon and as long as the term can be had, taken on again and again."""
        step = self.lasts or len(self.lines)
        starts = [t for t in range(0, len(self.lines), step) if self.lines[t] is not None]
        blocks = list(self.by_hours.values()) or [self.lines]
        return sum(cents_of(lines[t] or ()) for lines in blocks for t in starts)


@dataclass(frozen=True, slots=True)
class NodeKind:
    """One kind of machine at one site, and the terms under which it can be had; the first is the cheapest over the horizon."""

    key: str
    site: str | None
    operator: str
    accelerator: str
    accelerators: int
    terms: tuple[TermKind, ...]
    power_watts: int | None  # of one under full load, for site limits; None: not known

    @property
    def offer(self) -> str:
        """The offer under which it is cheapest to have over the horizon."""
        return self.terms[0].offer

    @property
    def cents(self) -> int:
        """Cost of one over the horizon under its cheapest term."""
        return self.terms[0].cents

    @property
    def least_kg(self) -> int | None:
        """The least that one emits, under any term and whenever it is taken on; None where that is not known of some term."""
        if any(term.carbon_kg is None for term in self.terms):
            return None
        return min(kilos for term in self.terms for t, kilos in enumerate(term.carbon_kg or ()) if term.had(t))


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
    """Something paid as soon as one workload needs it: once for good (`lasts` 0), or again after the periods that it `lasts` (1: in each period).

    `lines[t]`: what it costs where it is begun in period t. The plan shows what has the same `ticket` as one.
    """

    key: str
    ticket: str
    what: str
    operator: str | None
    lines: tuple[Lines, ...]
    lasts: int = 0

    @property
    def cents(self) -> int:
        """Its cost over the horizon, begun at its start."""
        return sum(cents_of(lines) for lines in self.lines[::self.lasts or len(self.lines)])


@dataclass(frozen=True, slots=True)
class Option:
    """One open way to serve one part of a workload. `violated` is empty unless demands were lifted to look for a conflict.

    `lines`, `loads` and `opens` have one entry a period; `loads` are thousandths of a replica of `pool` at the peak.
    """

    key: str
    part: str
    workload: str
    deployment: Deployment
    lines: tuple[Lines, ...]  # what this part alone causes
    shared: tuple[str, ...]  # keys of SharedKind that it opens
    opens: tuple[bool, ...]
    pool: str | None = None
    loads: tuple[int, ...] = ()
    capacity: Capacity | None = None
    quality_probability: Decimal | None = None
    quality_pinned: bool = False
    seal_known: int | None = None
    seal_proven: int = 0
    score: int = 0  # known score in ten-thousandths of a point; 0 where nothing is known
    score_strict: int = 0  # proven score
    conditional_on: tuple[str, ...] = ()
    carbon_kg: tuple[int, ...] | None = None  # of the metered part in each period, None: not known; hardware's is on its nodes
    carbon_source: str | None = None  # what that rests on
    sources: tuple[str, ...] = ()  # of what was judged; each line of money names its own
    violated: frozenset[str] = frozenset()

    @property
    def cents(self) -> int:
        """Cost over the horizon of what this part alone causes."""
        return sum(cents_of(lines) for lines in self.lines)

    @property
    def operator(self) -> str:
        """Who runs it."""
        return self.deployment.operator.id

    @property
    def offer(self) -> str:
        """The offer under which it is paid, or of its machine."""
        assert self.deployment.offer is not None
        return self.deployment.offer.id

    @property
    def model(self) -> str:
        """The model that answers."""
        assert self.deployment.model is not None
        return self.deployment.model.id


@dataclass(frozen=True, slots=True)
class Options:
    """All that the formulation needs to know, in catalog order."""

    workloads: tuple[Workload, ...]
    periods: tuple[Period, ...]
    parts: tuple[Part, ...]
    volumes: Mapping[tuple[str, WorkUnit], Volumes]  # by part and what its model's work is counted in
    open: Mapping[str, tuple[Option, ...]]  # part -> its open options
    pools: Mapping[str, PoolKind]
    nodes: Mapping[str, NodeKind]
    shared: Mapping[str, SharedKind]
    excluded: tuple[Exclusion, ...]
    dearer_terms: tuple[str, ...]  # machines left out because the same machine costs less under another term
    moving: tuple[Lines, ...] = ()  # what it costs to move a part of a workload at the start of each period; none in the first
    capital_per_year: Decimal = Decimal(0)  # what money costs a year: later payments are worth less
    standing_by: Lines = ()  # what it costs to keep a way ready over the whole horizon
    leaving: Callable[[Any], Lines] | None = None  # what it costs to leave a choice: of a `planner.options.leaving.Departure`
    minimums: Mapping[str, Minimum] = field(default_factory=dict)  # offer -> its least monthly bill
    carbon_counts: bool = False  # whether the assessment limits carbon or aims at it
    dominated: int = 0  # ways left out because another is never worse

    @property
    def count(self) -> int:
        """How many ways are open over all workloads."""
        return sum(len(options) for options in self.open.values())
