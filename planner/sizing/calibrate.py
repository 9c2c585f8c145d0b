"""Fit the sizing constants to measured points: `python -m planner.sizing.calibrate POINTS.csv [--write] [--date DAY]`.

A tool for maintainers, not part of planning. It reads the points and the catalog's models and accelerators, fits the constants in
pure Python, cross-validates them by model, source and accelerator, and prints what `--write` would store in `catalog/sizing.yaml`.
"""
from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import yaml

from planner.domain.catalog import Accelerator, Catalog, Model
from planner.resources import bundled
from planner.sizing.constants import COMMON, METRICS, UNCALIBRATED, Coefficients, constants_from, engine_family
from planner.sizing.fitting import Residuals, fit
from planner.sizing.memory import cache_bytes
from planner.sizing.physics import Body, body_of
from planner.sizing.points import NotPredictable, Point, point_of, quantile
from planner.sizing.prediction import outcome

# Where the search starts, by class and constant: textbook values. What the data leave open stays here.
STARTS = {
    COMMON: {
        "bandwidth": 0.85, "cache_bandwidth": 0.7, "compute": 0.55, "link": 0.6, "layer_us": 50, "fp8_layer_us": 15, "fp4_layer_us": 15,
        "weight_only_layer_us": 30, "expert_us": 3, "request_us": 30, "accept_ms": 10, "turns": 2, "burst": 0.1, "idle_power": 0.4,
        "compute_power": 0.5, "memory_power": 0.1,
    },
    "trtllm": {"layer_us": 40, "request_us": 20, "accept_ms": 20, "burst": 0.1},
    "sglang": {"accept_ms": 50, "burst": 0.2},
    "amd": {"slow": 1.2},
}
# Held, not fitted: limits of engines and what a plan aims at. Two were chosen with the points in view: `compute_16bit`, which left free
# ends above the datasheet's peak and is capped at what is plausible, and `occupancy`, the best of a few values tried.
HELD = {
    "compute_16bit": 0.75, "slow": 1, "chunk_tokens": 8192, "occupancy": 0.6, "memory_share": 0.92, "memory_reserve_gb": 3.5,
    "utilisation": 0.7, "max_concurrency": 1024,
}
PULL = {"throughput": 1.0, "tpot": 1.0, "ttft": 0.16, "watts": 1.0}  # how much a metric's error counts
_NAMES = tuple((cls, name) for cls, group in STARTS.items() for name in group)
_BAND, _WIDE_BAND = 0.05, 0.02  # shares of measurements below and above a band


@dataclass(frozen=True, slots=True)
class Case:
    """A point ready to be predicted again and again."""

    point: Point
    body: Body
    engine: str
    maker: str
    weight: float


def cases_of(rows: Iterable[Mapping[str, str]], catalog: Catalog) -> list[Case]:
    """Points that are meant for fitting. Groups of one source and model count by the square root of their size."""
    points: list[tuple[Point, Body]] = []
    bodies: dict[tuple, Body | None] = {}
    for row in rows:
        if row.get("use_for_fit") not in ("1", "1.0"):
            continue
        try:
            point = point_of(row, catalog)
        except NotPredictable as reason:
            print(f"left out: {row.get('row_id')}: {reason}", file=sys.stderr)
            continue
        r, element = point.replica, point.kv_bytes or cache_bytes(point.replica.precision)
        key = (r.model.id, r.accelerator.id, r.precision, r.tensor_parallel, point.attention_dp, element)
        if key not in bodies:
            bodies[key] = body_of(r.model, r.accelerator, r.precision, r.tensor_parallel, point.attention_dp, element)
        if (body := bodies[key]) is not None:
            points.append((point, body))
    sizes = Counter((p.source, p.replica.model.id) for p, _ in points)
    return [
        Case(p, body, engine_family(p.replica.engine), p.replica.accelerator.maker, sizes[p.source, p.replica.model.id] ** -0.5)
        for p, body in points
    ]


def classes_of(values: Sequence[float]) -> dict[str, dict[str, float]]:
    """Fitted values in the order of the starts, as the classes that the catalog holds."""
    classes: dict[str, dict[str, float]] = {name: dict(HELD) if name == COMMON else {} for name in STARTS}
    for (cls, name), value in zip(_NAMES, values, strict=True):
        classes[cls][name] = value
    return classes


def predicted(case: Case, c: Coefficients) -> dict[str, float]:
    """A case's prediction by metric."""
    p = case.point
    o = outcome(case.body, c, p.replica.tensor_parallel, p.input_tokens, p.output_tokens, p.concurrency)
    watts = o.power_share * float(p.replica.accelerator.power_w.value)
    return {"throughput": o.out_tps_per_accelerator, "tpot": o.tpot_ms, "ttft": o.ttft_ms, "watts": watts}


def logs(cases: Sequence[Case], values: Sequence[float]) -> list[dict[str, float]]:
    """For each case and measured metric, the logarithm of predicted over measured."""
    constants = constants_from(classes_of(values))
    out = []
    for case in cases:
        made = predicted(case, constants.coefficients(case.engine, case.maker))
        out.append({metric: log(made[metric] / measured) for metric, measured in case.point.measured.items()})
    return out


def fitted(cases: Sequence[Case]) -> list[float]:
    """The constants that fit these cases best, from the textbook starts."""

    def residuals(values: Sequence[float]) -> Residuals:
        found = logs(cases, values)
        return [(case.weight * PULL[metric], r) for case, by in zip(cases, found, strict=True) for metric, r in by.items()]

    return fit([STARTS[cls][name] for cls, name in _NAMES], residuals)


def cross_validated(cases: Sequence[Case], group: Callable[[Case], str]) -> list[dict[str, float]]:
    """Each case predicted by constants that never saw its group. A metric that only this group measures is left out.

    The form of the physics was chosen on the same points, so errors on really new ones may be somewhat larger.
    """
    out: list[dict[str, float]] = [{} for _ in cases]
    for left_out in sorted({group(case) for case in cases}):
        inside = [i for i, case in enumerate(cases) if group(case) == left_out]
        rest = [case for case in cases if group(case) != left_out]
        known = {metric for case in rest for metric in case.point.measured}
        for i, found in zip(inside, logs([cases[i] for i in inside], fitted(rest)), strict=True):
            out[i] = {metric: r for metric, r in found.items() if metric in known}
        print(f"  without {left_out}: {_line([out[i] for i in inside])}", file=sys.stderr)
    return out


def error(found: Iterable[Mapping[str, float]], metric: str) -> dict[str, float]:
    """Number, median and 90th percentile of the absolute relative error of one metric."""
    apes = [abs(exp(by[metric]) - 1) for by in found if metric in by]
    return {"n": len(apes), "median": quantile(apes, 0.5), "p90": quantile(apes, 0.9)} if apes else {"n": 0}


def calibrated(cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """All classes that the catalog stores: constants, how many rows stand behind each name, and the errors that they leave."""
    values = [float(f"{v:.3g}") for v in fitted(cases)]
    classes = classes_of(values)
    found = logs(cases, values)
    print(f"fit: {_line(found)}", file=sys.stderr)
    groups: dict[str, Callable[[Case], str]] = {
        "model": lambda c: c.point.replica.model.id, "source": lambda c: c.point.source,
        "accelerator": lambda c: c.point.replica.accelerator.id,
    }
    crossed = {}
    for name, group in groups.items():
        crossed[name] = cross_validated(cases, group)
        print(f"cross-validated by {name}: {_line(crossed[name])}", file=sys.stderr)
    counted = Counter(c.engine for c in cases) + Counter(groups["accelerator"](c) for c in cases)
    for name, number in sorted(counted.items()):
        classes.setdefault(name, {})["rows"] = number
    for metric in METRICS:
        e = error(found, metric)
        if not e["n"]:
            continue
        unseen = {name: error(out, metric) for name, out in crossed.items()}
        by_group = {f"median_by_{name}": e_out["median"] for name, e_out in unseen.items() if e_out["n"]}
        band = _band(crossed.values(), metric, _BAND)
        classes[f"error-{metric}"] = {"rows": e["n"], "median": e["median"], "p90": e["p90"], **by_group, **band}
        classes[f"error-{metric}-{UNCALIBRATED}"] = _band(crossed.values(), metric, _WIDE_BAND)
    return classes


def _band(crossed: Iterable[Sequence[Mapping[str, float]]], metric: str, tail: float) -> dict[str, float]:
    """Factors on a prediction that leave a share of unseen measurements below and above, in the hardest of the groupings."""
    ratios = [r for found in crossed if (r := [exp(-by[metric]) for by in found if metric in by])]
    return {"low": round(min(quantile(r, tail) for r in ratios), 2), "high": round(max(quantile(r, 1 - tail) for r in ratios), 2)}


def _line(found: Sequence[Mapping[str, float]]) -> str:
    parts = [(metric, error(found, metric)) for metric in METRICS]
    return ", ".join(f"{metric} {e['median']:.1%} (p90 {e['p90']:.0%}, n {e['n']})" for metric, e in parts if e["n"])


def as_yaml(classes: Mapping[str, Mapping[str, float]], rows: int, day: str) -> str:
    """The text of `catalog/sizing.yaml`: one line a class, plain decimals."""
    lines = [
        "# yaml-language-server: $schema=../docs/schemas/catalog.schema.json",
        f"# Constants of the sizing physics (planner/sizing), fitted on {day} to {rows} measured points of vLLM, SGLang and TensorRT-LLM.",
        "# `common` holds for all; the class of an engine or of a maker of accelerators overlays it; `rows` counts points.",
        "# `error-…`: the error left on the points; the median error on groups that the fit left out, under a form of the physics that was",
        "# chosen on the same points, so new ones may do worse; and a band (factors on a prediction) that holds nine in ten of them.",
        "# `…-uncalibrated`, for engines and accelerators with few points or none, is a wider band, not tested there.",
        f"# Held, not fitted: {', '.join(HELD)}.",
        "# `compute_16bit` is capped: left free, it ends above the datasheet's peak. Written by `python -m planner.sizing.calibrate`.",
        "sizing:",
    ]
    for name, group in classes.items():
        lines.append(f"  {name}: {{{', '.join(f'{key}: {_plain(value)}' for key, value in group.items())}}}")
    return "\n".join(lines) + "\n"


def _plain(value: float) -> str:
    text = f"{float(f'{value:.6g}'):.12f}".rstrip("0").rstrip(".")
    return text or "0"


def catalog_for_points(folder: Path) -> Catalog:
    """Only the models and accelerators of a catalog folder: all that points need."""
    found: dict[str, dict] = {"models": {}, "accelerators": {}}
    nouns: dict[str, type[Model] | type[Accelerator]] = {"models": Model, "accelerators": Accelerator}
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if "models:" not in text and "accelerators:" not in text:
            continue
        document = yaml.safe_load(text)
        for kind, noun in nouns.items():
            for item in document.get(kind) or ():
                found[kind][item["id"]] = noun.model_validate(item)
    empty: dict[str, object] = {name: {} for name, field in Catalog.model_fields.items() if field.is_required()}
    lists = {name: () for name in ("rates", "abilities", "gate_scores")}
    return Catalog(**{**empty, **lists, **found})


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m planner.sizing.calibrate", description=__doc__)
    parser.add_argument("points", type=Path, help="CSV with columns such as model_key, gpu_key, precision, tp, isl, osl, concurrency")
    parser.add_argument("--write", action="store_true", help="store the constants in catalog/sizing.yaml")
    parser.add_argument("--date", default="a day not stated", metavar="DAY", help="the day to name in the file, such as 2026-11-24")
    options = parser.parse_args(arguments)
    with options.points.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = cases_of(rows, catalog_for_points(bundled("catalog")))
    if not cases:
        print("no point could be read: see what was left out above", file=sys.stderr)
        return 2
    text = as_yaml(calibrated(cases), len(cases), options.date)
    sys.stdout.write(text)
    if options.write:
        (bundled("catalog") / "sizing.yaml").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
