"""What it costs to leave a party: the same portfolio planned again without it, and the difference of the bill."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment, Selection
from planner.domain.catalog import Catalog
from planner.domain.plan import Plan
from planner.judging.paradox import Change, Resolve
from planner.problems import NotProved
from planner.quantities import exact

Replan = Callable[[Assessment], Plan | None]
"""The best plan of an assessment; None where there is none. May raise NotProved at a limit."""

_CENT = Decimal("0.01")


def leaving(plan: Plan, assessment: Assessment, catalog: Catalog, replan: Replan) -> Resolve:
    """A `resolve` for the paradox page of `plan`: euros a month that a plan without the change's party costs more (or, below 0, less).

    The party is shut out as operator and as maker of models; each party is planned for once. None where the catalog knows no such
    party, where it is not in the plan, where no plan exists without it, or where none was proved within the limit.
    """
    ids = {party.name: key for key, party in catalog.parties.items()}
    used = {choice.operator for choice in plan.choices} | {catalog.models[c.model].maker for c in plan.choices if c.model in catalog.models}
    found: dict[str, Decimal | None] = {}

    def resolve(change: Change) -> Decimal | None:
        party = ids.get(change.without_party)
        if party is None or party not in used:
            return None
        if party not in found:
            found[party] = _difference(plan, without(assessment, party), replan)
        return found[party]

    return resolve


def without(assessment: Assessment, party: str) -> Assessment:
    """The assessment with one party more shut out, as operator and as maker of models."""
    c = assessment.constraints
    shut = {name: _shut(getattr(c, name), party) for name in ("operators", "vendors")}
    return assessment.model_copy(update={"constraints": c.model_copy(update=shut)})


def _shut(selection: Selection, party: str) -> Selection:
    return selection.model_copy(update={"exclude": tuple(sorted({*selection.exclude, party}))})


def _difference(plan: Plan, changed: Assessment, replan: Replan) -> Decimal | None:
    try:
        again = replan(changed)
    except NotProved:
        return None
    if again is None:
        return None
    with exact():
        return ((again.cost.total_eur - plan.cost.total_eur) / plan.months).quantize(_CENT)


def replanner(catalog: Catalog, as_of: date, data: Mapping[str, Any]) -> Replan:
    """Plans with the shipped planner on one day; `data` is the assessment as it was read."""
    from planner.planning import plan as best

    def replan(assessment: Assessment) -> Plan | None:
        return best(catalog, assessment, as_of, data).plan

    return replan
