"""What an assessment says that cannot hold together, or that can have no effect."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from planner.domain.assessment import Assessment, Selection
from planner.domain.catalog import Catalog
from planner.domain.waivable import GATE_NAMES, STEP_SOURCES
from planner.problems import Problem, nearest
from planner.quantities import add_months
from planner.reading.binding import Placed
from planner.reading.offers import missing_parts
from planner.reading.strict_yaml import Route


def contradictions(assessment: Assessment, catalog: Catalog, document: Placed) -> Iterator[Problem]:
    """Every contradiction, with its place in the document."""
    yield from _budget(assessment, document)
    yield from _selections(assessment, document)
    yield from _scores(assessment, catalog, document)
    yield from _sites(assessment, catalog, document)
    yield from _currencies(assessment, catalog, document)
    yield from _waivers(assessment, catalog, document)
    for index, offer in enumerate(assessment.offers):
        yield from (document.problem(("offers", index), missing) for missing in missing_parts(offer))
    for index, workload in enumerate(assessment.workloads):
        if workload.facts.get("wl.is_ai_system") is False:
            route = ("workloads", index, "facts", "wl.is_ai_system")
            hint = "leave the line out; what makes search or embedding harmless is what it is used for, which `sovplan law` tells"
            yield document.problem(route, "a workload is served by a model, which infers: it is an AI system (AI Act Art. 3(1))", hint)
        for at, language in enumerate(workload.languages):
            if not re.fullmatch(r"[a-z]{2,3}", language):
                route = ("workloads", index, "languages", at)
                yield document.problem(route, f"{language!r} is not a language code", "write two letters such as fr")


def _waivers(assessment: Assessment, catalog: Catalog, document: Placed) -> Iterator[Problem]:
    """A waiver of what there is not would cover nothing, and nobody would notice."""
    known = {*catalog.rules, *STEP_SOURCES, *GATE_NAMES}
    for index, waiver in enumerate(assessment.waivers):
        if waiver.rule not in known:
            hint = nearest(waiver.rule, known) or "`sovplan catalog list rules` lists the rules, docs/ci.md the gates"
            yield document.problem(("waivers", index, "rule"), f"there is no rule, check or gate {waiver.rule!r} to waive", hint)


def _budget(assessment: Assessment, document: Placed) -> Iterator[Problem]:
    budget, at = assessment.constraints.budget, ("constraints", "budget")
    start = assessment.horizon.start
    last = add_months(start, assessment.horizon.months) - timedelta(days=1)
    for year, amount in budget.per_year.items():
        route = (*at, "per_year", str(year))
        if not start.year <= year <= last.year:
            yield document.problem(route, f"{year} lies outside the horizon, which runs from {start} to {last}", key=True)
        if budget.total is not None and amount > budget.total:
            yield document.problem(route, f"the budget of one year is larger than the total of {budget.total}")
    if budget.total is not None and budget.capex is not None and budget.capex > budget.total:
        yield document.problem((*at, "capex"), f"the budget for what is bought is larger than the total of {budget.total}")


def _selections(assessment: Assessment, document: Placed) -> Iterator[Problem]:
    constraints = assessment.constraints
    for name in ("operators", "vendors", "countries", "modes"):
        selection: Selection = getattr(constraints, name)
        for index, word in enumerate(selection.exclude):
            if word in selection.only:
                yield document.problem(("constraints", name, "exclude", index), f"{word!r} is both let in and excluded")
    for index, operator in enumerate(constraints.required_operators):
        route = ("constraints", "required_operators", index)
        if operator in constraints.operators.exclude:
            yield document.problem(route, f"{operator!r} is both required and excluded")
        elif constraints.operators.only and operator not in constraints.operators.only:
            yield document.problem(route, f"{operator!r} is required, and `operators.only` does not let it in")
    required = len(set(constraints.required_operators))
    if constraints.max_operators is not None and required > constraints.max_operators:
        message = f"at most {constraints.max_operators} operators are wanted, and {required} are required"
        yield document.problem(("constraints", "max_operators"), message)
    for index, workload in enumerate(assessment.workloads):
        for at, mode in enumerate(workload.modes):
            if mode in constraints.modes.exclude or (constraints.modes.only and mode not in constraints.modes.only):
                message = f"{mode!r} is wanted here, and `constraints.modes` does not let it in"
                yield document.problem(("workloads", index, "modes", at), message)


def _scores(assessment: Assessment, catalog: Catalog, document: Placed) -> Iterator[Problem]:
    """Without a framework nothing can be scored."""
    demands = [(("constraints", "sovereignty"), assessment.constraints.sovereignty)]
    demands += [(("workloads", index), workload) for index, workload in enumerate(assessment.workloads)]  # type: ignore[misc]
    for route, demand in demands:
        for name in ("min_seal", "min_score"):
            wanted = getattr(demand, name)
            if wanted is not None and wanted > 0 and not catalog.frameworks:
                yield document.problem((*route, name), f"`{name}` has no meaning: the catalog holds no sovereignty framework")


def _sites(assessment: Assessment, catalog: Catalog, document: Placed) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, site in enumerate(assessment.organisation.sites):
        if site.id in catalog.sites or site.id in seen:
            message = f"there is another site with the id {site.id!r}"
            yield document.problem(("organisation", "sites", index, "id"), message, "choose another id")
        seen.add(site.id)


def _currencies(assessment: Assessment, catalog: Catalog, document: Placed) -> Iterator[Problem]:
    known = {"EUR"} | {rate.currency for rate in catalog.rates}
    used: list[tuple[Route, str]] = []
    if revenue := assessment.organisation.group_monthly_revenue:
        used.append((("organisation", "group_monthly_revenue", "currency"), revenue.currency))
    for index, offer in enumerate(assessment.offers):
        used += [(("offers", index, "prices", at, "currency"), price.currency) for at, price in enumerate(offer.prices)]
    for route, currency in used:
        if currency not in known:
            yield document.problem(route, f"the catalog has no exchange rate for {currency!r}", nearest(currency, known))
