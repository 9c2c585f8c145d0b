"""What is known of one deployment in the words of the fact vocabulary; a name that is absent is not known.

Later layers win: what the catalog has seen, what follows from the figures of the assessment, what the user declares
(of the organisation, of the workload, of one party), and last what follows from the choice itself and cannot be
declared away: who operates, where, who holds the weights. Facts of basis `recalled` or `inference` prove nothing.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from planner.domain.assessment import Assessment, Criticality, Organisation, Workload
from planner.domain.base import Basis, FactRecord, FactValue
from planner.domain.catalog import Catalog, Effect, Licence, Model, ModelKind, Party, Permission, TriggerKind, Use
from planner.domain.conditions import Between
from planner.judging.deployment import OWN, Deployment
from planner.judging.following import Following
from planner.quantities import first_day

Known = dict[str, FactValue | Between]

_PROVES = (Basis.SEEN, Basis.DECLARED)
_OF_MAKER = ("m.", "ven.")
_OF_SERVICE = ("dep.", "ctr.", "ev.")
_FINANCIAL = ("banking", "insurance")
_GENERATES = ("chat", "retrieval", "summarisation", "translation", "coding", "agents", "reasoning")
_LABELS = ("classification", "embedding")  # what comes out is a label or a number that other software reads
_WIDE_RANGE = {ModelKind.CHAT: True, ModelKind.EMBEDDING: False}  # of the other kinds some do one task and some do many
_GPAI_TRANSITION = "2025-08-02"
_AN_AI_SYSTEM: Known = {"wl.is_ai_system": True}  # a workload is served by a model, which infers (AI Act Art. 3(1)): nobody can declare that away
# What a fact about an operator says in the words of the law. A value that is not listed decides nothing.
_FROM_PARTY: dict[str, tuple[str, dict[Any, bool]]] = {
    "party.secnumcloud": ("dep.secnumcloud_qualified", {"qualified": True, "in-progress": False, "none": False}),
    "party.foreign_reach": ("dep.provider_subject_to_extraterritorial_law", {"parent": True, "immune": False}),
    "party.access_policy": ("dep.gov_access_clause", {"rejects": True, "disputes": True, "silent": False}),
    "party.data_location": ("dep.processing_in_eea", {"eu-only": True}),
}


def facts_of(deployment: Deployment, assessment: Assessment, catalog: Catalog) -> Known:
    """Everything known of a deployment: fact name -> value. Derived classes are not among them; `classes` finds those."""
    facts = _seen(deployment)
    facts |= _of_operator(deployment.operator, catalog)
    facts |= _of_model(deployment.model, deployment.vendor, deployment.licence, catalog)
    facts |= _transfer(deployment, catalog)
    facts |= workload_facts(deployment.workload, assessment, catalog)
    for party, about in ((deployment.vendor, _OF_MAKER), (deployment.operator, _OF_SERVICE)):
        if party is not None:
            _declare(facts, {n: v for n, v in assessment.party_facts.get(party.id, {}).items() if n.startswith(about)})
    return facts | _structural(deployment, catalog)


def workload_facts(workload: Workload | None, assessment: Assessment, catalog: Catalog, model: Model | None = None) -> Known:
    """What is known of a workload before a way to serve it is chosen: the organisation, the use, what the user declares, and of a model if named."""
    facts = (model_facts(model, catalog) if model else {}) | _of_organisation(assessment.organisation, catalog)
    sources: list[Mapping[str, FactValue | None]] = [assessment.evidence, assessment.organisation.facts]
    if workload is not None:
        facts |= _of_workload(workload)
        sources.append(workload.facts)
    for source in sources:
        _declare(facts, source)
    return facts | (_AN_AI_SYSTEM if workload is not None else {})


def model_facts(model: Model, catalog: Catalog) -> Known:
    """What the catalog knows of a model and its maker in the words of the law, whoever runs it."""
    maker = catalog.parties.get(model.maker)
    seen = {r.fact: r.value for thing in (model, maker) if thing for r in _proving(thing.facts) if r.fact.startswith(_OF_MAKER)}
    return seen | _of_model(model, maker, catalog.licences.get(model.licence.value), catalog)


def assumed_facts(facts: Mapping[str, Any], catalog: Catalog) -> Known:
    """The usual values of rare facts that nobody has stated and that do not follow: name -> value. They may raise a duty, and never clear one."""
    known = Following(catalog).complete(facts)
    return {
        name: definition.assume_if_unasked
        for name, definition in catalog.facts.items()
        if definition.assume_if_unasked is not None and known.get(name) is None
    }


def _declare(facts: Known, source: Mapping[str, FactValue | None]) -> None:
    """Lay declared facts over others. A declared null takes the fact away; a class is never declared."""
    for name, value in source.items():
        if value is None:
            facts.pop(name, None)
        elif not name.startswith(("class.", "party.", "sov.", "licensee.")):
            facts[name] = value


def _seen(deployment: Deployment) -> Known:
    """Facts of the law that the catalog has read: of a maker only about its model, of an operator and an offer about the service."""
    about = (
        (deployment.model, _OF_MAKER), (deployment.vendor, _OF_MAKER), (deployment.operator, _OF_SERVICE), (deployment.offer, _OF_SERVICE),
    )
    return {r.fact: r.value for thing, groups in about if thing is not None for r in _proving(thing.facts) if r.fact.startswith(groups)}


def _proving(records: Iterable[FactRecord]) -> Iterator[FactRecord]:
    return (record for record in records if record.basis in _PROVES)


def _in(country: str | None, group: str, catalog: Catalog) -> bool | None:
    """Whether a country belongs to a group; None where the country is not known."""
    return None if country is None else country in catalog.country_groups.get(group, frozenset())


# ------------------------------------------------------------------------------------------- the organisation


def _of_organisation(organisation: Organisation, catalog: Catalog) -> Known:
    """Only what follows for certain: a bank is a financial entity, a firm outside the EU may still have a branch in it."""
    definition = catalog.facts.get("org.country")
    named = definition is None or organisation.country in definition.values
    facts: Known = {"org.country": organisation.country if named else "other"}
    if _in(organisation.country, "eu", catalog):
        facts |= {"org.established_in_eu": True, "org.principal_place_in_eu": True}
    if organisation.employees is not None:
        facts["org.employees"] = organisation.employees
    if organisation.sector in _FINANCIAL:
        facts["org.financial_entity"] = True
    public = organisation.public_body
    if public is None and organisation.sector == "public-administration":
        public = True
    if public is not None:
        facts["org.public_body"] = public
    if public:
        facts["org.contracting_authority"] = True
    return facts


# ------------------------------------------------------------------------------------------------ the workload


def _of_workload(workload: Workload) -> Known:
    """What a use of a model is by itself. Silence on criticality is not read as harmless."""
    facts: Known = {"wl.commercial_use": True}
    if not workload.embeds_in_product:
        facts["roles.deployer"] = True
    if workload.task in _GENERATES:
        facts["wl.generates_synthetic_content"] = True
    if workload.task in _LABELS:
        facts |= {"wl.generates_synthetic_content": False, "wl.interacts_with_persons": False, "wl.deepfake": False, "wl.public_interest_text": False}
    if workload.task == "chat":
        facts["wl.interacts_with_persons"] = True
    if workload.seats:
        facts["wl.workplace_use"] = True
    if workload.criticality is not Criticality.SUPPORTING:
        facts["wl.critical_or_important_function"] = True
    if workload.tuning.kind != "distil":
        facts["mod.finetunes_model"] = workload.tuning.kind != "none"
    return facts


# --------------------------------------------------------------------------------------- the model, the operator


def _of_model(model: Model | None, vendor: Party | None, licence: Licence | None, catalog: Catalog) -> Known:
    facts = _of_training(model) if model is not None else {}
    in_eu = _in(vendor.country if vendor else None, "eu", catalog)
    if in_eu is not None:
        facts["m.provider_in_eu"] = in_eu
    return facts | (_of_licence(licence) if licence is not None else {})


def _of_training(model: Model) -> Known:
    """What a model is and what it took to train, which decide whether it is general-purpose and whether it carries systemic risk."""
    facts: Known = {}
    if model.released is not None and first_day(model.released.value) >= first_day(_GPAI_TRANSITION):
        facts["m.placed_before_2025_08_02"] = False
    if model.kind in _WIDE_RANGE:
        facts["m.wide_range"] = _WIDE_RANGE[model.kind]
    if model.parameters_total_b is not None:
        facts["m.parameters_b"] = model.parameters_total_b.value
    if model.training_compute is not None:
        facts["m.training_flop"] = Between(least=model.training_compute.value.least, most=model.training_compute.value.most)
    return facts


def _of_licence(licence: Licence) -> Known:
    """What the terms of the weights are in the words of the law. A licence nobody has read excludes and allows nothing."""
    facts: Known = {"m.weights_public": licence.weights_available}
    if licence.art_53_2 in ("yes", "no"):
        facts["m.licence_is_foss_53_2"] = licence.art_53_2 == "yes"
    if licence.evidence == "not-read":
        return facts
    facts["m.licence_excludes_eu"] = any(
        t.kind is TriggerKind.GEOGRAPHY and t.effect is Effect.FORBIDS and any(leaf.in_group == "eu" for leaf in t.when.leaves())
        for t in licence.triggers
    )
    commercial = licence.permissions.get(Use.COMMERCIAL, Permission.UNKNOWN)
    if commercial in (Permission.YES, Permission.NO):
        facts["m.licence_non_commercial"] = commercial is Permission.NO
    elif commercial is Permission.CONDITIONAL and any(Use.COMMERCIAL in t.uses for t in licence.triggers):
        facts["m.licence_non_commercial"] = False  # the trigger says from when on, and is judged with the licence
    return facts


def _of_operator(operator: Party, catalog: Catalog) -> Known:
    if operator.id == OWN:
        return {}
    about = {record.fact: record.value for record in _proving(operator.facts)}
    facts: Known = {}
    for name, (target, says) in _FROM_PARTY.items():
        if about.get(name) in says:
            facts[target] = says[about[name]]
    if about.get("party.ops_staff") == about.get("party.support_staff") == "eu-only":
        facts["dep.remote_access_from_third_country"] = False
    if _in(operator.country, "eu", catalog):
        facts |= {"dep.provider_has_eu_entity": True, "dep.contract_party_third_country": False}
    if operator.country == "DE":
        facts["dep.processor_de_establishment"] = True
    return facts


def _transfer(deployment: Deployment, catalog: Catalog) -> Known:
    """Where data goes when it leaves the EEA, and the adequacy decision where there is one for the whole country."""
    country = deployment.country
    if country is None or _in(country, "eea", catalog):
        return {}
    definition = catalog.facts.get("dep.recipient_country")
    facts: Known = {"dep.recipient_country": country if definition and country in definition.values else "other"}
    if _in(country, "adequate", catalog):
        facts["dep.transfer_tool"] = "adequacy"
    return facts


# ------------------------------------------------------------------------------------------------- the choice


def _structural(deployment: Deployment, catalog: Catalog) -> Known:
    """What the choice itself settles, whatever anybody declares."""
    mode, own = deployment.mode, deployment.operator.id == OWN
    facts: Known = {"dep.third_party_processor": not own, "dep.cloud_service": not own}
    if not own:
        facts["dep.ict_third_party"] = True
    if mode is not None:
        facts["dep.self_hosts_model"] = mode.weights_held_by_customer
        facts |= {name: value for name, value in mode.facts.items() if name.startswith(_OF_SERVICE)}
    if deployment.vendor is not None:
        facts["dep.third_party_model"] = deployment.vendor.id != OWN
    in_eea = _processing_in_eea(deployment, catalog)
    if in_eea is not None:
        facts["dep.processing_in_eea"] = in_eea
    return facts


def _processing_in_eea(deployment: Deployment, catalog: Catalog) -> bool | None:
    """What the contract commits to where it says so; else the country of the site. A global service commits to nothing."""
    region = deployment.offer.processing_region if deployment.offer else None
    if region == "global":
        return None
    if region in ("eu", "us"):
        return region == "eu"
    return _in(deployment.country, "eea", catalog)
