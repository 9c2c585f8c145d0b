"""The re-fit of abilities finds what was put in, and lets no source outvote the others."""
from __future__ import annotations

import csv
import random
from math import exp

import pytest
from hypothesis import given, strategies as st

from planner.studies.ability import cells, fit, log_odds, main, rank_correlation


def row(model, benchmark, share, source="Epoch", **changes):
    return {"model_id": model, "benchmark": benchmark, "epoch": "", "score": str(share), "unit": "fraction 0-1", "higher_is_better": "yes",
            "same_harness": "yes", "source": source, "effort": "", "config": "", **changes}


def world(seed, models=24, items=10, noise=0.1):
    """Scores of models whose true abilities are known."""
    chance = random.Random(seed)
    truth = {f"m{i:02}": -2 + 4 * i / (models - 1) for i in range(models)}
    rows = []
    for source in ("Epoch", "LMArena"):
        for item in range(items):
            slope, difficulty = chance.uniform(0.8, 2), chance.uniform(-1, 1)
            for model, ability in truth.items():
                y = slope * (ability - difficulty) + chance.gauss(0, noise)
                rows.append(row(model, f"{source}/{item}", 1 / (1 + exp(-y)), source))
    return truth, rows


def test_the_fit_finds_the_abilities_that_were_put_in():
    truth, rows = world(1)
    found = fit(cells(rows))
    pairs = [(a, truth[model]) for (model, _), (a, _) in found.abilities.items()]
    assert rank_correlation(pairs) > 0.99


def test_the_scale_has_mean_nought_and_deviation_one():
    _, rows = world(2)
    values = [a for a, _ in fit(cells(rows)).abilities.values()]
    assert sum(values) / len(values) == pytest.approx(0, abs=1e-9)
    assert sum(v * v for v in values) / len(values) == pytest.approx(1)


def test_a_source_that_says_something_else_has_the_larger_misfit():
    truth, rows = world(3)
    chance = random.Random(4)
    strange = {model: ability + chance.gauss(0, 1) for model, ability in truth.items()}
    rows += [row(m, f"Odd/{i}", 1 / (1 + exp(-a + i / 10)), "Odd") for m, a in strange.items() for i in range(40)]
    found = fit(cells(rows))
    assert found.misfits["Odd"] > 2 * max(found.misfits["Epoch"], found.misfits["LMArena"])
    assert rank_correlation([(a, truth[m]) for (m, _), (a, _) in found.abilities.items()]) > 0.97  # forty odd rows a model outvote nobody


def test_a_model_seen_by_one_source_has_the_larger_error():
    _, rows = world(5)
    found = fit(cells([r for r in rows if r["model_id"] != "m10" or r["source"] == "Epoch"]))
    assert found.abilities["m10", "on"][1] > found.abilities["m11", "on"][1]


def test_scales_of_their_own_other_harnesses_and_composites_stay_out():
    rows = [row(f"m{i}", "b", 0.5, **{key: value}) for i in range(6) for key, value in (
        ("same_harness", "no"), ("same_harness", "composite"), ("higher_is_better", "no"), ("unit", "points"), ("score", "1.5"))]
    assert cells(rows) == []
    with pytest.raises(ValueError, match="no item is shared"):
        fit([])


def test_editions_and_efforts_are_kept_apart():
    rows = [row(f"m{i}", "b", 0.1 * (i + 1), epoch=epoch, effort=effort) for i in range(5) for epoch, effort in (("2025", "off"), ("2026", "high"))]
    table = cells(rows)
    assert {c.item for c in table} == {"b | 2025", "b | 2026"} and {c.configuration[1] for c in table} == {"off", "on"}


@given(st.floats(0, 1), st.floats(0, 1))
def test_log_odds_never_turn_an_order_round(a, b):
    low, high = sorted((a, b))
    assert log_odds(low, "fraction 0-1") <= log_odds(high, "fraction 0-1")


@given(st.lists(st.floats(-5, 5), min_size=3, unique=True))
def test_ranks_agree_with_themselves_and_disagree_turned_round(values):
    assert rank_correlation([(v, v) for v in values]) == pytest.approx(1)
    assert rank_correlation([(v, -v) for v in values]) == pytest.approx(-1)


def test_the_tool_compares_with_the_catalog(tmp_path, capsys, catalog):
    abilities = [a for a in catalog.abilities if a.effort == "on"][:12]
    rows = [row(a.model, f"b{i}", 1 / (1 + exp(float(-a.ability) + i / 4))) for a in abilities for i in range(5)]
    with (tmp_path / "scores.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    main([str(tmp_path / "scores.csv")])
    assert "rank correlation with the catalog's abilities 1.0 over 12 configurations" in capsys.readouterr().out
