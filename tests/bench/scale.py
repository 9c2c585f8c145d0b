"""Ours beside plain PuLP with CBC and with HiGHS, on random portfolios of our own shape, all in one run, one thread each.

    python tests/bench/scale.py --workloads W [--seeds N] [--seconds S] [--gap G] [--profiles P] [--engines ours,highs,cbc] [--json]
    python tests/bench/scale.py --growth

Clocks start at the data and count writing the problem down. A plan counts when all rows hold in whole numbers. `seconds_to_1_percent` is when
the side itself certifies a gap of 1 %, by its own bound; `first_plan_within_1_percent_seconds` when it has a plan within 1 % of the best cost
that any side found. None where the limit came first; ratios then take the limit, so they are lower bounds (`at_least`) or say nothing.
Each run has a process of its own, whose peak memory is given. `--growth` runs ours over W = 10, 50, 100, 200, 500 and 1000.
"""
from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from math import exp, log
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from scale_problems import portfolio  # noqa: E402
from textbook import run as plain  # noqa: E402

from planner.optimising.engine import best_plan  # noqa: E402
from planner.optimising.portfolio import Portfolio  # noqa: E402
from planner.problems import NotProved  # noqa: E402

GROWTH = (10, 50, 100, 200, 500, 1000)
ENGINES = ("ours", "highs", "cbc")


def ours(p: Portfolio, seconds: float, gap: float) -> dict[str, Any]:
    """Our engine, with its plans and bounds as they were told."""
    started, plans, bounds = time.perf_counter(), [], []

    def tell(progress: Any) -> None:
        now = time.perf_counter() - started
        if progress.values is not None:
            plans.append((now, progress.cost))
        if progress.bound is not None:
            bounds.append((now, progress.bound))

    try:
        decision = best_plan(p, seconds=seconds, gap=gap, tell=tell)
    except NotProved:
        decision = None
    spent = time.perf_counter() - started
    cost = decision.cents if decision else None
    return {"plans": plans, "bounds": bounds, "cost": cost, "certified_gap": decision.gap if decision else None, "seconds": spent}


def measured(engine: str, workloads: int, seed: int, profiles: int | None, seconds: float, gap: float, sender: Any) -> None:
    """One run, and what it took, sent back."""
    problem = portfolio(workloads, seed, profiles)
    found = ours(problem, seconds, gap) if engine == "ours" else plain(problem, engine, seconds, gap)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sender.send(found | {"peak_mib": round(peak / 1024)})


def alone(*arguments: Any) -> dict[str, Any]:
    """One run in a process of its own, so that memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=measured, args=(*arguments, sender))
    process.start()
    found = receiver.recv()
    process.join()
    return found


def rows(workloads: int, seed: int, engines: list[str], profiles: int | None, seconds: float, gap: float) -> list[dict[str, Any]]:
    """All sides on one portfolio."""
    found = {engine: alone(engine, workloads, seed, profiles, seconds, gap) for engine in engines}
    best = min((f["cost"] for f in found.values() if f["cost"] is not None), default=None)
    return [row(engine, workloads, seed, f, best) for engine, f in found.items()]


def row(engine: str, workloads: int, seed: int, found: dict[str, Any], best: int | None) -> dict[str, Any]:
    """What the document has of one run."""
    plans, gap = found["plans"], found["certified_gap"]
    near = [t for t, cost in plans if best is not None and cost <= best * 1.01]
    return {
        "engine": engine, "workloads": workloads, "seed": seed,
        "first_plan_seconds": round(plans[0][0], 3) if plans else None, "first_plan_cost": plans[0][1] / 100 if plans else None,
        "first_plan_within_1_percent_seconds": round(near[0], 3) if near else None,
        "seconds_to_1_percent": round(found["seconds"], 3) if gap is not None and gap <= 0.01 else None, "seconds": round(found["seconds"], 3),
        "cost": None if found["cost"] is None else found["cost"] / 100, "certified_gap": None if gap is None else round(gap, 5),
        "above_best": None if found["cost"] is None or not best else round(found["cost"] / best - 1, 5), "peak_mib": found["peak_mib"],
    }


def ratio(runs: list[dict[str, Any]], other: str, theirs: str, ours_: str, limit: float) -> dict[str, Any] | None:
    """The geometric mean of another side's time over ours; where it ran out of time the limit stands for it."""
    pairs, short = [], False
    for mine in (r for r in runs if r["engine"] == "ours"):
        rival = next((r for r in runs if r["engine"] == other and r["seed"] == mine["seed"]), None)
        if rival is None or mine[ours_] is None:
            return None
        short |= rival[theirs] is None
        pairs.append((rival[theirs] or max(limit, rival["seconds"])) / mine[ours_])
    return {"times": round(exp(sum(map(log, pairs)) / len(pairs)), 2), "at_least": short} if pairs else None


def summary(runs: list[dict[str, Any]], limit: float) -> dict[str, Any]:
    """How much sooner and how much cheaper, over the seeds."""
    found: dict[str, Any] = {}
    for other in ("highs", "cbc"):
        if any(r["engine"] == other for r in runs):
            found[f"plan_within_1_percent_before_{other}_certifies_it"] = ratio(
                runs, other, "seconds_to_1_percent", "first_plan_within_1_percent_seconds", limit)
            found[f"certified_1_percent_before_{other}"] = ratio(runs, other, "seconds_to_1_percent", "seconds_to_1_percent", limit)
            pairs = [(m["cost"], r["cost"]) for m in runs if m["engine"] == "ours" for r in runs
                     if r["engine"] == other and r["seed"] == m["seed"] and m["cost"]]
            known = [(mine, theirs) for mine, theirs in pairs if theirs]
            found[f"below_{other}"] = round(1 - exp(sum(log(a / b) for a, b in known) / len(known)), 4) if known else None
            found[f"{other}_without_a_plan"] = len(pairs) - len(known)
    return found


def main() -> None:
    """Run what is asked and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--profiles", type=int)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    engines = ["ours"] if asked.growth else asked.engines.split(",")
    runs = []
    for workloads in GROWTH if asked.growth else (asked.workloads,):
        for seed in range(asked.seeds):
            for found in rows(workloads, seed, engines, asked.profiles, asked.seconds, asked.gap):
                runs.append(found)
                if not asked.json:
                    print("  ".join(f"{k} {v}" for k, v in found.items()), flush=True)
    total = summary(runs, asked.seconds)
    print(json.dumps({"runs": runs, "summary": total}, indent=1) if asked.json else total)


if __name__ == "__main__":
    main()
