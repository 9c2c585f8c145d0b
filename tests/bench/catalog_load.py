"""Time to load the catalog, as ratios to plain PyYAML (C loader) reading the same files, all taken in one run.

    python tests/bench/catalog_load.py [--runs N] [--json]

Cold: no kept data, so every file is read, checked and looked up, and kept. Cached: kept data is there, and is validated again.
"""
from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
CATALOG = ROOT / "catalog"


def plain() -> None:
    """Every file through PyYAML's C loader, and nothing else."""
    for path in sorted(CATALOG.rglob("*.yaml")):
        yaml.load(path.read_bytes(), yaml.CSafeLoader)


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Take the measurements and print them."""
    from planner.reading.catalog import load_catalog

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    base, cold, cached = [], [], []
    with tempfile.TemporaryDirectory() as kept:
        os.environ["XDG_CACHE_HOME"] = kept
        load_catalog([CATALOG])  # fills the cache and loads the modules, which is not what is measured
        for _ in range(asked.runs):  # interleaved, so that a busy moment touches all of them
            base.append(seconds(plain))
            with tempfile.TemporaryDirectory() as fresh:
                os.environ["XDG_CACHE_HOME"] = fresh
                cold.append(seconds(lambda: load_catalog([CATALOG])))
            os.environ["XDG_CACHE_HOME"] = kept
            cached.append(seconds(lambda: load_catalog([CATALOG])))
    figures = {
        "cold_ratio": round(statistics.median(c / b for c, b in zip(cold, base)), 2),
        "cached_ratio": round(statistics.median(c / b for c, b in zip(cached, base)), 2),
        "files": sum(1 for _ in CATALOG.rglob("*.yaml")),
        "runs": asked.runs,
    }
    print(json.dumps(figures) if asked.json else "\n".join(f"{name}: {figure}" for name, figure in figures.items()))


if __name__ == "__main__":
    main()
