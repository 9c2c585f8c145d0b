"""Many drawn worlds: how often today's plan is still the best one, and how its cost spreads."""
from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from planner.domain.assessment import Assessment, Budget
from planner.domain.catalog import Assumption, Catalog, Offer
from planner.studies.frontier import Run
from planner.studies.question import Data, differs, question, ready_for
from planner.studies.resolve import near
from planner.studies.scenarios import held, kept
from planner.studies.sensitivity import used_assumptions

_FINE = Decimal("0.0001")
_NEAR = 1  # of each workload's cheapest ways on the short list
_TRIED = 5  # draws looked at for each pilot, to find some in which today's plan is possible
GROWTH = "growth-per-year"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is asked in each draw: the world drawn, and the short list that its best plan is looked for on."""

    case: Data
    today: Data  # the answer that today's plan is
    drawn: Sequence[Mapping[str, Any]]
    free: Mapping[str, Any]  # the limits that are lifted
    offers: Sequence[str]
    models: Sequence[str]

    @classmethod
    def made(
        cls, case: Data, catalog: Catalog, assessment: Assessment, as_of: date, run: Run, draws: int = 1000, seed: int = 1, pilots: int = 6,
    ) -> Drawing:
        """Draw the worlds, and find the short list; it is empty where there is no plan today."""
        (today,) = run([question(case)])
        if today["outcome"] != "planned":
            return cls(case, today, (), {}, (), ())
        used = used_assumptions(catalog, assessment, as_of, {c["offer"] for c in today["choices"]})
        futures = sorted(k for k, s in catalog.scenarios.items() if s.prices and not (s.operators_gone or s.rules_off or s.rules_on))
        free: dict[str, Any] = {"budget.total": None, **{f"budget.per_year.{y}": None for y in assessment.constraints.budget.per_year}}
        made = cls(case, today, [draw(seed, n, used, futures) for n in range(draws)], free, (), ())
        tried = range(min(draws, pilots * _TRIED))
        known = run([made.kept(n) for n in tried])
        able = [n for n in tried if known[n]["outcome"] == "planned"] or tried  # a draw without any plan calls for nothing
        found = run([made.whole(n) for n in able[:pilots]] + [question(case, future=f) for f in futures])
        short = {(c["offer"], c["model"]) for a in [today, *found] if a["outcome"] == "planned" for c in a["choices"]}
        short |= near(ready_for(question(case)), _NEAR)
        offers = _in_every_size(catalog, {offer for offer, _ in short})
        return replace(made, offers=sorted(offers), models=sorted({model for _, model in short}))

    def best(self, number: int) -> Data:
        """The question for the best plan of a draw, on the short list or where that holds none in the whole market, and for today's plan kept."""
        return question(
            self.case, offers=self.offers, models=self.models, widen=True, limits=self.free, in_use=held(self.today), **self.drawn[number],
        )

    def kept(self, number: int) -> Data:
        """The question what today's plan alone costs in a draw."""
        return kept(self.case, self.today, limits=self.free, **self.drawn[number])

    def whole(self, number: int) -> Data:
        """The question for the best plan of a draw in the whole market."""
        return question(self.case, limits=self.free, **self.drawn[number])


def montecarlo(
    case: Data, catalog: Catalog, assessment: Assessment, as_of: date, run: Run, draws: int = 1000, seed: int = 1, pilots: int = 6, audits: int = 3,
) -> dict[str, Any]:
    """Draws over assumptions, price paths and growth, each with today's plan kept and with the best plan of a short list.

    Budgets in all and by year are lifted, and each row says whether they would hold: a cap would hide how far costs can go. The short list
    is what the first `pilots` draws with a plan, every future and today call for when the whole market is searched, and each workload's
    cheapest ways; only offers and models on it are looked at, which is what makes a draw quick, unless it holds no plan for a draw. The last
    `audits` draws with a plan are searched in the whole market again; `audit` says by how much the short list missed: nought where in nothing.
    """
    drawing = Drawing.made(case, catalog, assessment, as_of, run, draws, seed, pilots)
    if not drawing.drawn:
        return {"today": drawing.today, "draws": []}
    today, numbers = drawing.today, range(draws)
    best = run([drawing.best(n) for n in numbers])
    again = [n for n in numbers if best[n]["outcome"] == "planned"][max(sum(a["outcome"] == "planned" for a in best) - audits, 0):]
    whole = run([drawing.whole(n) for n in again])
    budget = assessment.constraints.budget
    rows = [
        _row(n, d, today, b) | {"within_budget": _within(b["kept"], budget)} for n, d, b in zip(numbers, drawing.drawn, best, strict=True)
    ]
    return {
        "seed": seed, "today": today, "summary": summary(rows), "short_list": drawing.offers, "short_list_models": drawing.models,
        "searched_whole": sum(a.get("searched_whole", False) for a in best), "audit": _audit([best[n] for n in again], whole), "draws": rows,
    }


def _in_every_size(catalog: Catalog, offers: set[str]) -> set[str]:
    """The offers, and those of the same accelerators of the same operator in machines of another size: which fits best turns on the load."""
    def machine(offer: Offer) -> tuple | None:
        accelerator = catalog.servers[offer.server].accelerator if offer.server else offer.accelerator
        return (offer.operator, offer.mode, offer.kind, accelerator) if accelerator else None

    wanted = {machine(catalog.offers[key]) for key in offers if key in catalog.offers} - {None}
    return offers | {key for key, offer in catalog.offers.items() if machine(offer) in wanted}


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


def _row(number: int, drawn: Mapping[str, Any], today: Data, best: Data) -> dict[str, Any]:
    mine = Decimal(best["kept"]["cost_eur"]) if best["kept"]["outcome"] == "planned" else None
    least = Decimal(best["cost_eur"]) if best["outcome"] == "planned" else None
    if mine is not None:
        least = mine if least is None else min(least, mine)
    stays = mine is not None and mine == least
    return {
        "draw": number, "assumptions": {k: str(v) for k, v in drawn["assumptions"].items()}, "growth": str(drawn["growth"]),
        "future": drawn["future"],
        "best_eur": None if least is None else str(least), "kept_eur": None if mine is None else str(mine),
        "regret_eur": None if mine is None or least is None else str(mine - least), "stays_best": stays,
        "changes": None if best["outcome"] != "planned" else [] if stays else differs(today, best),
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
