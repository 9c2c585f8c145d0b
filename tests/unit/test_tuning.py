"""What training a model took, known within a band: what follows for the law, and how far the model may be tuned."""
from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.domain.catalog import Catalog, Model
from planner.domain.conditions import Between, Condition, holds
from planner.judging.classes import Classifier
from planner.judging.facts import model_facts
from planner.judging.law import law_of_facts
from planner.judging.tuning import tuning_room
from planner.reading.catalog import load_catalog

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog([Path(__file__).resolve().parents[2] / "catalog"])


def room(model: Model, catalog: Catalog):
    return tuning_room(model, catalog, Classifier(catalog, DAY))


def trained(model: Model, least: float, most: float) -> Model:
    figure = {"value": {"flop": least, "least": least, "most": most}, "source": "x", "date": "2026", "estimate": True}
    return Model.model_validate({**json.loads(model.model_dump_json()), "training_compute": figure})


@pytest.mark.parametrize(("least", "most", "expected"), [(2, 9, False), (11, 12, True), (9, 11, None), (2, 10, False), (10, 11, None)])
def test_a_test_of_a_band_is_known_only_where_all_of_the_band_agrees(least, most, expected):
    band = Between(least=Decimal(least), most=Decimal(most))
    assert holds(Condition.model_validate({"fact": "m.training_flop", "above": 10}), {"m.training_flop": band}, {}) is expected


@pytest.mark.parametrize(("least", "most", "expected"), [(2e25, 2e26, True), (1e24, 9e24, False), (1e24, 1e26, None)])
def test_systemic_risk_is_presumed_or_ruled_out_only_where_the_whole_band_says_so(catalog, least, most, expected):
    facts = model_facts(trained(catalog.models["mistral-large-3"], least, most), catalog) | {"m.designated_systemic": False}
    assert law_of_facts(facts, catalog, DAY).classes["systemic_risk"] is expected


def test_a_model_of_which_no_compute_is_known_is_never_cleared_of_systemic_risk(catalog):
    for model in catalog.models.values():
        facts = model_facts(model, catalog)
        if model.training_compute is None and model.kind == "chat":
            assert Classifier(catalog, DAY).classify(facts).facts.get("class.systemic_risk") is None


def test_tuning_may_take_a_third_of_the_least_that_the_model_took(catalog):
    found = room(trained(catalog.models["mistral-large-3"], 3e24, 9e24), catalog)
    assert found.flop == Decimal("0.3333") * Decimal("3e24") and found.tokens == int(found.flop / (6 * 41 * 10**9))


def test_where_the_compute_is_not_known_the_lowest_threshold_counts(catalog):
    assert room(catalog.models["mistral-small-4"], catalog).flop == Decimal("3.33e22")


def test_no_amount_of_tuning_flips_the_role_for_a_model_that_is_not_general_purpose(catalog):
    assert room(catalog.models["mistral-embed"], catalog) is None


@pytest.mark.parametrize("model", ["mistral-small-3-0", "mistral-small-4", "llama-3-1-405b"])
def test_up_to_the_amount_shown_the_role_does_not_flip_and_above_it_may(catalog, model):
    facts, shown = model_facts(catalog.models[model], catalog), room(catalog.models[model], catalog)
    roles = [
        law_of_facts({**facts, "mod.finetunes_model": True, "mod.flop": flop}, catalog, DAY).classes["gpai_modifier_provider"]
        for flop in (shown.flop * Decimal("0.99"), shown.flop * Decimal("1.01"))
    ]
    assert roles[1] is not False and (roles[0] is False or shown.original is None)


def test_every_training_compute_of_the_catalog_is_marked_as_an_estimate(catalog):
    figures = [m.training_compute for m in catalog.models.values() if m.training_compute]
    assert len(figures) >= 30 and all(f.estimate and f.source in catalog.sources and f.note for f in figures)


def test_the_command_says_how_far_a_model_may_be_tuned(tmp_path):
    facts = tmp_path / "facts.yaml"
    facts.write_text("facts: {org.established_in_eu: true}\n")
    shown = CliRunner().invoke(app, ["law", str(facts), "--model", "mistral-small-3-0"])
    assert "Tuning mistral-small-3-0 may take up to 1.3e+23 FLOP" in " ".join(shown.stdout.split())
    refused = CliRunner().invoke(app, ["law", str(facts), "--model", "mistral-smal-4"])
    assert refused.exit_code == 2 or "no such model" in str(refused.exception)
