"""The bill once more: every cost line of a plan computed from the nouns, without the pricing of the options room."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import Catalog, Offer, OfferKind, Price, PriceLayer, PriceUnit
from planner.domain.plan import Choice, CostLine
from planner.judging.panel import Judgement
from planner.quantities import exact, round_cents
from planner.sizing.demand import Volumes, months_of


class Bill:
    """Cost lines of one assessment on one day, over the whole horizon, rounded per line to the cent. What cannot be priced is told to `found`."""

    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date, found: list[str]):
        self.c, self.a, self.as_of, self.found = catalog, assessment, as_of, found
        self.months = months_of(assessment.horizon)

    def priced(self, what: str, offer: Offer, price: Price, quantity: Decimal, capex: bool = False, spread: str = "even") -> CostLine:
        """Quantity × price in the price's own currency, at the rate of the day."""
        rate = self.c.rate(price.currency, self.as_of).per_eur
        with exact():
            amount = round_cents(price.amount * quantity / rate)
        return CostLine(what=what, layer=offer.layer, offer=offer.id, unit=price.unit, quantity=quantity, price=price.amount, currency=price.currency,
                        per_eur=rate, amount_eur=amount, capex=capex, estimate=price.estimate, spread=spread, source=price.source, date=price.date)

    def worked(self, what: str, quantity: Decimal, eur: Decimal, unit: PriceUnit, source: str = "own-assumption", *, capex: bool = False,
                spread: str = "even", offer: str | None = None, estimate: bool = True) -> CostLine:
        """Quantity × a price in euros that is an assumption or follows from one."""
        with exact():
            amount = round_cents(eur * quantity)
        return CostLine(what=what, layer=PriceLayer.L4, offer=offer, unit=unit, quantity=quantity, price=eur, currency="EUR", per_eur=Decimal(1),
                        amount_eur=amount, capex=capex, estimate=estimate, spread=spread, source=source, date=self.as_of.isoformat())

    def number(self, name: str) -> Decimal:
        """An assumption's value."""
        return self.c.assumptions[name].value

    def metered_lines(self, offer: Offer, w: Workload, v: Volumes) -> list[CostLine]:
        """What the metered work of a workload costs, unit by unit."""
        with exact():
            n = sum(v.requests, Decimal(0))
            read, cached = n * v.input_tokens / 10**6, n * v.input_tokens * v.cached_share / 10**6
            quantities = [
                ("input tokens (millions)", PriceUnit.INPUT_MTOK, n * v.input_tokens * (1 - v.cached_share) / 10**6),
                ("cached input tokens (millions)", PriceUnit.CACHED_MTOK, cached),
                ("output tokens (millions)", PriceUnit.OUTPUT_MTOK, n * v.output_tokens / 10**6),
                ("pages (thousands)", PriceUnit.THOUSAND_PAGES, n * v.pages / 1000),
                ("audio hours", PriceUnit.AUDIO_HOUR, n * v.audio_minutes / 60),
            ]
            if cached > read:
                self.found.append(f"{w.id}: more input is cached than read")
        lines = []
        for what, unit, quantity in quantities:
            if not quantity:
                continue
            units = [unit, PriceUnit.INPUT_MTOK] if unit is PriceUnit.CACHED_MTOK else [unit]
            prices = [self.c.price(offer, u, self.as_of, batch) for u in units for batch in ((True, False) if w.demand.batch else (False,))]
            price = next((p for p in prices if p is not None), None)
            if price is None:
                self.found.append(f"{w.id}: {offer.id} has no price for {what}")
            else:
                lines.append(self.priced(what, offer, price, quantity, spread="usage"))
        return lines

    def seat_lines(self, offer: Offer, w: Workload) -> list[CostLine]:
        """What the seats of a workload cost."""
        price = self.c.price(offer, PriceUnit.SEAT_MONTH, self.as_of)
        if price is None or not w.seats:
            self.found.append(f"{w.id}: {offer.id} cannot be priced by the seat")
        return [self.priced("seats", offer, price, Decimal((w.seats or 0) * len(self.months)))] if price else []

    def node_lines(self, offer: Offer, site: str | None) -> list[CostLine]:
        """What one machine costs over the horizon."""
        if offer.kind is OfferKind.PURCHASE:
            return self._bought_lines(offer, site)
        term = offer.term_months or 1
        months = len(self.months) if offer.term_months == 0 else term * ((len(self.months) + term - 1) // term)
        price, hours = self.c.price(offer, PriceUnit.ACCELERATOR_MONTH, self.as_of), Decimal(1)
        if price is None:
            price, hours = self.c.price(offer, PriceUnit.ACCELERATOR_HOUR, self.as_of), self.number("hours-per-month")
        if price is None:
            self.found.append(f"{offer.id}: it has no price on the day")
            return []
        return [self.priced("rented accelerators", offer, price, offer.accelerators * months * hours)]

    def _bought_lines(self, offer: Offer, site_id: str | None) -> list[CostLine]:
        site = next((s for s in self.a.organisation.sites if s.id == site_id), None)
        price = self.c.price(offer, PriceUnit.SERVER, self.as_of)
        if site is None or price is None or offer.server is None:
            self.found.append(f"{offer.id}: it cannot be bought for {site_id}")
            return []
        server, n, months = self.c.servers[offer.server], self.number, len(self.months)
        here = self.c.countries.get(site.country)
        generations = -(-months // int(n("server-life-months")))
        bought = self.priced("servers", offer, price, Decimal(generations), capex=True, spread="start")
        power, colo = (here.electricity_eur_per_kwh, here.colocation_eur_per_kw_month) if here else (None, None)
        tariff = (power.value, power.source) if power else (n("electricity-eur-per-kwh"), "own-assumption")
        if site.electricity_eur_per_kwh is not None:
            tariff = (site.electricity_eur_per_kwh, "own-assessment")
        with exact():
            kilowatts = server.power_w.value / 1000
            drawn = kilowatts * n("average-power-share") * (site.pue or n("pue")) * n("hours-per-month") * months
            network, upkeep = bought.amount_eur * n("network-share"), bought.amount_eur * n("maintenance-share-per-year") / 12
        lines = [
            bought, self.worked("network, racks, installation", Decimal(1), network, PriceUnit.ONCE, capex=True, spread="start", offer=offer.id),
            self.worked("maintenance", Decimal(months), upkeep, PriceUnit.PLATFORM_MONTH, offer=offer.id),
            self.worked("electricity (kWh)", drawn, tariff[0], PriceUnit.KWH, tariff[1], offer=offer.id),
        ]
        if site.kind == "colocation":
            rent = (colo.value, colo.source) if colo else (n("colocation-eur-per-kw-month"), "own-assumption")
            lines.append(self.worked("colocation (kW months)", kilowatts * months, rent[0], PriceUnit.KW_MONTH, rent[1], offer=offer.id))
        return lines

    def works(self, c: Choice, judged: Judgement) -> list[tuple[str, str, str | None, list[CostLine]]]:
        """What is paid once because of a choice: the operator, the model, the cures of legal demands."""
        n, months, party = self.number, len(self.months), self.c.parties[c.operator]
        monthly = round_cents(n("staff-year-eur") / 12)
        operator = [
            self.worked("set-up", n(f"onboarding-days-{c.mode}"), n("engineer-day-eur"), PriceUnit.ENGINEER_DAY, spread="start"),
            self.worked("running", n(f"staff-fte-{c.mode}") * months, monthly, PriceUnit.PERSON_MONTH),
        ]
        model = self.worked("evaluation and roll-out", n("model-onboarding-days"), n("engineer-day-eur"), PriceUnit.ENGINEER_DAY, spread="start")
        name = self.c.models[c.model].name
        works = [
            (f"operator:{c.operator}:{c.mode}", f"Set up and run {party.name} ({c.mode})", c.operator, operator),
            (f"model:{c.model}:{c.operator}", f"Evaluate and roll out {name}", c.operator, [model]),
        ]
        for rule, cure in judged.cures:
            scope = {"workload": c.workload, "operator": c.operator, "organisation": "all"}[cure.per]
            line = self.worked(cure.what, Decimal(1), cure.cost_eur, PriceUnit.ONCE, spread="start", estimate=cure.estimate)
            works.append((f"cure:{rule}:{scope}", cure.what, c.operator if cure.per == "operator" else None, [line]))
        return works
