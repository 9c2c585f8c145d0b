"""How much a workload asks for: requests by month, tokens by request, and the busiest hour. Exact arithmetic."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from planner.domain.assessment import Horizon, Workload
from planner.domain.catalog import Assumption, WorkUnit
from planner.domain.plan import AssumptionUsed
from planner.quantities import add_months, exact


@dataclass(frozen=True, slots=True)
class Volumes:
    """What one workload asks for over the horizon.

    `requests` has one entry a month; tokens, pages and audio minutes are per request; `peak_per_hour` is the busiest
    hour of the last year, which hardware has to be sized for.
    """

    requests: tuple[Decimal, ...]
    input_tokens: int
    output_tokens: int
    cached_share: Decimal
    pages: Decimal
    audio_minutes: Decimal
    peak_per_hour: Decimal
    assumed: tuple[AssumptionUsed, ...]

    @property
    def total_requests(self) -> Decimal:
        """Requests over the whole horizon."""
        return sum(self.requests, Decimal(0))


def months_of(horizon: Horizon) -> tuple[date, ...]:
    """The first day of each month of the horizon."""
    return tuple(add_months(horizon.start, m) for m in range(horizon.months))


def volumes(workload: Workload, horizon: Horizon, assumptions: Mapping[str, Assumption], unit: WorkUnit = WorkUnit.TOKENS) -> Volumes:
    """The workload's demand, with every assumption that stood in for a missing number.

    Growth steps at each anniversary, so that the arithmetic is exact and a reader can follow it. Only the assumptions
    that matter for `unit` are used and listed.
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
        growth = 1 + given(demand.growth_per_year, "growth-per-year")
        monthly = tuple(first_month * growth ** (m // 12) for m in range(horizon.months))
        hours = given(demand.active_hours_per_month, "active-hours-per-month")
        peak = Decimal(1) if demand.batch else given(demand.peak_factor, "peak-factor")
        tokens_in = tokens_out = 0
        cached = pages = minutes = Decimal(0)
        if unit is WorkUnit.TOKENS:
            tokens_in = int(given(demand.input_tokens, f"input-tokens-{workload.task}"))
            if workload.task != "embedding":
                tokens_out = int(given(demand.output_tokens, f"output-tokens-{workload.task}"))
                cached = given(demand.cached_input_share, "cached-input-share")
        elif unit is WorkUnit.PAGES:
            pages = given(demand.pages_per_request, "pages-per-request")
        else:
            minutes = given(demand.audio_minutes_per_request, "audio-minutes-per-request")
        per_hour = max(monthly) / hours * peak
    return Volumes(monthly, tokens_in, tokens_out, cached, pages, minutes, per_hour, tuple(used[k] for k in sorted(used)))
