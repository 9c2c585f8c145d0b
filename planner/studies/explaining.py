"""Why a plan is as it is: each question is answered by solving again with one thing changed, never by a rule of thumb."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planner.domain.plan import Plan
from planner.planning.euro_walk import choice_of
from planner.problems import UsageError, nearest
from planner.studies.frontier import Run
from planner.studies.question import Data, differs, question
from planner.studies.resolve import Prepared, way_of

_NEXT = 5


def why(case: Data, plan: Plan, ready: Prepared, workload: str, run: Run) -> dict[str, Any]:
    """The choice, and what the whole plan costs where this workload is served by another model, mode or operator: the cheapest few.

    Each alternative is a plan of its own, solved and re-checked; the others may move with it.
    """
    choice_of(plan, workload)
    ways = sorted({way_of(o) for o in ready.options.open[workload]})
    (today,) = run([question(case)])
    cuts: list[list[tuple[str, str, str, str]]] = [[way] for way in ways if way in _ways(today)]
    found = []
    for _ in range(_NEXT):
        (answer,) = run([question(case, cuts=cuts)])
        if answer["outcome"] != "planned":
            break
        found.append(_trade(today, answer, workload))
        cuts += [[way] for way in _ways(answer) if way[0] == workload]
    return {"workload": workload, "chosen": _of(today, workload), "cost_eur": today["cost_eur"], "open_ways": len(ways), "next": found}


def why_not(case: Data, plan: Plan, ready: Prepared, workload: str, option: str, citations: Mapping[str, str], run: Run) -> dict[str, Any]:
    """Why a workload does not get an option: ruled out, and by what; or open, and how much dearer a plan with it is.

    `option` is a model, an offer, an operator, or a whole option's name; of the open options under it the plan takes the best.
    """
    choice_of(plan, workload)
    options = ready.options.open[workload]
    mine = [o for o in options if option in (o.key, o.model, o.operator, o.deployment.offer.id if o.deployment.offer else "")]
    out = [
        {"option": e.option, "reason": e.reason, "rule": e.rule, "citation": citations.get(e.rule), "count": e.count}
        for e in ready.options.excluded if e.workload == workload and option in _parts(e.option)
    ]
    if not mine:
        if not out:
            known = sorted({o.model for o in options} | {e.option for e in ready.options.excluded})
            raise UsageError(f"{option}: no such option for {workload}; {nearest(option, known) or 'name a model, an offer or an operator'}")
        return {"workload": workload, "option": option, "verdict": "excluded", "exclusions": out}
    (today,) = run([question(case)])
    (best,) = run([question(case, pins={workload: [o.key for o in mine]})])
    if best["outcome"] != "planned":
        return {"workload": workload, "option": option, "verdict": best["outcome"], "exclusions": out}
    dearer = Decimal(best["cost_eur"]) - Decimal(today["cost_eur"])
    chosen = any(c["option"] in {o.key for o in mine} for c in today["choices"] if c["workload"] == workload)
    return {"workload": workload, "option": option, "verdict": "chosen" if chosen else "dearer" if dearer else "ties", "dearer_eur": str(dearer),
            "plan": best, "changes": differs(today, best), "exclusions": out}


def alternatives(case: Data, run: Run, number: int = 3) -> dict[str, Any]:
    """The next best plans that really differ: some workload gets another model, mode or operator. Each with what it trades."""
    (today,) = run([question(case)])
    cuts, found = [_ways(today)] if today["outcome"] == "planned" else [], []
    while cuts and len(found) < number:
        (answer,) = run([question(case, cuts=cuts)])
        if answer["outcome"] != "planned":
            break
        found.append(_trade(today, answer))
        cuts.append(_ways(answer))
    return {"today": today, "alternatives": found}


def binding(case: Data, run: Run) -> dict[str, Any]:
    """What each demand with a number costs: the plan solved again with that demand alone one step looser, and one step tighter.

    A step is a point of score, a SEAL level, a tenth of a budget, a percent of a share. `saves_eur` nought: it does not bind.
    """
    (today,) = run([question(case)])
    steps = _steps(case["assessment"]["constraints"])
    looser = run([question(case, limits={path: low}) for path, _, low, _, _ in steps])
    tighter = run([question(case, limits={path: high}) for path, _, _, high, _ in steps])
    rows = []
    for (path, value, low, high, step), loose, tight in zip(steps, looser, tighter, strict=True):
        rows.append({
            "demand": path, "value": str(value), "step": step, "looser": str(low), "tighter": str(high),
            "saves_eur": _gap(today, loose), "costs_eur": None if (g := _gap(tight, today)) is None else g,
            "tighter_outcome": tight["outcome"], "changes_looser": _moved(today, loose), "changes_tighter": _moved(today, tight),
        })
    return {"today": today, "binding": rows}


def _steps(limits: Mapping[str, Any]) -> list[tuple[str, Decimal, Any, Any, str]]:
    """Path, value, one step looser, one step tighter, and the step in words, of every limit that is set."""
    found: list[tuple[str, Decimal, Any, Any, str]] = []
    budget, wanted, shares = limits["budget"], limits["sovereignty"], limits["concentration"]
    money = {"budget.total": budget["total"], "budget.capex": budget["capex"], **{f"budget.per_year.{y}": v for y, v in budget["per_year"].items()}}
    for path, value in money.items():
        if value is not None:
            found.append((path, Decimal(value), Decimal(value) * Decimal("1.1"), Decimal(value) * Decimal("0.9"), "10 %"))
    if wanted["min_score"] is not None:
        score = Decimal(wanted["min_score"])
        found.append(("sovereignty.min_score", score, max(score - 1, Decimal(0)), min(score + 1, Decimal(100)), "1 point"))
    if wanted["min_seal"] is not None:
        level = int(wanted["min_seal"])
        found.append(("sovereignty.min_seal", Decimal(level), max(level - 1, 0), min(level + 1, 4), "1 level"))
    for name, value in shares.items():
        if value is not None:
            share = Decimal(value)
            one = Decimal("0.01")
            found.append((f"concentration.{name}", share, min(share + one, Decimal(1)), max(share - one, Decimal(0)), "1 percent"))
    return found


def _gap(a: Data, b: Data) -> str | None:
    if a["outcome"] != "planned" or b["outcome"] != "planned":
        return None
    return str(Decimal(a["cost_eur"]) - Decimal(b["cost_eur"]))


def _moved(a: Data, b: Data) -> list[str]:
    return differs(a, b) if a["outcome"] == b["outcome"] == "planned" else []


def _trade(today: Data, answer: Data, workload: str | None = None) -> dict[str, Any]:
    return {
        "plan": answer, "dearer_eur": _gap(answer, today), "score": str(Decimal(answer["score"]) - Decimal(today["score"])),
        "changes": differs(today, answer), **({"instead": _of(answer, workload)} if workload else {}),
    }


def _ways(answer: Data) -> list[tuple[str, str, str, str]]:
    return [(c["workload"], c["model"], c["mode"], c["operator"]) for c in answer["choices"]]


def _of(answer: Data, workload: str) -> list[Data]:
    return [c for c in answer["choices"] if c["workload"] == workload]


def _parts(option: str) -> set[str]:
    model, _, place = option.partition("@")
    return {option, model, model.split("/")[0], *place.split("/")}
