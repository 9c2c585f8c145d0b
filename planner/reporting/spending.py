"""Every cost line of a plan with whom it is paid for, to whom, and when: what a cost model is made of."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.plan import CostLine
from planner.domain.report import Report
from planner.quantities import add_months, exact, quarter_of, share_out, to_cents
from planner.reporting.context import Context

_GROWTH = "growth-per-year"


@dataclass(frozen=True, slots=True)
class Spent:
    """One cost line: the part of the plan that causes it, the operator who is paid, and cents in each calendar year and quarter."""

    part: str
    operator: str
    line: CostLine
    cents_by_year: Mapping[str, int]
    cents_by_quarter: Mapping[str, int]


def spending(c: Context) -> tuple[Spent, ...]:
    """Every cost line once: workloads, machines, shared work, moves. The cents of a line's years, and of its quarters, add up to the line."""
    calendar = _Calendar(c.report)
    return tuple(
        Spent(part, operator, line, calendar.years(line, workload), calendar.quarters(line, workload)) for part, operator, workload, line in _lines(c)
    )


def _lines(c: Context) -> Iterator[tuple[str, str, str | None, CostLine]]:
    plan = c.plan
    for choice in plan.choices:
        for line in choice.cost_lines:
            yield c.name(choice.workload), choice.operator, choice.workload, line
    for node in plan.nodes:
        part = c.p("cost.machines", count=c.p.count("count.servers", node.nodes), offer=c.name(node.offer), site=c.name(node.site))
        here = [x for x in plan.choices if x.site == node.site and (x.offer == node.offer or x.hardware == node.accelerator)]
        operator = next((x.operator for x in sorted(here, key=lambda x: x.offer != node.offer)), "own")
        for line in node.cost_lines:
            yield part, operator, None, line
    for item in plan.shared:
        part = c.p("cost.shared", what=c.t(item.what), workloads=c.whom(item.workloads))
        for line in item.cost_lines:
            yield part, item.operator or "own", None, line
    for move in plan.moves:
        for line in move.cost_lines:
            yield c.name(move.workload), "own", None, line


class _Calendar:
    """The months of a report's horizon, and what falls into each year and quarter."""

    def __init__(self, report: Report):
        horizon = report.assessment["horizon"]
        start = date.fromisoformat(str(horizon["start"]))
        days = [add_months(start, m) for m in range(int(horizon["months"]))]
        self._years = [str(day.year) for day in days]
        self._quarters = [quarter_of(day) for day in days]
        self._requests = _requests(report, len(days))

    def years(self, line: CostLine, workload: str | None) -> dict[str, int]:
        """Cents of a line in each year; they add up to the line exactly."""
        return self._cut(line, workload, self._years)

    def quarters(self, line: CostLine, workload: str | None) -> dict[str, int]:
        """Cents of a line in each quarter; they add up to the line exactly."""
        return self._cut(line, workload, self._quarters)

    def _cut(self, line: CostLine, workload: str | None, names: Sequence[str]) -> dict[str, int]:
        weights = dict.fromkeys(names, Decimal(0))
        for name, weight in zip(names, self._monthly(line, workload), strict=True):
            weights[name] += weight
        return dict(zip(weights, share_out(to_cents(line.amount_eur), list(weights.values())), strict=True))

    def _monthly(self, line: CostLine, workload: str | None) -> list[Decimal]:
        """How a line weighs in each month: with the requests, evenly over its months, all at their start or all at their end."""
        months = len(self._years)
        first, until = line.from_month, line.until_month or months
        if line.spread in ("start", "end"):
            first, until = (first, first + 1) if line.spread == "start" else (until - 1, until)
        requests = self._requests.get(workload or "") if line.spread == "usage" else None
        weights = requests if requests and any(requests[first:until]) else [Decimal(1)] * months
        return [weight if first <= month < until else Decimal(0) for month, weight in enumerate(weights)]


def _requests(report: Report, months: int) -> dict[str, list[Decimal]]:
    """Workload -> its requests of each month against those of a full first month: they grow at each anniversary, after a ramp."""
    assumed = {a.workload: a.value for a in (report.plan.assumptions if report.plan else ()) if a.name == _GROWTH}
    found: dict[str, list[Decimal]] = {}
    for workload in report.assessment["workloads"]:
        demand: Mapping[str, Any] = workload.get("demand") or {}
        stated, ramp = demand.get("growth_per_year"), int(demand.get("ramp_months") or 0)
        growth = 1 + (Decimal(str(stated)) if stated is not None else assumed.get(workload["id"], Decimal(0)))
        with exact():
            found[workload["id"]] = [
                growth ** (m // 12) * (min(Decimal(1), Decimal(m + 1) / ramp) if ramp else Decimal(1)) for m in range(months)
            ]
    return found
