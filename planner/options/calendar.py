"""When money is spent and what it is worth: a cost line cut by calendar year or quarter, cent by cent, and its worth at the start."""
from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from functools import cached_property

from planner.domain.assessment import Assessment
from planner.domain.plan import CostLine
from planner.options.option import Lines, Options
from planner.quantities import exact, quarter_of, share_out, to_cents
from planner.sizing.demand import months_of


class Calendar:
    """Cuts cost lines of one assessment by time: with the requests, evenly over their months, all at their start or all at their end."""

    def __init__(self, assessment: Assessment, options: Options):
        self.months = months_of(assessment.horizon)
        self.years = sorted({m.year for m in self.months})
        self.quarters = list(dict.fromkeys(map(quarter_of, self.months)))
        self.capital = options.capital_per_year
        self._requests = {part: v.requests for (part, _), v in options.volumes.items()}
        self._year_of = [self.years.index(m.year) for m in self.months]
        self._quarter_of = [self.quarters.index(quarter_of(m)) for m in self.months]
        self._cut: dict[tuple, list[Decimal]] = {}

    def by_year(self, line: CostLine, part: str | None) -> dict[int, int]:
        """Cents of a line in each calendar year; they add up to the line exactly."""
        return dict(zip(self.years, share_out(to_cents(line.amount_eur), self._weights(line, part, "year")), strict=True))

    def by_quarter(self, line: CostLine, part: str | None) -> dict[str, int]:
        """Cents of a line in each quarter; they add up to the line exactly."""
        return dict(zip(self.quarters, share_out(to_cents(line.amount_eur), self._weights(line, part, "quarter")), strict=True))

    def by_month(self, lines: Lines, part: str | None) -> list[int]:
        """Cents of some lines in each month of the horizon; each line is cut exactly."""
        cut = [share_out(to_cents(line.amount_eur), self._monthly(line, part)) for line in lines]
        return [sum(cents) for cents in zip(*cut, strict=True)] if cut else [0] * len(self.months)

    def worth(self, cents: int, month: int) -> int:
        """What cents of one month are worth at the start of the horizon, in whole cents."""
        if self.capital == 0:
            return cents
        with exact():
            return int((cents * self._discounts[month]).to_integral_value(rounding=ROUND_HALF_EVEN))

    def most_by_year(self, line: CostLine, part: str | None) -> list[int]:
        """Cents of a line in each calendar year, each rounded up: what many such lines together can at most come to, by number."""
        weights = self._weights(line, part, "year")
        with exact():
            exactly = (to_cents(line.amount_eur) * w / sum(weights) for w in weights)
            return [int(cents.to_integral_value(rounding=ROUND_CEILING)) for cents in exactly]

    def present(self, line: CostLine, part: str | None) -> int:
        """What a line is worth at the start of the horizon, in whole cents."""
        cents = to_cents(line.amount_eur)
        if self.capital == 0:
            return cents
        weights = self._monthly(line, part)
        with exact():
            worth = sum((w * d for w, d in zip(weights, self._discounts, strict=True)), Decimal(0)) / sum(weights)
            return int((cents * worth).to_integral_value(rounding=ROUND_HALF_EVEN))

    @cached_property
    def _discounts(self) -> list[Decimal]:
        """What a euro of each month is worth at the start of the horizon."""
        with exact():
            return [(1 + self.capital) ** (Decimal(-m) / 12) for m in range(len(self.months))]

    def _weights(self, line: CostLine, part: str | None, by: str) -> list[Decimal]:
        key = (by, line.spread, line.from_month, line.until_month, part if line.spread == "usage" else None)
        if key not in self._cut:
            names, of = (self.years, self._year_of) if by == "year" else (self.quarters, self._quarter_of)
            weights = [Decimal(0)] * len(names)
            for n, weight in zip(of, self._monthly(line, part), strict=True):
                weights[n] += weight
            self._cut[key] = weights
        return self._cut[key]

    def _monthly(self, line: CostLine, part: str | None) -> list[Decimal]:
        """How a line weighs in each month of the horizon."""
        first, until = line.from_month, line.until_month or len(self.months)
        if line.spread in ("start", "end"):
            first, until = (first, first + 1) if line.spread == "start" else (until - 1, until)
        requests = self._requests.get(part or "")
        weigh = line.spread == "usage" and requests is not None and any(requests[first:until])
        return [(requests[m] if weigh and requests else Decimal(1)) if first <= m < until else Decimal(0) for m in range(len(self.months))]
