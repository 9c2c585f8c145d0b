"""Who serves what and when, and how much of the machines that takes."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner.domain.plan import CostLine, Pool
from planner.options.option import Option, Options
from planner.quantities import exact
from planner.sizing.demand import Part

MILLI = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many equal parts of a part served by one option through some periods, one after another; or an option that stands by for it."""

    part: Part
    option: Option
    parts: int
    periods: tuple[int, ...]
    stands_by: bool = False

    def load(self, period: int, hours: str | None) -> int:
        """Thousandths of a replica that it fills in a period, and in one block of hours where that matters."""
        present = period in self.periods and (hours is None or self.part.hours in (None, hours))
        return self.option.loads[period] * self.parts if present else 0


def filled(s: Stretch, options: Options, pools: Mapping[str, Pool], machine: str, only: int | None = None) -> Decimal:
    """Accelerators of a machine that a stretch fills, times months: in all periods, or in one."""
    if s.stands_by or s.option.pool is None or options.pools[s.option.pool].node != machine:
        return Decimal(0)
    pool, found = pools[s.option.pool], Decimal(0)
    with exact():
        for p in pool.periods:
            if p.load and only in (None, p.period):
                found += p.replicas * pool.tensor_parallel * (s.load(p.period, p.hours) * MILLI) / p.load * options.periods[p.period].months
    return found


def times(line: CostLine, count: int) -> CostLine:
    """A line for so many of the same."""
    return line if count == 1 else line.model_copy(update={"quantity": line.quantity * count, "amount_eur": line.amount_eur * count})
