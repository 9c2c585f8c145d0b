"""The bill once more: every cost line of a plan computed from the nouns, without the pricing of the options room."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Workload
from planner.domain.catalog import Catalog, Offer, OfferKind, Price, PriceLayer, PriceUnit, Throughput
from planner.domain.plan import Choice, CostLine
from planner.judging.panel import Judgement
from planner.quantities import add_months, exact, first_day, round_cents
from planner.sizing.demand import Period, Volumes, periods_of


class Bill:
    """Cost lines of one assessment on one day, rounded per line to the cent. What cannot be priced is told to `found`."""

    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date, found: list[str]):
        self.c, self.a, self.as_of, self.found = catalog, assessment, as_of, found
        self.months = assessment.horizon.months
        self.periods = periods_of(assessment.horizon)

    def priced(self, what: str, offer: Offer, price: Price, quantity: Decimal, at: Period, until: int | None = None, capex: bool = False,
               spread: str = "even", counts: Decimal | None = None) -> CostLine:
        """Quantity × price × what of it counts, in the price's own currency, at the rate of the day."""
        rate = self.c.rate(price.currency, self.as_of).per_eur
        factor = self.counting(offer, at) if counts is None else counts
        with exact():
            amount = round_cents(price.amount * quantity * factor / rate)
        return CostLine(what=what, layer=offer.layer, offer=offer.id, unit=price.unit, quantity=quantity, price=price.amount, currency=price.currency,
                        per_eur=rate, amount_eur=amount, capex=capex, estimate=price.estimate, spread=spread, factor=factor,
                        source=price.source, date=price.date, from_month=at.first, until_month=self._end(at, until))

    def worked(self, what: str, quantity: Decimal, eur: Decimal, unit: PriceUnit, at: Period, until: int | None = None,
               source: str = "own-assumption", *, capex: bool = False, spread: str = "even", offer: str | None = None,
               estimate: bool = True) -> CostLine:
        """Quantity × a price in euros that is an assumption or follows from one."""
        with exact():
            amount = round_cents(eur * quantity)
        return CostLine(what=what, layer=PriceLayer.L4, offer=offer, unit=unit, quantity=quantity, price=eur, currency="EUR", per_eur=Decimal(1),
                        amount_eur=amount, capex=capex, estimate=estimate, spread=spread, source=source, date=self.as_of.isoformat(),
                        from_month=at.first, until_month=self._end(at, until))

    def _end(self, at: Period, until: int | None) -> int | None:
        last = at.first + at.months if until is None else until
        return last if last < self.months else None

    def number(self, name: str) -> Decimal:
        """An assumption's value."""
        return self.c.assumptions[name].value

    def counting(self, offer: Offer, at: Period) -> Decimal:
        """What of a list price counts: less the discount on the offer or with its operator, and the assumed change since the start."""
        off = self.a.discounts.get(offer.id)
        off = self.a.discounts.get(offer.operator, Decimal(0)) if off is None else off
        with exact():
            return (1 - off) * (1 + self.number(f"price-change-{offer.kind}-per-year")) ** (at.first // 12)

    def listed(self, offer: Offer, unit: PriceUnit, at: Period, batch: bool = False) -> Price | None:
        """The latest price that holds when a period starts; what starts after the planning day must have been read by then."""
        best = None
        for p in offer.prices:
            begins, read = first_day(p.valid_from), first_day(p.date)
            if p.unit != unit or p.batch != batch or begins > max(at.start, self.as_of) or (begins > self.as_of and read > self.as_of):
                continue
            if best is None or (begins, read) > (first_day(best.valid_from), first_day(best.date)):
                best = p
        return best

    def metered_lines(self, offer: Offer, w: Workload, v: Volumes, at: Period) -> list[CostLine]:
        """What the metered work of one equal part of a workload costs in a period, unit by unit."""
        with exact():
            n = sum(v.requests[at.first:at.first + at.months], Decimal(0))
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
            prices = [self.listed(offer, u, at, batch) for u in units for batch in ((True, False) if w.demand.batch else (False,))]
            price = next((p for p in prices if p is not None), None)
            if price is None:
                self.found.append(f"{w.id}: {offer.id} has no price for {what}")
            else:
                lines.append(self.priced(what, offer, price, quantity, at, spread="usage"))
        return lines

    def subscribed_lines(self, offer: Offer, w: Workload, v: Volumes, at: Period) -> list[CostLine]:
        """What a workload's seats, or the throughput provisioned for it, cost when begun in a period, for as long as they last."""
        until = self.serves(offer, at) if self.spans(offer) else at.until
        months = until - at.first
        months = months if offer.term_months == 0 else offer.term_months * -(-months // offer.term_months)
        if offer.kind is OfferKind.SEATS:
            what, price, each = "seats", self.listed(offer, PriceUnit.SEAT_MONTH, at), 1
            number = max(w.seats or 0, offer.minimum_seats) if w.seats and w.seats <= (offer.maximum_seats or w.seats) else 0
        else:
            what, price, each, number = "provisioned throughput", self.listed(offer, PriceUnit.THROUGHPUT_UNIT_MONTH, at), 1, 0
            if price is None:
                price, each = self.listed(offer, PriceUnit.THROUGHPUT_UNIT_HOUR, at), self.number("hours-per-month")
            if offer.throughput is not None and v.input_tokens:
                number = self._units(offer.throughput, v, at.first, until)
        if price is None or not number:
            self.found.append(f"{w.id}: {offer.id} cannot be priced for it")
        if price is None or not offer.paid_ahead:
            return [self.priced(what, offer, price, Decimal(number * months * each), at, until)] if price else []
        lines, counts = [], self.counting(offer, at)
        for first in range(at.first, until, offer.term_months):
            end = min(first + offer.term_months, until)
            term, quantity = Period(at.number, first, end - first, at.start, at.end), Decimal(number * offer.term_months * each)
            lines.append(self.priced(what, offer, price, quantity, term, end, spread="start", counts=counts))
        return lines

    def _units(self, t: Throughput, v: Volumes, first: int, until: int) -> int:
        """The fewest units on sale that carry the busiest minute, filled to the planned share."""
        with exact():
            tokens = v.input_tokens * ((1 - v.cached_share) + v.cached_share * t.cached_weight) + v.output_tokens * t.output_weight
            wanted = tokens * max(v.requests[first:until]) / v.hours * v.peak / 60
            each, bought = t.input_tokens_per_minute * self.number("provisioned-share-filled"), t.least_units
            while bought * each < wanted:
                bought += t.step_units
            return bought

    def spans(self, offer: Offer) -> bool:
        """Whether a subscription that is begun in one period goes on into others."""
        return offer.kind in (OfferKind.SEATS, OfferKind.PROVISIONED) and self.serves(offer, self.periods[0]) > self.periods[0].until

    # ------------------------------------------------------------------------------------------- machines

    def serves(self, offer: Offer, at: Period) -> int:
        """The first month in which what is taken on in a period no longer serves: a machine, or a subscription with a term."""
        length = self.periods[0].months
        held = int(self.number("server-life-months")) if offer.kind is OfferKind.PURCHASE else offer.term_months
        if held >= self.months:
            return self.months
        return min(at.first + max(held // length, 1) * length, self.months)

    def by_the_hour(self, offer: Offer) -> bool:
        """Whether a machine is let go between blocks of hours."""
        free = offer.kind is OfferKind.RENT and not offer.term_months and bool(self.a.horizon.hours)
        return free and self.listed(offer, PriceUnit.ACCELERATOR_MONTH, self.periods[0]) is None

    def node_lines(self, offer: Offer, site: str | None, at: Period, hours: str | None = None) -> list[CostLine]:
        """What one machine costs that is taken on in a period, for as long as it serves; in one block of hours where it is let go between."""
        until = self.serves(offer, at)
        if offer.kind is OfferKind.PURCHASE:
            return self._bought_lines(offer, site, at, until)
        term, lasts = offer.term_months or 1, until - at.first
        months = lasts if offer.term_months == 0 else term * ((lasts + term - 1) // term)
        price, each = self.listed(offer, PriceUnit.ACCELERATOR_MONTH, at), Decimal(1)
        if price is None:
            price, each = self.listed(offer, PriceUnit.ACCELERATOR_HOUR, at), self.number("hours-per-month")
            each = next((Decimal(h.hours_per_month) for h in self.a.horizon.hours if h.id == hours), each)
        if price is None:
            self.found.append(f"{offer.id}: it has no price then")
            return []
        return [self.priced("rented accelerators", offer, price, offer.accelerators * months * each, at, until)]

    def _bought_lines(self, offer: Offer, site_id: str | None, at: Period, until: int) -> list[CostLine]:
        site = next((s for s in self.a.organisation.sites if s.id == site_id), None)
        price, n = self.listed(offer, PriceUnit.SERVER, at), self.number
        late = n("server-lead-months") and add_months(self.as_of, int(n("server-lead-months"))) > at.start
        if site is None or price is None or offer.server is None or late:
            self.found.append(f"{offer.id}: it cannot be bought for {site_id} by then")
            return []
        server, months = self.c.servers[offer.server], until - at.first
        here = self.c.countries.get(site.country)
        generations = Decimal(-(-months // int(n("server-life-months"))))
        bought = self.priced("servers", offer, price, generations, at, until, capex=True, spread="start")
        power, colo = (here.electricity_eur_per_kwh, here.colocation_eur_per_kw_month) if here else (None, None)
        tariff = (power.value, power.source) if power else (n("electricity-eur-per-kwh"), "own-assumption")
        if site.electricity_eur_per_kwh is not None:
            tariff = (site.electricity_eur_per_kwh, "own-assessment")
        with exact():
            kilowatts = server.power_w.value / 1000
            drawn = kilowatts * n("average-power-share") * (site.pue or n("pue")) * n("hours-per-month") * months
            network, spares = bought.amount_eur * n("network-share"), bought.amount_eur * n("spare-parts-share")
            upkeep, back = bought.amount_eur * n("maintenance-share-per-year") / 12, bought.factor * n("residual-share")
        once = dict(capex=True, spread="start", offer=offer.id)
        lines = [
            bought, self.worked("network, racks, installation", Decimal(1), network, PriceUnit.ONCE, at, until, **once),
            self.worked("spare parts", Decimal(1), spares, PriceUnit.ONCE, at, until, **once),
            self.worked("maintenance", Decimal(months), upkeep, PriceUnit.PLATFORM_MONTH, at, until, offer=offer.id),
            self.worked("electricity (kWh)", drawn, tariff[0], PriceUnit.KWH, at, until, tariff[1], offer=offer.id),
        ]
        rent = (n("own-room-eur-per-kw-month"), "own-assumption")
        if site.kind == "colocation":
            rent = (colo.value, colo.source) if colo else (n("colocation-eur-per-kw-month"), "own-assumption")
        room = "colocation (kW months)" if site.kind == "colocation" else "own room (kW months)"
        lines.append(self.worked(room, kilowatts * months, rent[0], PriceUnit.KW_MONTH, at, until, rent[1], offer=offer.id))
        return lines + ([self.priced("resale at the end", offer, price, generations, at, until, spread="end", counts=-back)] if back else [])

    # -------------------------------------------------------------------------------------- work, moves, standby

    def works(self, c: Choice, judged: Judgement) -> list[tuple[str, str, str | None, str, Decimal, Decimal, PriceUnit, bool]]:
        """What is paid once because of a choice: ticket, its words, who is paid, then the line's words, quantity, price, unit, estimate."""
        n, party = self.number, self.c.parties[c.operator]
        day = n("engineer-day-eur")
        works = [
            (f"operator:{c.operator}:{c.mode}", f"Set up and run {party.name} ({c.mode})", c.operator, "set-up", n(f"onboarding-days-{c.mode}"), day,
             PriceUnit.ENGINEER_DAY, True),
            (f"model:{c.model}:{c.operator}", f"Evaluate and roll out {self.c.models[c.model].name}", c.operator, "evaluation and roll-out",
             n("model-onboarding-days"), day, PriceUnit.ENGINEER_DAY, True),
        ]
        for rule, cure in judged.cures:
            scope = {"workload": c.workload, "operator": c.operator, "organisation": "all"}[cure.per]
            whom = c.operator if cure.per == "operator" else None
            works.append((f"cure:{rule}:{scope}", cure.what, whom, cure.what, Decimal(1), cure.cost_eur, PriceUnit.ONCE, cure.estimate))
        return works

    def running(self, c: Choice, at: Period) -> CostLine:
        """Looking after a choice's operator for a period."""
        monthly = round_cents(self.number("staff-year-eur") / 12)
        return self.worked("running", self.number(f"staff-fte-{c.mode}") * at.months, monthly, PriceUnit.PERSON_MONTH, at)

    def moving(self, at: Period) -> CostLine:
        """Moving one part to another operator or model at the start of a period."""
        return self.worked("moving", self.number("moving-days"), self.number("engineer-day-eur"), PriceUnit.ENGINEER_DAY, at, spread="start")

    def standby_lines(self) -> list[CostLine]:
        """Keeping a way ready over the whole horizon."""
        with exact():
            days = self.number("standby-days-per-year") * self.months / 12
        return [self.worked("trying the take-over", days, self.number("engineer-day-eur"), PriceUnit.ENGINEER_DAY, self.periods[0], self.months)]
