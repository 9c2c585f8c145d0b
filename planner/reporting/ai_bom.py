"""The AI bill of materials of a plan: which models, whose, under which licence, served by whom, for what. CycloneDX 1.6, ML-BOM.

The same plan gives the same bytes: the serial number follows from the plan's content, the time stamp is the planning day. What is not known
is left out rather than guessed; hashes of weights are not known here, so none are stated.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planner.domain.catalog import Catalog, Licence, Modality, Model
from planner.domain.plan import Choice
from planner.domain.report import Finding, Report
from planner.reporting.identity import plan_uuid

SPEC_VERSION = "1.6"
_PORTFOLIO = "portfolio"
_METRIC = "probability of being at least as good as the reference of the quality floor"


def ai_bom(report: Report, catalog: Catalog) -> dict[str, Any]:
    """The bill of a report that holds a plan, as the CycloneDX JSON document. Raises ValueError where it holds none.

    `catalog` is the one the plan was made with; a model it does not know appears under its name alone.
    """
    if report.plan is None:
        raise ValueError("a report without a plan has no bill of materials")
    by_model: dict[str, list[Choice]] = {}
    for choice in report.plan.choices:
        by_model.setdefault(choice.model, []).append(choice)
    components = [_component(key, by_model[key], report, catalog) for key in sorted(by_model)]
    services = list(_services(report.plan.choices, report, catalog))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{plan_uuid(report)}",
        "version": 1,
        "metadata": _metadata(report),
        "components": components,
        "services": services,
        "dependencies": _dependencies(by_model, report.plan.choices, services),
    }


def _metadata(report: Report) -> dict[str, Any]:
    provenance = report.provenance
    tool, _, version = provenance.tool.partition(" ")
    return {
        "timestamp": f"{provenance.as_of.isoformat()}T00:00:00Z",
        "tools": {"components": [{"type": "application", "name": tool, **_known(version=version)}]},
        "component": {"type": "application", "bom-ref": _PORTFOLIO, "name": report.assessment_name, "supplier": {"name": report.organisation}},
        "properties": _properties({"catalog-sha256": provenance.catalog_sha256, "assessment-sha256": provenance.assessment_sha256}),
    }


# ------------------------------------------------------------------------------------------------ models


def _component(key: str, choices: Sequence[Choice], report: Report, catalog: Catalog) -> dict[str, Any]:
    model = catalog.models.get(key)
    about = {"type": "machine-learning-model", "bom-ref": f"model:{key}"}
    if model is None:
        return {**about, "name": report.names.get(key, key)}
    maker, licence = catalog.parties.get(model.maker), catalog.licences[model.licence.value]
    released = model.released or model.weights_released
    return {
        **about,
        "supplier": {"name": maker.name if maker else model.maker},
        "group": model.maker,
        "name": model.name,
        **_known(version=str(released.value) if released else "", description=model.note or ""),
        "licenses": [{"license": licence_entry(licence, catalog)}],
        "externalReferences": _references(model, licence, catalog),
        "modelCard": _card(model, licence, choices, report),
    }


def licence_entry(licence: Licence, catalog: Catalog) -> dict[str, Any]:
    """A licence as CycloneDX writes it: by its SPDX id, or by its name where SPDX has none."""
    source = catalog.sources.get(licence.source)
    named = {"name": licence.name} if licence.spdx.startswith("LicenseRef-") else {"id": licence.spdx}
    return {**named, **_known(url=source.url if source and source.url else "")}


def _references(model: Model, licence: Licence, catalog: Catalog) -> list[dict[str, Any]]:
    """Where the weights lie, and the documents that what is said here was read from; each address once."""
    found: dict[str, dict[str, Any]] = {}
    if model.weights_url:
        found[model.weights_url] = {"type": "distribution", "url": model.weights_url}
    figures = [model.released, model.licence, model.reads, model.writes, model.context_tokens, model.parameters_total_b, model.architecture]
    for figure in figures:
        source = catalog.sources.get(figure.source) if figure else None
        if source and source.url and source.url not in found:
            found[source.url] = {"type": "documentation", "url": source.url, "comment": f"{source.what}, {source.date}"}
    return list(found.values())


def _card(model: Model, licence: Licence, choices: Sequence[Choice], report: Report) -> dict[str, Any]:
    workloads = {w["id"]: w for w in report.assessment["workloads"]}
    metrics = [
        {"type": _METRIC, "value": format(c.quality_probability, "f"), "slice": c.workload}
        for c in choices if c.quality_probability is not None
    ]
    return {
        "modelParameters": {
            "task": ", ".join(sorted({workloads[c.workload]["task"] for c in choices})),
            **_known(architectureFamily=_family(model)),
            "inputs": [{"format": str(m.value)} for m in model.reads.value],
            "outputs": [{"format": str(m.value)} for m in model.writes.value if m is not Modality.REASONING],
        },
        **_known(quantitativeAnalysis={"performanceMetrics": metrics} if metrics else None),
        "considerations": {
            "users": [report.organisation],
            "useCases": [workloads[c.workload]["name"] for c in choices],
            **_known(technicalLimitations=list(_limits(model, choices)), ethicalConsiderations=list(_legal(choices, report.findings))),
        },
        "properties": _properties({
            "kind": model.kind.value,
            "parameters-total-billion": model.parameters_total_b and model.parameters_total_b.value,
            "parameters-active-billion": model.parameters_active_b and model.parameters_active_b.value,
            "context-tokens": model.context_tokens and model.context_tokens.value,
            "precision": ", ".join(sorted({c.precision for c in choices if c.precision})),
            "ai-act-art-53-2": licence.art_53_2,
        }),
    }


def _family(model: Model) -> str:
    if model.architecture is None:
        return ""
    return "transformer, mixture of experts" if model.architecture.value.experts else "transformer"


def _limits(model: Model, choices: Iterable[Choice]) -> Iterable[str]:
    """What the model is known not to do, and what nobody knows of it."""
    if model.context_tokens:
        yield f"Reads at most {model.context_tokens.value:,} tokens at once"
    if any(c.quality_pinned for c in choices):
        yield "Nobody has measured its quality; the plan's owner lets it in all the same"
    if model.retires:
        yield f"Its maker retires it from its own service on {model.retires.value}"


def _legal(choices: Iterable[Choice], findings: Iterable[Finding]) -> Iterable[dict[str, str]]:
    """Each demand of law that is unmet or undecided for a workload of the model, once."""
    ours = {c.workload for c in choices}
    seen: set[str] = set()
    for finding in findings:
        if finding.workload in ours and finding.status in ("unmet", "unknown") and finding.severity != "informs" and finding.rule not in seen:
            seen.add(finding.rule)
            yield {"name": f"{finding.title} ({finding.status})", "mitigationStrategy": finding.says}


# ---------------------------------------------------------------------------------------------- services


def _services(choices: Iterable[Choice], report: Report, catalog: Catalog) -> Iterable[dict[str, Any]]:
    """One entry for each offer in use: who provides it, where, in which mode."""
    first = {c.offer: c for c in reversed(list(choices))}
    for offer in sorted(first):
        choice = first[offer]
        operator = catalog.parties.get(choice.operator)
        yield {
            "bom-ref": f"offer:{offer}",
            "provider": {"name": operator.name if operator and choice.operator != "own" else report.names.get(choice.operator, report.organisation)},
            "name": report.names.get(offer, offer),
            "x-trust-boundary": choice.operator != "own",
            "properties": _properties({"mode": choice.mode, "country": choice.country, "site": choice.site, "hardware": choice.hardware}),
        }


def _dependencies(by_model: Mapping[str, Sequence[Choice]], choices: Iterable[Choice], services: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The portfolio rests on its services, and each service on the models it serves."""
    served: dict[str, set[str]] = {}
    for choice in choices:
        served.setdefault(f"offer:{choice.offer}", set()).add(f"model:{choice.model}")
    return [
        {"ref": _PORTFOLIO, "dependsOn": [str(s["bom-ref"]) for s in services]},
        *({"ref": ref, "dependsOn": sorted(served[ref])} for ref in sorted(served)),
        *({"ref": f"model:{key}"} for key in sorted(by_model)),
    ]


def _known(**values: Any) -> dict[str, Any]:
    """The values that say something."""
    return {key: value for key, value in values.items() if value}


def _properties(values: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"name": f"sovplan:{key}", "value": str(value)} for key, value in values.items() if value not in (None, "")]
