"""The law of the shipped catalog by itself, read once, and small assessments and deployments to hold against it."""
from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.catalog import Catalog, CountryGroup, FactDefinition, Mode, Offer, Party, Rule
from planner.judging.deployment import Deployment
from planner.reading.strict_yaml import read

CATALOG = Path(__file__).resolve().parent.parent / "catalog"
EU = tuple("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
ADEQUATE = tuple("AD AR BR CA CH FO GB GG IL IM JE JP KR NZ UY".split())


@cache
def law_catalog() -> Catalog:
    """A catalog that holds the law and nothing else."""
    rules = [Rule.model_validate(r) for path in sorted((CATALOG / "law").glob("*.yaml")) for r in read(path).data["rules"]]
    facts = [FactDefinition.model_validate(f) for path in sorted((CATALOG / "facts").glob("*.yaml")) for f in read(path).data["facts"]]
    groups = {
        name: CountryGroup(id=name, name=name, members=members, source="law-gdpr", checked="2026-11-24")
        for name, members in (("eu", EU), ("eea", (*EU, "IS", "LI", "NO")), ("adequate", ADEQUATE))
    }
    empty: dict[str, Any] = {
        name: {}
        for name in (
            "sources",
            "models",
            "licences",
            "accelerators",
            "servers",
            "parties",
            "modes",
            "offers",
            "countries",
            "assumptions",
            "frameworks",
            "tiers",
        )
    }
    return Catalog(
        **empty, groups=groups, rates=(), abilities=(), gate_scores=(), facts={f.name: f for f in facts}, rules={r.id: r for r in rules}
    )


AS_OF = date(2026, 11, 24)
END = date(2030, 1, 1)
SCREENED = {  # what a usual screening answers once for the whole organisation
    name: False
    for name in (
        "wl.sole_purpose_scientific_research",
        "wl.exclusively_defence_or_national_security",
        "wl.pre_market_development_only",
        "wl.manipulative_technique",
        "wl.exploits_vulnerability",
        "wl.scores_persons_over_time",
        "wl.predicts_criminal_offence",
        "wl.builds_face_database",
        "wl.infers_emotions",
        "wl.biometric_categorisation",
        "wl.realtime_rbi",
        "wl.generates_intimate_imagery",
        "wl.generates_csam_foreseeable",
        "data.health_secondary_use",
        "wl.annex1_section_a_product",
        "wl.annex1_section_b_product",
        "data.special_category",
        "data.criminal",
        "wl.for_law_enforcement",
    )
}
PLAIN = SCREENED | {
    "data.personal": False,
    "wl.annex3_point": "none",
    "ven.excludes_high_risk_use": False,
    "m.licence_non_commercial": False,
    "m.licence_excludes_eu": False,
    "org.public_body": False,
    "org.financial_entity": False,
    "dep.provider_is_ctpp": False,
    "org.fr_state_entity": False,
    "data.health": False,
}
API = Mode(id="api", name="API", says="Metered", weights_held_by_customer=False, hardware="none", operated_by_customer=False)
ON_PREM = Mode(
    id="on-prem", name="On-prem", says="Own machines", weights_held_by_customer=True, hardware="owned", operated_by_customer=True
)


def assessment(
    evidence: dict | None = None, sector: str = "manufacturing", country: str = "FR", workloads: list[dict] | None = None, **more: Any
) -> Assessment:
    """An assessment of one chat workload (or of `workloads`) that starts in January 2027."""
    default = [{"id": "one", "name": "One", "task": "chat", "demand": {"requests_per_month": 10}}]
    return Assessment.model_validate(
        {
            "name": "x",
            "organisation": {"name": "N", "sector": sector, "country": country},
            "horizon": {"start": "2027-01-01"},
            "workloads": workloads or default,
            "evidence": evidence or {},
            **more,
        }
    )


def party(name: str = "vendor", country: str | None = "FR", **facts: Any) -> Party:
    """A party with facts that were seen; `dep__x` stands for `dep.x`."""
    records = [{"fact": k.replace("__", "."), "value": v, "source": "law-gdpr", "date": "2026", "basis": "seen"} for k, v in facts.items()]
    return Party.model_validate({"id": name, "name": name, "kinds": ["operator"], "country": country, "facts": records})


def deployment(
    a: Assessment,
    operator: Party | None = None,
    mode: Mode = API,
    country: str | None = "FR",
    offer: Offer | None = None,
    workload: int = 0,
) -> Deployment:
    """A way to serve one of the assessment's workloads, without a model."""
    return Deployment(
        workload=a.workloads[workload],
        model=None,
        licence=None,
        vendor=None,
        mode=mode,
        operator=operator or party(),
        site=None,
        site_owner=None,
        country=country,
        offer=offer,
    )


def offer(region: str | None) -> Offer:
    """A token offer that commits to a region."""
    return Offer.model_validate(
        {
            "id": "o",
            "name": "O",
            "operator": "vendor",
            "mode": "api",
            "layer": "L1",
            "kind": "tokens",
            "prices": [],
            "processing_region": region,
        }
    )
