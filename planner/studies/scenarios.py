"""The futures of the catalog: the plan that each would call for, and how much one comes to regret a plan made for another."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

from planner.domain.catalog import Catalog
from planner.studies.frontier import Run
from planner.studies.question import Data, differs, question

TODAY = "today"


def kept(case: Data, answer: Data, **changes: Any) -> Data:
    """The question what a plan already chosen costs if something else is so: its options stay, and their machines follow the load."""
    choices = answer["choices"]
    return question(case, pins=held(answer), offers={c["offer"] for c in choices}, models={c["model"] for c in choices}, **changes)


def held(answer: Data) -> dict[str, list[str]]:
    """Each workload's options in an answer."""
    choices = answer["choices"]
    return {c["workload"]: [d["option"] for d in choices if d["workload"] == c["workload"]] for c in choices}


def scenarios(case: Data, catalog: Catalog, run: Run) -> dict[str, Any]:
    """For each future: its best plan, today's plan kept and its regret, and the signs; and the candidate whose largest regret is least."""
    names = sorted(catalog.scenarios)
    today, *best = run([question(case), *(question(case, future=name) for name in names)])
    candidates = {TODAY: today, **dict(zip(names, best, strict=True))}
    candidates = {name: a for name, a in candidates.items() if a["outcome"] == "planned"}
    worlds: list[str | None] = [None, *names]
    asked = [(name, world) for name in candidates for world in worlds]
    answers = run([kept(case, candidates[name], future=world) for name, world in asked])
    cost = {at: _cost(a) for at, a in zip(asked, answers, strict=True)}
    least = {None: _cost(today), **{name: _cost(a) for name, a in zip(names, best, strict=True)}}
    table = [_candidate(name, {w: (cost[name, w], least[w]) for w in worlds if least[w] is not None}) for name in candidates]
    holding = [row for row in table if row["largest_regret_eur"] is not None]
    return {
        "today": today,
        "scenarios": [
            {
                "id": name, "name": s.name, "says": s.says, "signs": list(s.signs), "source": s.source, "date": s.date, "plan": answer,
                "today_kept_eur": _text(cost.get((TODAY, name))), "regret_eur": _text(_regret(cost.get((TODAY, name)), least[name])),
                "today_still_possible": cost.get((TODAY, name)) is not None,
                "changes": differs(today, answer) if today["outcome"] == answer["outcome"] == "planned" else None,
            }
            for name, answer in zip(names, best, strict=True) for s in [catalog.scenarios[name]]
        ],
        "candidates": table,
        "least_regret": min(holding, key=lambda row: Decimal(row["largest_regret_eur"]))["plan"] if holding else None,
    }


def _candidate(name: str, by_world: dict[str | None, tuple[Decimal | None, Decimal | None]]) -> dict[str, Any]:
    regrets = {world or TODAY: _regret(mine, best) for world, (mine, best) in by_world.items()}
    fails = [world for world, r in regrets.items() if r is None]
    largest = None if fails else max((r for r in regrets.values() if r is not None), default=None)
    return {"plan": name, "regret_eur": {w: _text(r) for w, r in regrets.items()}, "largest_regret_eur": _text(largest), "impossible_in": fails}


def _cost(answer: Data) -> Decimal | None:
    return Decimal(answer["cost_eur"]) if answer["outcome"] == "planned" else None


def _regret(mine: Decimal | None, best: Decimal | None) -> Decimal | None:
    return None if mine is None or best is None else mine - best


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
