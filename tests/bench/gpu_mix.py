"""The cheapest mix of machines for request classes, ours beside the published formulation, both timed in this process, one thread each.

    python tests/bench/gpu_mix.py CASES.json [--json]

`whole` cuts each class into the case's indivisible slices, as the published model does; `split` lets classes be divided freely. The
yardstick is our own writing of that model: one binary for each slice and type of machine, a whole number of machines for each type, PuLP
with CBC, at most 30 seconds. Times run from the case's figures to the answer; a small case is solved by each side beforehand, so that no
import is timed. Ours is the median of three runs.
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from math import exp, log
from pathlib import Path
from statistics import median
from typing import Any

import pulp

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from planner.optimising.mix import Mix, cheapest_mix  # noqa: E402

LIMIT_SECONDS = 30
CLOSE = Decimal("1e-6")  # published answers are floats


def figures(case: dict[str, Any]) -> tuple[list[Decimal], list[list[float | None]]]:
    """Prices by type, and by class with any traffic how many machines of each type it needs alone."""
    machines = list(case["gpu_info"].values())
    rate = float(case["total_request_rate"])
    loads = []
    for i, row in enumerate(case["workload_distribution"]):
        for j, share in enumerate(row):
            if share > 0:
                most = [machine["tputs"][i][j] for machine in machines]
                loads.append([rate * share / tput if tput else None for tput in most])
    return [Decimal(str(machine["cost"])) for machine in machines], loads


def published_model(costs: list[Decimal], loads: list[list[float | None]], slices: int) -> Decimal | None:
    """The yardstick: what PuLP and CBC find for the published formulation, or None where they find nothing in time."""
    problem = pulp.LpProblem("mix", pulp.LpMinimize)
    counts = [problem.add_variable(f"n{g}", 0, None, pulp.LpInteger) for g in range(len(costs))]
    on: list[list[Any]] = [[] for _ in costs]
    problem.setObjective(pulp.lpSum(float(cost) * n for cost, n in zip(costs, counts)))
    for c, row in enumerate(loads):
        for s in range(slices):
            placed = []
            for g, load in enumerate(row):
                if load is not None:
                    x = problem.add_variable(f"x{c}_{s}_{g}", 0, 1, pulp.LpInteger)
                    placed.append(x)
                    on[g].append(x * (load / slices))
            problem += pulp.lpSum(placed) == 1
    for g, n in enumerate(counts):
        problem += pulp.lpSum(on[g]) <= n
    problem.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT_SECONDS, threads=1))
    if any(n.varValue is None for n in counts) or problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return None
    return sum((cost * round(n.varValue) for cost, n in zip(costs, counts)), Decimal(0))


def timed(work: Callable[[], Any], runs: int) -> tuple[Any, float]:
    """What some work returns, and the median of its seconds."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return result, median(seconds)


def outcome(case: dict[str, Any], mix: Mix, seconds: float) -> dict[str, Any]:
    """Our answer as the document has it."""
    return {"cost": float(mix.cost), "seconds": seconds, "mix": dict(zip(case["gpu_info"], mix.counts)), "proved": mix.proved}


def run(case: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
    """One case: both of our answers, the yardstick, and whether ours are ever dearer than it or than the published answer."""
    costs, loads = figures(case)
    slices = int(case["slice_factor"])
    whole, whole_seconds = timed(lambda: cheapest_mix(costs, loads, slices, LIMIT_SECONDS), 3)
    split, split_seconds = timed(lambda: cheapest_mix(costs, loads, None, LIMIT_SECONDS), 3)
    theirs, seconds = timed(lambda: published_model(costs, loads, slices), 1)
    others = [Decimal(str(c)) for c in (theirs, published.get("peer_cost")) if c is not None]
    return {
        "id": case["id"], "whole": outcome(case, whole, whole_seconds), "split": outcome(case, split, split_seconds),
        "yardstick": {"cost": None if theirs is None else float(theirs), "seconds": seconds, "published": published.get("peer_cost")},
        "never_dearer": split.cost <= whole.cost and all(whole.cost <= other + CLOSE for other in others),
    }


def speedup(cases: list[dict[str, Any]], ours: str) -> float:
    """The geometric mean of the yardstick's time over ours."""
    return round(exp(sum(log(case["yardstick"]["seconds"] / case[ours]["seconds"]) for case in cases) / len(cases)), 1)


def main() -> None:
    """Run the cases of a file and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    data = json.loads(asked.cases.read_text(encoding="utf-8"))
    given = data["cases"] if isinstance(data, dict) else data
    known = data.get("peer_results", {}) if isinstance(data, dict) else {}
    warm = ([Decimal(3), Decimal(4), Decimal(6)], [[1.4, 1.2, 2.2], [2.3, 1.9, 0.8], [1.1, None, 0.7], [0.3, 0.9, 0.2]])
    for _ in range(2):
        cheapest_mix(*warm, 2)
        published_model(*warm, 2)
    cases = [run(case, known.get(case["id"], {})) for case in given]
    summary = {
        "never_dearer": all(case["never_dearer"] for case in cases), "speedup_whole": speedup(cases, "whole"),
        "speedup_split": speedup(cases, "split"), "all_proved": all(case[side]["proved"] for case in cases for side in ("whole", "split")),
    }
    if asked.json:
        print(json.dumps({"cases": cases, "summary": summary}, indent=1))
        return
    for case in cases:
        whole, split, theirs = case["whole"], case["split"], case["yardstick"]
        print(f"{case['id']:<36} whole {whole['cost']:>8g} {whole['seconds'] * 1e3:>8.2f} ms   split {split['cost']:>8g} "
              f"{split['seconds'] * 1e3:>8.2f} ms   yardstick {theirs['cost'] or 0:>8g} {theirs['seconds'] * 1e3:>9.1f} ms")
    print(summary)


if __name__ == "__main__":
    main()
