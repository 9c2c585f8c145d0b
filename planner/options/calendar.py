"""When money is spent: a cost line cut by calendar year, cent by cent."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from planner.domain.assessment import Assessment
from planner.domain.catalog import WorkUnit
from planner.domain.plan import CostLine
from planner.quantities import share_out, to_cents
from planner.sizing.demand import Volumes, months_of


class Calendar:
    """Cuts cost lines of one assessment by year: with the requests, evenly over the months, or all at the start."""

    def __init__(self, assessment: Assessment, volumes: Mapping[tuple[str, WorkUnit], Volumes]):
        months = months_of(assessment.horizon)
        self.years = sorted({m.year for m in months})
        self._even = [Decimal(sum(1 for m in months if m.year == y)) for y in self.years]
        self._start = [Decimal(1 if y == self.years[0] else 0) for y in self.years]
        self._usage = {
            w: [sum((r for m, r in zip(months, v.requests, strict=True) if m.year == y), Decimal(0)) for y in self.years]
            for (w, _), v in volumes.items()
        }

    def by_year(self, line: CostLine, workload: str | None) -> dict[int, int]:
        """Cents of a line in each calendar year; they add up to the line exactly."""
        weights = {"even": self._even, "start": self._start, "usage": self._usage.get(workload or "", self._even)}[line.spread]
        return dict(zip(self.years, share_out(to_cents(line.amount_eur), weights), strict=True))

    def cents_in(self, line: CostLine, workload: str | None, year: int) -> int:
        """Cents of a line in one calendar year; 0 outside the horizon."""
        return self.by_year(line, workload).get(year, 0)
