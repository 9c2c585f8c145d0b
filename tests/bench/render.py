"""What it costs to render the bank's report in each format, as a ratio to planning it, all taken in one run.

    python tests/bench/render.py [--runs N] [--lang en] [--json]

Prints the median over the runs, and the first time in the process, when templates are read, libraries imported and fonts looked for; planning
is taken without the time Python takes to start and import.
"""
from __future__ import annotations

import argparse
import json
import statistics
import time
from datetime import date
from pathlib import Path

from planner.planning import plan
from planner.problems import MissingExtra
from planner.reading.assessment import assessment_data, load_assessment
from planner.reading.catalog import load_catalog
from planner.reporting.render import FORMATS, render

ROOT = Path(__file__).resolve().parents[2]


def seconds(work) -> float:
    """Wall time of a piece of work."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Take the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--lang", default="en")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    catalog = load_catalog([ROOT / "catalog"])
    assessment = load_assessment(ROOT / "assessments" / "bank.yaml", catalog)
    data, day = assessment_data(assessment), date(2026, 11, 24)
    report = plan(catalog, assessment, day, data)
    ratios: dict[str, list[float]] = {}
    sizes: dict[str, int] = {}
    first: dict[str, float] = {}
    planning = seconds(lambda: plan(catalog, assessment, day, data))
    for to in FORMATS:
        try:
            started = time.perf_counter()
            sizes[to] = len(render(report, to, asked.lang))
            first[to] = (time.perf_counter() - started) / planning
        except MissingExtra as missing:
            print(f"{to}: left out, {missing}")
    for _ in range(asked.runs):  # interleaved, so that a busy moment touches all of them
        planning = seconds(lambda: plan(catalog, assessment, day, data))
        for to in sizes:
            ratios.setdefault(to, []).append(seconds(lambda to=to: render(report, to, asked.lang)) / planning)
    figures = {
        to: {"ratio_to_planning": round(statistics.median(found), 3), "first_time": round(first[to], 3), "kib": round(sizes[to] / 1024)}
        for to, found in ratios.items()
    }
    print(json.dumps(figures) if asked.json else "\n".join(
        f"{to}: {f['ratio_to_planning']} of planning, {f['first_time']} the first time, {f['kib']} KiB" for to, f in figures.items()))


if __name__ == "__main__":
    main()
