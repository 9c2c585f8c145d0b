"""The gates a way must pass before it is sized and priced. Each says, in words, what it rules out and why.

A gate that stands for a wish of the user carries the wish's name as `demand`: lifting the wish opens the way again,
which is how a conflict is found. A gate without a demand is a fact of the world, and nothing lifts it.
"""
from __future__ import annotations

from collections.abc import Iterator

from planner.domain.assessment import Assessment, Residency, Selection, Workload
from planner.domain.catalog import SERVICES, Catalog, Modality, Model, ModelKind, Offer, Site, WorkUnit
from planner.judging.deployment import OWN, Barrier
from planner.judging.quality import QualityVerdict
from planner.quantities import first_day
from planner.sizing.demand import Period, Volumes, periods_of


def kind_barrier(workload: Workload, model: Model) -> Barrier | None:
    """Only like serves like: a speech model never chats, and a code model only codes."""
    coding = model.kind is ModelKind.CODE and workload.task in ("coding", "agents")
    return None if model.kind is workload.model_kind or coding else Barrier("another-kind-of-model", f"it is a {model.kind} model")


def model_barriers(workload: Workload, model: Model, volumes: Volumes, quality: QualityVerdict | None, assessment: Assessment) -> Iterator[Barrier]:
    """What keeps a model of the right kind from a workload whoever runs it: modalities, context, quality, wishes."""
    if missing := [m for m in workload.modalities if m not in model.reads.value and not _implied(m, model)]:
        yield Barrier("modality-missing", f"it does not read {', '.join(missing)}")
    if model.unit is WorkUnit.TOKENS:
        needed = max(workload.context_tokens or 0, volumes.input_tokens + volumes.output_tokens)
        if model.context_tokens is None:
            yield Barrier("context-not-known", "the length of its context is not known", f"context:{workload.id}")
        elif model.context_tokens.value < needed:
            reason = f"its context of {model.context_tokens.value:,} tokens is shorter than {needed:,}"
            yield Barrier("context-too-short", reason, f"context:{workload.id}")
    if workload.models and model.id not in workload.models:
        yield Barrier("model-not-wanted", "the workload names other models", f"models:{workload.id}")
    yield from _selected(assessment.constraints.vendors, model.maker, "vendor", "vendors")
    if quality is not None and quality.passes is not True:
        rule = "quality-not-measured" if quality.passes is None else "quality-below-floor"
        yield Barrier(rule, quality.because, f"quality:{workload.id}")


def _implied(modality: Modality, model: Model) -> bool:
    """A reader of documents reads pages as images or files; a reader of text alone reads neither."""
    return modality is Modality.DOCUMENT and Modality.IMAGE in model.reads.value


def offer_barriers(workload: Workload, model: Model, offer: Offer, site: Site | None, assessment: Assessment, catalog: Catalog) -> Iterator[Barrier]:
    """What keeps an offer from a workload at all times: wishes about modes, operators and places, dates, residency."""
    closed = [next(closed_in(model, offer, site, p), None) for p in periods_of(assessment.horizon)]
    if closed[0] is not None and all(closed):
        yield closed[0]
    if workload.modes and offer.mode not in workload.modes:
        yield Barrier("mode-not-wanted", "the workload names other modes", f"modes:{workload.id}")
    constraints = assessment.constraints
    yield from _selected(constraints.modes, offer.mode, "mode", "modes")
    yield from _selected(constraints.operators, offer.operator, "operator", "operators")
    country = site.country if site else None
    if country is not None:
        yield from _selected(constraints.countries, country, "country", "countries")
    elif constraints.countries.only or constraints.countries.exclude:
        yield Barrier("country-not-known", "the offer does not say in which country it runs", "countries")
    if reason := residency_breach(workload.residency, country, offer, assessment, catalog):
        yield Barrier("residency", reason, f"residency:{workload.id}")


def closed_in(model: Model, offer: Offer, site: Site | None, period: Period) -> Iterator[Barrier]:
    """What keeps an offer from being used throughout a period: when it is sold, when its site opens, when its model is there."""
    over = "before the horizon does" if period.number == 0 else "within the horizon"
    if offer.available_from and first_day(offer.available_from) > period.start:
        yield Barrier("not-yet-sold", f"it is sold from {offer.available_from} only")
    if offer.available_until and first_day(offer.available_until) < period.end:
        yield Barrier("no-longer-sold", f"it ends on {offer.available_until}, {over}")
    if site is not None and site.opens and first_day(site.opens) > period.start:
        yield Barrier("site-not-open", f"{site.name} opens in {site.opens} only")
    released = model.released or model.weights_released
    if released is not None and first_day(released.value) > period.start:
        yield Barrier("not-yet-released", f"it is released on {released.value} only")
    sold = offer.kind in SERVICES and offer.operator == model.maker
    if sold and model.retires and first_day(model.retires.value) < period.end:
        yield Barrier("retires", f"its maker retires it on {model.retires.value}, {over}")


def residency_breach(residency: Residency, country: str | None, offer: Offer, assessment: Assessment, catalog: Catalog) -> str | None:
    """Why this place does not meet the workload's residency, or None where it does. A place not committed to never meets one."""
    if residency is Residency.ANYWHERE:
        return None
    groups = catalog.country_groups
    allowed = {
        Residency.COUNTRY: frozenset({assessment.organisation.country}),
        Residency.EEA: groups["eea"],
        Residency.EEA_OR_ADEQUATE: groups["eea"] | groups["adequate"],
    }[residency]
    if country is not None:
        return None if country in allowed else f"data would be processed in {country}, outside {_PLACES[residency]}"
    regions = {"eu": groups["eu"], "eea-ch": groups["eea"] | {"CH"}}
    region = regions.get(offer.processing_region or "")
    if region is not None and region <= allowed:
        return None
    return f"the offer does not commit to processing in {_PLACES[residency]}"


_PLACES = {
    Residency.COUNTRY: "the organisation's own country",
    Residency.EEA: "the EEA",
    Residency.EEA_OR_ADEQUATE: "the EEA and countries with an adequacy decision",
}


def _selected(selection: Selection, value: str, word: str, demand: str) -> Iterator[Barrier]:
    if value in selection.exclude:
        yield Barrier(f"{word}-excluded", f"the assessment excludes the {word} {value}", demand)
    elif selection.only and value not in selection.only and value != OWN:
        yield Barrier(f"{word}-not-wanted", f"the assessment allows other {demand} only", demand)
