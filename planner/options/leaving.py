"""What leaving a choice costs, shown beside its price and no part of the plan's own cost: looked at half-way through the time in which it serves.

Leaving one choice alone is looked at: work that several choices would share is counted for each of them.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from planner.domain.catalog import OfferKind, PriceUnit
from planner.domain.plan import CostLine
from planner.judging.deployment import OWN, Deployment
from planner.options.option import Lines, Option, cents_of
from planner.options.pricing import Pricer
from planner.quantities import add_months, exact, from_cents, to_cents
from planner.sizing.demand import Period, Volumes

NO_CHARGES = "data-act-29-none"  # the rule that ends switching charges, egress with them
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Held:
    """Machines taken on, or a subscription begun, that still serve at the time of leaving: lines, months, and this choice's share of them."""

    offer: str
    lines: Lines
    from_month: int
    until_month: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Departure:
    """A choice about to be left: so many equal parts served by one option, from a month of the horizon until another."""

    option: Option
    volumes: Volumes  # of one equal part
    parts: int
    from_month: int
    until_month: int
    held: Sequence[Held] = ()

    @property
    def month(self) -> int:
        """When it is left: half-way through the months in which it serves."""
        return self.from_month + (self.until_month - self.from_month) // 2


class Leaving:
    """The exit lines of choices of one assessment."""

    def __init__(self, pricer: Pricer):
        self.pricer, self.assessment = pricer, pricer.assessment
        self.workloads = {w.id: w for w in self.assessment.workloads}

    def lines(self, d: Departure) -> Lines:
        """Work on another model, bringing another operator in, texts embedded anew, tuning made anew, what is still owed, and egress."""
        found = next(p for p in self.pricer.periods if p.first <= d.month < p.until)
        at = replace(found, first=d.month, months=found.until - d.month)
        deployment, held = d.option.deployment, holds_weights(d.option.deployment)
        assert deployment.mode is not None
        day, n = self.pricer.number("engineer-day-eur"), self.pricer.number
        work = ("moving with the same model: prompts, tests, cut-over", "moving-days") if held else (
            "another model: prompts, tests, evaluation", "model-onboarding-days")
        lines = [
            self._stated(work[0], n(work[1]), day, PriceUnit.ENGINEER_DAY, at),
            self._stated("bringing another operator in", n(f"onboarding-days-{deployment.mode.id}"), day, PriceUnit.ENGINEER_DAY, at),
        ]
        if self.workloads[d.option.workload].task == "embedding":
            lines += self._embedded_anew(d, found, at)
        if self.workloads[d.option.workload].tuning.kind != "none" and not held:
            lines.append(self._once("tuning made anew for another model", Decimal(1), n("tuning-eur"), at))
        lines += self._owed(d, at)
        if deployment.operator.id != OWN:
            lines.append(self._egress(at))
        return tuple(lines)

    def _stated(self, what: str, quantity: Decimal, eur: Decimal, unit: PriceUnit, at: Period, source: str = "own-assumption", **how) -> CostLine:
        return self.pricer.assumed_line(what, quantity, eur, unit, source, at, until=self.pricer.months, spread="start", **how)

    def _once(self, what: str, quantity: Decimal, eur: Decimal, at: Period, source: str = "own-assumption", **how) -> CostLine:
        return self._stated(what, quantity, eur, PriceUnit.ONCE, at, source, **how)

    def _embedded_anew(self, d: Departure, found: Period, at: Period) -> Iterator[CostLine]:
        """The texts of the last months once more: at the choice's own input price, or on machines that are paid anyway."""
        what = "embedding the texts of the last months anew"
        back = max(d.month - int(self.pricer.number("reembedding-months")), 0)
        with exact():
            tokens = sum(d.volumes.requests[back:d.month], Decimal(0)) * d.volumes.input_tokens * d.parts / MILLION
        offer = d.option.deployment.offer
        assert offer is not None
        batch = self.workloads[d.option.workload].demand.batch
        price = self.pricer.unit_price(offer, PriceUnit.INPUT_MTOK, batch, found) if d.option.pool is None else None
        if price is not None:
            factor = self.pricer.factor(offer, found)
            yield self.pricer.line(what, offer, price, tokens, at, until=self.pricer.months, spread="start", factor=factor)
        elif d.option.pool is not None:
            yield self._stated(what, tokens, Decimal(0), PriceUnit.INPUT_MTOK, at)

    def _owed(self, d: Departure, at: Period) -> Iterator[CostLine]:
        """Its share of rent that is committed beyond this month, and of what was paid for servers and is not used up."""
        for held in d.held:
            offer = self.pricer.catalog.offers[held.offer]
            bought = offer.kind is OfferKind.PURCHASE
            cents = self._unused(held, d.month) if bought else self._committed(held, d.month, offer.term_months)
            if cents:
                rest = "rent still owed to the end of its term" if offer.kind is OfferKind.RENT else "the rest of its term, owed or paid ahead"
                what = "servers paid and not used up, less resale" if bought else rest
                estimate = any(line.estimate for line in held.lines)
                yield self._once(what, held.share, from_cents(cents), at, held.lines[0].source, offer=held.offer, estimate=estimate)

    def _committed(self, held: Held, month: int, term: int) -> int:
        """Cents of the commitment that runs in a month which are due after it."""
        left = (held.from_month - month) % term if term else 0
        if not left:
            return 0
        billed = self.pricer.billed_months(self.pricer.catalog.offers[held.offer], held.until_month - held.from_month)
        with exact():
            return to_cents(Decimal(cents_of(held.lines)) / 100 * left / billed)

    def _unused(self, held: Held, month: int) -> int:
        """Cents paid for servers that are not used up: straight-line over their life, less what they fetch."""
        life = int(self.pricer.number("server-life-months"))
        whole = -(-(held.until_month - held.from_month) // life) * life
        once = tuple(line for line in held.lines if line.capex or line.spread == "end")
        with exact():
            return to_cents(Decimal(cents_of(once)) / 100 * (whole - (month - held.from_month)) / whole)

    def _egress(self, at: Period) -> CostLine:
        """Egress: nothing from the day on which the Data Act ends switching charges; before it, or elsewhere, not known, and the line says so."""
        rule, country = self.pricer.catalog.rules.get(NO_CHARGES), self.assessment.organisation.country
        if rule is None or country not in self.pricer.catalog.country_groups.get("eu", ()):
            return self._once("egress: not known, not counted", Decimal(1), Decimal(0), at)
        free = rule.applies_from <= add_months(self.assessment.horizon.start, at.first)
        words = "no charge for switching" if free else "until then at most the provider's own cost, not known, not counted"
        return self._once(f"egress: {words} ({rule.cites.text}, {rule.applies_from})", Decimal(1), Decimal(0), at, "law-data-act", estimate=not free)


def holds_weights(deployment: Deployment) -> bool:
    """Whether the customer holds open weights, so that the model moves along: on machines where any weights may run, bought or rented."""
    offer, licence = deployment.offer, deployment.licence
    own_machine = offer is not None and offer.kind in (OfferKind.RENT, OfferKind.PURCHASE) and not offer.models_allowed
    return own_machine and licence is not None and licence.weights_available
