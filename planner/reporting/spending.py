"""Every cost line of a plan with whom it is paid for, to whom, and when: what a cost model is made of."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.plan import CostLine
from planner.domain.report import Report
from planner.quantities import add_months, share_out, to_cents
from planner.reporting.context import Context

_GROWTH = "growth-per-year"


@dataclass(frozen=True, slots=True)
class Spent:
    """One cost line: the part of the plan that causes it, the operator who is paid, and cents in each calendar year."""

    part: str
    operator: str
    line: CostLine
    cents_by_year: Mapping[str, int]


def spending(c: Context) -> tuple[Spent, ...]:
    """Every cost line once: workloads, machines, shared work. The cents of a line's years add up to the line.

    A line is spread over the months as it says: evenly, at the start, or with the requests of its workload, which grow at each anniversary.
    """
    years = _Years(c.report)
    return tuple(Spent(part, operator, line, years.of(line, workload)) for part, operator, workload, line in _lines(c))


def _lines(c: Context) -> Iterator[tuple[str, str, str | None, CostLine]]:
    plan = c.plan
    for choice in plan.choices:
        for line in choice.cost_lines:
            yield c.name(choice.workload), choice.operator, choice.workload, line
    for node in plan.nodes:
        part = c.p("cost.machines", count=c.p.count("count.servers", node.nodes), offer=c.name(node.offer), site=c.name(node.site))
        operator = next((x.operator for x in plan.choices if (x.offer, x.site) == (node.offer, node.site)), "own")
        for line in node.cost_lines:
            yield part, operator, None, line
    for item in plan.shared:
        part = c.p("cost.shared", what=c.t(item.what), workloads=c.whom(item.workloads))
        for line in item.cost_lines:
            yield part, item.operator or "own", None, line


class _Years:
    """The calendar years of a report's horizon, and what falls into each."""

    def __init__(self, report: Report):
        horizon = report.assessment["horizon"]
        start, months = date.fromisoformat(str(horizon["start"])), int(horizon["months"])
        self._months = [add_months(start, m).year for m in range(months)]
        self._years = sorted(set(self._months))
        self._growth = _growth(report)

    def of(self, line: CostLine, workload: str | None) -> dict[str, int]:
        """Cents of a line in each year; they add up to the line exactly."""
        weights = dict.fromkeys(self._years, Decimal(0))
        if line.spread == "start":
            weights[self._years[0]] = Decimal(1)
        else:
            factor = self._growth.get(workload or "", Decimal(1)) if line.spread == "usage" else Decimal(1)
            for month, year in enumerate(self._months):
                weights[year] += factor ** (month // 12)
        cents = share_out(to_cents(line.amount_eur), [weights[year] for year in self._years])
        return {str(year): part for year, part in zip(self._years, cents, strict=True)}


def _growth(report: Report) -> dict[str, Decimal]:
    """Workload -> the factor by which its requests grow a year: as the assessment says, else as was assumed."""
    assumed = {a.workload: a.value for a in (report.plan.assumptions if report.plan else ()) if a.name == _GROWTH}
    found: dict[str, Decimal] = {}
    for workload in report.assessment["workloads"]:
        demand: Mapping[str, Any] = workload.get("demand") or {}
        stated = demand.get("growth_per_year")
        value = Decimal(str(stated)) if stated is not None else assumed.get(workload["id"])
        if value is not None:
            found[workload["id"]] = 1 + value
    return found
