"""What leaving each choice costs, once more: half-way through the months in which it serves."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, OfferKind, PriceUnit
from planner.domain.plan import CostLine, NodeGroup, Plan, TakenOn
from planner.judging.deployment import OWN
from planner.quantities import add_months, exact, round_cents
from planner.sizing.demand import Period
from planner.verify.bill import Bill
from planner.verify.serving import Serving


def check_leaving(
    plan: Plan, assessment: Assessment, catalog: Catalog, bill: Bill, serving: list[Serving], same: Callable[[str, Any, Any], None]
) -> None:
    """Compare the exit lines of each choice, and their sum, with what follows from it; a choice that stands by has none."""
    exits = _Exits(plan, assessment, catalog, bill, serving)
    for s in serving:
        lines = () if s.choice.stands_by else tuple(exits.lines(s))
        same(f"{s.choice.workload}.exit_lines", s.choice.exit_lines, lines)
        whole = None if s.choice.stands_by else sum((x.amount_eur for x in lines), Decimal(0))
        same(f"{s.choice.workload}.exit_cost_eur", s.choice.exit_cost_eur, whole)


class _Exits:
    def __init__(self, plan: Plan, assessment: Assessment, catalog: Catalog, bill: Bill, serving: list[Serving]):
        self.plan, self.a, self.c, self.bill, self.serving = plan, assessment, catalog, bill, serving

    def lines(self, s: Serving) -> Iterator[CostLine]:
        """The exit lines of one choice."""
        n, offer, w = self.bill.number, self.c.offers[s.choice.offer], s.workload
        first, end = s.periods[0].first, s.periods[-1].until
        month = (first + end) // 2
        period = [p for p in self.bill.periods if p.first <= month][-1]
        hosted = offer.kind in (OfferKind.RENT, OfferKind.PURCHASE)
        keeps = hosted and not offer.models_allowed and self.c.licences[self.c.models[s.choice.model].licence.value].weights_available
        days = n("moving-days" if keeps else "model-onboarding-days")
        what = "moving with the same model: prompts, tests, cut-over" if keeps else "another model: prompts, tests, evaluation"
        yield self._now(what, days, n("engineer-day-eur"), PriceUnit.ENGINEER_DAY, month)
        yield self._now("bringing another operator in", n(f"onboarding-days-{s.choice.mode}"), n("engineer-day-eur"), PriceUnit.ENGINEER_DAY, month)
        if w.task == "embedding":
            yield from self._texts(s, hosted, month, period)
        if w.tuning.kind != "none" and not keeps:
            yield self._now("tuning made anew for another model", Decimal(1), n("tuning-eur"), PriceUnit.ONCE, month)
        if hosted:
            yield from self._still_owed(s, month, period)
        elif offer.kind is not OfferKind.TOKENS and offer.term_months:
            yield from self._rest_of_term(s, month, period)
        if s.choice.operator != OWN:
            yield self._egress(month)

    def _now(self, what: str, quantity: Decimal, eur: Decimal, unit: PriceUnit, month: int, source: str = "own-assumption", **how: Any) -> CostLine:
        return self.bill.worked(what, quantity, eur, unit, _from(month, self.bill.months), self.bill.months, source, spread="start", **how)

    def _texts(self, s: Serving, hosted: bool, month: int, period: Period) -> Iterator[CostLine]:
        what, months = "embedding the texts of the last months anew", range(max(0, month - int(self.bill.number("reembedding-months"))), month)
        with exact():
            tokens = s.number * s.volumes.input_tokens * sum((s.volumes.requests[m] for m in months), Decimal(0)) / 10**6
        if hosted:
            yield self._now(what, tokens, Decimal(0), PriceUnit.INPUT_MTOK, month)
            return
        offer = self.c.offers[s.choice.offer]
        prices = [self.bill.listed(offer, PriceUnit.INPUT_MTOK, period, batch) for batch in ((True, False) if s.workload.demand.batch else (False,))]
        price = next((p for p in prices if p is not None), None)
        if price is not None:
            counts = self.bill.counting(offer, period)
            yield self.bill.priced(what, offer, price, tokens, _from(month, self.bill.months), self.bill.months, spread="start", counts=counts)

    def _still_owed(self, s: Serving, month: int, period: Period) -> Iterator[CostLine]:
        machine = (s.choice.pool or "").partition("@")[2]
        for group in self.plan.nodes:
            for on in group.taken_on if group.machine == machine else ():
                if on.from_month <= month < on.until_month and on.hours is None:
                    yield from self._of(group, on, self._share(s, machine, period), month)

    def _rest_of_term(self, s: Serving, month: int, period: Period) -> Iterator[CostLine]:
        """The months of a subscription's term that are left, whether they are owed or were paid ahead."""
        offer, lines, first, until = self.c.offers[s.choice.offer], s.lines.get(period.number, []), period.first, period.until
        if self.bill.spans(offer):
            item = next(x for x in self.plan.shared if x.id == f"held:{offer.id}:{s.choice.workload}")
            begun = [p for p in self.bill.periods if p.first <= month and any(line.from_month == p.first for line in item.cost_lines)][-1]
            lines, first = self.bill.subscribed_lines(offer, s.workload, s.volumes, begun), begun.first
            until = self.bill.serves(offer, begun)
        term = offer.term_months
        terms = -(-(until - first) // term)
        left = (term - (month - first) % term) % term
        with exact():
            owed = round_cents(sum((x.amount_eur for x in lines), Decimal(0)) * left / (terms * term))
        if owed:
            estimate = any(x.estimate for x in lines)
            what = "the rest of its term, owed or paid ahead"
            yield self._now(what, Decimal(1), owed, PriceUnit.ONCE, month, lines[0].source, offer=offer.id, estimate=estimate)

    def _share(self, s: Serving, machine: str, period: Period) -> Decimal:
        """A choice's share of what is filled of a machine in a period."""
        def filled(x: Serving) -> Decimal:
            pool = next((p for p in self.plan.pools if p.id == x.choice.pool and p.id.partition("@")[2] == machine), None)
            if pool is None or x.choice.stands_by:
                return Decimal(0)
            return sum((
                Decimal(pool.tensor_parallel * e.replicas * x.load(period, e.hours)) / (e.load * 1000)
                for e in pool.periods if e.period == period.number and e.load
            ), Decimal(0))

        with exact():
            mine, whole = filled(s), sum((filled(x) for x in self.serving), Decimal(0))
            return (mine / whole).quantize(Decimal("0.000001")) if whole else Decimal(0)

    def _of(self, group: NodeGroup, on: TakenOn, share: Decimal, month: int) -> Iterator[CostLine]:
        """What is owed or not used up of some machines taken on together."""
        offer = self.c.offers[group.offer]
        place = group.machine.partition("/")[2] or None
        each = self.bill.node_lines(offer, place, self.bill.periods[on.period])
        passed, lasts = month - on.from_month, on.until_month - on.from_month
        term, life = offer.term_months, int(self.bill.number("server-life-months"))
        if offer.kind is OfferKind.PURCHASE:
            what, counted = "servers paid and not used up, less resale", [x for x in each if x.capex or x.spread == "end"]
            whole = life * ((lasts + life - 1) // life)
            left = whole - passed
        elif term:
            what, counted, whole = "rent still owed to the end of its term", each, term * ((lasts + term - 1) // term)
            left = (term - passed % term) % term
        else:
            return
        with exact():
            owed = round_cents(sum((x.amount_eur for x in counted), Decimal(0)) * on.nodes * left / whole)
        if owed:
            yield self._now(what, share, owed, PriceUnit.ONCE, month, each[0].source, offer=offer.id, estimate=any(x.estimate for x in each))

    def _egress(self, month: int) -> CostLine:
        rule = self.c.rules.get("data-act-29-none")
        if rule is None or self.a.organisation.country not in self.c.country_groups.get("eu", ()):
            return self._now("egress: not known, not counted", Decimal(1), Decimal(0), PriceUnit.ONCE, month)
        ended = add_months(self.a.horizon.start, month) >= rule.applies_from
        words = "no charge for switching" if ended else "until then at most the provider's own cost, not known, not counted"
        what = f"egress: {words} ({rule.cites.text}, {rule.applies_from})"
        return self._now(what, Decimal(1), Decimal(0), PriceUnit.ONCE, month, "law-data-act", estimate=not ended)


def _from(month: int, months: int) -> Period:
    """The rest of the horizon, for lines that stand at one month: only its months are read."""
    return Period(0, month, months - month, date.min, date.min)
