"""The supply chain of a service, from chips to agents: who holds each layer, under which law, and who else could."""
from __future__ import annotations

from dataclasses import dataclass

from planner.domain.assessment import Assessment
from planner.domain.base import Basis
from planner.domain.catalog import Catalog, ChainLayer, OfferKind, Party, SovereigntyFramework
from planner.domain.paradox import Chain, Link
from planner.judging.deployment import OWN, Deployment
from planner.judging.rungs import FactSet
from planner.judging.sovereignty import DEFAULT_FRAMEWORK
from planner.judging.subject import Facts

UNKNOWN = "not known"
_ENERGY = {
    "untraceable": "cannot be traced", "eu-declared": "declared as European", "mixed": "European and other",
    "eu-only": "European alone", "eu-green": "European and renewable alone",
}


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds a layer (None: not known), and a word on it. `country` stands in where no party does."""

    party: Party | None
    note: str | None = None
    name: str | None = None
    country: str | None = None


def chain_of(
    deployment: Deployment, catalog: Catalog, assessment: Assessment | None, subject: str, framework_id: str = DEFAULT_FRAMEWORK,
) -> Chain:
    """The layers of the catalog's chain, in their order, as this deployment fills them.

    The law is that of the country of whoever controls the holder in the end. A holder or a law that no fact tells is not known, and
    counts as neither inside nor outside the EEA. KeyError where the catalog has no such framework.
    """
    facts = Facts(assessment, catalog, catalog.frameworks[framework_id])
    eea = catalog.country_groups.get("eea", frozenset())
    layers = sorted(catalog.chain.values(), key=lambda layer: (layer.order, layer.id))
    links = tuple(_link(layer, _holder(layer, deployment, catalog, facts, catalog.frameworks[framework_id]), facts, eea) for layer in layers)
    return Chain(
        subject=subject, links=links, in_eea=sum(x.in_eea is True for x in links), outside=sum(x.in_eea is False for x in links),
        not_known=sum(x.in_eea is None for x in links),
    )


def _link(layer: ChainLayer, holder: _Holder, facts: Facts, eea: frozenset[str]) -> Link:
    law, basis = _law(holder, facts)
    others = [s for s in layer.substitutes if s.name != (holder.party.name if holder.party else holder.name)]
    ready = [s for s in others if s.state != "announced"]
    substitutable = "in the EEA" if any(s.country in eea for s in ready) else "outside the EEA only" if ready else "nobody"
    return Link(
        layer=layer.id, name=layer.name, owner=holder.party.name if holder.party else holder.name or UNKNOWN, law=law or UNKNOWN,
        in_eea=None if law is None else law in eea, basis=basis, note=holder.note,
        substitutes=tuple(f"{s.name} ({s.country}, {s.state}{'' if s.basis is Basis.SEEN else ', to verify'}): {s.says}" for s in others),
        substitutable=substitutable if layer.substitutes else "not known", outlook=layer.outlook,
    )


def _law(holder: _Holder, facts: Facts) -> tuple[str | None, Basis | None]:
    if holder.party is None:
        return holder.country, None
    for name in ("party.owner_country", "party.entity_country"):
        record = next((r for r in reversed(holder.party.facts) if r.fact == name), None)
        known = facts.of_party(holder.party).get(name)
        if known is not None:
            return known.value, record.basis if record else Basis.DECLARED
    return holder.party.country, None


def _holder(layer: ChainLayer, d: Deployment, catalog: Catalog, facts: Facts, framework: SovereigntyFramework) -> _Holder:
    """Who fills a layer in this deployment."""
    owner = d.site_owner or d.operator
    run_by_customer = bool(d.mode and d.mode.operated_by_customer)
    seats = d.offer is not None and d.offer.kind is OfferKind.SEATS
    match layer.held_by:
        case "chips":
            maker, proved = facts.chips_of(d)
            return _Holder(maker, None if maker is None or proved else "by what is known of the operator, to verify")
        case "servers":
            builds = _value(facts.of_party(d.operator), "party.builds_servers_in_eea")
            return _Holder(d.operator, "builds its own") if builds else _Holder(None, "the maker of the servers is not disclosed")
        case "site-owner":
            return _Holder(owner, f"in {d.country}" if d.country else "the country is not fixed")
        case "energy":
            at_site = catalog.sites[d.site][0].facts if d.site in catalog.sites else ()
            energy = next((r.value for r in at_site if r.fact == "site.energy"), None) or _value(facts.of_party(owner), "party.energy")
            return _Holder(None, _ENERGY.get(str(energy)), name="the grid of the site", country=d.country)
        case "operator":
            return _Holder(d.operator)
        case "serving":
            stack = catalog.parties.get(framework.serving_stack or "")
            return _Holder(stack, "open source that you run yourself") if run_by_customer else _Holder(d.operator, "run by the operator")
        case "vendor":
            return _Holder(d.vendor, None if d.model else "no model is judged")
        case "customer":
            return _Holder(d.operator, "a product of the operator") if seats else _Holder(catalog.parties.get(OWN), "your own applications")


def _value(facts: FactSet, name: str) -> object:
    known = facts.get(name)
    return known.value if known else None
