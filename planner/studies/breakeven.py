"""Metered, rented or bought: which way of running is cheapest at which traffic, for each workload and for the portfolio."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from planner.studies.frontier import Run
from planner.studies.question import Data, question

TRAFFIC = tuple(Decimal(t) for t in ("0.1", "0.3", "1", "3", "10", "30", "100"))
PORTFOLIO = "portfolio"
_FREE = {  # a comparison of prices: what is allowed stays as it is, but no budget, share or number closes a mode
    "budget.total": None, "budget.capex": None, "concentration.max_share_of_spend": None, "concentration.max_share_of_critical": None,
    "sovereignty.min_score": None, "max_operators": None, "max_models": None, "required_operators": [], "max_carbon_kg": None,
}


def breakeven(
    case: Data, modes: Sequence[str], run: Run, traffic: Sequence[Decimal] = TRAFFIC, cached: Sequence[Decimal | None] = (None,), steps: int = 4,
) -> dict[str, Any]:
    """`rows`: cost by mode at each multiple of the stated traffic; `crossings`: where the cheapest mode changes, halved down `steps` times.

    Law, quality, residency and service goals hold; budgets, shares and numbers are lifted. `cached`: shares of input that a prompt cache
    answers (None: as stated). Costs are over the whole horizon; the use of machines is at the peak.
    """
    cases = {**{w["id"]: {**case, "assessment": {**case["assessment"], "workloads": [w]}} for w in case["assessment"]["workloads"]}, PORTFOLIO: case}
    keys = [(name, share, t, mode) for name in cases for share in cached for t in traffic for mode in modes]

    def answers(wanted: Sequence[tuple]) -> dict[tuple, Data]:
        asked = [_asked(cases[name], share, t, mode) for name, share, t, mode in wanted]
        return dict(zip(wanted, run(asked), strict=True))

    found = answers(keys)
    open_pairs = [(name, share, low, high) for name in cases for share in cached for low, high in zip(traffic, traffic[1:])
                  if _changes(found, name, share, low, high, modes)]
    for _ in range(steps):
        middles = [(name, share, _middle(low, high)) for name, share, low, high in open_pairs]
        found |= answers([(name, share, t, mode) for name, share, t in middles for mode in modes])
        open_pairs = [
            (name, share, low, mid) if _changes(found, name, share, low, mid, modes) else (name, share, mid, high)
            for (name, share, low, high), (_, _, mid) in zip(open_pairs, middles, strict=True)
        ]
    rows = [_row(found, name, share, t, modes) for name in cases for share in cached for t in traffic]
    return {"crossings": [_crossing(found, *pair, modes) for pair in open_pairs], "rows": rows}


def _asked(case: Data, share: Decimal | None, traffic: Decimal, mode: str) -> Data:
    years = {f"budget.per_year.{y}": None for y in case["assessment"]["constraints"]["budget"]["per_year"]}
    return question(case, traffic=traffic, limits={**_FREE, **years, "modes.only": [mode]}, cached=share)


def _middle(low: Decimal, high: Decimal) -> Decimal:
    return (low * high).sqrt().quantize(Decimal("0.0001"))


def cheapest(found: Mapping[tuple, Data], name: str, share: Decimal | None, traffic: Decimal, modes: Sequence[str]) -> str | None:
    """The mode of least cost at one point; None where none can serve."""
    costs = {m: Decimal(a["cost_eur"]) for m in modes if (a := found[name, share, traffic, m])["outcome"] == "planned"}
    return min(costs, key=lambda m: (costs[m], m)) if costs else None


def _changes(found: Mapping[tuple, Data], name: str, share: Decimal | None, low: Decimal, high: Decimal, modes: Sequence[str]) -> bool:
    return cheapest(found, name, share, low, modes) != cheapest(found, name, share, high, modes)


def _row(found: Mapping[tuple, Data], name: str, share: Decimal | None, traffic: Decimal, modes: Sequence[str]) -> dict[str, Any]:
    told = {m: found[name, share, traffic, m] for m in modes}
    return {
        "subject": name, "cached_share": None if share is None else str(share), "traffic": str(traffic),
        "cost_eur": {m: a["cost_eur"] if a["outcome"] == "planned" else None for m, a in told.items()},
        "utilisation": {m: a["utilisation"] if a["outcome"] == "planned" else None for m, a in told.items()},
        "cheapest": cheapest(found, name, share, traffic, modes),
    }


def _crossing(found: Mapping[tuple, Data], name: str, share: Decimal | None, low: Decimal, high: Decimal, modes: Sequence[str]) -> dict[str, Any]:
    before, after = cheapest(found, name, share, low, modes), cheapest(found, name, share, high, modes)
    use = found[name, share, high, after]["utilisation"] if after else None
    at = f"between {low.normalize():f} and {high.normalize():f} times today's traffic"
    full = f", its machines then {Decimal(use):.0%} full at the peak" if use else ""
    says = f"{name}: up to there {before or 'no mode alone'}, beyond it {after or 'no mode alone'} is cheapest, {at}{full}"
    return {
        "subject": name, "cached_share": None if share is None else str(share), "from": before, "to": after, "above": str(low), "below": str(high),
        "utilisation": use, "says": says,
    }
