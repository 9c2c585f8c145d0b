"""What is judged for sovereignty: the parties that could stop, read or reprice a deployment, and the facts of each."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.base import FactRecord
from planner.domain.catalog import Catalog, Licence, Offer, Party, Permission, SovereigntyFramework, Use
from planner.judging.deployment import OWN, Deployment
from planner.judging.rungs import FactSet, Known, certain, fact_set

UNKNOWN_PARTY = "not known"


@dataclass(frozen=True, slots=True)
class Role:
    """One party in one role, and at which levels it counts (a vendor may have dropped out)."""

    party: str
    facts: FactSet
    counts_for_proof: bool = True
    counts_for_floor: bool = True
    counts_for_possible: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """Facts of the deployment itself, and its parties by role."""

    facts: FactSet
    roles: Mapping[str, tuple[Role, ...]]


class Facts:
    """Fact sets of parties, sites and deployments, from the catalog with the assessment's own declarations laid over."""

    def __init__(self, assessment: Assessment | None, catalog: Catalog, framework: SovereigntyFramework):
        self._assessment = assessment
        self._catalog = catalog
        self._stack = catalog.parties.get(framework.serving_stack or "")
        self._parties: dict[str, dict[str, Known]] = {}
        self._sites = {s.id: s for s in assessment.organisation.sites} if assessment else {}

    def of_party(self, party: Party) -> FactSet:
        """`party.` facts of a party, the user's declarations last; for the organisation itself its country is declared."""
        if party.id not in self._parties:
            facts = fact_set(party.facts)
            if self._assessment is not None:
                if party.id == OWN:
                    facts["party.entity_country"] = certain(self._assessment.organisation.country)
                for name, value in self._assessment.party_facts.get(party.id, {}).items():
                    facts[name] = certain(value)
            self._parties[party.id] = facts
        return self._parties[party.id]

    def subject(self, deployment: Deployment) -> Subject:
        """The parties of a deployment by role, and its `sov.` facts. The organisation counts as operator of what it runs itself."""
        operator, mode = deployment.operator, deployment.mode
        chips, chips_proved = self.chips_of(deployment)
        facts = self._deployment_facts(deployment, chips, chips_proved)
        owner = deployment.site_owner or operator
        here = Role(operator.name, self._at_site(operator, deployment.site))
        roles: dict[str, tuple[Role, ...]] = {
            "operator": (here,),
            "site-owner": (Role(owner.name, self._with_site(owner, deployment.site)),),
            "customer": (),
            "chips": (self._role(chips) if chips_proved else _unproved(self._role(chips)),),
            "stack": () if operator.id == OWN else (here,),
            "vendor": (),
        }
        if mode is not None and mode.operated_by_customer:
            roles["stack"] += (self._role(self._stack),)
            own = self._catalog.parties.get(OWN)
            if operator.id != OWN and own is not None:
                roles["customer"] = (self._role(own),)
        if deployment.model is not None:
            roles["vendor"] = self._vendor(deployment, facts)
        for name in ("operator", "site-owner", "chips", "stack"):
            roles[name] = roles[name] or (self._role(None),)  # somebody plays it, and nobody knows who
        return Subject(facts, roles)

    def _role(self, party: Party | None) -> Role:
        return Role(party.name, self.of_party(party)) if party else Role(UNKNOWN_PARTY, {})

    def _vendor(self, deployment: Deployment, facts: FactSet) -> tuple[Role, ...]:
        """The maker of the model: out of the picture only once the weights are held under an irrevocable licence."""
        role = self._role(deployment.vendor)
        terms = facts.get("sov.weights")
        if terms is not None and terms.value == "held":
            return () if terms.proof == "held" else (Role(role.party, role.facts, True, False, False),)
        held_on_unknown_terms = terms is None and facts.get("sov.weights_held", certain(False)).value
        return (Role(role.party, role.facts, True, True, not held_on_unknown_terms),)

    def chips_of(self, deployment: Deployment) -> tuple[Party | None, bool]:
        """Whose accelerators it runs on, and whether that is proved: by the offer, else by what is known of the operator."""
        offer = deployment.offer
        server = self._catalog.servers.get(offer.server or "") if offer else None
        accelerator = self._catalog.accelerators.get((offer.accelerator or (server.accelerator if server else "")) if offer else "")
        if accelerator is not None:
            return self._catalog.parties.get(accelerator.maker), True
        maker = self.of_party(deployment.operator).get("party.chips_maker")
        return (self._catalog.parties.get(maker.value), maker.proof is not None) if maker else (None, False)

    def _at_site(self, operator: Party, site: str | None) -> FactSet:
        """The operator's facts, with those that are different at this site (such as a region with a certificate of its own)."""
        place = self._catalog.sites.get(site or "")
        own = fact_set(r for r in place[0].facts if r.fact.startswith("party.")) if place else {}
        return {**self.of_party(operator), **own}

    def _with_site(self, owner: Party, site: str | None) -> FactSet:
        """The owner's facts with the site's own figures; where the site has none, the owner's company-wide figure stands in."""
        facts = dict(self.of_party(owner))
        for name in ("pue", "energy"):
            if f"party.{name}" in facts:
                facts[f"site.{name}"] = facts[f"party.{name}"]
        if site in self._sites and self._sites[site].pue is not None:
            facts["site.pue"] = certain(self._sites[site].pue)
        elif site in self._catalog.sites:
            place = self._catalog.sites[site][0]
            if place.pue is not None:
                facts["site.pue"] = Known(place.pue.value, None if place.pue.estimate else place.pue.value)
            facts |= fact_set(place.facts)
        return facts

    def _deployment_facts(self, deployment: Deployment, chips: Party | None, chips_proved: bool) -> FactSet:
        mode, offer, licence = deployment.mode, deployment.offer, deployment.licence
        facts: dict[str, Known] = {
            "sov.model_chosen": certain(deployment.model is not None),
            "sov.weights_held": certain(bool(mode and mode.weights_held_by_customer)),
            "sov.operated_by_customer": certain(bool(mode and mode.operated_by_customer)),
            "sov.on_own_hardware": certain(bool(mode and mode.hardware == "owned")),
        }
        if deployment.country is not None:
            facts["sov.country"] = certain(deployment.country)
        if offer is not None and offer.processing_region is not None:
            facts["sov.processing_region"] = certain(offer.processing_region)
        for name, party, proved in (("sov.vendor_country", deployment.vendor, True), ("sov.chips_country", chips, chips_proved)):
            country = self.of_party(party).get("party.owner_country") if party else None
            if country is not None:
                facts[name] = country if proved else Known(country.value, None)
        if licence is not None and licence.permissions.get(Use.MODIFY, Permission.UNKNOWN) is not Permission.UNKNOWN:
            facts["sov.may_modify"] = _read(licence, licence.permissions[Use.MODIFY] is not Permission.NO)
        terms = weights_terms(deployment)
        if terms is not None:
            facts["sov.weights"] = terms
        return facts | self._declared(deployment, offer)

    def _declared(self, deployment: Deployment, offer: Offer | None) -> dict[str, Known]:
        """`sov.` facts that the mode, the offer, the organisation and the workload bring, the most particular last."""
        facts = {name: certain(value) for name, value in (deployment.mode.facts if deployment.mode else {}).items()}
        facts |= fact_set(_sov(offer.facts) if offer else ())
        sources: list[Mapping[str, Any]] = []
        if self._assessment is not None:
            sources += [self._assessment.organisation.facts, self._assessment.evidence]
        if deployment.workload is not None:
            sources.append(deployment.workload.facts)
        for source in sources:
            facts |= {name: certain(value) for name, value in source.items() if value is not None}
        return {name: fact for name, fact in facts.items() if name.startswith("sov.")}


def weights_terms(deployment: Deployment) -> Known | None:
    """On what terms the model's weights stand: held, open, at-will, closed, no-model; None where the licence does not tell.

    `held`: the customer has a copy for good. `open`: anybody can get and keep one. `at-will`: a copy exists that the licensor can
    call back. `closed`: the weights are with their maker only.
    """
    if deployment.model is None:
        return certain("no-model")
    licence: Licence | None = deployment.licence
    held = deployment.mode is not None and deployment.mode.weights_held_by_customer
    if licence is None:
        return None
    if not held and not licence.weights_available:
        return certain("closed")
    if licence.irrevocable is None:
        return None
    if not licence.irrevocable:
        return _read(licence, "at-will")
    return _read(licence, "held" if held else "open")


def _unproved(role: Role) -> Role:
    """A party of which it is not proved that it plays this role: what it is proves nothing here."""
    return Role(role.party, {name: Known(fact.value, None, fact.least) for name, fact in role.facts.items()})


def _read(licence: Licence, value: Any) -> Known:
    """A fact that follows from a licence; proved only where the licence's text was read."""
    return Known(value, value if licence.evidence == "text-read" else None)


def _sov(records: tuple[FactRecord, ...]) -> tuple[FactRecord, ...]:
    return tuple(record for record in records if record.fact.startswith("sov."))
