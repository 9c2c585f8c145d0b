"""Measured energy and life cycles: shown beside a plan, never part of one."""
from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

import planner
from planner.cli.app import app
from planner.domain.catalog import LifeCycle, MeasuredEnergy
from planner.landscape.energy import BESIDE, energy_notes


def test_a_record_without_a_figure_is_refused():
    with pytest.raises(ValidationError, match="joules_per_output_token"):
        MeasuredEnergy(id="a", vendor="meta", says="x", boundary="server", source="own-assumption", date="2026")
    with pytest.raises(ValidationError, match="at least one figure"):
        LifeCycle(id="a", vendor="meta", says="x", covers="training", boundary="x")


def test_the_model_of_a_record_is_made_by_the_vendor_it_names(catalog):
    for held in (*catalog.measured_energy.values(), *catalog.life_cycles.values()):
        assert held.model is None or catalog.models[held.model].maker == held.vendor, held.id


def test_every_figure_of_a_life_cycle_is_told_with_its_source_and_its_disagreements(catalog):
    notes = {note.says: note for note in energy_notes(catalog, model="llama-3-3-70b")}
    told = next(note for says, note in notes.items() if "2,040 t CO2e" in says)
    assert told.source == "en-llama-3-1-card" and any("12.9 t CO2e (en-llama-3-3-card" in other for other in told.disagrees)
    assert len(energy_notes(catalog)) == len(catalog.measured_energy) + sum(len(c.figures) for c in catalog.life_cycles.values())


def test_the_answer_of_mistral_large_2_is_the_published_one(catalog):
    stated = dict(catalog.life_cycles["lc-mistral-large-2"].figures)
    assert (stated["answer_g_co2e"].value, stated["tonnes_co2e"].value, stated["water_m3"].value) == (Decimal("1.14"), 20400, 281000)
    assert stated["answer_g_co2e"].source == "en-mistral-lca"


def test_no_room_that_plans_can_see_them():
    """What computes carbon cannot read what makers say of theirs."""
    rooms = Path(planner.__file__).parent
    texts = {p.relative_to(rooms).parts[0]: "" for p in sorted(rooms.rglob("*.py"))}
    for p in sorted(rooms.rglob("*.py")):
        texts[p.relative_to(rooms).parts[0]] += p.read_text(encoding="utf-8")
    reads = {room for room, text in texts.items() if "measured_energy" in text or "life_cycles" in text}
    assert reads <= {"domain", "landscape", "reading"}


def test_showing_a_model_shows_them_beside_and_says_so():
    shown = json.loads(CliRunner().invoke(app, ["catalog", "show", "models", "mistral-large-2-0", "--json"], catch_exceptions=False).stdout)
    assert shown["energy"]["read_it"] == BESIDE and any("1.14 g CO2e an answer of 400 tokens" in n["says"] for n in shown["energy"]["notes"])
    without = json.loads(CliRunner().invoke(app, ["catalog", "show", "models", "mistral-small-4", "--json"], catch_exceptions=False).stdout)
    assert "energy" not in without
