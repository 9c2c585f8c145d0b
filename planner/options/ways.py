"""The ways to serve one model for one demand, priced by the month: precision × accelerator × degree × offer, and metered offers beside.

Only size and money: what the law, sovereignty or quality say of a way is for a plan to judge.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, Model, Offer, OfferKind, WorkUnit
from planner.domain.plan import CostLine
from planner.options.enumerate import NATIVE, PRECISIONS
from planner.options.machines import hardware_of
from planner.options.minimums import Minimum
from planner.options.option import Lines, cents_of
from planner.options.pricing import Pricer
from planner.options.subscriptions import Subscriptions
from planner.quantities import exact, round_cents
from planner.sizing.anchor import NO_ANCHOR, Factors
from planner.sizing.capacities import capacity_for
from planner.sizing.constants import Constants, constants_from
from planner.sizing.demand import Part, Volumes, volumes
from planner.sizing.replica import Capacity, Goals, Replica, Shape, capacity

DEGREES = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what it runs on, how many, and euros a month averaged over `months` (the commitment, or the life of what is bought)."""

    offer: Offer
    countries: tuple[str, ...]
    months: int
    eur_per_month: Decimal
    lines: tuple[CostLine, ...]
    precision: str | None = None  # the rest is None, or 0, where the offer is metered
    accelerator: str | None = None
    tensor_parallel: int = 0
    replicas: int = 0
    machines: int = 0
    size: Capacity | None = None  # of one replica
    pinned: str = ""  # how a benchmark of the user's own changed the size, in words

    @property
    def watts(self) -> int:
        """What all replicas draw at the planned load; 0 for a metered offer, whose watts nobody publishes."""
        return self.size.watts * self.replicas if self.size else 0

    @property
    def estimate(self) -> bool:
        """Whether some price behind it is an estimate."""
        return any(line.estimate for line in self.lines)


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways, the cheapest first; what does not work, with the reason; the demand with its assumptions."""

    ways: tuple[Way, ...]
    closed: tuple[tuple[str, str], ...]
    volumes: Volumes


def pinned_capacity(replica: Replica, shape: Shape, goals: Goals, constants: Constants, factors: Factors) -> Capacity:
    """The capacity of a replica whose speed the user measured: goals are met by the pinned speeds, and pinned figures come out."""
    f = factors
    wanted = Goals(
        None if goals.ttft_ms is None else int(goals.ttft_ms / f.ttft),
        None if goals.tokens_per_second is None else goals.tokens_per_second * f.tpot,
    )
    c = capacity(replica, shape, wanted, constants)
    if f == NO_ANCHOR or not c.fits:
        return c
    return Capacity(
        c.fits, c.because, int(c.requests_per_hour * f.throughput), int(c.requests_per_hour_low * f.throughput),
        int(c.requests_per_hour_high * f.throughput), c.concurrency, round(c.ttft_ms * f.ttft), round(c.tpot_us * f.tpot),
        round(c.watts * f.watts), c.weights_gb, c.calibrated,
    )


def ways_to_serve(
    catalog: Catalog, assessment: Assessment, model: Model, as_of: date, countries: frozenset[str] = frozenset(),
    factors: Callable[[Replica], Factors] = lambda _replica: NO_ANCHOR,
) -> Ways:
    """Every way to serve the assessment's first workload with `model`, the cheapest first.

    `catalog` is the one laid over by the assessment; bought servers stand at the organisation's own sites. `countries` empty: anywhere.
    `factors(replica)` pins speeds to measurements.
    """
    return _Walk(catalog, assessment, model, as_of, countries, factors).run()


class _Walk:
    def __init__(self, catalog: Catalog, assessment: Assessment, model: Model, as_of: date, countries: frozenset[str],
                 factors: Callable[[Replica], Factors]):
        self.catalog, self.assessment, self.model, self.as_of = catalog, assessment, model, as_of
        self.countries, self.factors = countries, factors
        self.constants = constants_from(catalog.sizing)
        self.volumes = volumes(assessment.workloads[0], assessment.horizon, catalog.assumptions, model.unit)
        self.closed: dict[str, str] = {}
        self.pricers: dict[int, Pricer] = {}
        self.sizes: dict[tuple[str, str, int], tuple[Capacity, str]] = {}

    def run(self) -> Ways:
        found: list[Way] = []
        for offer in (self.catalog.offers[key] for key in sorted(self.catalog.offers)):
            if offer.kind is OfferKind.TOKENS and offer.model == self.model.id:
                found += self._metered(offer)
            elif offer.kind is OfferKind.PROVISIONED and offer.model == self.model.id:
                found += self._provisioned(offer)
            elif offer.kind in (OfferKind.RENT, OfferKind.PURCHASE):
                found += self._hosted(offer)
        order = sorted(found, key=lambda w: (w.eur_per_month, w.watts, w.offer.id, w.precision or "", w.tensor_parallel, w.countries))
        return Ways(tuple(order), tuple(sorted(self.closed.items())), self.volumes)

    def _pricer(self, months: int) -> Pricer:
        if months not in self.pricers:
            horizon = self.assessment.horizon.model_copy(update={"months": months, "period_months": None, "hours": ()})
            self.pricers[months] = Pricer(self.catalog, self.assessment.model_copy(update={"horizon": horizon}), self.as_of)
        return self.pricers[months]

    def _places(self, offer: Offer) -> tuple[str, ...] | None:
        """The countries where an offer may run, none where it names no site; None where it runs nowhere that was asked for."""
        there = tuple(sorted({self.catalog.sites[s][0].country for s in offer.sites}))
        if not self.countries:
            return there
        return tuple(c for c in there if c in self.countries) or None

    def _metered(self, offer: Offer) -> Iterator[Way]:
        places = self._places(offer)
        pricer = self._pricer(1)
        lines = None if places is None else pricer.metered(offer, self.volumes, self.assessment.workloads[0].demand.batch, pricer.periods[0])
        if lines is not None and places is not None:
            if offer.minimum_eur_per_month:
                least = Minimum(offer, 1)
                lines += least.lines([max(least.cents - cents_of(lines), 0)])
            yield Way(offer, places, 1, sum((line.amount_eur for line in lines), Decimal(0)), lines)

    def _provisioned(self, offer: Offer) -> Iterator[Way]:
        places, months = self._places(offer), offer.term_months or 1
        pricer, workload = self._pricer(months), self.assessment.workloads[0]
        subscriptions = Subscriptions(pricer)
        whole = Part(workload.id, workload.id)
        if places is None or subscriptions.closed(offer, workload, whole, self.volumes):
            return
        if (lines := subscriptions.lines(offer, workload, self.volumes, pricer.periods[0])) is not None:
            yield Way(offer, places, months, round_cents(sum((line.amount_eur for line in lines), Decimal(0)) / months), lines)

    # ------------------------------------------------------------------------------------- own replicas

    def _hosted(self, offer: Offer) -> Iterator[Way]:
        if reason := self._closed_weights():
            self.closed[self.model.id] = reason
            return
        if offer.models_allowed and self.model.id not in offer.models_allowed:
            return
        bought = offer.kind is OfferKind.PURCHASE
        months = int(self._pricer(1).number("server-life-months")) if bought else offer.term_months or 1
        for site, countries in self._machine_places(offer):
            term = self._pricer(months).term(offer, site, countries[0] if countries else None)
            if term is not None:
                yield from self._on(offer, term.lines[0] or (), countries, months)

    def _closed_weights(self) -> str:
        """Why nobody can host this model themselves, or nothing."""
        if not self.catalog.licences[self.model.licence.value].weights_available:
            return "its weights cannot be had, so only its maker's offers serve it"
        if self.model.unit is WorkUnit.TOKENS and (self.model.architecture is None or self.model.parameters_total_b is None):
            return "its architecture is not published, so no hardware can be sized for it"
        return ""

    def _machine_places(self, offer: Offer) -> Iterator[tuple[str | None, tuple[str, ...]]]:
        """Where its machines stand: each own site by itself, since power is priced there; a rented one costs the same everywhere."""
        if offer.kind is OfferKind.PURCHASE:
            for own in self.assessment.organisation.sites:
                yield own.id, (own.country,)
        elif (places := self._places(offer)) is not None:
            yield None, places

    def _on(self, offer: Offer, lines: Lines, countries: tuple[str, ...], months: int) -> Iterator[Way]:
        accelerator, each, _ = hardware_of(offer, self.catalog)
        for precision in [p for p in PRECISIONS if p in self.model.published_precisions] or list(NATIVE):
            reason = ""
            sized = False
            for degree in (d for d in DEGREES if d <= each):
                size, says = self._size(precision, accelerator, degree)
                if not size.requests_per_hour:
                    reason = size.because or "one replica answers less than one request an hour"
                    continue
                sized = True
                yield self._way(offer, lines, countries, months, precision, degree, size, says)
            if not sized:
                self.closed[f"{precision} on {each} x {accelerator}"] = reason

    def _size(self, precision: str, accelerator: str, degree: int) -> tuple[Capacity, str]:
        """The capacity of one replica, and how it was pinned, in words."""
        key = (precision, accelerator, degree)
        if key not in self.sizes:
            service, v = self.assessment.workloads[0].service, self.volumes
            goals = Goals(service.time_to_first_token_ms, float(service.tokens_per_second) if service.tokens_per_second else None)
            replica = Replica(self.model, self.catalog.accelerators[accelerator], precision, degree)
            factors = self.factors(replica)
            if factors == NO_ANCHOR:
                size = capacity_for(replica, v, goals, self.constants, self.assessment.measured, self.catalog.published_rates.values())
            else:
                shape = Shape(v.input_tokens, v.output_tokens, float(v.cached_share))
                size = pinned_capacity(replica, shape, goals, self.constants, factors)
            self.sizes[key] = size, factors.says
        return self.sizes[key]

    def _way(self, offer: Offer, lines: Lines, countries: tuple[str, ...], months: int, precision: str, degree: int, size: Capacity,
             says: str) -> Way:
        accelerator, accelerators, _ = hardware_of(offer, self.catalog)
        with exact():
            replicas = max(int((self.volumes.peak_per_hour / size.requests_per_hour).to_integral_value(rounding=ROUND_CEILING)), 1)
            machines = -(-replicas // (accelerators // degree))
            billed = self._pricer(months).billed_months(offer, months) if offer.kind is OfferKind.RENT else Decimal(months)
            each = sum((line.amount_eur for line in lines), Decimal(0)) / billed
            monthly = round_cents(each * machines)
        return Way(offer, countries, months, monthly, lines, precision, accelerator, degree, replicas, machines, size, says)
