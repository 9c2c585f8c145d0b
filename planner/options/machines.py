"""The machines that can be rented or bought: every offer × site, priced, less the dearer terms of the very same machine."""
from __future__ import annotations

from planner.domain.catalog import Catalog, Offer, OfferKind, Site
from planner.options.option import NodeKind
from planner.options.pricing import Pricer

Machine = tuple[Offer, Site | None, NodeKind]


def machines(catalog: Catalog, pricer: Pricer) -> tuple[tuple[Machine, ...], tuple[str, ...]]:
    """The machines worth looking at, in catalog order, and the keys of those that a cheaper term of the same machine replaces.

    Within one period the load is constant, so of two terms for the same machine of the same operator at the same site,
    under the same facts, the one that costs less over the horizon is never worse: leaving the other out is exact.
    """
    priced: list[Machine] = []
    for offer in (catalog.offers[key] for key in sorted(catalog.offers)):
        if offer.kind not in (OfferKind.RENT, OfferKind.PURCHASE):
            continue
        sites = catalog.parties[offer.operator].sites if offer.kind is OfferKind.PURCHASE else tuple(catalog.sites[s][0] for s in offer.sites)
        for site in sites or (None,):
            node = pricer.node(offer, site.id if site else None, site.country if site else None)
            if node is not None:
                priced.append((offer, site, node))
    best: dict[tuple, Machine] = {}
    for machine in priced:
        key = _same_machine(machine)
        if key not in best or machine[2].cents < best[key][2].cents:
            best[key] = machine
    kept = tuple(m for m in priced if best[_same_machine(m)] is m)
    return kept, tuple(sorted(m[2].key for m in priced if best[_same_machine(m)] is not m))


def _same_machine(machine: Machine) -> tuple:
    offer, _, node = machine
    dates = (offer.available_from, offer.available_until)
    facts = tuple(sorted((r.fact, str(r.value)) for r in offer.facts))
    return (node.operator, offer.mode, offer.kind, node.site, node.accelerator, node.accelerators, offer.models_allowed, dates, facts)
