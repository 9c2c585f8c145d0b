"""Whole-process time of the command, as ratios to importing its own dependencies, all taken in one run.

    python tests/bench/whole_process.py [--runs N] [--json]

Prints the median ratio of `sovplan --help` and of `sovplan plan assessments/bank.yaml` (first with no catalog cache, then with one) to
`python -c "import pydantic, pulp, yaml, jinja2, typer"`, and the peak memory of the plan over itself and its children.
"""
from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASELINE = [sys.executable, "-c", "import pydantic, pulp, yaml, jinja2, typer"]
TOOL = [sys.executable, "-m", "planner"]
PLAN = [*TOOL, "plan", "assessments/bank.yaml", "--json", "--as-of", "2026-11-24"]


def seconds(command: list[str], cache: str) -> float:
    """Wall time of one process."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "XDG_CACHE_HOME": cache}, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-400:]}")
    return time.perf_counter() - started


def main() -> None:
    """Take the measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    base, help_, cold, warm = [], [], [], []
    with tempfile.TemporaryDirectory() as shared:
        for _ in range(asked.runs):  # interleaved, so that a busy moment touches all of them
            base.append(seconds(BASELINE, shared))
            help_.append(seconds([*TOOL, "--help"], shared))
            with tempfile.TemporaryDirectory() as fresh:
                cold.append(seconds(PLAN, fresh))
            warm.append(seconds(PLAN, shared))
    middle = statistics.median
    figures = {
        "help_ratio": round(middle(h / b for h, b in zip(help_, base)), 2),
        "plan_without_cache_ratio": round(middle(c / b for c, b in zip(cold, base)), 2),
        "plan_ratio": round(middle(w / b for w, b in zip(warm, base)), 2),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "runs": asked.runs,
    }
    print(json.dumps(figures) if asked.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
