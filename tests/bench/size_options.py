"""How long the size of one option takes, and how it grows: one core, no cache, catalog models on catalog accelerators.

    python tests/bench/size_options.py [--options N] [--json]

Prints microseconds an option and options a second for N, N/4 and N/16 options, and the ratio of the time per option between the most and
the fewest: 1 is linear growth. All in one run; nothing is asserted.
"""
from __future__ import annotations

import argparse
import json
from itertools import islice, product
from pathlib import Path
from time import process_time

from planner.reading.catalog import load_catalog
from planner.sizing.constants import constants_from
from planner.sizing.replica import Goals, Replica, Shape, capacity

ROOT = Path(__file__).resolve().parents[2]
SHAPES = (Shape(1500, 400, 0.2), Shape(8000, 800), Shape(300, 1200))
GOALS = (Goals(2000, 20.0), Goals())


def main() -> None:
    """Take the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--options", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    catalog = load_catalog([ROOT / "catalog"])
    constants = constants_from(catalog.sizing)
    models = [m for m in catalog.models.values() if m.architecture and m.parameters_total_b]
    # The degrees vary slowest and the models fastest, so that every part of the list mixes all models.
    every = product((1, 2, 4, 8), SHAPES, GOALS, ("fp8", "bf16", "fp4"), catalog.accelerators.values(), models)
    options = [(Replica(m, a, p, d), s, g) for d, s, g, p, a, m in islice(every, asked.options)]
    rows = []
    for count in (len(options) // 16, len(options) // 4, len(options)):
        some = options[:: max(1, len(options) // count)][:count]
        started = process_time()
        fit = sum(capacity(r, s, g, constants).fits for r, s, g in some)
        took = process_time() - started
        rows.append({"options": count, "fit": fit, "microseconds_each": round(took / count * 1e6, 1), "per_second": round(count / took)})
    growth = round(rows[-1]["microseconds_each"] / rows[0]["microseconds_each"], 2)
    if asked.json:
        print(json.dumps({"rows": rows, "growth": growth}))
        return
    for row in rows:
        print(f"{row['options']:>7,} options ({row['fit']:,} fit): {row['microseconds_each']} microseconds each, {row['per_second']:,} a second")
    print(f"time per option, most over fewest: {growth}")


if __name__ == "__main__":
    main()
