"""What it takes to leave a party: the same portfolio planned again without it, the difference of the bill, and how it then scores."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment, Selection
from planner.domain.catalog import Catalog
from planner.domain.plan import Plan
from planner.domain.report import Scorecard
from planner.judging.paradox import Change, Left, Resolve
from planner.judging.sovereignty import DEFAULT_FRAMEWORK
from planner.problems import NotProved
from planner.quantities import exact

Replan = Callable[[Assessment], tuple[Plan, Scorecard | None] | None]
"""The best plan of an assessment with its scorecard; None where there is none. May raise NotProved at a limit."""

_CENT = Decimal("0.01")


def leaving(plan: Plan, assessment: Assessment, catalog: Catalog, replan: Replan) -> Resolve:
    """A `resolve` for the paradox page of `plan`: what a plan without the change's party costs more by the month, and how it scores.

    The party is shut out as operator and as maker of models; each party is planned for once. None where the catalog knows no such
    party, where it is not in the plan, where no plan exists without it, or where none was proved within the limit.
    """
    ids = {party.name: key for key, party in catalog.parties.items()}
    used = {choice.operator for choice in plan.choices} | {catalog.models[c.model].maker for c in plan.choices if c.model in catalog.models}
    weights = catalog.frameworks[DEFAULT_FRAMEWORK].default_weights
    found: dict[str, Left | None] = {}

    def resolve(change: Change) -> Left | None:
        party = ids.get(change.without_party)
        if party is None or party not in used:
            return None
        if party not in found:
            found[party] = _difference(plan, without(assessment, party), replan, weights)
        return found[party]

    return resolve


def without(assessment: Assessment, party: str) -> Assessment:
    """The assessment with one party more shut out, as operator and as maker of models."""
    c = assessment.constraints
    shut = {name: _shut(getattr(c, name), party) for name in ("operators", "vendors")}
    return assessment.model_copy(update={"constraints": c.model_copy(update=shut)})


def _shut(selection: Selection, party: str) -> Selection:
    return selection.model_copy(update={"exclude": tuple(sorted({*selection.exclude, party}))})


def _difference(plan: Plan, changed: Assessment, replan: Replan, weights: str) -> Left | None:
    try:
        again = replan(changed)
    except NotProved:
        return None
    if again is None:
        return None
    other, card = again
    with exact():
        bill = ((other.cost.total_eur - plan.cost.total_eur) / plan.months).quantize(_CENT)
    score = card.overall.score[weights] if card else None
    return Left(bill, score, card.overall.seal.known if card else None)


def replanner(catalog: Catalog, as_of: date, data: Mapping[str, Any]) -> Replan:
    """Plans with the shipped planner on one day; `data` is the assessment as it was read."""
    from planner.planning import plan as best

    def replan(assessment: Assessment) -> tuple[Plan, Scorecard | None] | None:
        report = best(catalog, assessment, as_of, data)
        return (report.plan, report.scorecard) if report.plan else None

    return replan
