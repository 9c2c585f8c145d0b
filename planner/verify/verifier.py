"""A second pair of eyes: check a plan from the nouns alone.

Imports neither options nor optimising, on purpose: every euro, load and limit is computed again here, in exact
arithmetic, from Catalog + Assessment + the decisions in the plan, and compared with what the plan states.
"""
from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from planner.domain.assessment import Assessment, Criticality, Residency, Workload
from planner.domain.catalog import Catalog, Offer, OfferKind, WorkUnit
from planner.domain.overlay import laid_over
from planner.domain.plan import Choice, CostLine, Plan, Size
from planner.judging.deployment import OWN, deployment_of
from planner.judging.panel import Judgement, Panel
from planner.judging.portfolio import PORTFOLIO_WEIGHTS, SCORE_UNIT
from planner.quantities import add_months, exact, first_day, from_cents, share_out, to_cents
from planner.sizing.capacities import capacity_for
from planner.sizing.constants import constants_from
from planner.sizing.demand import Volumes, months_of, volumes
from planner.sizing.replica import Goals, Replica
from planner.verify.bill import Bill


def verify(plan: Plan, catalog: Catalog, assessment: Assessment, as_of: date) -> tuple[str, ...]:
    """Every way in which the plan does not hold, in words; empty when it does.

    `catalog` is the shipped one (or the user's own); the assessment is laid over it here. Money must agree to the cent.
    """
    return _Verifier(plan, laid_over(catalog, assessment), assessment, as_of).run()


class _Verifier:
    def __init__(self, plan: Plan, catalog: Catalog, assessment: Assessment, as_of: date):
        self.plan, self.c, self.a, self.as_of = plan, catalog, assessment, as_of
        self.months = months_of(assessment.horizon)
        self.workloads = {w.id: w for w in assessment.workloads}
        self.panel = Panel(catalog, assessment, as_of)
        self.found: list[str] = []
        self.bill = Bill(catalog, assessment, as_of, self.found)
        self.money: list[tuple[CostLine, str | None, str]] = []  # expected line, workload whose requests spread it, operator paid
        self.direct: Counter[str] = Counter()

    def run(self) -> tuple[str, ...]:
        self._same("as_of", self.plan.as_of, self.as_of)
        self._same("months", self.plan.months, self.a.horizon.months)
        served = [c.workload for c in self.plan.choices]
        self._same("choices", served, [w.id for w in self.a.workloads])
        if self.found or any([self._unresolved(c) for c in self.plan.choices]):
            return tuple(self.found)
        self.volumes = {c.workload: self._volumes(c) for c in self.plan.choices}
        self.judged = {c.workload: self._judged(c) for c in self.plan.choices}
        for choice in self.plan.choices:
            self._choice(choice)
        self._pools()
        self._nodes()
        self._shared()
        self._attributed()
        self._totals()
        self._limits()
        self._assumptions()
        return tuple(self.found)

    def _same(self, where: str, stated: Any, expected: Any) -> None:
        if stated != expected:
            self.found.append(f"{where}: the plan states {_short(stated)}, it is {_short(expected)}")

    def _need(self, where: str, holds: bool, says: str) -> None:
        if not holds:
            self.found.append(f"{where}: {says}")

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

    def _volumes(self, c: Choice) -> Volumes:
        return volumes(self.workloads[c.workload], self.a.horizon, self.c.assumptions, self.c.models[c.model].unit)

    def _judged(self, c: Choice) -> Judgement:
        model, offer = self.c.models[c.model], self.c.offers[c.offer]
        return self.panel.judge(deployment_of(self.c, self.workloads[c.workload], model, offer, c.site))

    # --------------------------------------------------------------------------------- one choice at a time

    def _choice(self, c: Choice) -> None:
        w, offer, model = self.workloads[c.workload], self.c.offers[c.offer], self.c.models[c.model]
        at, judged = c.workload, self.judged[c.workload]
        self._same(f"{at}.mode", c.mode, offer.mode)
        self._same(f"{at}.operator", c.operator, offer.operator)
        self._same(f"{at}.country", c.country, self.c.sites[c.site][0].country if c.site else None)
        sites = [s.id for s in self.c.parties[OWN].sites] if offer.kind is OfferKind.PURCHASE else list(offer.sites)
        self._need(f"{at}.site", c.site in sites if sites else c.site is None, f"{offer.id} is not sold there")
        self._allowed(w, c, offer)
        for barrier in judged.barriers:
            self.found.append(f"{at}: {barrier.reason} [{barrier.rule}]")
        self._same(f"{at}.effort", c.effort, w.reasoning_effort)
        self._same(f"{at}.seal_known", c.seal_known, judged.seal_known)
        self._same(f"{at}.seal_proven", c.seal_proven, judged.seal_proven)
        self._same(f"{at}.score_known", c.score_known, Decimal(judged.score) / SCORE_UNIT)
        self._same(f"{at}.conditional_on", c.conditional_on, judged.conditional_on)
        self._same(f"{at}.quality_probability", c.quality_probability, judged.quality_probability)
        self._same(f"{at}.quality_pinned", c.quality_pinned, judged.quality_pinned)
        self._same(f"{at}.carbon_kg", c.carbon_kg, None)
        self._same(f"{at}.exit_cost_eur", c.exit_cost_eur, None)
        if offer.kind in (OfferKind.TOKENS, OfferKind.SEATS):
            self._same(f"{at}.model", c.model, offer.model)
            lines = self.bill.seat_lines(offer, w) if offer.kind is OfferKind.SEATS else self.bill.metered_lines(offer, w, self.volumes[at])
            hosted = (c.hardware, c.precision, c.tensor_parallel, c.pool, c.load, c.replicas, c.size)
            self._same(f"{at}.hardware", hosted, (None,) * 7)
            name = f"{model.id}@{offer.id}" + (f"/{c.site}" if c.site else "")
        else:
            self._hosted(c, w, offer)
            lines, name = [], c.pool or ""
        self._same(f"{at}.option", c.option, name)
        self._lines(f"{at}.cost_lines", c.cost_lines, lines, at, c.operator)
        self.direct[at] = sum(to_cents(line.amount_eur) for line in lines)
        self._same(f"{at}.sources", c.sources, tuple(sorted({line.source for line in lines} | set(judged.sources))))

    def _allowed(self, w: Workload, c: Choice, offer: Offer) -> None:
        """Kind, senses, context, wishes, dates, residency."""
        model, at, start = self.c.models[c.model], w.id, self.a.horizon.start
        end = add_months(start, self.a.horizon.months)
        coding = w.task in ("coding", "agents")
        self._need(at, model.kind == w.model_kind or (model.kind == "code" and coding), f"{model.name} is a {model.kind} model")
        reads = set(model.reads.value) | ({"document"} if "image" in model.reads.value else set())
        self._need(at, set(w.modalities) <= reads, f"{model.name} does not read {sorted(set(w.modalities) - reads)}")
        v = self.volumes[at]
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
        self._need(at, all(day is None or first_day(day) <= start for day in opened), "it is not available at the start of the horizon")
        closed = [offer.available_until]
        if offer.kind in (OfferKind.TOKENS, OfferKind.SEATS) and offer.operator == model.maker and model.retires:
            closed.append(model.retires.value)
        self._need(at, all(day is None or first_day(day) >= end for day in closed), "it ends before the horizon does")
        self._need(at, self._resides(w, c, offer), f"data is not kept in: {w.residency}")

    def _resides(self, w: Workload, c: Choice, offer: Offer) -> bool:
        if w.residency is Residency.ANYWHERE:
            return True
        groups = self.c.country_groups
        inside = set(groups["eea"]) | (set(groups["adequate"]) if w.residency is Residency.EEA_OR_ADEQUATE else set())
        inside = {self.a.organisation.country} if w.residency is Residency.COUNTRY else inside
        spread = {"eu": set(groups["eu"]), "eea-ch": set(groups["eea"]) | {"CH"}}.get(offer.processing_region or "")
        return c.country in inside if c.country else spread is not None and spread <= inside

    def _hosted(self, c: Choice, w: Workload, offer: Offer) -> None:
        model, at, v = self.c.models[c.model], c.workload, self.volumes[c.workload]
        accelerator = self._machine(offer)[0]
        self._same(f"{at}.hardware", c.hardware, accelerator)
        self._need(at, not offer.models_allowed or c.model in offer.models_allowed, f"{offer.id} does not run {model.name}")
        self._need(at, self.c.licences[model.licence.value].weights_available, f"the weights of {model.name} are not to be had")
        offered = set(model.published_precisions) or {"bf16", "fp8"}
        self._need(at, c.precision in offered, f"{model.name} is not served in {c.precision}")
        if c.hardware is None or c.precision not in offered or not c.tensor_parallel:
            return
        goals = Goals(w.service.time_to_first_token_ms, float(w.service.tokens_per_second) if w.service.tokens_per_second else None)
        replica = Replica(model, self.c.accelerators[c.hardware], c.precision, c.tensor_parallel)
        size = capacity_for(replica, v, goals, constants_from(self.c.sizing), self.a.measured, self.c.published_rates.values())
        self._need(at, size.fits and size.requests_per_hour > 0, f"a replica cannot serve it: {size.because}")
        stated = c.size.model_dump() if c.size else None
        self._same(f"{at}.size", stated, {name: getattr(size, name) for name in Size.model_fields})
        if size.requests_per_hour:
            with exact():
                thousandths = int((v.peak_per_hour * 1000 / size.requests_per_hour).to_integral_value(rounding=ROUND_CEILING))
            self._same(f"{at}.load", c.load, Decimal(max(thousandths, 1)) / 1000)

    def _machine(self, offer: Offer) -> tuple[str | None, int]:
        """Accelerator and number of accelerators in one machine of an offer."""
        if offer.kind is OfferKind.PURCHASE and offer.server:
            server = self.c.servers[offer.server]
            return server.accelerator, server.accelerators
        return offer.accelerator, offer.accelerators

    def _lines(self, where: str, stated: tuple[CostLine, ...], expected: list[CostLine], workload: str | None, operator: str) -> None:
        self._same(where, stated, tuple(expected))
        self.money += [(line, workload, operator) for line in expected]

    # ---------------------------------------------------------------------------------- pools and machines

    def _pools(self) -> None:
        by_pool: dict[str, list[Choice]] = {}
        for c in self.plan.choices:
            if self.c.offers[c.offer].kind in (OfferKind.RENT, OfferKind.PURCHASE):
                key = f"{c.model}/{c.precision}/tp{c.tensor_parallel}@{c.offer}" + (f"/{c.site}" if c.site else "")
                self._same(f"{c.workload}.pool", c.pool, key)
                by_pool.setdefault(key, []).append(c)
        self._same("pools", [p.id for p in self.plan.pools], sorted(by_pool))
        for pool in self.plan.pools:
            on = by_pool.get(pool.id)
            if not on:
                continue
            first = on[0]
            load = sum((c.load or Decimal(0) for c in on), Decimal(0))
            vital = any(self.workloads[c.workload].criticality is Criticality.CRITICAL for c in on)
            spares = self.a.constraints.spare_replicas_for_critical if vital else 0
            expected = dict(
                model=first.model, precision=first.precision, accelerator=first.hardware, tensor_parallel=first.tensor_parallel, offer=first.offer,
                site=first.site, replicas=int(load.to_integral_value(rounding=ROUND_CEILING)) + spares, spares=spares, load=load,
                workloads=tuple(c.workload for c in on),
            )
            for name, value in expected.items():
                self._same(f"pool {pool.id}.{name}", getattr(pool, name), value)
            for c in on:
                self._same(f"{c.workload}.replicas", c.replicas, expected["replicas"])

    def _nodes(self) -> None:
        held: Counter[tuple[str, str | None]] = Counter()
        for pool in self.plan.pools:
            held[pool.offer, pool.site] += pool.replicas * pool.tensor_parallel
        names = {f"{offer}/{site}" if site else offer: (offer, site) for offer, site in held}
        self._same("nodes", [g.id for g in self.plan.nodes], sorted(names))
        for group in self.plan.nodes:
            if group.id not in names or names[group.id][0] not in self.c.offers:
                continue
            offer_id, site = names[group.id]
            offer = self.c.offers[offer_id]
            accelerator, each = self._machine(offer)
            count = -(-held[offer_id, site] // max(each, 1))
            each_costs = self.bill.node_lines(offer, site)
            lines = [x.model_copy(update={"quantity": x.quantity * count, "amount_eur": x.amount_eur * count}) for x in each_costs]
            watts = int(self.c.servers[offer.server].power_w.value) if offer.kind is OfferKind.PURCHASE and offer.server else None
            expected = dict(
                offer=offer_id, site=site, accelerator=accelerator, accelerators_each=each, nodes=count, months=len(self.months),
                cost_eur=_total(lines), capex_eur=_total([line for line in lines if line.capex]),
                power_kw=None if watts is None else Decimal(watts * count) / 1000,
            )
            for name, value in expected.items():
                self._same(f"node {group.id}.{name}", getattr(group, name), value)
            self._lines(f"node {group.id}.cost_lines", group.cost_lines, lines, None, offer.operator)

    def _shared(self) -> None:
        needed: dict[str, tuple[str, str | None, list[CostLine], list[str]]] = {}
        for c in self.plan.choices:
            for key, what, operator, lines in self.bill.works(c, self.judged[c.workload]):
                needed.setdefault(key, (what, operator, lines, []))[3].append(c.workload)
        self._same("shared", [s.id for s in self.plan.shared], sorted(needed))
        for item in self.plan.shared:
            if item.id in needed:
                what, operator, lines, users = needed[item.id]
                stated = (item.what, item.operator, item.workloads, item.cost_eur)
                self._same(f"shared {item.id}", stated, (what, operator, tuple(users), _total(lines)))
                self._lines(f"shared {item.id}.cost_lines", item.cost_lines, lines, None, operator or OWN)

    # ------------------------------------------------------------------------------------ sums and limits

    def _attributed(self) -> None:
        cents = Counter(self.direct)
        choices = {c.workload: c for c in self.plan.choices}
        for group in self.plan.nodes:
            parts: list[tuple[str, Decimal]] = []
            for pool in (p for p in self.plan.pools if (p.offer, p.site) == (group.offer, group.site)):
                whole = sum((choices[w].load or Decimal(0) for w in pool.workloads if w in choices), Decimal(0))
                with exact():
                    filled = pool.replicas * pool.tensor_parallel
                    parts += [(w, filled * (choices[w].load or 0) / whole) for w in pool.workloads if w in choices and whole]
            for (w, _), part in zip(parts, share_out(to_cents(group.cost_eur), [p for _, p in parts]), strict=True):
                cents[w] += part
        for item in self.plan.shared:
            for w, part in zip(item.workloads, share_out(to_cents(item.cost_eur), [Decimal(1)] * len(item.workloads)), strict=True):
                cents[w] += part
        for c in self.plan.choices:
            self._same(f"{c.workload}.cost_eur", c.cost_eur, from_cents(cents[c.workload]))

    def _totals(self) -> None:
        years = sorted({m.year for m in self.months})
        by_year, by_layer, by_operator = Counter(dict.fromkeys(years, 0)), Counter(dict.fromkeys(("L1", "L2", "L3", "L4"), 0)), Counter[str]()
        for line, workload, operator in self.money:
            cents = to_cents(line.amount_eur)
            by_layer[line.layer] += cents
            by_operator[operator] += cents
            for year, part in zip(years, share_out(cents, self._year_weights(line, workload, years)), strict=True):
                by_year[year] += part
        lines = [line for line, _, _ in self.money]
        expected = dict(
            total_eur=_total(lines), capex_eur=_total([line for line in lines if line.capex]),
            by_year={str(y): from_cents(by_year[y]) for y in years}, by_layer={k: from_cents(v) for k, v in by_layer.items()},
            by_operator={k: from_cents(by_operator[k]) for k in sorted(by_operator)},
        )
        for name, value in expected.items():
            self._same(f"cost.{name}", getattr(self.plan.cost, name), value)

    def _year_weights(self, line: CostLine, workload: str | None, years: list[int]) -> list[Decimal]:
        if line.spread == "start":
            return [Decimal(y == years[0]) for y in years]
        if line.spread == "usage" and workload is not None:
            requests = self.volumes[workload].requests
            return [sum((r for m, r in zip(self.months, requests, strict=True) if m.year == y), Decimal(0)) for y in years]
        return [Decimal(sum(m.year == y for m in self.months)) for y in years]

    def _limits(self) -> None:
        cost, limits, budget = self.plan.cost, self.a.constraints, self.a.constraints.budget
        self._need("budget", budget.total is None or cost.total_eur <= budget.total, f"EUR {cost.total_eur} is over the budget of {budget.total}")
        self._need("capex", budget.capex is None or cost.capex_eur <= budget.capex, f"EUR {cost.capex_eur} is over the {budget.capex} for buying")
        for year, amount in budget.per_year.items():
            spent = cost.by_year.get(str(year), Decimal(0))
            self._need(f"budget {year}", spent <= amount, f"EUR {spent} is over the budget of {amount}")
        self._shares()
        used = {(c.operator, c.model) for c in self.plan.choices}
        for most, names, word in ((limits.max_operators, {o for o, _ in used}, "operators"), (limits.max_models, {m for _, m in used}, "models")):
            self._need(word, most is None or len(names) <= most, f"{len(names)} {word} are more than {most}")
        missing = set(limits.required_operators) - {o for o, _ in used}
        self._need("required operators", not missing, f"nothing runs at {sorted(missing)}")
        wanted = limits.sovereignty.min_score
        if wanted is not None:
            weights = {w.id: PORTFOLIO_WEIGHTS[w.criticality] for w in self.a.workloads}
            strict = limits.sovereignty.basis == "strict"
            reached = sum(weights[w] * (j.score_strict if strict else j.score) for w, j in self.judged.items())
            self._need("sovereignty", reached >= wanted * SCORE_UNIT * sum(weights.values()), f"the portfolio's score is below {wanted}")
        for site in self.a.organisation.sites:
            drawn = sum((g.power_kw or Decimal(0) for g in self.plan.nodes if g.site == site.id), Decimal(0))
            self._need(f"site {site.id}", site.power_kw is None or drawn <= site.power_kw, f"{drawn} kW are more than {site.power_kw}")
        if limits.max_carbon_kg is not None:
            kilos = self._kilos()
            self._need("carbon", kilos is not None and kilos <= limits.max_carbon_kg, f"not known to stay within {limits.max_carbon_kg} kg CO2e")

    def _shares(self) -> None:
        """No operator but the organisation itself carries more than its share."""
        limits = self.a.constraints.concentration
        vital = {w.id for w in self.a.workloads if w.criticality is Criticality.CRITICAL}
        for operator in sorted({c.operator for c in self.plan.choices} - {OWN}):
            spend = self.plan.cost.by_operator.get(operator, Decimal(0))
            most = limits.max_share_of_spend
            self._need("concentration", most is None or spend <= most * self.plan.cost.total_eur, f"{operator} gets more than {most} of the spend")
            carried = sum(c.workload in vital and c.operator == operator for c in self.plan.choices)
            most = limits.max_share_of_critical
            says = f"{operator} carries more than {most} of the critical workloads"
            self._need("concentration", most is None or carried <= int(most * len(vital)), says)

    def _kilos(self) -> int | None:
        """CO2e of the plan over the horizon; None as soon as one choice's is not known."""
        if any(self.c.offers[c.offer].kind is not OfferKind.PURCHASE for c in self.plan.choices):
            return None
        total = 0
        for group in self.plan.nodes:
            server = self.c.servers[self.c.offers[group.offer].server or ""]
            site = next(s for s in self.a.organisation.sites if s.id == group.site)
            grid = self.c.countries[site.country].grid_g_per_kwh if site.country in self.c.countries else None
            if grid is None:
                return None
            n = self.bill.number
            with exact():
                watts = int((server.power_w.value * n("average-power-share") * (site.pue or n("pue"))).to_integral_value())
                kilos = watts * n("hours-per-month") * len(self.months) * grid.value / 10**6
            total += group.nodes * int(kilos.to_integral_value(rounding=ROUND_CEILING))
        return total

    def _assumptions(self) -> None:
        """Every assumption that stood in for something the assessment does not say is listed, with its value."""
        expected = [a for w in sorted(self.volumes) for a in self.volumes[w].assumed]
        stated = {(a.workload, a.name): a for a in self.plan.assumptions}
        for a in expected:
            self._same(f"assumption {a.name} of {a.workload}", stated.get((a.workload, a.name)), a)
        self._same("assumptions", len(self.plan.assumptions), len(expected))


def _total(lines: list[CostLine]) -> Decimal:
    return from_cents(sum(to_cents(line.amount_eur) for line in lines))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 160 else text[:157] + "..."
