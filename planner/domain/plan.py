"""What was decided, with every euro and every reason."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from planner.domain.base import (
    Amount, Count, Country, Currency, Day, FactName, Flag, Id, Noun, Number, PartialDay, Positive, Seal, Share, Text,
)
from planner.domain.catalog import PriceLayer, PriceUnit


class ProofStatus(StrEnum):
    """What is proved of the plan, by our own arithmetic on the bound."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within-gap"
    INFEASIBLE = "infeasible"


class Proof(Noun):
    """The status, the relative gap and the bound (no plan can cost less), both ours, not the solver's word. Money is as worth at the start."""

    status: ProofStatus
    gap: Number | None
    bound_eur: Amount | None
    objective: tuple[str, ...]
    solver: Text


class CostLine(Noun):
    """One line of money: quantity × price × factor / rate, in one of the four price layers, over some months of the horizon."""

    what: Text
    layer: PriceLayer
    offer: Id | None
    unit: PriceUnit
    quantity: Amount
    price: Amount
    currency: Currency
    per_eur: Amount  # units of the currency for one euro, at the stated rate
    amount_eur: Number
    capex: Flag = False
    estimate: Flag = False
    spread: Literal["usage", "even", "start", "end"] = "even"  # over its months: with the requests, evenly, or all at the start or the end
    factor: Number = Decimal(1)  # what of the price counts: after a discount or a change of price; below 0 for what comes back
    from_month: Count = 0  # of the horizon, counted from 0
    until_month: Count | None = None  # the first month that it no longer covers; None: the end of the horizon
    source: Id
    date: PartialDay


class Size(Noun):
    """What one replica can do for one workload, with its error band. Integers, so that every machine agrees."""

    requests_per_hour: Count
    requests_per_hour_low: Count
    requests_per_hour_high: Count
    concurrency: Count
    ttft_ms: Count
    tpot_us: Count  # microseconds per output token
    watts: Count  # of the replica's accelerators under this load
    weights_gb: Number
    calibrated: Flag
    rests_on: str = ""  # in words, where it is a measurement and not the physics


class Choice(Noun):
    """For one workload, or one part of it, over some months: the model and the way to run it, priced and sized."""

    workload: Id
    part: Text | None = None  # which of its requests, where the workload is cut: a size class, a block of hours, so many equal parts
    share: Share = Decimal(1)  # of the workload's requests
    from_month: Count = 0
    until_month: Count | None = None  # the first month in which it no longer serves; None: the end of the horizon
    stands_by: Flag = False  # it does not serve, but is kept ready under another operator
    option: Text
    model: Id
    effort: Text | None = None
    mode: Id
    operator: Id
    site: Id | None
    country: Country | None
    offer: Id
    hardware: Id | None = None
    precision: Text | None = None
    tensor_parallel: Count | None = None
    pool: Text | None = None
    load: Number | None = None  # replicas this workload fills at its peak, spares apart; the largest over its periods
    replicas: Count | None = None  # replicas of the pool it runs on; the most over its periods
    size: Size | None = None
    cost_eur: Amount
    cost_lines: tuple[CostLine, ...]
    exit_lines: tuple[CostLine, ...] = ()  # leaving it half-way through its months, beside the plan's cost; none where it stands by
    exit_cost_eur: Amount | None = None  # their sum
    quality_probability: Number | None = None
    quality_pinned: Flag = False
    seal_known: Seal | None = None
    seal_proven: Seal | None = None
    score_known: Number | None = None
    carbon_kg: Amount | None = None  # with its part of machines; None: not known
    carbon_source: Text | None = None  # what that rests on
    conditional_on: tuple[FactName, ...] = ()
    sources: tuple[Id, ...]


class PoolPeriod(Noun):
    """A pool in one period, and in one block of hours where the load differs by the hour."""

    period: Count
    hours: Text | None = None
    load: Number
    replicas: Count


class Pool(Noun):
    """Replicas of one model on one kind of hardware at one site, shared by workloads. Replicas and load are the most over time."""

    id: Text
    model: Id
    precision: Text
    accelerator: Id
    tensor_parallel: Count
    offer: Id
    site: Id | None
    replicas: Count
    spares: Count
    load: Number
    workloads: tuple[Id, ...]
    periods: tuple[PoolPeriod, ...] = ()


class TakenOn(Noun):
    """Machines that are rented or bought at one time, and how long they serve."""

    period: Count
    hours: Text | None = None  # only in this block of hours
    nodes: Count
    from_month: Count
    until_month: Count


class NodeGroup(Noun):
    """Servers rented or bought under one offer at one site, and their bill. `nodes` is the most at one time."""

    id: Text
    machine: str = ""  # the kind of machine, whatever the term: what pools stand on
    taken_on: tuple[TakenOn, ...] = ()
    offer: Id
    site: Id | None
    accelerator: Id
    accelerators_each: Count
    nodes: Count
    months: Count
    cost_eur: Amount
    capex_eur: Amount
    cost_lines: tuple[CostLine, ...]
    power_kw: Number | None = None
    carbon_kg: Amount | None = None  # in operation, over the months they serve; None: not known


class SharedCost(Noun):
    """Work paid once for several workloads: bringing an operator or a model in, running a platform, curing a legal demand."""

    id: Text
    what: Text
    operator: Id | None
    workloads: tuple[Id, ...]
    cost_eur: Amount
    cost_lines: tuple[CostLine, ...]


class Move(Noun):
    """A workload that goes to another operator or model, what that costs and when."""

    workload: Id
    part: Text | None = None
    from_month: Count
    cost_eur: Amount
    cost_lines: tuple[CostLine, ...]


class Cost(Noun):
    """The plan's money over the horizon, as it is paid, cut four ways; every cut adds up to the total to the cent.

    `present_eur` is the same money as worth at the start of the horizon, at the cost of capital: what is made as small as possible.
    """

    total_eur: Amount
    present_eur: Amount | None = None
    capex_eur: Amount
    by_year: Mapping[str, Decimal]
    by_quarter: Mapping[str, Decimal] = {}
    by_layer: Mapping[str, Decimal]
    by_operator: Mapping[str, Decimal]
    carbon_kg: Amount | None = None  # of all choices together; None as soon as one's is not known

    @property
    def worth_eur(self) -> Decimal:
        """What is made as small as possible: the money as worth at the start."""
        return self.total_eur if self.present_eur is None else self.present_eur


class Binding(Noun):
    """A demand that holds the plan where it is: how much of it is used and where it ends, in English and as numbers."""

    demand: Text
    used: Text
    limit: Text
    unit: Literal["euros", "share", "points", "seal"] | None = None  # of both numbers; None in a plan saved without them
    used_value: Number | None = None  # not known where None
    limit_value: Number | None = None
    at_least: Flag = False  # the limit is a least value, not a greatest


class Plan(Noun):
    """Choices, what they run on, and what it all costs."""

    choices: tuple[Choice, ...]
    pools: tuple[Pool, ...]
    nodes: tuple[NodeGroup, ...]
    shared: tuple[SharedCost, ...] = ()
    moves: tuple[Move, ...] = ()
    cost: Cost
    assumptions: tuple[AssumptionUsed, ...] = ()
    months: Positive  # the horizon that all amounts cover
    period_months: Positive | None = None  # decisions may change every so many months; None: never
    start: Day | None = None
    as_of: Day

    @property
    def lines(self) -> tuple[CostLine, ...]:
        """Every cost line once: what workloads cause alone, machines, and work that is shared."""
        parts = (*self.choices, *self.nodes, *self.shared, *self.moves)
        return tuple(line for part in parts for line in part.cost_lines)


    @property
    def carbon_known(self) -> tuple[Decimal, Decimal]:
        """Kilograms of CO2e that are known of what serves, and the share of its cost of which they are: 0 of nothing, 1 of all."""
        serving = [c for c in self.choices if not c.stands_by]
        known = [c for c in serving if c.carbon_kg is not None]
        cost, covered = (sum((c.cost_eur for c in some), Decimal(0)) for some in (serving, known))
        whole = Decimal(len(known) == len(serving))
        return sum((c.carbon_kg or Decimal(0) for c in known), Decimal(0)), covered / cost if cost and not whole else whole

    def machines_under(self, pool: Pool) -> tuple[NodeGroup, ...]:
        """The machines that a pool stands on, under whatever terms they were taken. A pool's id ends in its kind of machine."""
        kind = pool.id.partition("@")[2]
        return tuple(n for n in self.nodes if (n.machine == kind if n.machine else (n.offer, n.site) == (pool.offer, pool.site)))


class AssumptionUsed(Noun):
    """A default that stood in for something the assessment does not say."""

    workload: Id | None
    name: Id
    value: Number
    unit: Text
    says: Text
    unsuitable_for: Text | None = None


class Exclusion(Noun):
    """A way ruled out: for which workload, which option, by which rule or fact."""

    workload: Id
    option: Text
    reason: Text
    rule: Id  # a rule of law, or one of the tool's own rule ids such as `context-too-short`
    count: Count = 1  # how many options this line stands for


class Demanded(Noun):
    """One demand of a conflict, in words."""

    name: Text
    says: Text


class Repair(Noun):
    """One way to make a plan possible again, checked by a re-solve."""

    says: Text
    cost_eur: Amount | None = None


class Conflict(Noun):
    """A smallest set of demands that cannot all hold: dropping any one of them makes a plan possible."""

    demands: tuple[Demanded, ...]
    repairs: tuple[Repair, ...] = ()
    proved_minimal: Flag = True


Outcome = Literal["planned", "no-plan"]
