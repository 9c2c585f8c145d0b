"""Money of one option: metered tokens, machines, and work that is paid once. Exact, line by line, with sources."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, OwnSite
from planner.domain.catalog import Catalog, Cure, Model, Offer, OfferKind, Party, Price, PriceLayer, PriceUnit
from planner.domain.plan import CostLine
from planner.options.carbon import machine_kilos
from planner.options.option import Lines, SharedKind, TermKind
from planner.quantities import add_months, exact, first_day, round_cents
from planner.sizing.demand import Period, Volumes, periods_of

MILLION = Decimal(1_000_000)


class Pricer:
    """Prices options of one assessment on one day. Every amount is euros over the months it covers, rounded per line to the cent."""

    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date):
        self.catalog, self.assessment, self.as_of = catalog, assessment, as_of
        self.months = assessment.horizon.months
        self.periods = periods_of(assessment.horizon)
        self.own_sites = {site.id: site for site in assessment.organisation.sites}
        self._rates = {c: catalog.rate(c, as_of).per_eur for c in sorted({r.currency for r in catalog.rates if r.date <= as_of} | {"EUR"})}

    # ------------------------------------------------------------------------------------------- lines

    def line(
        self, what: str, offer: Offer, price: Price, quantity: Decimal, period: Period, *, until: int | None = None, capex: bool = False,
        spread: str = "even", factor: Decimal | None = None,
    ) -> CostLine:
        """Quantity × price × factor in the price's own currency, at the rate of the planning day."""
        rate, counts = self._rates[price.currency], self.factor(offer, period) if factor is None else factor
        with exact():
            amount = round_cents(quantity * price.amount * counts / rate)
        return CostLine(
            what=what, layer=offer.layer, offer=offer.id, unit=price.unit, quantity=quantity.normalize() + 0, price=price.amount,
            currency=price.currency, per_eur=rate, amount_eur=amount, capex=capex, estimate=price.estimate, spread=spread, factor=counts,
            source=price.source, date=price.date, **self._covering(period, until),
        )

    def assumed_line(
        self, what: str, quantity: Decimal, price_eur: Decimal, unit: PriceUnit, source: str, period: Period, *, until: int | None = None,
        capex: bool = False, spread: str = "even", estimate: bool = True, offer: str | None = None,
    ) -> CostLine:
        """A line whose price is an assumption or follows from one; always marked as an estimate unless said otherwise."""
        with exact():
            amount = round_cents(quantity * price_eur)
        return CostLine(
            what=what, layer=PriceLayer.L4, offer=offer, unit=unit, quantity=quantity.normalize() + 0, price=price_eur, currency="EUR",
            per_eur=Decimal(1), amount_eur=amount, capex=capex, estimate=estimate, spread=spread, source=source, date=self.as_of.isoformat(),
            **self._covering(period, until),
        )

    def _covering(self, period: Period, until: int | None) -> dict[str, int | None]:
        """The months that a line covers; nothing is said of an end that is the horizon's."""
        end = period.until if until is None else until
        return {"from_month": period.first, "until_month": None if end >= self.months else end}

    def number(self, name: str) -> Decimal:
        """An assumption's value."""
        return self.catalog.assumptions[name].value

    def price(self, offer: Offer, unit: PriceUnit, period: Period, batch: bool = False) -> Price | None:
        """The price when a period starts, as far as it was announced by the planning day."""
        day = max(self.as_of, period.start)
        known = [
            p for p in offer.prices
            if p.unit is unit and p.batch == batch and first_day(p.valid_from) <= day
            and (first_day(p.valid_from) <= self.as_of or first_day(p.date) <= self.as_of)
        ]
        return max(known, key=lambda p: (first_day(p.valid_from), first_day(p.date)), default=None)

    def factor(self, offer: Offer, period: Period) -> Decimal:
        """What of a list price counts in a period: less the agreed discount, and changed at each anniversary as the assumptions say."""
        discounts = self.assessment.discounts
        change = self.number(f"price-change-{offer.kind}-per-year")
        with exact():
            return ((1 - discounts.get(offer.id, discounts.get(offer.operator, Decimal(0)))) * (1 + change) ** (period.first // 12)).normalize()

    # ------------------------------------------------------------------------------- metered work

    def metered(self, offer: Offer, volumes: Volumes, batch: bool, period: Period, count: int = 1) -> Lines | None:
        """Lines of a metered offer for one of `count` equal parts, or None where it has no price for what the workload needs."""
        with exact():
            total = sum(volumes.requests[period.first:period.until], Decimal(0))
            wanted = {
                PriceUnit.INPUT_MTOK: total * volumes.input_tokens * (1 - volumes.cached_share) / MILLION,
                PriceUnit.CACHED_MTOK: total * volumes.input_tokens * volumes.cached_share / MILLION,
                PriceUnit.OUTPUT_MTOK: total * volumes.output_tokens / MILLION,
                PriceUnit.THOUSAND_PAGES: total * volumes.pages / 1000,
                PriceUnit.AUDIO_HOUR: total * volumes.audio_minutes / 60,
            }
        lines = []
        for unit, quantity in wanted.items():
            if quantity == 0:
                continue
            price = self.unit_price(offer, unit, batch, period)
            if price is None:
                return None
            lines.append(self.line(_WORDS[unit], offer, price, quantity, period, spread="usage"))
        return tuple(lines) or None

    def unit_price(self, offer: Offer, unit: PriceUnit, batch: bool, period: Period) -> Price | None:
        """The batch price for work that may wait, else the plain one; cached input without a price of its own costs full input."""
        price = self.price(offer, unit, period, batch=True) if batch else None
        price = price or self.price(offer, unit, period)
        if price is None and unit is PriceUnit.CACHED_MTOK:
            return self.unit_price(offer, PriceUnit.INPUT_MTOK, batch, period)
        return price

    # ------------------------------------------------------------------------------------------- machines

    def term(self, offer: Offer, site: str | None, country: str | None) -> TermKind | None:
        """What one machine costs under this offer at this site, taken on in each period; None where it can never be had."""
        made = self._bought(offer, site, country) if offer.kind is OfferKind.PURCHASE else self._rented(offer, site, country)
        return made if made is not None and any(lines is not None for lines in made.lines) else None

    def _rented(self, offer: Offer, site: str | None, country: str | None) -> TermKind | None:
        if not offer.accelerator:
            return None
        lasts = self.lasting(offer.term_months) if offer.term_months else 1
        lines = tuple(self._rent(offer, p, lasts, None) for p in self.periods)
        hours = self.assessment.horizon.hours
        by_hours = {}
        if hours and not offer.term_months and self.price(offer, PriceUnit.ACCELERATOR_MONTH, self.periods[0]) is None:
            by_hours = {h.id: tuple(self._rent(offer, p, 1, h.hours_per_month) for p in self.periods) for h in hours}
        watts = None if by_hours or site is None else self._board_watts(offer, site)
        return TermKind(node_key(offer.id, site), offer.id, lines, lasts, by_hours, self._emitted(watts, country, lasts))

    def _board_watts(self, offer: Offer, site: str) -> Decimal:
        """What a rented machine draws as far as it is known: its accelerators under full load, cooling included; the rest of it is not known."""
        pue = self.catalog.sites[site][0].pue
        with exact():
            return self.catalog.accelerators[offer.accelerator or ""].power_w.value * offer.accelerators * (pue.value if pue else self.number("pue"))

    def _emitted(self, watts: Decimal | None, country: str | None, lasts: int) -> tuple[int, ...] | None:
        """Kilograms of CO2e of a machine taken on in each period, for as long as it serves; None where they are not known."""
        if watts is None:
            return None
        hours = self.number("hours-per-month")
        kilos = [machine_kilos(self.catalog, watts, country, hours, self.until(p, lasts) - p.first) for p in self.periods]
        known = tuple(k for k in kilos if k is not None)
        return known if len(known) == len(kilos) else None

    def _rent(self, offer: Offer, period: Period, lasts: int, hours: int | None) -> Lines | None:
        """The rent of one machine taken on in a period: whole commitments that cover it, or its hours alone."""
        price = self.price(offer, PriceUnit.ACCELERATOR_MONTH, period)
        until = self.until(period, lasts)
        quantity = Decimal(offer.accelerators) * self.billed_months(offer, until - period.first)
        if price is None:
            price = self.price(offer, PriceUnit.ACCELERATOR_HOUR, period)
            quantity *= self.number("hours-per-month") if hours is None else hours
        return None if price is None else (self.line("rented accelerators", offer, price, quantity, period, until=until),)

    def lasting(self, months: int) -> int:
        """The periods through which something serves that holds for so many months: at least one; 0 where that is to the end."""
        length = self.assessment.horizon.period_months or self.months
        return 0 if months >= self.months else max(months // length, 1)

    def until(self, period: Period, lasts: int) -> int:
        """The first month in which something no longer serves that was taken on in a period."""
        last = len(self.periods) if lasts == 0 else min(period.number + lasts, len(self.periods))
        return self.periods[last - 1].until

    def billed_months(self, offer: Offer, months: int) -> Decimal:
        """Months that are paid: whole commitments that cover some months, or those months themselves where there is none."""
        term = offer.term_months
        return Decimal(months if term == 0 else -(-months // term) * term)

    def _bought(self, offer: Offer, site: str | None, country: str | None) -> TermKind | None:
        own = self.own_sites.get(site or "")
        if own is None or offer.server is None:
            return None
        lasts = self.lasting(int(self.number("server-life-months")))
        lines = tuple(self._bought_lines(offer, own, country, p, self.until(p, lasts)) for p in self.periods)
        emitted = self._emitted(self._drawn_kw(offer, own) * 1000, country, lasts)
        return TermKind(node_key(offer.id, site), offer.id, lines, lasts, carbon_kg=emitted)

    def _bought_lines(self, offer: Offer, own: OwnSite, country: str | None, period: Period, until: int) -> Lines | None:
        """A server bought in a period: what is paid at once, what it needs while it serves, and what it fetches at the end."""
        price = self.price(offer, PriceUnit.SERVER, period)
        ready = add_months(self.as_of, int(self.number("server-lead-months")))
        if price is None or offer.server is None or ready > period.start and self.number("server-lead-months"):
            return None
        n, months, power = self.number, Decimal(until - period.first), self.catalog.servers[offer.server].power_w.value / 1000
        with exact():
            lives = Decimal(-(-int(months) // int(n("server-life-months"))))  # servers bought one after another
            bought = self.line("servers", offer, price, lives, period, until=until, capex=True, spread="start")
            upkeep, used = bought.amount_eur * n("maintenance-share-per-year") / 12, self._drawn_kw(offer, own) * n("hours-per-month") * months
            back = (-bought.factor * n("residual-share")).normalize()

        def extra(what: str, quantity: Decimal, price_eur: Decimal, unit: PriceUnit, source: str = "own-assumption", **how) -> CostLine:
            return self.assumed_line(what, quantity, price_eur, unit, source, period, until=until, offer=offer.id, **how)

        lines = [
            bought,
            extra("network, racks, installation", Decimal(1), bought.amount_eur * n("network-share"), PriceUnit.ONCE, capex=True, spread="start"),
            extra("spare parts", Decimal(1), bought.amount_eur * n("spare-parts-share"), PriceUnit.ONCE, capex=True, spread="start"),
            extra("maintenance", months, upkeep, PriceUnit.PLATFORM_MONTH),
            extra("electricity (kWh)", used, *self._electricity(own, country)),
            extra(*self._room(own, country, power * months)),
        ]
        if back:
            lines.append(self.line("resale at the end", offer, price, lives, period, until=until, spread="end", factor=back))
        return tuple(lines)

    def _drawn_kw(self, offer: Offer, own: OwnSite) -> Decimal:
        """What one server draws on average, cooling of the building included."""
        with exact():
            return self.catalog.servers[offer.server or ""].power_w.value / 1000 * self.number("average-power-share") * self.pue(own)

    def _room(self, own: OwnSite, country: str | None, kw_months: Decimal) -> tuple[str, Decimal, Decimal, PriceUnit, str]:
        """The room in which a server stands: rented by the kilowatt, or one's own at what a kilowatt of it costs."""
        if own.kind == "colocation":
            return ("colocation (kW months)", kw_months, *self._colocation(country))
        return "own room (kW months)", kw_months, self.number("own-room-eur-per-kw-month"), PriceUnit.KW_MONTH, "own-assumption"

    def pue(self, own: OwnSite) -> Decimal:
        """Power usage effectiveness of an own site."""
        return own.pue or self.number("pue")

    def _electricity(self, own: OwnSite, country: str | None) -> tuple[Decimal, PriceUnit, str]:
        figure = self.catalog.countries[country].electricity_eur_per_kwh if country in self.catalog.countries else None
        if own.electricity_eur_per_kwh is not None:
            return own.electricity_eur_per_kwh, PriceUnit.KWH, "own-assessment"
        if figure is not None:
            return figure.value, PriceUnit.KWH, figure.source
        return self.number("electricity-eur-per-kwh"), PriceUnit.KWH, "own-assumption"

    def _colocation(self, country: str | None) -> tuple[Decimal, PriceUnit, str]:
        figure = self.catalog.countries[country].colocation_eur_per_kw_month if country in self.catalog.countries else None
        if figure is not None:
            return figure.value, PriceUnit.KW_MONTH, figure.source
        return self.number("colocation-eur-per-kw-month"), PriceUnit.KW_MONTH, "own-assumption"

    # ------------------------------------------------------------------------------------ paid only once

    def operator_set_up(self, key: str, operator: Party, mode: str) -> SharedKind:
        """Bringing an operator in under one mode."""
        days, day = self.number(f"onboarding-days-{mode}"), self.number("engineer-day-eur")
        return self._once(key, f"Set up and run {operator.name} ({mode})", operator.id, lambda p: self.assumed_line(
            "set-up", days, day, PriceUnit.ENGINEER_DAY, "own-assumption", p, spread="start"))

    def operator_running(self, key: str, ticket: str, operator: Party, mode: str) -> SharedKind:
        """Looking after an operator under one mode, for each period in which it is used."""
        fte, month = self.number(f"staff-fte-{mode}"), round_cents(self.number("staff-year-eur") / 12)
        lines = tuple((self.assumed_line("running", fte * p.months, month, PriceUnit.PERSON_MONTH, "own-assumption", p),) for p in self.periods)
        return SharedKind(key, ticket, f"Set up and run {operator.name} ({mode})", operator.id, lines, lasts=1)

    def model_work(self, key: str, model: Model, operator: Party) -> SharedKind:
        """Evaluating and rolling out one model under one operator."""
        days, day = self.number("model-onboarding-days"), self.number("engineer-day-eur")
        return self._once(key, f"Evaluate and roll out {model.name}", operator.id, lambda p: self.assumed_line(
            "evaluation and roll-out", days, day, PriceUnit.ENGINEER_DAY, "own-assumption", p, spread="start"))

    def cure(self, key: str, cure: Cure, payer: str | None) -> SharedKind:
        """Meeting a legal demand that the organisation itself can meet."""
        return self._once(key, cure.what, payer, lambda p: self.assumed_line(
            cure.what, Decimal(1), cure.cost_eur, PriceUnit.ONCE, "own-assumption", p, spread="start", estimate=cure.estimate))

    def _once(self, key: str, what: str, operator: str | None, made: Callable[[Period], CostLine]) -> SharedKind:
        """Something paid once, whenever it is begun."""
        return SharedKind(key, key, what, operator, tuple((made(p).model_copy(update={"until_month": None}),) for p in self.periods))

    def moving(self) -> tuple[Lines, ...]:
        """What it costs to move a workload to another operator or model at the start of each period; nothing at the start of the first."""
        days, day = self.number("moving-days"), self.number("engineer-day-eur")
        return ((), *(
            (self.assumed_line("moving", days, day, PriceUnit.ENGINEER_DAY, "own-assumption", p, spread="start"),) for p in self.periods[1:]
        ))

    def standing_by(self) -> Lines:
        """What it costs to keep a way ready over the whole horizon, its set-up apart: trying the take-over, again and again."""
        n, first = self.number, self.periods[0]
        with exact():
            days = n("standby-days-per-year") * self.months / 12
        return (self.assumed_line("trying the take-over", days, n("engineer-day-eur"), PriceUnit.ENGINEER_DAY, "own-assumption", first,
                                  until=self.months),)


def node_key(offer: str, site: str | None) -> str:
    """The name of one kind of machine at one site."""
    return f"{offer}/{site}" if site else offer


_WORDS: Mapping[PriceUnit, str] = {
    PriceUnit.INPUT_MTOK: "input tokens (millions)",
    PriceUnit.CACHED_MTOK: "cached input tokens (millions)",
    PriceUnit.OUTPUT_MTOK: "output tokens (millions)",
    PriceUnit.THOUSAND_PAGES: "pages (thousands)",
    PriceUnit.AUDIO_HOUR: "audio hours",
}
