"""CO2e of an option: machines by their watts, the building and the grid, in operation alone; metered tokens as ecologits estimates them.

Neither is ever mixed with a vendor's own life-cycle figures, and what is not known stays unknown.
"""
from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from planner.domain.catalog import Catalog, Model, Offer, WorkUnit
from planner.quantities import exact
from planner.sizing.demand import Period, Volumes
from planner.sizing.metered_impact import ImpactMissing, MeteredImpact, metered_impact

THOUSAND, MILLION = Decimal(1_000), Decimal(1_000_000)


def machine_kilos(catalog: Catalog, watts: Decimal, country: str | None, hours_per_month: Decimal, months: int) -> int | None:
    """What some watts emit over some months, rounded up to the kilogram; None where the grid's intensity is not known."""
    figure = catalog.countries[country].grid_g_per_kwh if country in catalog.countries else None
    if figure is None:
        return None
    with exact():
        kilos = watts.to_integral_value() * hours_per_month * months * figure.value / MILLION
        return int(kilos.to_integral_value(rounding=ROUND_CEILING))


class MeteredCarbon:
    """What metered answers emit, by the upper end of the estimate; needs the extra `impact`, and is not known without it."""

    def __init__(self, catalog: Catalog):
        self.catalog = catalog
        self._known: dict[tuple[str, str | None], MeteredImpact | None] = {}

    def source(self, model: Model, offer: Offer, country: str | None) -> str | None:
        """The name and version of what estimates it; None where nothing does."""
        made = self._impact(model, offer, country)
        return None if made is None else made.source

    def kilos(self, model: Model, offer: Offer, country: str | None, v: Volumes, period: Period) -> int | None:
        """Whole kilograms of one equal part in a period, rounded up; None where the estimate does not know the model or counts no answers."""
        made = self._impact(model, offer, country)
        if made is None or not v.output_tokens:
            return None
        with exact():
            tokens = sum(v.requests[period.first:period.until], Decimal(0)) * v.output_tokens
            return int((made.grams(tokens).high / THOUSAND).to_integral_value(rounding=ROUND_CEILING))

    def _impact(self, model: Model, offer: Offer, country: str | None) -> MeteredImpact | None:
        """The estimate for a maker's model in its own service: what others run the same model on is not known."""
        if offer.operator != model.maker or model.unit is not WorkUnit.TOKENS:
            return None
        figures = self.catalog.countries.get(country or "")
        zone = figures.alpha_3 if figures else None
        if (model.id, zone) not in self._known:
            try:
                self._known[model.id, zone] = metered_impact(model.maker, (model.id, *model.aliases), zone)
            except ImpactMissing:
                self._known[model.id, zone] = None
        return self._known[model.id, zone]
