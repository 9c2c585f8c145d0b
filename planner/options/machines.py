"""The machines that can be rented or bought: every offer × site, priced, with all the terms of the very same machine together."""
from __future__ import annotations

from planner.domain.catalog import Catalog, Offer, OfferKind, Site
from planner.options.option import NodeKind, TermKind, cents_of
from planner.options.pricing import Pricer

Machine = tuple[Offer, Site | None, NodeKind]


def machines(catalog: Catalog, pricer: Pricer) -> tuple[tuple[Machine, ...], tuple[str, ...]]:
    """The machines worth looking at, in catalog order, each under its cheapest offer, and the keys of the terms that are never worth taking.

    Offers of the same machine of the same operator at the same site, under the same facts, differ in nothing but their term and price. A
    term that serves as long as another and costs no less in any period is never worth taking: leaving it out is exact.
    """
    same: dict[tuple, list[tuple[Offer, Site | None, TermKind]]] = {}
    for offer in (catalog.offers[key] for key in sorted(catalog.offers)):
        if offer.kind not in (OfferKind.RENT, OfferKind.PURCHASE):
            continue
        sites = catalog.parties[offer.operator].sites if offer.kind is OfferKind.PURCHASE else tuple(catalog.sites[s][0] for s in offer.sites)
        for site in sites or (None,):
            term = pricer.term(offer, site.id if site else None, site.country if site else None)
            if term is not None:
                same.setdefault(_same_machine(offer, site, catalog), []).append((offer, site, term))
    found: list[Machine] = []
    dearer: list[str] = []
    for group in same.values():
        kept = _worth(sorted((term for _, _, term in group), key=lambda t: (t.cents, t.key)))
        dearer += [term.key for _, _, term in group if term not in kept]
        offer, site, term = next(one for one in group if one[2] is kept[0])
        accelerator, each, watts = hardware_of(offer, catalog)
        found.append((offer, site, NodeKind(term.key, site.id if site else None, offer.operator, accelerator, each, tuple(kept), watts)))
    return tuple(sorted(found, key=lambda m: m[2].key)), tuple(sorted(dearer))


def _worth(terms: list[TermKind]) -> list[TermKind]:
    """The terms that no other replaces, the cheapest over the horizon first."""
    kept: list[TermKind] = []
    for term in terms:
        if not any(replaces(other, term) for other in kept):
            kept.append(term)
    return kept


def replaces(a: TermKind, b: TermKind) -> bool:
    """Whether term `a` serves as long as `b`, whenever `b` can be had, at no more cost."""
    if a.lasts != b.lasts or bool(a.by_hours) != bool(b.by_hours):
        return False
    pairs = [(a.by_hours[h], b.by_hours[h]) for h in b.by_hours] or [(a.lines, b.lines)]
    return all(y is None or x is not None and cents_of(x) <= cents_of(y) for mine, theirs in pairs for x, y in zip(mine, theirs, strict=True))


def hardware_of(offer: Offer, catalog: Catalog) -> tuple[str, int, int | None]:
    """Accelerator, how many of them in one machine, and its power under full load where that is known."""
    if offer.server is not None and offer.kind is OfferKind.PURCHASE:
        server = catalog.servers[offer.server]
        return server.accelerator, server.accelerators, int(server.power_w.value)
    return offer.accelerator or "", offer.accelerators, None


def _same_machine(offer: Offer, site: Site | None, catalog: Catalog) -> tuple:
    dates = (offer.available_from, offer.available_until)
    facts = tuple(sorted((r.fact, str(r.value)) for r in offer.facts))
    accelerator, each, _ = hardware_of(offer, catalog)
    return (offer.operator, offer.mode, offer.kind, site.id if site else None, accelerator, each, offer.models_allowed, dates, facts)
