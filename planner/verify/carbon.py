"""CO2e once more: of each group of machines, of each choice, and of the plan; None as soon as one part's is not known."""
from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, OfferKind, WorkUnit
from planner.domain.plan import NodeGroup, Plan
from planner.quantities import exact, share_out
from planner.sizing.metered_impact import ImpactMissing, metered_impact
from planner.verify.bill import Bill
from planner.verify.serving import Serving

Same = Callable[[str, Any, Any], None]
Need = Callable[[str, bool, str], None]
BOUGHT = "watts of the servers, PUE and grid: operation alone"
RENTED = "watts of the accelerators, PUE and grid: operation alone, an estimate"


def check_carbon(
    plan: Plan, assessment: Assessment, catalog: Catalog, bill: Bill, serving: list[Serving], filled: Callable[[Serving, str], Decimal],
    same: Same, need: Need,
) -> None:
    """Compare what the plan says it emits with what follows from it. `filled` weighs a choice on a machine."""
    kilos: dict[str, int | None] = {}
    for group in plan.nodes:
        kilos[group.id] = _of_machines(group, assessment, catalog, bill)
        same(f"node {group.id}.carbon_kg", group.carbon_kg, kilos[group.id])
    parts = {g.id: share_out(kilos[g.id] or 0, [filled(s, g.machine) for s in serving]) for g in plan.nodes}
    counts = assessment.counts_carbon
    for i, s in enumerate(serving):
        where, stated = f"{s.choice.workload}.carbon_kg", (s.choice.carbon_kg, s.choice.carbon_source)
        offer = catalog.offers[s.choice.offer]
        if s.choice.stands_by:
            same(where, stated, (None, None))
        elif offer.kind in (OfferKind.RENT, OfferKind.PURCHASE):
            mine = [g for g in plan.nodes if g.machine == (s.choice.pool or "").partition("@")[2]]
            known = all(kilos[g.id] is not None for g in mine)
            source = BOUGHT if offer.kind is OfferKind.PURCHASE else RENTED
            same(where, stated, (sum(parts[g.id][i] for g in mine), source) if known else (None, None))
        elif counts or stated != (None, None):
            try:
                same(where, stated, _of_tokens(s, catalog))
            except ImpactMissing:
                need(where, stated == (None, None), "it rests on an estimate that cannot be checked here: that needs the extra impact")
    each = [s.choice.carbon_kg for s in serving if not s.choice.stands_by]
    same("cost.carbon_kg", plan.cost.carbon_kg, None if None in each else sum(x or 0 for x in each))


def _of_machines(group: NodeGroup, assessment: Assessment, catalog: Catalog, bill: Bill) -> int | None:
    """Each machine's kilograms over the months it serves, rounded up: bought ones by their server, rented ones by their accelerators."""
    offer, n = catalog.offers[group.offer], bill.number
    if offer.kind is OfferKind.PURCHASE and offer.server:
        own = next(s for s in assessment.organisation.sites if s.id == group.site)
        country, watts, pue = own.country, catalog.servers[offer.server].power_w.value * n("average-power-share"), own.pue or n("pue")
    elif group.site is None or bill.by_the_hour(offer):
        return None
    else:
        site = catalog.sites[group.site][0]
        country, watts = site.country, offer.accelerators * catalog.accelerators[offer.accelerator or ""].power_w.value
        pue = site.pue.value if site.pue else n("pue")
    figures = catalog.countries.get(country)
    if figures is None or figures.grid_g_per_kwh is None:
        return None
    total = 0
    for on in group.taken_on:
        with exact():
            drawn = (watts * pue).to_integral_value() * n("hours-per-month") * (on.until_month - on.from_month)
            total += on.nodes * int((drawn * figures.grid_g_per_kwh.value / 10**6).to_integral_value(rounding=ROUND_CEILING))
    return total


def _of_tokens(s: Serving, catalog: Catalog) -> tuple[int | None, str | None]:
    """The upper end of the estimate for what a choice's answers emit, and its source. Raises ImpactMissing without the extra."""
    model, offer = catalog.models[s.choice.model], catalog.offers[s.choice.offer]
    figures = catalog.countries.get(s.choice.country or "")
    if model.maker != offer.operator or model.unit is not WorkUnit.TOKENS or s.volumes.output_tokens == 0:
        return None, None
    made = metered_impact(model.maker, (model.id, *model.aliases), figures.alpha_3 if figures else None)
    if made is None:
        return None, None
    total = 0
    for p in s.periods:
        with exact():
            grams = made.grams_per_output_mtok.high * (sum(s.volumes.requests[p.first:p.until], Decimal(0)) * s.volumes.output_tokens) / 1_000_000
            total += int((grams / 1000).to_integral_value(rounding=ROUND_CEILING))
    return total * s.number, made.source
