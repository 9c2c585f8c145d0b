"""The calibration tool: its least squares, and that it finds constants again from points made with them."""
from __future__ import annotations

import random
from math import log

import pytest
import sizing_world as world
import yaml

from planner.sizing import calibrate
from planner.sizing.fitting import fit
from planner.sizing.prediction import predict
from planner.sizing.replica import Replica

CONSTANTS = world.constants()


def test_the_fit_finds_a_line_through_points_and_ignores_an_outlier():
    points = [(x, 3.0 + 0.5 * x) for x in range(1, 20)] + [(7, 500.0)]

    def residuals(values):
        return [(1.0, log((values[0] + values[1] * x) / y)) for x, y in points]

    a, b = fit([1.0, 1.0], residuals)
    assert a == pytest.approx(3.0, rel=0.02) and b == pytest.approx(0.5, rel=0.02)


def test_what_no_point_speaks_of_stays_where_it_started():
    assert fit([2.0, 5.0], lambda v: [(1.0, log(v[0] / 3.0))]) == pytest.approx([3.0, 5.0], rel=0.02)


def made_up_rows():
    """Points that the shipped constants made, with no noise."""
    rows = []
    draw = random.Random(7)
    for i in range(40):
        model, precision, accelerator, ways = draw.choice(
            [(world.LLAMA_70B, "fp8", world.H100, 4), (world.QWEN_8B, "bf16", world.H200, 1), (world.GPT_OSS_120B, "mxfp4", world.B200, 1)]
        )
        isl, osl, concurrency = draw.choice([512, 2048, 8192]), draw.choice([128, 1024]), draw.choice([4, 16, 64])
        engine = draw.choice(["vllm 1", "trtllm 1", "sglang 1"])
        p = predict(Replica(model, accelerator, precision, ways), isl, osl, concurrency, 1, None, engine, CONSTANTS)
        rows.append({
            "source_id": "made-up", "model_key": model.id, "precision": precision, "gpu_key": accelerator.id, "tp": str(ways), "isl": str(isl),
            "osl": str(osl), "concurrency": str(concurrency), "engine": engine, "row_id": str(i), "use_for_fit": "1",
            "out_tps_gpu": str(p.out_tps_per_accelerator), "tpot_ms": str(p.tpot_ms), "ttft_ms": str(p.ttft_ms), "watts_gpu": str(p.watts_per_accelerator),
        })
    return rows


def test_constants_are_found_again_from_points_made_with_them():
    cases = calibrate.cases_of(made_up_rows(), world.catalog())
    assert len(cases) == 40
    found = calibrate.logs(cases, calibrate.fitted(cases))
    for metric in ("throughput", "tpot", "ttft", "watts"):
        assert calibrate.error(found, metric)["median"] < 0.01


def test_points_not_meant_for_fitting_are_left_out():
    rows = made_up_rows()
    rows[0]["use_for_fit"] = "0"
    assert len(calibrate.cases_of(rows, world.catalog())) == 39


def test_what_is_written_reads_back_as_the_same_constants():
    classes = calibrate.classes_of([v for group in calibrate.STARTS.values() for v in group.values()])
    text = calibrate.as_yaml(classes, 40, "2026-11-24")
    assert yaml.safe_load(text)["sizing"] == classes
    assert "e-" not in text.split("sizing:")[1]  # plain decimals
