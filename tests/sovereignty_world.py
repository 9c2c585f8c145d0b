"""A small world to judge: the shipped framework, vocabulary and parties, with modes, licences, a model and chips of its own."""
from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from planner.domain.assessment import Assessment
from planner.domain.base import Basis, Confidence, FactRecord, Figure
from planner.domain.catalog import (
    Accelerator, Catalog, ChainLayer, CountryGroup, FactDefinition, Licence, Mode, Model, Offer, Party, Source, SovereigntyFramework,
)
from planner.judging.deployment import Deployment
from planner.reading import strict_yaml

ROOT = Path(__file__).resolve().parent.parent / "catalog"
EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE".split()
_KINDS: dict[str, Any] = {"sources": Source, "parties": Party, "facts": FactDefinition, "frameworks": SovereigntyFramework, "chain": ChainLayer}
_FILES = ("sovereignty/*.yaml", "parties/*.yaml", "facts/party.yaml", "facts/sovereignty.yaml", "sources/*.yaml")


def _figure(value: Any) -> Figure:
    return Figure(value=value, source="own-assumption", date="2026", confidence=Confidence.HIGH)


def licence(name: str, irrevocable: bool | None, weights: bool = True, evidence: str = "text-read") -> Licence:
    """A licence that allows everything, or API terms."""
    return Licence(
        id=name, name=name, spdx="LicenseRef-test", licensor="test", permissions={"modify": "yes"}, irrevocable=irrevocable,
        weights_available=weights, art_53_2="unclear", art_53_2_because="test", art_53_2_paragraph="none", evidence=evidence,
        source="own-assumption", checked="2026",
    )


LICENCES = {
    x.id: x for x in (
        licence("open", True), licence("open-unread", True, evidence="secondary"), licence("open-unclear", None),
        licence("revocable", False), licence("closed", None, weights=False),
    )
}
MODES = {
    "api": Mode(id="api", name="API", says="api", weights_held_by_customer=False, hardware="none", operated_by_customer=False),
    "vpc": Mode(id="vpc", name="VPC", says="vpc", weights_held_by_customer=True, hardware="rented", operated_by_customer=True),
    "on-prem": Mode(id="on-prem", name="On-prem", says="own", weights_held_by_customer=True, hardware="owned", operated_by_customer=True),
}
MODEL = Model(
    id="test-model", name="Test", maker="mistral-ai", kind="chat", group="flagship", licence=_figure("open"), reads=_figure(("text",)),
    writes=_figure(("text",)),
)
CHIP = Accelerator(
    id="h100", name="H100", maker="nvidia", memory_gb=_figure(80), bandwidth_gbs=_figure(3350), bf16_tflops=_figure(989),
    link_gbs=_figure(450), link="nvlink", nvlink=True, power_w=_figure(700),
)
RENT = Offer(
    id="rent-h100", name="H100", operator="scaleway", mode="vpc", layer="L4", kind="rent", accelerator="h100", accelerators=1, prices=(),
)


@cache
def world() -> Catalog:
    """The catalog of this small world."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in _KINDS}
    for pattern in _FILES:
        for path in sorted(ROOT.glob(pattern)):
            for kind, entries in strict_yaml.read(path).data.items():
                for entry in entries if kind in _KINDS else ():
                    noun = _KINDS[kind].model_validate(entry)
                    found[kind][getattr(noun, "id", None) or noun.name] = noun
    return Catalog(
        **found, models={MODEL.id: MODEL}, licences=LICENCES, accelerators={CHIP.id: CHIP}, servers={}, modes=MODES,
        offers={RENT.id: RENT}, countries={}, rates=(), assumptions={}, rules={}, abilities=(), tiers={}, gate_scores=(),
        groups={"eea": CountryGroup(id="eea", name="EEA", members=EEA, source="own-assumption", checked="2026")},
    )


def with_party(catalog: Catalog, party: Party) -> Catalog:
    """A catalog in which one party is replaced."""
    return catalog.model_copy(update={"parties": {**catalog.parties, party.id: party}})


def fact(name: str, value: Any, basis: Basis = Basis.SEEN) -> FactRecord:
    """One fact about a party."""
    return FactRecord(fact=name, value=value, source="own-assumption", date="2026", basis=basis)


def party(name: str, **facts: Any) -> Party:
    """A party with `party.` facts that were read in their source."""
    return Party(id=name, name=name, kinds=("operator",), facts=tuple(fact(f"party.{key}", value) for key, value in facts.items()))


def deployment(
    operator: Party, mode: str = "api", terms: str = "open", vendor: Party | str | None = "mistral-ai", country: str | None = "FR",
    site: str | None = None, offer: Offer | None = None, workload: Any = None,
) -> Deployment:
    """One way to serve a model in this world."""
    return Deployment(
        workload=workload, model=MODEL, licence=LICENCES[terms], mode=MODES[mode],
        vendor=vendor if isinstance(vendor, Party) else world().parties.get(vendor or ""),
        operator=operator, site=site, site_owner=operator, country=country, offer=offer,
    )


def assessment(**over: Any) -> Assessment:
    """The smallest assessment, with anything laid over it."""
    return Assessment.model_validate({
        "name": "Test", "organisation": {"name": "Org", "sector": "other", "country": "DE"}, "horizon": {"start": "2027-01-01"},
        "workloads": [{"id": "chat", "name": "Chat", "task": "chat", "demand": {"requests_per_month": 1000}}], **over,
    })
