"""The steps that a plan itself calls for: answers, quotes, measurements, licence duties, tests, and what to keep watching."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Assessment, Criticality
from planner.domain.catalog import Catalog, Effect
from planner.domain.plan import Choice, CostLine, Plan
from planner.judging.deployment import OWN


@dataclass(frozen=True, slots=True)
class Line:
    """A step before identical ones are merged: `source` is the rule or tool check that raised it."""

    source: str
    step: str
    owner: str
    because: str
    evidence: str
    horizon: str = "short"
    audience: tuple[str, ...] = ("adopter",)
    not_before: date = date.min
    weeks: int = 0
    workloads: tuple[str, ...] = ()
    cost_eur: Decimal | None = None
    costs_each: bool = False  # the cost arises once for each workload
    citation: str | None = None
    asks: str | None = None  # the fact that this step finds out
    facts: tuple[str, ...] = ()  # facts not known that this step turns on


def plan_steps(plan: Plan, assessment: Assessment, catalog: Catalog) -> Iterator[Line]:
    """Every line a plan calls for, in the order a project meets them; identical ones are merged later."""
    yield from _questions(plan, catalog)
    yield from _quotes(plan, catalog)
    yield from _measurements(plan, catalog)
    yield from _licence_duties(plan, catalog)
    yield from _capacity(plan, catalog)
    yield from _exits(plan, assessment, catalog)
    yield from _watch(plan, catalog)


def _questions(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    for choice in plan.choices:
        for name in choice.conditional_on:
            definition = catalog.facts.get(name)
            question = definition.question if definition and definition.question else name
            yield Line(
                "open-fact",
                f"Answer: {question}",
                "AI product owner",
                f"The choice holds only if {name} is as the law or the assessment needs it",
                f"`{name}` stated in the assessment",
                workloads=(choice.workload,),
                asks=name,
            )


def _quotes(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    """One request for a quote for each estimated price of an offer, for all workloads that rest on it."""
    for workload, line in _cost_lines(plan):
        if line.estimate and line.offer is not None:
            offer = catalog.offers.get(line.offer)
            seller = catalog.parties[offer.operator].name if offer and offer.operator in catalog.parties else "the seller"
            yield Line(
                "get-a-quote",
                f"Get a binding quote from {seller} for: {line.what}",
                "Head of procurement",
                f"The price of {line.price.normalize():f} {line.currency} per {line.unit.value} is an estimate (source {line.source}, {line.date})",
                "Signed quote",
                audience=("adopter", "finance"),
                weeks=4,
                workloads=(workload,) if workload else (),
            )


def _cost_lines(plan: Plan) -> Iterator[tuple[str | None, CostLine]]:
    for choice in plan.choices:
        yield from ((choice.workload, line) for line in choice.cost_lines)
    for group in (*plan.nodes, *plan.shared):
        yield from ((None, line) for line in group.cost_lines)


def _measurements(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    for choice in plan.choices:
        if choice.quality_pinned:
            yield Line(
                "measure-quality",
                f"Measure {_model(choice, catalog)} on your own cases before it goes live",
                "ML lead",
                "Nobody has measured this model; the assessment accepts it all the same",
                "Evaluation report against the quality floor",
                audience=("adopter", "engineering"),
                weeks=4,
                workloads=(choice.workload,),
            )


def _licence_duties(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    """The standing duties of a licence where its weights are held, and the triggers that growth can set off."""
    for choice in plan.choices:
        model, mode = catalog.models.get(choice.model), catalog.modes.get(choice.mode)
        licence = catalog.licences.get(model.licence.value) if model else None
        if licence is None or mode is None or not mode.weights_held_by_customer:
            continue
        because, about = f"Licence of {model.name}: {licence.name}", (choice.workload,)  # type: ignore[union-attr]
        for duty in licence.conditions:
            yield Line(
                "licence-duty", duty, "Legal counsel", because, "Licence file", audience=("adopter", "legal"), weeks=2, workloads=about
            )
        for trigger in licence.triggers:
            if trigger.effect is not Effect.FORBIDS:
                yield Line(
                    "licence-trigger",
                    f"Check every quarter whether this term of the licence is set off: {trigger.says}",
                    "Legal counsel",
                    because,
                    "Quarterly note",
                    horizon="mid",
                    audience=("adopter", "legal"),
                    workloads=about,
                    citation=trigger.clause,
                )


def _capacity(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    for pool in plan.pools:
        model = catalog.models[pool.model].name if pool.model in catalog.models else pool.model
        sized = "1 replica was" if pool.replicas == 1 else f"{pool.replicas} replicas were"
        yield Line(
            "capacity-test",
            f"Load-test {model} on {pool.accelerator} at the planned peak before it goes live",
            "Platform lead",
            f"{sized} sized from a calibrated estimate, not from a test at your load",
            "Load-test report",
            audience=("adopter", "engineering"),
            weeks=3,
            workloads=pool.workloads,
        )


def _exits(plan: Plan, assessment: Assessment, catalog: Catalog) -> Iterator[Line]:
    critical = {w.id for w in assessment.workloads if w.criticality is Criticality.CRITICAL}
    for choice in plan.choices:
        if choice.workload in critical:
            yield Line(
                "exit-test",
                f"Rehearse the exit from {_party(choice.operator, catalog)}: move the workload to its standby and back",
                "Platform lead",
                "The workload is critical",
                "Exit-test record with the time it took",
                audience=("adopter", "engineering"),
                weeks=6,
                workloads=(choice.workload,),
            )


def _watch(plan: Plan, catalog: Catalog) -> Iterator[Line]:
    """What investors and partners watch in the middle term, and policy in the long term."""
    parties: dict[str, tuple[str, ...]] = {}
    for choice in plan.choices:
        model = catalog.models.get(choice.model)
        for party in sorted({choice.operator, model.maker if model else choice.operator} - {OWN}):
            parties[party] = (*parties.get(party, ()), choice.workload)
    for party in sorted(parties):
        yield Line(
            "vendor-viability",
            f"Track the viability of {_party(party, catalog)}: funding, ownership, revenue and its quality",
            "Vendor manager",
            "The plan rests on this party",
            "Half-yearly viability note",
            horizon="mid",
            audience=("investor", "adopter"),
            workloads=parties[party],
        )
    compute = tuple(c.workload for c in plan.choices if c.mode == "mistral-compute")
    if compute or "mistral-ai" in parties:
        yield Line(
            "compute-utilisation",
            "Track the utilisation of Mistral Compute and how much of Mistral's recurring revenue is contracted",
            "Investor relations",
            "Recommendation for the middle term: empty capacity or uncontracted revenue puts price and service at risk",
            "Half-yearly note on utilisation and recurring revenue",
            horizon="mid",
            audience=("investor",),
            workloads=compute or parties["mistral-ai"],
        )
    if plan.choices:
        yield Line(
            "supply-chain-autonomy",
            "Reduce dependence in the supply chain: accelerators, data centres, inference software",
            "Public affairs",
            "Recommendation for the long term: an autonomous chain from the procurement of accelerators to inference software",
            "Yearly review of the supply chain from accelerator to inference software",
            horizon="long",
            audience=("policy",),
        )


def _model(choice: Choice, catalog: Catalog) -> str:
    return catalog.models[choice.model].name if choice.model in catalog.models else choice.model


def _party(party: str, catalog: Catalog) -> str:
    return catalog.parties[party].name if party in catalog.parties else party
