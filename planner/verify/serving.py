"""A choice of a plan with what follows from it, and how its money lies over the months."""
from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from planner.domain.assessment import Workload
from planner.domain.plan import Choice, CostLine
from planner.judging.panel import Judgement
from planner.sizing.demand import Part, Period, Volumes


@dataclass
class Serving:
    """A choice of the plan with what follows from it: the part it serves, how many equal parts, when, how much, and the verdict."""

    choice: Choice
    workload: Workload
    part: Part
    number: int
    periods: tuple[Period, ...]
    volumes: Volumes
    judged: Judgement
    lines: dict[int, list[CostLine]] = field(default_factory=dict)  # of one equal part, by period
    loads: dict[int, int] = field(default_factory=dict)  # thousandths of a replica of one equal part, by period
    cents: int = 0

    def own_lines(self) -> list[CostLine]:
        """What the choice alone causes in the periods in which it serves."""
        n = self.number
        lines = [line for p in self.periods for line in self.lines.get(p.number, [])]
        return [x.model_copy(update={"quantity": x.quantity * n, "amount_eur": x.amount_eur * n}) for x in lines]

    def load(self, period: Period, hours: str | None) -> int:
        """Thousandths of a replica that it fills in a period and a block of hours."""
        here = period in self.periods and (hours is None or self.part.hours in (None, hours))
        return self.loads.get(period.number, 0) * self.number if here else 0


def monthly(line: CostLine, s: Serving | None, months: int) -> list[Decimal]:
    """How a line weighs in each of so many months; by the requests of `s` where it is spread with use."""
    first, until = line.from_month, line.until_month or months
    if line.spread == "start":
        return [Decimal(m == first) for m in range(months)]
    if line.spread == "end":
        return [Decimal(m == until - 1) for m in range(months)]
    inside = [first <= m < until for m in range(months)]
    if line.spread == "usage" and s is not None:
        asked = [r if here else Decimal(0) for r, here in zip(s.volumes.requests, inside, strict=True)]
        if any(asked):
            return asked
    return [Decimal(here) for here in inside]
