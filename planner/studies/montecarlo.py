"""Many drawn worlds: how often today's plan is still the best one, and how its cost spreads."""
from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment, Budget
from planner.domain.catalog import Assumption, Catalog
from planner.studies.frontier import Run
from planner.studies.question import Data, differs, question, ready_for
from planner.studies.resolve import near
from planner.studies.scenarios import kept
from planner.studies.sensitivity import used_assumptions

_FINE = Decimal("0.0001")
_NEAR = 1  # of each workload's cheapest ways on the short list
GROWTH = "growth-per-year"


def montecarlo(
    case: Data, catalog: Catalog, assessment: Assessment, as_of: date, run: Run, draws: int = 1000, seed: int = 1, pilots: int = 6, audits: int = 3,
) -> dict[str, Any]:
    """Draws over assumptions, price paths and growth, each with today's plan kept and with the best plan of a short list.

    Budgets in all and by year are lifted, and each row says whether they would hold: a cap would hide how far costs can go. The short list
    is what the first `pilots` draws, every future and today call for when the whole market is searched, and each workload's cheapest
    ways; only offers on it are looked at, which is what makes a draw quick, unless it holds no plan for a draw. The last `audits` draws are
    searched in the whole market again, and `audit` says by how much the short list missed: nought where it missed nothing.
    """
    (today,) = run([question(case)])
    if today["outcome"] != "planned":
        return {"today": today, "draws": []}
    used = used_assumptions(catalog, assessment, as_of, {c["offer"] for c in today["choices"]})
    futures = sorted(k for k, s in catalog.scenarios.items() if s.prices and not (s.operators_gone or s.rules_off or s.rules_on))
    budget = assessment.constraints.budget
    free: dict[str, Any] = {"budget.total": None, **{f"budget.per_year.{y}": None for y in budget.per_year}}
    drawn = [draw(seed, n, used, futures) for n in range(draws)]
    worlds = [{**d, "limits": free} for d in drawn]
    found = run([question(case, **w) for w in worlds[:pilots]] + [question(case, future=f) for f in futures])
    offers = {c["offer"] for a in [today, *found] if a["outcome"] == "planned" for c in a["choices"]}
    offers |= near(ready_for(question(case)), _NEAR)
    best = run([question(case, offers=offers, **w) for w in worlds])
    without = [n for n, a in enumerate(best) if a["outcome"] != "planned"]
    for n, answer in zip(without, run([question(case, **worlds[n]) for n in without]), strict=True):
        best[n] = answer
    held = run([kept(case, today, **w) for w in worlds])
    whole = run([question(case, **w) for w in worlds[max(draws - audits, 0):]])
    rows = [_row(n, d, today, b, h) | {"within_budget": _within(h, budget)} for n, (d, b, h) in enumerate(zip(drawn, best, held, strict=True))]
    return {
        "seed": seed, "today": today, "summary": summary(rows),
        "short_list": sorted(offers), "searched_whole": len(without),
        "audit": _audit(best[max(draws - audits, 0):], whole), "draws": rows,
    }


def draw(seed: int, number: int, used: Sequence[Assumption], futures: Sequence[str]) -> dict[str, Any]:
    """What is so in one draw: it depends on the seed and its number alone, whoever draws it.

    Assumptions follow a triangle from low over their value to high; prices follow one of the futures, or stay, with equal chances. The growth
    drawn counts for workloads that state their own as well, by the difference from the assumption.
    """
    r = random.Random(f"{seed}/{number}")
    values: dict[str, Decimal] = {}
    for a in used:
        low, high = float(a.low or 0), float(a.high or 0)
        values[a.id] = Decimal(repr(r.triangular(low, high, min(max(float(a.value), low), high)))).quantize(_FINE)
    path = r.randrange(len(futures) + 1)
    growth = next((values[GROWTH] - a.value for a in used if a.id == GROWTH), None)
    if growth is None:
        growth = Decimal(repr(r.triangular(-0.2, 0.8, 0.0))).quantize(_FINE)
    values.pop(GROWTH, None)
    return {"assumptions": values, "growth": growth, "future": futures[path - 1] if path else None}


def summary(rows: Sequence[Data]) -> dict[str, Any]:
    """How often today's plan stays best and possible, and the distribution of its cost and regret."""
    costs = sorted(Decimal(r["kept_eur"]) for r in rows if r["kept_eur"] is not None)
    regrets = sorted(Decimal(r["regret_eur"]) for r in rows if r["regret_eur"] is not None)
    return {
        "draws": len(rows), "stays_best": sum(r["stays_best"] for r in rows), "possible": len(costs),
        "within_budget": sum(r["within_budget"] is True for r in rows),
        "no_plan_at_all": sum(r["best_eur"] is None for r in rows), "cost_eur": _spread(costs), "regret_eur": _spread(regrets),
    }


def _spread(values: Sequence[Decimal]) -> dict[str, str] | None:
    if not values:
        return None
    def at(share: int) -> str:
        return str(values[min(share * len(values) // 100, len(values) - 1)])

    return {"p5": at(5), "p25": at(25), "median": at(50), "p75": at(75), "p95": at(95), "mean": str(round(sum(values) / len(values), 2))}


def _row(number: int, drawn: dict[str, Any], today: Data, best: Data, held: Data) -> dict[str, Any]:
    mine = Decimal(held["cost_eur"]) if held["outcome"] == "planned" else None
    least = Decimal(best["cost_eur"]) if best["outcome"] == "planned" else None
    if mine is not None:
        least = mine if least is None else min(least, mine)
    return {
        "draw": number, "assumptions": {k: str(v) for k, v in drawn["assumptions"].items()}, "growth": str(drawn["growth"]),
        "future": drawn["future"],
        "best_eur": None if least is None else str(least), "kept_eur": None if mine is None else str(mine),
        "regret_eur": None if mine is None or least is None else str(mine - least), "stays_best": mine is not None and mine == least,
        "changes": differs(today, best) if best["outcome"] == "planned" else None,
    }


def _within(held: Data, budget: Budget) -> bool | None:
    """Whether today's plan, kept, stays within the budgets in all and by year; None where it is not possible."""
    if held["outcome"] != "planned":
        return None
    years = all(Decimal(held["by_year"].get(str(y), "0")) <= cap for y, cap in budget.per_year.items())
    return years and (budget.total is None or Decimal(held["cost_eur"]) <= budget.total)


def _audit(short: Sequence[Data], whole: Sequence[Data]) -> dict[str, Any]:
    missed = [
        str(Decimal(s["cost_eur"]) - Decimal(w["cost_eur"])) if s["outcome"] == "planned" else None
        for s, w in zip(short, whole, strict=True) if w["outcome"] == "planned"
    ]
    return {"draws": len(whole), "missed_eur": missed}
