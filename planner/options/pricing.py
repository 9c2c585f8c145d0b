"""Money of one option: metered tokens, seats, machines, and work that is paid once. Exact, line by line, with sources."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal

from planner.domain.assessment import Assessment, OwnSite, Workload
from planner.domain.catalog import Catalog, Cure, Model, Offer, OfferKind, Party, Price, PriceLayer, PriceUnit
from planner.domain.plan import CostLine
from planner.options.option import NodeKind, SharedKind
from planner.quantities import exact, round_cents
from planner.sizing.demand import Volumes

MILLION = Decimal(1_000_000)


class Pricer:
    """Prices options of one assessment on one day. Every amount is euros over the whole horizon, rounded per line to the cent."""

    def __init__(self, catalog: Catalog, assessment: Assessment, as_of: date):
        self.catalog, self.assessment, self.as_of = catalog, assessment, as_of
        self.months = assessment.horizon.months
        self.own_sites = {site.id: site for site in assessment.organisation.sites}
        self._rates = {c: catalog.rate(c, as_of).per_eur for c in sorted({r.currency for r in catalog.rates if r.date <= as_of} | {"EUR"})}

    # ------------------------------------------------------------------------------------------- lines

    def line(self, what: str, offer: Offer, price: Price, quantity: Decimal, *, capex: bool = False, spread: str = "even") -> CostLine:
        """Quantity × price in the price's own currency, at the rate of the planning day."""
        rate = self._rates[price.currency]
        with exact():
            amount = round_cents(quantity * price.amount / rate)
        return CostLine(
            what=what, layer=offer.layer, offer=offer.id, unit=price.unit, quantity=quantity.normalize() + 0, price=price.amount,
            currency=price.currency, per_eur=rate, amount_eur=amount, capex=capex, estimate=price.estimate, spread=spread,
            source=price.source, date=price.date,
        )

    def assumed_line(
        self, what: str, quantity: Decimal, price_eur: Decimal, unit: PriceUnit, source: str, *, capex: bool = False, spread: str = "even",
        estimate: bool = True, offer: str | None = None,
    ) -> CostLine:
        """A line whose price is an assumption or follows from one; always marked as an estimate unless said otherwise."""
        with exact():
            amount = round_cents(quantity * price_eur)
        return CostLine(
            what=what, layer=PriceLayer.L4, offer=offer, unit=unit, quantity=quantity.normalize() + 0, price=price_eur, currency="EUR",
            per_eur=Decimal(1), amount_eur=amount, capex=capex, estimate=estimate, spread=spread, source=source, date=self.as_of.isoformat(),
        )

    def number(self, name: str) -> Decimal:
        """An assumption's value."""
        return self.catalog.assumptions[name].value

    # ------------------------------------------------------------------------------- metered work and seats

    def metered(self, offer: Offer, volumes: Volumes, batch: bool) -> tuple[CostLine, ...] | None:
        """Lines of a metered offer, or None where it has no price on the day for what the workload needs."""
        with exact():
            total = volumes.total_requests
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
            price = self._unit_price(offer, unit, batch)
            if price is None:
                return None
            lines.append(self.line(_WORDS[unit], offer, price, quantity, spread="usage"))
        return tuple(lines) or None

    def _unit_price(self, offer: Offer, unit: PriceUnit, batch: bool) -> Price | None:
        """The batch price for work that may wait, else the plain one; cached input without a price of its own costs full input."""
        price = self.catalog.price(offer, unit, self.as_of, batch=True) if batch else None
        price = price or self.catalog.price(offer, unit, self.as_of)
        if price is None and unit is PriceUnit.CACHED_MTOK:
            return self._unit_price(offer, PriceUnit.INPUT_MTOK, batch)
        return price

    def seats(self, offer: Offer, workload: Workload) -> tuple[CostLine, ...] | None:
        """Lines of a seat offer: every named seat, every month."""
        price = self.catalog.price(offer, PriceUnit.SEAT_MONTH, self.as_of)
        if price is None or not workload.seats:
            return None
        return (self.line("seats", offer, price, Decimal(workload.seats) * self.months),)

    # ------------------------------------------------------------------------------------------- machines

    def node(self, offer: Offer, site: str | None, country: str | None) -> NodeKind | None:
        """What one machine of this offer costs at this site over the horizon; None without a price on the day."""
        if offer.kind is OfferKind.PURCHASE:
            return self._bought(offer, site, country)
        unit = PriceUnit.ACCELERATOR_MONTH
        price = self.catalog.price(offer, unit, self.as_of)
        quantity = Decimal(offer.accelerators) * self.billed_months(offer)
        if price is None:
            unit = PriceUnit.ACCELERATOR_HOUR
            price = self.catalog.price(offer, unit, self.as_of)
            quantity *= self.number("hours-per-month")
        if price is None or not offer.accelerator:
            return None
        return NodeKind(
            key=node_key(offer.id, site), offer=offer.id, site=site, operator=offer.operator, accelerator=offer.accelerator,
            accelerators=offer.accelerators, lines=(self.line("rented accelerators", offer, price, quantity),),
            power_watts=None, carbon_kg=None,
        )

    def billed_months(self, offer: Offer) -> Decimal:
        """Months that are paid: whole commitments that cover the horizon, or the horizon itself where there is none."""
        term = offer.term_months
        return Decimal(self.months if term == 0 else -(-self.months // term) * term)

    def _bought(self, offer: Offer, site: str | None, country: str | None) -> NodeKind | None:
        price = self.catalog.price(offer, PriceUnit.SERVER, self.as_of)
        own = self.own_sites.get(site or "")
        if price is None or own is None or offer.server is None:
            return None
        server = self.catalog.servers[offer.server]
        with exact():
            lives = Decimal(-(-self.months // int(self.number("server-life-months"))))  # servers bought over the horizon, one after another
            bought = self.line("servers", offer, price, lives, capex=True, spread="start")
            power_kw = server.power_w.value / 1000 * self.number("average-power-share") * self.pue(own)
            hours = self.number("hours-per-month") * self.months
            upkeep = bought.amount_eur * self.number("maintenance-share-per-year") / 12
        lines = [
            bought,
            self.assumed_line("network, racks, installation", Decimal(1), bought.amount_eur * self.number("network-share"), PriceUnit.ONCE,
                              "own-assumption", capex=True, spread="start", offer=offer.id),
            self.assumed_line("maintenance", Decimal(self.months), upkeep, PriceUnit.PLATFORM_MONTH, "own-assumption", offer=offer.id),
            self.assumed_line("electricity (kWh)", power_kw * hours, *self._electricity(own, country), offer=offer.id),
        ]
        if own.kind == "colocation":
            rent = self._colocation(country)
            lines.append(self.assumed_line("colocation (kW months)", server.power_w.value / 1000 * self.months, *rent, offer=offer.id))
        watts = int((power_kw * 1000).to_integral_value())
        return NodeKind(
            key=node_key(offer.id, site), offer=offer.id, site=site, operator=offer.operator, accelerator=server.accelerator,
            accelerators=server.accelerators, lines=tuple(lines), power_watts=int(server.power_w.value), carbon_kg=self._kilos(watts, country),
        )

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

    def _kilos(self, watts: int, country: str | None) -> int | None:
        """CO2e over the horizon, rounded up to the kilogram; None where the grid's intensity is not known."""
        figure = self.catalog.countries[country].grid_g_per_kwh if country in self.catalog.countries else None
        if figure is None:
            return None
        with exact():
            kilos = Decimal(watts) * self.number("hours-per-month") * self.months * figure.value / MILLION
            return int(kilos.to_integral_value(rounding=ROUND_CEILING))

    # ------------------------------------------------------------------------------------ paid only once

    def operator_work(self, key: str, operator: Party, mode: str) -> SharedKind:
        """Bringing an operator in under one mode, and looking after it for the horizon."""
        days, fte = self.number(f"onboarding-days-{mode}"), self.number(f"staff-fte-{mode}")
        day, month = self.number("engineer-day-eur"), round_cents(self.number("staff-year-eur") / 12)
        lines = (
            self.assumed_line("set-up", days, day, PriceUnit.ENGINEER_DAY, "own-assumption", spread="start"),
            self.assumed_line("running", fte * self.months, month, PriceUnit.PERSON_MONTH, "own-assumption"),
        )
        return SharedKind(key, f"Set up and run {operator.name} ({mode})", operator.id, lines)

    def model_work(self, key: str, model: Model, operator: Party) -> SharedKind:
        """Evaluating and rolling out one model under one operator."""
        line = self.assumed_line("evaluation and roll-out", self.number("model-onboarding-days"), self.number("engineer-day-eur"),
                                 PriceUnit.ENGINEER_DAY, "own-assumption", spread="start")
        return SharedKind(key, f"Evaluate and roll out {model.name}", operator.id, (line,))

    def cure(self, key: str, cure: Cure, payer: str | None) -> SharedKind:
        """Meeting a legal demand that the organisation itself can meet."""
        line = self.assumed_line(cure.what, Decimal(1), cure.cost_eur, PriceUnit.ONCE, "own-assumption", spread="start", estimate=cure.estimate)
        return SharedKind(key, cure.what, payer, (line,))


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
