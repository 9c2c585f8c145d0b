"""The catalog as one organisation sees it: its own offers, numbers, sites and facts laid over the shipped ones."""
from __future__ import annotations

from planner.domain.assessment import Assessment
from planner.domain.base import Basis, FactRecord
from planner.domain.catalog import Catalog, Party, Site
from planner.domain.implied import with_implied

OWN_PARTY = "own"
DECLARED_SOURCE = "own-assessment"


def laid_over(catalog: Catalog, assessment: Assessment) -> Catalog:
    """A catalog in which the assessment's own offers, assumptions, sites and party facts count. The catalog itself is unchanged."""
    assumptions = dict(catalog.assumptions)
    for name, value in assessment.assumptions.items():
        assumptions[name] = assumptions[name].model_copy(update={"value": value, "source": DECLARED_SOURCE})
    parties = dict(catalog.parties)
    own = parties[OWN_PARTY]
    sites = tuple(Site(id=s.id, name=s.name, country=s.country) for s in assessment.organisation.sites)
    parties[OWN_PARTY] = own.model_copy(
        update={"name": assessment.organisation.name, "country": assessment.organisation.country, "sites": own.sites + sites}
    )
    for party_id in sorted(assessment.party_facts):
        parties[party_id] = _with_declared(parties[party_id], assessment, party_id)
    own_offers = {offer.id: offer for offer in assessment.offers}
    fields = {name: getattr(catalog, name) for name in Catalog.model_fields}
    # made anew rather than copied: a copy would carry the indexes that were computed from the old parties
    laid = Catalog.model_construct(**{**fields, "assumptions": assumptions, "parties": parties, "offers": {**catalog.offers, **own_offers}})
    return with_implied(laid) if assessment.party_facts else laid  # a declared certificate implies what it implies of others


def _with_declared(party: Party, assessment: Assessment, party_id: str) -> Party:
    declared = tuple(
        FactRecord(fact=name, value=value, source=DECLARED_SOURCE, date=assessment.horizon.start.isoformat(), basis=Basis.DECLARED)
        for name, value in sorted(assessment.party_facts[party_id].items())
    )
    names = {record.fact for record in declared}
    return party.model_copy(update={"facts": tuple(r for r in party.facts if r.fact not in names) + declared})
