"""A second pair of eyes: check a plan from the nouns alone.

Imports neither options nor optimising, on purpose: every euro, load and limit is computed again here, in exact
arithmetic, from Catalog + Assessment + the decisions in the plan, and compared with what the plan states.
"""
from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from planner.domain.assessment import Assessment, Criticality, Residency, Workload
from planner.domain.catalog import SERVICES, Catalog, Offer, OfferKind, WorkUnit
from planner.domain.overlay import laid_over
from planner.domain.plan import Choice, CostLine, Plan, Size
from planner.judging.deployment import OWN, deployment_of
from planner.judging.panel import Judgement, Panel
from planner.judging.portfolio import SCORE_UNIT
from planner.quantities import exact, first_day, to_cents
from planner.sizing.capacities import capacity_for
from planner.sizing.constants import constants_from
from planner.sizing.demand import Part, Period, parts_of, periods_of, volumes
from planner.sizing.replica import Goals, Replica
from planner.verify.bill import Bill
from planner.verify.carbon import check_carbon
from planner.verify.leaving import check_leaving
from planner.verify.ledger import Ledger
from planner.verify.limits import check_limits
from planner.verify.machines import check_machines
from planner.verify.serving import Serving


def verify(plan: Plan, catalog: Catalog, assessment: Assessment, as_of: date) -> tuple[str, ...]:
    """Every way in which the plan does not hold, in words; empty when it does.

    `catalog` is the shipped one (or the user's own); the assessment is laid over it here. Money must agree to the cent.
    """
    return _Verifier(plan, laid_over(catalog, assessment), assessment, as_of).run()


class _Verifier:
    def __init__(self, plan: Plan, catalog: Catalog, assessment: Assessment, as_of: date):
        self.plan, self.c, self.a, self.as_of = plan, catalog, assessment, as_of
        self.periods = periods_of(assessment.horizon)
        self.workloads = {w.id: w for w in assessment.workloads}
        self.parts = [part for w in assessment.workloads for part in parts_of(w, assessment.horizon)]
        self.panel = Panel(catalog, assessment, as_of)
        self.found: list[str] = []
        self.bill = Bill(catalog, assessment, as_of, self.found)

    def run(self) -> tuple[str, ...]:
        self._same("as_of", self.plan.as_of, self.as_of)
        self._same("start", self.plan.start, self.a.horizon.start)
        self._same("months", self.plan.months, self.a.horizon.months)
        self._same("period_months", self.plan.period_months, self.a.horizon.period_months)
        for pool in self.plan.pools:
            self._need(f"pool {pool.id}", all(e.period < len(self.periods) for e in pool.periods), "the horizon has no such period")
        placed = [self._placed(c) for c in self.plan.choices]
        if self.found or any([self._unresolved(c) for c in self.plan.choices]):
            return tuple(self.found)
        serving = [self._serving(c, *place) for c, place in zip(self.plan.choices, placed, strict=True) if place is not None]
        self._covered(serving)
        if self.found:
            return tuple(self.found)
        for s in serving:
            self._choice(s)
        self._standing_by(serving)
        check_machines(self.plan, self.a, self.c, self.bill, serving, self._same, self._need)
        ledger = Ledger(self.plan, self.a, self.c, self.bill, serving, self._same)
        ledger.check()
        if not self.found:  # both read machines and choices that are known to be right by now
            check_leaving(self.plan, self.a, self.c, self.bill, serving, self._same)
            check_carbon(self.plan, self.a, self.c, self.bill, serving, ledger.filled, self._same, self._need)
        check_limits(self.plan, self.a, self.bill, serving, self._need)
        self._assumptions(serving)
        return tuple(self.found)

    def _same(self, where: str, stated: Any, expected: Any) -> None:
        if stated != expected:
            self.found.append(f"{where}: the plan states {_short(stated)}, it is {_short(expected)}")

    def _need(self, where: str, holds: bool, says: str) -> None:
        if not holds:
            self.found.append(f"{where}: {says}")

    # ------------------------------------------------------------------------------- who serves what, when

    def _placed(self, c: Choice) -> tuple[Part, int, tuple[Period, ...]] | None:
        """The part of a workload that a choice serves, how many equal parts of it, and the periods."""
        until = self.a.horizon.months if c.until_month is None else c.until_month
        periods = tuple(p for p in self.periods if c.from_month <= p.first < until)
        whole = bool(periods) and periods[0].first == c.from_month and periods[-1].until == until
        whole = whole and (c.until_month is None) == (until == self.a.horizon.months)
        for part in self.parts:
            for n in range(part.count, 0, -1) if part.workload == c.workload else ():
                if c.part == (part.label if n == part.count else f"{n} of {part.count} parts") and whole:
                    with exact():
                        self._same(f"{c.workload}.share", c.share, part.share * n / part.count)
                    return part, n, periods
        self._need(c.workload, False, f"the assessment has no such part or time: {c.part}, month {c.from_month} to {until}")
        return None

    def _serving(self, c: Choice, part: Part, number: int, periods: tuple[Period, ...]) -> Serving:
        w = self.workloads[c.workload]
        v = volumes(w, self.a.horizon, self.c.assumptions, self.c.models[c.model].unit, part)
        return Serving(c, w, part, number, periods, v, self._judged(c))

    def _covered(self, serving: list[Serving]) -> None:
        """Each part is served whole in each period, no way twice, and the choices stand in the order of the parts and of time."""
        for part in self.parts:
            mine = [s for s in serving if s.part.id == part.id and not s.choice.stands_by]
            for p in self.periods:
                ways = [s for s in mine if p in s.periods]
                self._same(f"{part.id} in period {p.number}", sum(s.number for s in ways), part.count)
                self._need(part.id, len({s.choice.option for s in ways}) == len(ways), "one way serves it twice at one time")
        place = {part.id: n for n, part in enumerate(self.parts)}
        order = [(place[s.part.id], s.choice.stands_by, s.periods[0].number) for s in serving]
        self._need("choices", order == sorted(order), "they are not in the order of the workloads and of time")

    def _standing_by(self, serving: list[Serving]) -> None:
        """Where another operator must stand ready, one does, at all times, and nobody stands ready who need not."""
        every = self.a.constraints.standby_for_critical
        for part in self.parts:
            w = self.workloads[part.workload]
            ready = [s for s in serving if s.part.id == part.id and s.choice.stands_by]
            wanted = w.standby or every and w.criticality is Criticality.CRITICAL
            self._same(f"{part.id}: ways that stand by", len(ready), int(wanted))
            serve = {s.choice.operator for s in serving if s.part.id == part.id and not s.choice.stands_by}
            for s in ready:
                self._need(part.id, s.choice.operator not in serve, f"{s.choice.operator} both serves it and stands by for it")
                self._need(part.id, s.number == part.count and s.periods == self.periods, "what stands by does so for all of it at all times")
                offer = self.c.offers[s.choice.offer]
                by_use = offer.kind in (OfferKind.TOKENS, OfferKind.SEATS) and not offer.term_months and not offer.minimum_eur_per_month
                callable_ = by_use or offer.kind is OfferKind.RENT and self._hourly(offer, s.choice.site)
                self._need(part.id, callable_, "what stands by cannot be called upon within hours")

    def _hourly(self, offer: Offer, site: str | None) -> bool:
        """Whether the very same machine can be had for a period at a time under some offer."""
        return any(
            o.operator == offer.operator and o.kind is offer.kind and o.accelerator == offer.accelerator and o.accelerators == offer.accelerators
            and (site in o.sites or site is None) and self.bill.serves(o, self.periods[0]) <= self.periods[0].until
            for o in self.c.offers.values()
        )

    # ------------------------------------------------------------------------------------- references

    def _unresolved(self, c: Choice) -> bool:
        known = {
            "model": c.model in self.c.models, "mode": c.mode in self.c.modes, "operator": c.operator in self.c.parties,
            "offer": c.offer in self.c.offers, "hardware": c.hardware is None or c.hardware in self.c.accelerators,
            "site": c.site is None or c.site in self.c.sites,
        }
        for name, fine in known.items():
            self._need(f"{c.workload}.{name}", fine, "the catalog does not know it")
        return not all(known.values())

    def _judged(self, c: Choice) -> Judgement:
        model, offer = self.c.models[c.model], self.c.offers[c.offer]
        return self.panel.judge(deployment_of(self.c, self.workloads[c.workload], model, offer, c.site))

    # --------------------------------------------------------------------------------- one choice at a time

    def _choice(self, s: Serving) -> None:
        c, w, judged = s.choice, s.workload, s.judged
        offer, model, at = self.c.offers[c.offer], self.c.models[c.model], c.workload
        self._same(f"{at}.mode", c.mode, offer.mode)
        self._same(f"{at}.operator", c.operator, offer.operator)
        self._same(f"{at}.country", c.country, self.c.sites[c.site][0].country if c.site else None)
        sites = [x.id for x in self.c.parties[OWN].sites] if offer.kind is OfferKind.PURCHASE else list(offer.sites)
        self._need(f"{at}.site", c.site in sites if sites else c.site is None, f"{offer.id} is not sold there")
        self._allowed(s, offer)
        for barrier in judged.barriers:
            if barrier.begins is None or any(barrier.begins < p.end for p in s.periods):
                self.found.append(f"{at}: {barrier.reason} [{barrier.rule}]")
        self._same(f"{at}.effort", c.effort, w.reasoning_effort)
        self._same(f"{at}.seal_known", c.seal_known, judged.seal_known)
        self._same(f"{at}.seal_proven", c.seal_proven, judged.seal_proven)
        self._same(f"{at}.score_known", c.score_known, Decimal(judged.score) / SCORE_UNIT)
        self._same(f"{at}.conditional_on", c.conditional_on, judged.conditional_on)
        self._same(f"{at}.quality_probability", c.quality_probability, judged.quality_probability)
        self._same(f"{at}.quality_pinned", c.quality_pinned, judged.quality_pinned)
        if offer.kind in SERVICES:
            self._same(f"{at}.model", c.model, offer.model)
            hosted = (c.hardware, c.precision, c.tensor_parallel, c.pool, c.load, c.replicas, c.size)
            self._same(f"{at}.hardware", hosted, (None,) * 7)
            name = f"{model.id}@{offer.id}" + (f"/{c.site}" if c.site else "")
            whole = s.part.label is None and s.part.count == 1
            self._need(at, offer.kind is OfferKind.TOKENS or whole, "what is subscribed to serves whole workloads")
            for p in () if self.bill.spans(offer) else s.periods:
                s.lines[p.number] = self._metered(s, offer, p)
        else:
            self._hosted(s, offer)
            name = c.pool or ""
        self._same(f"{at}.option", c.option, name)
        expected = self.bill.standby_lines() if c.stands_by else s.own_lines()
        self._same(f"{at}.cost_lines", c.cost_lines, tuple(expected))
        self._same(f"{at}.sources", c.sources, tuple(sorted({line.source for line in expected} | set(judged.sources))))
        s.cents = sum(to_cents(line.amount_eur) for line in expected)

    def _metered(self, s: Serving, offer: Offer, p: Period) -> list[CostLine]:
        """What one equal part costs in a period under an offer that is paid by use or subscribed to."""
        if offer.kind is OfferKind.TOKENS:
            return self.bill.metered_lines(offer, s.workload, s.volumes, p)
        return self.bill.subscribed_lines(offer, s.workload, s.volumes, p)

    def _allowed(self, s: Serving, offer: Offer) -> None:
        """Kind, senses, context, wishes, dates, residency."""
        w, c, v = s.workload, s.choice, s.volumes
        model, at, start, end = self.c.models[c.model], w.id, s.periods[0].start, s.periods[-1].end
        coding = w.task in ("coding", "agents")
        self._need(at, model.kind == w.model_kind or (model.kind == "code" and coding), f"{model.name} is a {model.kind} model")
        reads = set(model.reads.value) | ({"document"} if "image" in model.reads.value else set())
        self._need(at, set(w.modalities) <= reads, f"{model.name} does not read {sorted(set(w.modalities) - reads)}")
        if model.unit is WorkUnit.TOKENS:
            fits = model.context_tokens is not None and model.context_tokens.value >= max(w.context_tokens or 0, v.input_tokens + v.output_tokens)
            self._need(at, fits, f"the context of {model.name} is too short or not known")
        self._need(at, not w.models or c.model in w.models, "the workload names other models")
        self._need(at, not w.modes or c.mode in w.modes, "the workload names other modes")
        wishes = self.a.constraints
        wished = (
            ("vendor", wishes.vendors, model.maker), ("operator", wishes.operators, c.operator), ("mode", wishes.modes, c.mode),
            ("country", wishes.countries, c.country),
        )
        for word, chosen, value in wished:
            inside = value not in chosen.exclude and (not chosen.only or value in chosen.only or (value == OWN and word != "mode"))
            self._need(at, inside and (value is not None or not (chosen.only or chosen.exclude)), f"the assessment does not allow the {word} {value}")
        opened = [offer.available_from, (model.released or model.weights_released).value if model.released or model.weights_released else None]
        opened += [self.c.sites[c.site][0].opens] if c.site else []
        self._need(at, all(day is None or first_day(day) <= start for day in opened), "it is not available when it begins to serve")
        closed = [offer.available_until]
        if offer.kind in SERVICES and offer.operator == model.maker and model.retires:
            closed.append(model.retires.value)
        self._need(at, all(day is None or first_day(day) >= end for day in closed), "it ends before it is to stop serving")
        self._need(at, self._resides(w, c, offer), f"data is not kept in: {w.residency}")

    def _resides(self, w: Workload, c: Choice, offer: Offer) -> bool:
        if w.residency is Residency.ANYWHERE:
            return True
        groups = self.c.country_groups
        inside = set(groups["eea"]) | (set(groups["adequate"]) if w.residency is Residency.EEA_OR_ADEQUATE else set())
        inside = {self.a.organisation.country} if w.residency is Residency.COUNTRY else inside
        spread = {"eu": set(groups["eu"]), "eea-ch": set(groups["eea"]) | {"CH"}}.get(offer.processing_region or "")
        return c.country in inside if c.country else spread is not None and spread <= inside

    def _hosted(self, s: Serving, offer: Offer) -> None:
        c, w, v = s.choice, s.workload, s.volumes
        model, at = self.c.models[c.model], c.workload
        server = self.c.servers[offer.server] if offer.kind is OfferKind.PURCHASE and offer.server else None
        self._same(f"{at}.hardware", c.hardware, server.accelerator if server else offer.accelerator)
        self._need(at, not offer.models_allowed or c.model in offer.models_allowed, f"{offer.id} does not run {model.name}")
        self._need(at, self.c.licences[model.licence.value].weights_available, f"the weights of {model.name} are not to be had")
        offered = set(model.published_precisions) or {"bf16", "fp8"}
        self._need(at, c.precision in offered, f"{model.name} is not served in {c.precision}")
        if c.hardware is None or c.precision not in offered or not c.tensor_parallel:
            return
        machine = offer.id + (f"/{c.site}" if c.site else "")
        self._same(f"{at}.pool", c.pool, f"{c.model}/{c.precision}/tp{c.tensor_parallel}@{machine}")
        goals = Goals(w.service.time_to_first_token_ms, float(w.service.tokens_per_second) if w.service.tokens_per_second else None)
        replica = Replica(model, self.c.accelerators[c.hardware], c.precision, c.tensor_parallel)
        size = capacity_for(replica, v, goals, constants_from(self.c.sizing), self.a.measured, self.c.published_rates.values())
        self._need(at, size.fits and size.requests_per_hour > 0, f"a replica cannot serve it: {size.because}")
        stated = c.size.model_dump() if c.size else None
        self._same(f"{at}.size", stated, {name: getattr(size, name) for name in Size.model_fields})
        if not size.requests_per_hour:
            return
        for p in self.periods:
            with exact():
                asked = max(v.requests[p.first:p.until]) / v.hours * v.peak
                s.loads[p.number] = max(int((asked * 1000 / size.requests_per_hour).to_integral_value(rounding=ROUND_CEILING)), 1)
        if c.stands_by:
            self._same(f"{at}.load", (c.load, c.replicas), (None, None))
        else:
            self._same(f"{at}.load", c.load, Decimal(max(s.load(p, None) for p in s.periods)) / 1000)

    def _assumptions(self, serving: list[Serving]) -> None:
        """Every assumption that stood in for something the assessment does not say is listed, with its value."""
        expected = {(a.workload, a.name): a for s in serving for a in s.volumes.assumed}
        stated = {(a.workload, a.name): a for a in self.plan.assumptions}
        for key, a in expected.items():
            self._same(f"assumption {a.name} of {a.workload}", stated.get(key), a)
        self._same("assumptions", len(self.plan.assumptions), len(expected))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:157] + "..."
