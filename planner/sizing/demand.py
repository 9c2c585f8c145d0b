"""How much a workload asks for, and when: periods, parts, requests by month, tokens by request, the busiest hour. Exact arithmetic."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Horizon, RequestClass, Workload
from planner.domain.catalog import Assumption, WorkUnit
from planner.domain.plan import AssumptionUsed
from planner.quantities import add_months, exact


@dataclass(frozen=True, slots=True)
class Period:
    """Months of the horizon through which decisions stand: the first of them counted from 0, how many, and their days."""

    number: int
    first: int
    months: int
    start: date
    end: date  # the first day after it

    @property
    def until(self) -> int:
        """The first month after it."""
        return self.first + self.months


def periods_of(horizon: Horizon) -> tuple[Period, ...]:
    """The periods of a horizon: one, where nothing is said; the last may be shorter than the others."""
    length = min(horizon.period_months or horizon.months, horizon.months)
    return tuple(
        Period(n, first, months := min(length, horizon.months - first), add_months(horizon.start, first), add_months(horizon.start, first + months))
        for n, first in enumerate(range(0, horizon.months, length))
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What is decided by itself: a workload, its requests of one size, those in one block of hours, or one of `count` equal parts.

    `share` is of the workload's requests, for all `count` parts together.
    """

    id: str
    workload: str
    share: Decimal = Decimal(1)
    count: int = 1
    size: RequestClass | None = None
    hours: str | None = None
    label: str | None = None  # None: the whole workload


def parts_of(workload: Workload, horizon: Horizon) -> tuple[Part, ...]:
    """The parts of a workload, in the order of its classes and of the horizon's hours; one where it is not cut."""
    demand = workload.demand
    found = []
    for size in demand.classes or (None,):
        for hours in (h.id for h in horizon.hours if demand.by_hours.get(h.id)) if demand.by_hours else (None,):
            names = [size.id] if size else []
            names += [hours] if hours else []
            share = (size.share if size else Decimal(1)) * (demand.by_hours[hours] if hours else Decimal(1))
            label = ", ".join(names) or None
            found.append(Part("/".join((workload.id, *names)), workload.id, share, workload.parts, size, hours, label))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Volumes:
    """What one workload, or one part of it, asks for over the horizon.

    `requests` has one entry a month; tokens, pages and audio minutes are per request; `peak` is the busiest hour over the mean of the
    `hours` of a month in which requests arrive.
    """

    requests: tuple[Decimal, ...]
    input_tokens: int
    output_tokens: int
    cached_share: Decimal
    pages: Decimal
    audio_minutes: Decimal
    hours: Decimal
    peak: Decimal
    assumed: tuple[AssumptionUsed, ...]

    @property
    def total_requests(self) -> Decimal:
        """Requests over the whole horizon."""
        return sum(self.requests, Decimal(0))

    @property
    def peak_per_hour(self) -> Decimal:
        """Requests in the busiest hour of the horizon."""
        return self.busiest(0, len(self.requests))

    def busiest(self, first: int, until: int) -> Decimal:
        """Requests in the busiest hour of some months, which hardware has to be sized for."""
        with exact():
            return max(self.requests[first:until]) / self.hours * self.peak


def months_of(horizon: Horizon) -> tuple[date, ...]:
    """The first day of each month of the horizon."""
    return tuple(add_months(horizon.start, m) for m in range(horizon.months))


def volumes(
    workload: Workload, horizon: Horizon, assumptions: Mapping[str, Assumption], unit: WorkUnit = WorkUnit.TOKENS, part: Part | None = None
) -> Volumes:
    """What a workload, or one of the equal parts of `part`, asks for, with every assumption that stood in for a missing number.

    Growth steps at each anniversary, so that the arithmetic is exact and a reader can follow it; a ramp scales the first months. Within a
    block of hours the load is even, unless the demand states a peak. Only the assumptions that matter for `unit` are used and listed.
    """
    demand = workload.demand
    used: dict[str, AssumptionUsed] = {}

    def given(value: Decimal | int | None, name: str) -> Decimal:
        if value is not None:
            return Decimal(value)
        a = assumptions[name]
        used[name] = AssumptionUsed(workload=workload.id, name=name, value=a.value, unit=a.unit, says=a.says, unsuitable_for=a.unsuitable_for)
        return a.value

    with exact():
        if demand.requests_per_month is not None:
            first_month = demand.requests_per_month
        else:
            days = given(demand.working_days_per_month, "working-days-per-month")
            first_month = Decimal(demand.users or 0) * (demand.adoption or 0) * (demand.requests_per_user_day or 0) * days
        if part is not None:
            first_month = first_month * part.share / part.count
        growth = 1 + given(demand.growth_per_year, "growth-per-year")
        monthly = tuple(first_month * growth ** (m // 12) * _ramped(m, demand.ramp_months) for m in range(horizon.months))
        if part is not None and part.hours:
            hours = next(Decimal(h.hours_per_month) for h in horizon.hours if h.id == part.hours)
            peak = demand.peak_factor or Decimal(1)
        else:
            hours = given(demand.active_hours_per_month, "active-hours-per-month")
            peak = Decimal(1) if demand.batch else given(demand.peak_factor, "peak-factor")
        size = part.size if part is not None and part.size else demand
        tokens_in = tokens_out = 0
        cached = pages = minutes = Decimal(0)
        if unit is WorkUnit.TOKENS:
            tokens_in = int(given(size.input_tokens, f"input-tokens-{workload.task}"))
            if workload.task != "embedding":
                tokens_out = int(given(size.output_tokens, f"output-tokens-{workload.task}"))
                cached = given(demand.cached_input_share, "cached-input-share")
        elif unit is WorkUnit.PAGES:
            pages = given(demand.pages_per_request, "pages-per-request")
        else:
            minutes = given(demand.audio_minutes_per_request, "audio-minutes-per-request")
    return Volumes(monthly, tokens_in, tokens_out, cached, pages, minutes, hours, peak, tuple(used[k] for k in sorted(used)))


def _ramped(month: int, ramp_months: int) -> Decimal:
    """What of the full number of requests a month has while adoption grows."""
    return min(Decimal(1), Decimal(month + 1) / ramp_months) if ramp_months else Decimal(1)
