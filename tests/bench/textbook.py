"""The yardstick of `scale.py`: the same problem as a textbook would write it, handed to PuLP with CBC or with HiGHS, one thread.

No big-M: a way opens its pool, its work and its spares pair by pair. What is left out is what makes ours tight: links between open pools,
replicas, machines and work beyond what is needed for a right answer, caps on counts, and every reduction before the solver.
"""
from __future__ import annotations

import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pulp

from planner.optimising.portfolio import Portfolio


def textbook(p: Portfolio) -> pulp.LpProblem:
    """The formulation for one period without moments, standby or moves; cents are written as euros, as one would by hand."""
    problem = pulp.LpProblem("textbook", pulp.LpMinimize)
    items, limits = {i.id: i for i in p.items}, p.limits
    x = [problem.add_variable(f"x{n}", 0, 1, pulp.LpInteger) for n in range(len(p.ways))]
    y, r, replicas = ({pool.key: problem.add_variable(f"{c}{n}", 0, most, pulp.LpInteger) for n, pool in enumerate(p.pools)}
                      for c, most in (("y", 1), ("r", 1), ("n", None)))
    machines = {node.key: problem.add_variable(f"k{n}", 0, None, pulp.LpInteger) for n, node in enumerate(p.nodes)}
    paid = {work.key: problem.add_variable(f"z{n}", 0, 1, pulp.LpInteger) for n, work in enumerate(p.works)}
    by_item, on_pool, at = defaultdict(list), defaultdict(list), defaultdict(list)
    for variable, way in zip(x, p.ways, strict=True):
        by_item[way.item].append((variable, 1))
        at[way.operator].append((variable, way.spends[0].paid / 100))
        for work in way.works:
            problem += variable <= paid[work]
        if way.pool is not None:
            on_pool[way.pool].append((variable, way.loads[0] / 1000))
            problem += variable <= y[way.pool]
            if items[way.item].critical:
                problem += variable <= r[way.pool]
    for item in p.items:
        problem += pulp.LpAffineExpression(by_item[item.id]) == 1
    for pool in p.pools:
        problem += pulp.LpAffineExpression([*on_pool[pool.key], (r[pool.key], limits.spares)]) <= replicas[pool.key]
        problem += y[pool.key] <= replicas[pool.key]
    for node in p.nodes:
        on = [(replicas[pool.key], pool.accelerators) for pool in p.pools if pool.node == node.key]
        problem += pulp.LpAffineExpression(on) <= node.accelerators * machines[node.key]
        at[node.operator].append((machines[node.key], node.spends[0].paid / 100))  # type: ignore[union-attr]
    for work in p.works:
        at[work.operator or ""].append((paid[work.key], work.spends[0].paid / 100))
    everything = [term for terms in at.values() for term in terms]
    problem.setObjective(pulp.LpAffineExpression(everything))
    bought = [(machines[node.key], node.spends[0].bought / 100) for node in p.nodes]  # type: ignore[union-attr]
    problem += pulp.LpAffineExpression(everything) <= limits.total / 100  # type: ignore[operator]
    problem += pulp.LpAffineExpression(bought) <= limits.bought / 100  # type: ignore[operator]
    _concentrated(problem, p, x, at)
    return problem


def _concentrated(problem: pulp.LpProblem, p: Portfolio, x: list[Any], at: dict[str, list[tuple[Any, float]]]) -> None:
    """The floor for the score, and the shares of spend and of what is critical."""
    items, limits = {i.id: i for i in p.items}, p.limits
    scored = [(v, items[w.item].weight * w.score) for v, w in zip(x, p.ways, strict=True)]
    problem += pulp.LpAffineExpression(scored) >= limits.score * sum(i.weight for i in p.items)  # type: ignore[operator]
    most = int(limits.share_of_critical * sum(i.critical for i in p.items))  # type: ignore[operator]
    for operator in sorted({w.operator for w in p.ways} - limits.free_operators):
        share = float(limits.share_of_spend)  # type: ignore[arg-type]
        terms = [(v, c * ((k == operator) - share)) for k, theirs in at.items() for v, c in theirs]
        problem += pulp.LpAffineExpression(terms) <= 0
        vital = [(v, 1) for v, w in zip(x, p.ways, strict=True) if w.operator == operator and items[w.item].critical]
        problem += pulp.LpAffineExpression(vital) <= most


def run(p: Portfolio, engine: str, seconds: float, gap: float) -> dict[str, Any]:
    """What PuLP makes of it: seconds from the data to the first plan and to the gap, costs in cents, and the gap that is left."""
    started = time.perf_counter()
    problem = textbook(p)
    built = time.perf_counter() - started
    plans, bound = (_highs if engine == "highs" else _cbc)(problem, seconds, gap)
    cost = min((c for _, c in plans), default=None)
    certified = None if cost is None or bound is None else max((cost - bound) / cost, 0.0)
    spent = time.perf_counter() - started
    return {
        "built_seconds": built, "plans": [(built + t, round(c * 100)) for t, c in plans], "cost": None if cost is None else round(cost * 100),
        "certified_gap": certified, "seconds": spent, "bound": None if bound is None else round(bound * 100),
    }


def _highs(problem: pulp.LpProblem, seconds: float, gap: float) -> tuple[list[tuple[float, float]], float | None]:
    import highspy

    plans: list[tuple[float, float]] = []

    def improved(kind: Any, message: str, out: Any, into: Any, data: Any) -> None:
        plans.append((out.running_time, out.objective_function_value))

    kinds = [highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution]
    problem.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=seconds, gapRel=gap, callbackTuple=(improved, None), callbacksToActivate=kinds))
    info = problem.solverModel.getInfo()
    found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    return plans if found else [], info.mip_dual_bound if abs(info.mip_dual_bound) < 1e300 else None


def _cbc(problem: pulp.LpProblem, seconds: float, gap: float) -> tuple[list[tuple[float, float]], float | None]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        solver = pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=seconds, gapRel=gap, logPath=str(log))
        solver.tmpDir = folder
        started = time.perf_counter()
        problem.solve(solver)
        spent = time.perf_counter() - started
        text = log.read_text(errors="replace")
    found = [(float(t), float(c)) for c, t in re.findall(r"(?:solution of|Solution of) (-?[\d.e+]+)[^\n]*?\(([\d.]+) seconds\)", text)]
    values = [v.varValue for v in problem.variables()]
    whole = all(v is not None and abs(v - round(v)) < 1e-5 for v in values)
    if whole and problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        found.append((spent, float(problem.objective.value())))
        found = [(t, max(c, found[-1][1])) for t, c in found]
    else:
        found = []
    bounds = re.findall(r"Lower bound:\s+(-?[\d.e+]+)", text)
    proved = found and "Result - Optimal solution found" in text
    bound = float(bounds[-1]) if bounds else found[-1][1] * (1 - gap) if proved else None
    return found, bound
