"""How open a model is: the published conformance vectors, the classes of published models, and that silence is never open."""
from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.judging.openness import licences_of_parts, openness_class
from planner.reading.catalog import load_catalog
from planner.resources import bundled

DATA = Path(__file__).parent / "test_openness_data"
CATALOG = load_catalog([bundled("catalog")])
MOF = CATALOG.openness["mof-1-0"]
IDS = [component.id for component in MOF.components]
VECTORS, MODELS = (json.loads((DATA / name).read_text(encoding="utf-8")) for name in ("vectors.json", "models.json"))
# Licences that open nothing, one that does, none stated, and not released.
LICENCES = st.sampled_from(["MIT", "CC-BY-4.0", "CC-BY-NC-4.0", "Somebody's own", None])


def judged(record):
    return openness_class(licences_of_parts(record["components"], record["shared"], MOF), MOF)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_every_published_conformance_vector_is_reproduced(vector):
    answer = judged(vector)
    assert answer.reached == vector["class"]
    assert {str(level): round(share, 4) for level, share in answer.progress.items()} == {k: Decimal(v) for k, v in vector["progress"].items()}


def test_the_vectors_hold_each_class_and_none():
    assert {vector["class"] for vector in VECTORS} == {0, 1, 2, 3} and len(VECTORS) == 27


def test_derived_classes_of_published_models_agree():
    differ = [record["name"] for record in MODELS if judged(record).reached != record["class"]]
    assert len(differ) <= len(MODELS) / 100, differ


def test_what_lies_in_the_way_is_named_by_its_kind():
    answer = openness_class({"model-parameters-final": "CC-BY-NC-4.0", "model-card": None, "model-architecture": "MIT"}, MOF)
    assert answer.reached == 0 and answer.name == "no class"
    assert answer.not_open == ("model-parameters-final",) and answer.unlicensed == ("model-card",)
    assert "data-card" in answer.missing and "sample-model-outputs" not in answer.missing


def test_an_open_paper_stands_in_for_the_technical_report_but_a_report_for_no_paper():
    lowest = {c.id: "Apache-2.0" for c in MOF.components if c.from_class == 3 and c.id != "technical-report"}
    assert openness_class(lowest, MOF).reached == 0
    assert openness_class({**lowest, "research-paper": "CC-BY-4.0"}, MOF).name == "Class III, Open Model"
    everything = dict.fromkeys(IDS, "MIT")
    assert openness_class(everything, MOF).reached == 1
    assert openness_class({**everything, "research-paper": None}, MOF).reached == 2


def test_a_part_the_framework_does_not_know_is_refused():
    with pytest.raises(KeyError, match="weights"):
        openness_class({"weights": "MIT"}, MOF)


def test_an_empty_licence_states_none_even_where_the_whole_has_one():
    assert licences_of_parts({"datasets": "", "model-card": "="}, {"distribution": "MIT"}, MOF) == {"datasets": None, "model-card": "MIT"}


@given(released=st.dictionaries(st.sampled_from(IDS), LICENCES), part=st.sampled_from(IDS))
def test_opening_one_more_part_never_closes_a_class(released, part):
    before, after = openness_class(released, MOF), openness_class({**released, part: "MIT"}, MOF)
    rank = (4, 1, 2, 3)
    assert rank[after.reached] <= rank[before.reached]


@given(released=st.dictionaries(st.sampled_from(IDS), LICENCES))
def test_a_class_is_reached_exactly_where_progress_is_whole(released):
    answer = openness_class(released, MOF)
    whole = [level for level in (3, 2, 1) if answer.progress[level] == 100]
    assert answer.reached == (whole[-1] if whole else 0)
    assert (answer.reached == 1) == (not answer.missing + answer.unlicensed + answer.not_open)


def test_no_model_earns_a_class_by_parts_nobody_listed():
    for model in CATALOG.models.values():
        if model.components is not None:
            openness_class(model.components.value, MOF)
