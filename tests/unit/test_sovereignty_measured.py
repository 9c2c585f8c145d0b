"""What docs/sovereignty.md says was measured is what the tool says today, and what must hold of every operator of the catalog."""
from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
import sovereignty as bench

from planner.judging.sovereignty import Scorer, alone

NAMED = {row["operator"] for row in bench.published()} | {
    "stackit", "hetzner", "exoscale", "microsoft-azure", "google-cloud", "oracle", "cloud-temple", "numspot", "upcloud", "aruba", "cloudsigma",
    "civo", "scalingo", "syseleven", "netcup", "world4you", "stackscale", "infomaniak",
}
OPERATORS = sorted(k for k, p in bench.catalog().parties.items() if "operator" in p.kinds and p.facts)


def test_the_page_says_what_is_measured_now():
    assert bench.document() == bench.DOC.read_text(encoding="utf-8"), "run: python tests/bench/sovereignty.py --write"


def test_every_disagreement_names_the_facts_it_turns_on():
    for operator, objective, published in bench.seals():
        card = bench.cards()[operator]
        if card.objectives[objective].seal.known != published:
            assert "`" in bench.deciding(operator, objective, published), (operator, objective)


def test_no_typed_fact_comes_from_a_page_that_scores_operators():
    scoring = (
        "abilian", "sota.io", "comparison.cloud", "eurotechguide", "euvetted", "sovereigncloudcompass", "infercheck", "aiprovidertrust",
    )
    sources = bench.catalog().sources
    for party in bench.catalog().parties.values():
        for record in (*party.facts, *(r for site in party.sites for r in site.facts)):
            assert not any(word in (sources[record.source].url or "").lower() for word in scoring), (party.id, record.fact)


@pytest.mark.parametrize("key", [key for key in OPERATORS if bench.catalog().parties[key].country != "CN"])
def test_what_the_law_gives_it_gives_to_every_operator_alike(key):
    facts = {record.fact: record for record in bench.catalog().parties[key].facts}
    for name in ("incident_disclosure", "audit_rights", "deletion", "supplier_audit", "portability", "access_policy"):
        assert f"party.{name}" in facts, name


def test_a_least_value_stands_on_an_ordered_scale_and_is_never_a_proof():
    for party in bench.catalog().parties.values():
        for record in (r for r in party.facts if r.at_least):
            definition = bench.catalog().facts[record.fact]
            assert definition.type == "enum" and record.fact not in {"party.software_base", "party.chips_maker"}, (party.id, record.fact)
            assert record.basis.value in {"inference", "recalled"}, (party.id, record.fact)


@pytest.mark.parametrize("key", sorted(NAMED))
def test_every_operator_that_must_be_known_has_a_decent_set_of_facts(key):
    facts = {record.fact for record in bench.catalog().parties[key].facts}
    assert len(facts) >= 20, len(facts)


def test_the_seven_cases_come_out_in_a_defensible_order():
    scores = [card.overall.score["2026"] for card in bench.contrast().values()]
    assert all(better > worse for better, worse in pairwise(scores))
    assert all(card.remaining and all(d.party for d in card.remaining) for card in bench.contrast().values())
    seals = [card.overall.seal.known for card in bench.contrast().values()]
    assert seals == sorted(seals, reverse=True)


@pytest.mark.parametrize("key", OPERATORS)
def test_removing_any_fact_of_any_operator_never_raises_what_is_proven(key):
    catalog, party = bench.catalog(), bench.catalog().parties[key]
    whole = Scorer(None, catalog).light(alone(party, "FR"))
    for name in sorted({record.fact for record in party.facts}):
        less = party.model_copy(update={"facts": tuple(r for r in party.facts if r.fact != name)})
        changed = {field: getattr(catalog, field) for field in type(catalog).model_fields} | {"parties": {**catalog.parties, key: less}}
        light = Scorer(None, type(catalog).model_construct(**changed)).light(alone(less, "FR"))
        assert light.seal_proven <= whole.seal_proven and light.score_proven <= whole.score_proven, name
        assert light.seal_possible >= whole.seal_possible and light.score_possible >= whole.score_possible, name
