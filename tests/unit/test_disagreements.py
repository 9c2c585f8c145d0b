"""Sources that disagree: the other figure is kept beside the one used, shown by `catalog show`, and never counted."""
from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from planner.reading.catalog import raw_files, read_catalog

CATALOG = read_catalog(raw_files([Path(__file__).parents[2] / "catalog"]))[0]


def shown(kind, entry):
    done = subprocess.run([sys.executable, "-m", "planner", "catalog", "show", kind, entry, "--json"], capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


def others(figure):
    return {str(o["value"]) for o in figure["also_reported"]}


def test_a_model_shows_both_figures_of_its_active_parameters_and_its_context():
    entry = shown("models", "mistral-large-4")
    assert (entry["parameters_active_b"]["value"], others(entry["parameters_active_b"])) == ("52", {"49"})
    assert (entry["context_tokens"]["value"], others(entry["context_tokens"])) == (1048576, {"524288"})


def test_a_price_on_which_lists_disagree_says_so():
    assert "aggregators disagree" in shown("offers", "mistral-ai-mistral-large-4")["note"]


@pytest.mark.parametrize(("kind", "entry", "words"), [
    ("operators", "anthropic", "several sources say first-party API offers only us or global"),
    ("operators", "mistral-ai", "the same page offers a switch"),
    ("operators", "nebius", "directory of providers found none disclosed"),
    ("operators", "s3ns", "2022 site said data hosted in Google data centres"),
])
def test_a_dossier_tells_both_sides(kind, entry, words):
    assert words in json.dumps(shown(kind, entry), ensure_ascii=False)


def test_a_country_keeps_the_electricity_price_it_had_before():
    entry = shown("countries", "DE")["electricity_eur_per_kwh"]
    assert entry["value"] == "0.2264" and others(entry) == {"0.22", "0.14"}


def test_every_member_state_has_a_dated_electricity_price_and_a_grid_figure():
    states = CATALOG.groups["eu"].members
    assert len(states) == 27
    for code in states:
        price = CATALOG.countries[code].electricity_eur_per_kwh
        assert price is not None and not price.estimate and Decimal("0.05") < price.value < Decimal("0.3"), code
    assert all(CATALOG.countries[code].grid_g_per_kwh is not None for code in (*states, "CH", "NO", "GB", "US"))


def test_the_tags_of_a_second_extraction_are_kept_and_only_the_first_scores():
    rungs = [r for frame in CATALOG.frameworks.values() for o in frame.objectives for f in o.factors for r in f.rungs]
    kept = [r for r in rungs if r.also_seal is not None]
    assert len(kept) == 21 and all(r.also_seal != r.seal for r in kept)
