"""The efficiency panel: a mixture of experts against dense models of equal total and equal active size."""
from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.cli.common import open_catalog
from planner.sizing.replica import Goals, Shape
from planner.sizing.efficiency import dense_twin, panel

DAY = date(2026, 11, 24)
SHAPE = Shape(1500, 400)


@pytest.fixture(scope="module")
def world():
    return open_catalog(None)


@pytest.fixture(scope="module")
def large(world):
    return panel(world, world.models["mistral-large-3"], world.accelerators["h200"], SHAPE, Goals(), DAY)


def by_role(made):
    return {c.role: c for c in made.contestants}


def test_memory_follows_total_parameters_and_energy_follows_active_ones(large):
    of = by_role(large)
    assert of["mixture"].weights_gb == of["twin-total"].weights_gb > of["twin-active"].weights_gb
    assert large.kwh_per_mtok(of["twin-active"]) < large.kwh_per_mtok(of["mixture"]) < large.kwh_per_mtok(of["twin-total"])


def test_a_mixture_beats_its_equal_in_total_and_not_its_equal_in_active(large):
    duels = {d.against: d for d in large.duels}
    assert duels["twin-total"].cost_ratio < 0.5 and not duels["twin-total"].dearer_below
    assert duels["twin-active"].cost_ratio > 1 and duels["twin-active"].from_requests_per_hour is None


def test_from_the_crossing_on_the_mixture_takes_no_more_machines(large):
    duel = next(d for d in large.duels if d.against == "real-total")
    of = by_role(large)
    assert duel.dearer_below and duel.from_requests_per_hour
    for times in (1, 3, 10, 100):
        traffic = duel.from_requests_per_hour * times
        assert of["mixture"].accelerators(traffic) <= of["real-total"].accelerators(traffic)


def test_a_twin_keeps_the_attention_and_loses_the_experts(world):
    model = world.models["mistral-large-3"]
    twin = dense_twin(model, model.parameters_active_b, "twin").architecture.value
    assert twin.experts == 0 and (twin.layers, twin.kv_heads, twin.mla_latent) == (
        model.architecture.value.layers, model.architecture.value.kv_heads, model.architecture.value.mla_latent)


def test_a_dense_model_has_no_panel(world):
    with pytest.raises(ValueError, match="dense"):
        panel(world, world.models["llama-3-3-70b"], world.accelerators["h200"], SHAPE, Goals(), DAY)


def test_the_command_says_the_crossing_in_words_and_in_json():
    told = CliRunner().invoke(app, ["efficiency", "mistral-large-3", "--as-of", "2026-11-24"])
    assert told.exit_code == 0 and "the mixture is never dearer" in told.output
    document = json.loads(CliRunner().invoke(app, ["efficiency", "mistral-large-3", "--as-of", "2026-11-24", "--json"]).stdout)
    assert [m["role"] for m in document["models"]] == ["mixture", "twin-total", "real-total", "twin-active", "real-active"]
    assert len(document["crossings"]) == 4


@pytest.mark.parametrize("wrong", [["efficiency", "nonsense"], ["efficiency", "mistral-large-3", "--precision", "fp3"]])
def test_what_cannot_be_compared_is_refused(wrong):
    assert CliRunner().invoke(app, wrong).exit_code != 0
