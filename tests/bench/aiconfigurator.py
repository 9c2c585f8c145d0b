"""Side by side with NVIDIA's aiconfigurator on measured points that both predict.

    python tests/bench/aiconfigurator.py POINTS.csv [--every N] [--python PYTHON] [--json]

PYTHON is an interpreter where `pip install aiconfigurator` was done (x86-64 Linux, 0.85 GB; a virtual environment of its own is best), this
one where left out; without the package the bench says so and ends with 5. Each row is asked of both with the same lengths, concurrency and
degree; rows that either refuses are counted and left out of both. Much of the public points come from its own authors' sample, and our
constants were fitted to them: look at the groups by source.
"""
from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from planner.reading.catalog import load_catalog
from planner.sizing.constants import constants_from
from planner.sizing.points import predict_rows, quantile

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = {"h100": "h100_sxm", "h200": "h200_sxm", "b200": "b200_sxm", "b300": "b300_sxm", "a100-80": "a100_sxm", "l40s": "l40s"}
MODES = {"bf16": "bfloat16", "fp8": "fp8", "fp4": "nvfp4", "nvfp4": "nvfp4"}
COLUMNS = {"throughput": "out_tps_gpu", "tpot": "tpot_ms", "ttft": "ttft_ms"}
CONFIGS = {name: "meta-llama/Meta-Llama-3.1-70B" for name in ("meta-llama/Llama-3.1-70B", "meta-llama/Llama-3.1-70B-Instruct")}  # bundled
PEER = r"""
import json, logging, sys, warnings
warnings.simplefilter("ignore")
try:
    from aiconfigurator.cli import api
except ImportError:
    sys.exit(5)
logging.disable(logging.CRITICAL)
for line in sys.stdin:
    asked = json.loads(line)
    try:
        made = api.cli_estimate(**asked)
        got = {"ttft": float(made.ttft), "tpot": float(made.tpot)}
    except BaseException as error:
        got = {"error": f"{type(error).__name__}: {error}"[:160]}
    print("ROW " + json.dumps(got), flush=True)
"""


def asked_of_peer(row: dict[str, str]) -> dict[str, object]:
    """One row in the peer's words. A mixture is split by tensors within a replica unless the row says expert-parallel."""
    degree, attention_dp = int(float(row["tp"])), int(float(row["attn_dp"] or 1))
    mode, expert = MODES.get(row["precision"]), int(float(row["ep"] or 1))
    engine = row["engine"].lower()
    backend = "trtllm" if "trt" in engine or "tensorrt" in engine else "sglang" if "sglang" in engine else "vllm"
    return {
        "model_path": CONFIGS.get(row["model"], row["model"]), "system_name": SYSTEMS[row["gpu_key"]], "backend_name": backend, "isl": int(float(row["isl"])),
        "osl": int(float(row["osl"])), "batch_size": max(1, round(float(row["concurrency"]) / attention_dp)), "tp_size": degree // attention_dp,
        "attention_dp_size": attention_dp, "moe_tp_size": degree // expert, "moe_ep_size": expert, "gemm_quant_mode": mode,
        "moe_quant_mode": mode,  # None: what the checkpoint says
    }


def main() -> None:
    """Ask both for the same rows and print the errors of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("points", type=Path)
    parser.add_argument("--every", type=int, default=10, help="only every so many rows")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with options.points.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["gpu_key"] in SYSTEMS and r["concurrency"] and r["tpot_ms"]][:: options.every]
    lines = "".join(json.dumps(asked_of_peer(row)) + "\n" for row in rows)
    done = subprocess.run([options.python, "-c", PEER], input=lines, capture_output=True, text=True, check=False)
    if done.returncode == 5:
        print(f"aiconfigurator is missing for {options.python}: `pip install aiconfigurator` there, or name another with --python", file=sys.stderr)
        sys.exit(5)
    theirs = [json.loads(line[4:]) for line in done.stdout.splitlines() if line.startswith("ROW ")]
    catalog = load_catalog([ROOT / "catalog"])
    ours = {r["row_id"]: r for r in predict_rows(rows, catalog, constants_from(catalog.sizing)).rows}
    errors: dict[str, dict[str, list[float]]] = {}
    refused: Counter[str] = Counter()
    for row, peer in zip(rows, theirs, strict=False):
        mine = ours.get(row["row_id"])
        if "error" in peer or mine is None:
            refused[peer.get("error", "not in our catalog")] += 1
            continue
        both = {"ours": {m: mine[c] for m, c in COLUMNS.items()}, "theirs": peer}
        latency_s = (peer["ttft"] + peer["tpot"] * (float(row["osl"]) - 1)) / 1e3
        both["theirs"]["throughput"] = float(row["concurrency"]) * float(row["osl"]) / latency_s / float(row["tp"])
        for metric, column in COLUMNS.items():
            if row[column]:
                for name in ("ours", "theirs"):
                    for group in ("all", row["source_id"]):
                        errors.setdefault(f"{group} {metric}", {}).setdefault(name, []).append(abs(both[name][metric] / float(row[column]) - 1))
    table = {
        key: {"n": len(by["ours"]), **{f"{name}_{label}": quantile(by[name], q) for name in by for label, q in (("median", 0.5), ("p90", 0.9))}}
        for key, by in sorted(errors.items())
    }
    if options.json:
        print(json.dumps({"asked": len(rows), "refused": dict(refused), "errors": table}))
        return
    for key, e in table.items():
        sides = (f"{name} {e[f'{name}_median']:.1%} (P90 {e[f'{name}_p90']:.0%})" for name in ("ours", "theirs"))
        print(f"{key:<26} n {e['n']:>4}  {'  '.join(sides)}")
    print(f"asked {len(rows)}, left out {sum(refused.values())}", *(f"  {n} x {why}" for why, n in refused.most_common(6)), sep="\n")


if __name__ == "__main__":
    main()
