"""`sovplan size`: the ways to serve a model, predictions for measured points, and a benchmark that pins them."""
from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.cli.common import open_catalog
from planner.problems import Refused, UsageError
from planner.reading.points_file import load_points
from planner.sizing.anchor import NO_ANCHOR, anchor_from
from planner.sizing.constants import constants_from
from planner.sizing.points import point_of, predict_rows

ROW = {"row_id": "r", "model_key": "gpt-oss-120b", "gpu_key": "h100", "precision": "mxfp4", "tp": "2", "isl": "1024", "osl": "1024",
       "concurrency": "32", "engine": "vllm", "out_tps_gpu": "900", "tpot_ms": "15", "ttft_ms": "200"}
DEMAND = ("--requests-per-month", "500000", "--input-tokens", "2000", "--output-tokens", "400", "--as-of", "2026-11-24")


@pytest.fixture(scope="module")
def world():
    return open_catalog(None)


def size(*arguments: str) -> dict:
    done = CliRunner().invoke(app, ["size", *arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def written(path: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load_points(path)
    return str(refusal.value)


def test_provisioned_throughput_stands_beside_metered_tokens():
    """7,142.9 requests in the busiest hour, 119 a minute, of 2,000 + 8 x 400 tokens: 619,048; a unit carries 3,325: 186.2, sold as 190."""
    ways = {way["offer"]: way for way in size("gpt-5", *DEMAND)["ways"]}
    yearly = ways["microsoft-azure-gpt-5-provisioned-eu-year"]
    assert (yearly["kind"], yearly["over_months"]) == ("provisioned", 12)
    assert Decimal(yearly["eur_per_month"]) == (190 * Decimal(243) / Decimal("1.1172")).quantize(Decimal("0.01"))


def test_ways_come_cheapest_first_and_hold_the_busiest_hour():
    document = size("mistral-medium-3-5", *DEMAND, "--country", "DE")
    prices = [Decimal(way["eur_per_month"]) for way in document["ways"]]
    assert prices == sorted(prices) and prices
    for way in document["ways"]:
        assert set(way["countries"]) == {"DE"}
        if way["replicas"]:
            band = way["requests_per_hour"]
            assert band["low"] <= band["value"] <= band["high"]
            assert way["replicas"] * band["value"] >= int(document["peak_requests_per_hour"])
            assert way["watts"] > 0


def test_twice_the_demand_never_costs_less():
    once, twice = (size("ministral-3-14b", "--requests-per-month", n, *DEMAND[2:]) for n in ("900000", "1800000"))
    cheaper = {(w["offer"], w["precision"], w["tensor_parallel"]): Decimal(w["eur_per_month"]) for w in once["ways"]}
    for way in twice["ways"]:
        assert Decimal(way["eur_per_month"]) >= cheaper[way["offer"], way["precision"], way["tensor_parallel"]]


def test_closed_weights_are_served_by_their_maker_only_and_the_reason_is_said():
    document = size("gpt-5-5", *DEMAND)
    assert all(way["precision"] is None for way in document["ways"])
    assert "weights" in document["closed"][0]["reason"]


def test_no_way_breaks_a_goal_even_where_a_benchmark_pins_it(tmp_path):
    slow = written(tmp_path / "a.csv", {**ROW, "ttft_ms": "2000", "tpot_ms": "40"})
    document = size("gpt-oss-120b", *DEMAND, "--ttft-ms", "1500", "--tokens-per-second", "20", "--anchor", str(slow))
    hosted = [way for way in document["ways"] if way["replicas"]]
    assert any(way["anchor"] for way in hosted)
    assert all(way["ttft_ms"] <= 1500 and way["tokens_per_second"] >= 20 for way in hosted)


def test_a_row_that_cannot_be_predicted_is_listed_with_its_reason(tmp_path):
    document = size("--points", str(written(tmp_path / "p.csv", ROW, {**ROW, "row_id": "x", "model_key": "nobody-knows-it"})))
    assert (document["summary"]["predicted"], document["summary"]["of"]) == (1, 2)
    assert [row["row_id"] for row in document["rows"]] == ["r", "x"]
    assert "nobody-knows-it" in document["rows"][1]["reason"]


def test_the_measurements_never_go_into_their_own_prediction(tmp_path):
    one = size("--points", str(written(tmp_path / "p.csv", ROW)))
    other = size("--points", str(written(tmp_path / "p.csv", {**ROW, "out_tps_gpu": "1", "ttft_ms": ""})))
    assert one["rows"] == other["rows"]


def test_a_misspelt_column_is_refused_at_its_place(tmp_path):
    assert "p.csv:1:42: there is no column `out_tps_gp`" in refused(tmp_path / "p.csv", "model_key,gpu_key,precision,tp,isl,osl,x,out_tps_gp\n")


@pytest.mark.parametrize(("text", "says"), [
    ("", "the file is empty"),
    ("model_key,gpu_key,precision,tp,osl\n", "p.csv:1:1: the column `isl` is missing"),
    ("gpu_key,precision,tp,isl,osl\n", "the column `model_key` is missing"),
    ("model,gpu_key,precision,tp,isl,osl,tp\n", "p.csv:1:36: the column `tp` is there twice"),
    ("model,gpu_key,precision,tp,isl,osl\na,h100,fp8,two,1,1\n", "p.csv:2:12: tp: `two` is not a number"),
    ("model,gpu_key,precision,tp,isl,osl\na,h100,fp8,nan,1,1\n", "`nan` is not a number"),
    ("model,gpu_key,precision,tp,isl,osl\na,h100,fp8,1,1\n", "p.csv:2:16: the row has 5 cells, and the header 6"),
    ('model,gpu_key,precision,tp,isl,osl\n"a,h100\n', "this is no CSV"),
])
def test_a_file_in_another_shape_is_refused_with_its_place(tmp_path, text, says):
    assert says in refused(tmp_path / "p.csv", text)


def test_a_file_that_is_too_large_or_no_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("planner.reading.points_file.MAX_BYTES", 10)
    assert "larger than 10 bytes" in refused(tmp_path / "p.csv", "x" * 11)
    with pytest.raises(Refused, match="not a regular file"):
        load_points(Path("/dev/zero"))


def test_an_anchor_moves_predictions_towards_what_was_measured_and_never_past_it(world):
    constants = constants_from(world.sizing)
    plain = predict_rows([ROW], world, constants).rows[0]["out_tps_gpu"]
    measured = {**ROW, "out_tps_gpu": str(plain * 2)}
    few, many = (anchor_from([measured] * n, world, constants).factors(point_of(ROW, world).replica) for n in (1, 9))
    assert few.throughput == pytest.approx(2 ** 0.5, rel=1e-4)
    assert few.throughput < many.throughput < 2
    assert "9 points of this very deployment" in many.says


def test_the_nearest_points_count(world):
    constants = constants_from(world.sizing)
    near, far = {**ROW, "out_tps_gpu": "5000"}, {**ROW, "gpu_key": "h200", "out_tps_gpu": "1"}
    asked = point_of(ROW, world).replica
    both, alone = (anchor_from(rows, world, constants).factors(asked) for rows in ([near, far], [near]))
    assert both == alone
    assert "other accelerators" in anchor_from([far], world, constants).factors(asked).says
    other = point_of({**ROW, "model_key": "llama-3-3-70b", "precision": "fp8"}, world).replica
    assert anchor_from([near], world, constants).factors(other) == NO_ANCHOR


def test_an_anchor_without_a_usable_row_is_refused(tmp_path):
    nobody = written(tmp_path / "a.csv", {**ROW, "model_key": "nobody-knows-it"})
    with pytest.raises(UsageError, match="no row of it can be used"):
        CliRunner().invoke(app, ["size", "gpt-oss-120b", *DEMAND, "--anchor", str(nobody)], catch_exceptions=False)
