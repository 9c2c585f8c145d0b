"""Time of a Monte-Carlo draw as a ratio to a plan from nothing, both taken in one run and one process.

    python tests/bench/draws.py [--draws N] [--seconds S] [--seed S] [--audits N] [--assessment FILE] [--json]

A plan from nothing enumerates, sizes and prices the whole market, solves and re-checks. A draw is all that the study does for it: its best
plan on the short list, or the whole market where that holds none, and today's plan kept; each re-checked. The pilots that make the short
list and the audit are counted apart. At most `--seconds` are spent on draws; as many are taken as fit. The audit searches the whole market
for the last `--audits` draws with a plan: by how much, in parts of its cost, the short list missed each.
"""
from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from planner.reading.assessment import load_assessment  # noqa: E402
from planner.reading.catalog import load_catalog  # noqa: E402
from planner.resources import bundled  # noqa: E402
from planner.studies.montecarlo import Drawing  # noqa: E402
from planner.studies.question import ask, case_of, question  # noqa: E402

AS_OF = date(2026, 11, 24)


def timed(task):
    """An answer and the seconds it took."""
    began = time.perf_counter()
    answer = ask(task)
    return answer, time.perf_counter() - began


def main() -> None:
    """Take the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=360)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--audits", type=int, default=6)
    parser.add_argument("--assessment", type=Path, default=ROOT / "assessments" / "bank.yaml")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    catalog = load_catalog([bundled("catalog")])
    assessment = load_assessment(asked.assessment, catalog)
    case = case_of(catalog, assessment, AS_OF)

    def whole(tasks):
        return [ask(task) for task in tasks]

    cold = [timed(question(case, traffic=Decimal(traffic)))[1] for traffic in ("1.001", "1.002", "1.003")]  # three worlds, so that nothing is at hand
    began = time.perf_counter()
    drawing = Drawing.made(case, catalog, assessment, AS_OF, whole, draws=asked.draws, seed=asked.seed)
    pilots, began = time.perf_counter() - began, time.perf_counter()
    took: dict[str, list[float]] = {}
    planned: dict[int, Decimal] = {}
    for n in range(asked.draws):
        if time.perf_counter() - began > asked.seconds:
            break
        best = timed(drawing.best(n))
        sort = "searched-whole" if best[0].get("searched_whole") else "short-list"
        if best[0]["outcome"] == "planned":
            planned[n] = Decimal(best[0]["cost_eur"])
        took.setdefault(f"{sort}, {best[0]['outcome']}", []).append(best[1])
    missed = [round(float(planned[n] / Decimal(ask(drawing.whole(n))["cost_eur"]) - 1), 5) for n in sorted(planned)[-asked.audits:]]
    every, plain = [t for times in took.values() for t in times], statistics.median(cold)
    figures = {
        "cold_seconds": round(plain, 2), "pilots_seconds": round(pilots, 1), "draws": len(every), "offers": len(drawing.offers),
        "models": len(drawing.models), "mean_ratio": round(statistics.fmean(every) / plain, 3),
        "median_ratio": round(statistics.median(every) / plain, 3),
        "audit_missed": missed,
        **{f"{sort}: draws, median and mean ratio": [len(t), round(statistics.median(t) / plain, 3), round(statistics.fmean(t) / plain, 3)]
           for sort, t in sorted(took.items())},
    }
    print(json.dumps(figures) if asked.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
