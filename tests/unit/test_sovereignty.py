"""Sovereignty: the framework as data, rungs from facts, three levels, who counts, and what a scorecard says."""
from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from sovereignty_world import LICENCES, RENT, assessment, deployment, fact, party, with_party, world

from planner.domain.base import Basis
from planner.domain.overlay import laid_over
from planner.judging.rungs import totals
from planner.judging.scorecards import label
from planner.judging.sovereignty import Scorer, alone
from planner.judging.stack import stack_of

FRAMEWORK = world().frameworks["eu-csf-calculator"]
FACTORS = {f.id: f for o in FRAMEWORK.objectives for f in o.factors}
# The official worked example: the rung of each factor; SOV-1.6 was left unanswered and earns nothing.
_EXAMPLE = (
    "1.1:4 1.2:3 1.3:2 1.4:4 1.5:3 1.6:1 1.7:3 1.8:3 2.1:3 2.2:3 2.3:5 2.4:4 2.5:3 2.6:3 3.1:3 3.2:4 3.3:4 3.4:5 3.5:3 4.1:3 4.2:4 4.3:4 "
    "4.4:5 4.5:4 4.6:3 5.1:3 5.2:3 5.3:3 5.4:3 5.5:3 5.6:4 5.7:4 6.1:3 6.2:3 6.3:3 6.4:4 6.5:2 7.1:5 7.2:5 7.3:5 7.4:5 7.5:5 7.6:5 7.7:5 "
    "8.1:4 8.2:5 8.3:5 8.4:4"
)
WORKED_EXAMPLE = {f"SOV-{key}": int(rung) for key, rung in (pair.split(":") for pair in _EXAMPLE.split())}
BEST_TODAY = {key: 4 if f.ranking_only else len(f.rungs) for key, f in FACTORS.items()}


# ---------------------------------------------------------------------------------------- the framework


def test_the_framework_has_all_objectives_factors_and_rungs():
    assert len(FRAMEWORK.objectives) == 8 and len(FACTORS) == 48
    assert sum(len(f.rungs) for f in FACTORS.values()) == 235
    assert [sum(w.values()) for w in FRAMEWORK.weights.values()] == [100, 100]
    assert {f.id for f in FACTORS.values() if f.ranking_only} == {"SOV-3.5", "SOV-5.1", "SOV-5.2", "SOV-5.3", "SOV-6.5"}
    assert all(f.gating != f.ranking_only for f in FACTORS.values())


def test_points_and_tags_never_fall_from_one_rung_to_the_next():
    for f in FACTORS.values():
        assert all(low.points < high.points and low.seal <= high.seal for low, high in pairwise(f.rungs)), f.id


def test_every_rung_but_the_lowest_has_a_condition_that_never_asks_whether_a_fact_is_known():
    for f in FACTORS.values():
        assert f.rungs[0].when is None and f.cut_by
        for rung in f.rungs[1:]:
            assert rung.when is not None and all(leaf.known is None for leaf in rung.when.leaves()), f.id


def test_conditions_use_the_vocabulary_and_only_values_it_knows():
    vocabulary = world().facts
    for f in FACTORS.values():
        for leaf in (leaf for rung in f.rungs if rung.when for leaf in rung.when.leaves()):
            definition = vocabulary[leaf.fact]
            values = leaf.within if leaf.within is not None else () if leaf.equals is None else (leaf.equals,)
            assert definition.type != "enum" or set(values) <= set(definition.values), (f.id, leaf.fact)


@pytest.mark.parametrize(("rungs", "score", "seal"), [(WORKED_EXAMPLE, "67.9159", 1), (BEST_TODAY, "97.6786", 4)])
def test_the_official_worked_example_and_ceiling_come_out_to_four_decimals(rungs, score, seal):
    result = totals(FRAMEWORK, rungs.__getitem__, "2026")
    assert result.score.quantize(Decimal("0.0001")) == Decimal(score) and result.seal == seal


# ------------------------------------------------------------------------------------------- the parties


def test_facts_of_parties_use_the_vocabulary_and_name_their_source():
    catalog = world()
    for one in catalog.parties.values():
        for record in (*one.facts, *(r for s in one.sites for r in s.facts)):
            definition = catalog.facts[record.fact]
            assert record.source in catalog.sources
            assert definition.type != "enum" or record.value in definition.values, (one.id, record.fact, record.value)
            assert (definition.type == "bool") == isinstance(record.value, bool)
        assert all(entry.source in catalog.sources for entry in (*one.dossier, *one.events)), one.id


def test_at_least_36_parties_are_operators_and_the_organisation_itself_declares_everything():
    parties = world().parties.values()
    assert sum("operator" in p.kinds for p in parties) >= 36
    assert world().parties["own"].facts == () and all(p.country is None or len(p.country) == 2 for p in parties)


def test_what_was_not_read_in_a_source_is_never_of_high_confidence():
    for one in world().parties.values():
        for record in one.facts:
            assert record.basis in (Basis.SEEN, Basis.DECLARED) or record.confidence != "high", (one.id, record.fact)


# --------------------------------------------------------------------------------------- rungs from facts


def _factor(scorecard, key):
    return next(f for f in scorecard.factors if f.factor == key)


def _card(operator, **how):
    catalog = with_party(world(), operator)
    return Scorer(None, catalog).scorecard(deployment(operator, **how), "test")


def test_an_unknown_fact_is_never_read_as_met():
    verdict = _factor(_card(party("nobody")), "SOV-4.2")
    assert (verdict.rung_proven, verdict.rung_known, verdict.rung_possible) == (1, None, 5)
    assert verdict.unknown == ("party.ops_staff",)


def test_a_fact_that_was_read_proves_and_one_recalled_is_known_but_to_verify():
    seen = _factor(_card(party("a", ops_staff="eu-only")), "SOV-4.2")
    assert (seen.rung_proven, seen.rung_known, seen.to_verify) == (5, 5, False)
    told = party("a").model_copy(update={"facts": (fact("party.ops_staff", "eu-only", Basis.RECALLED),)})
    recalled = _factor(_card(told), "SOV-4.2")
    assert (recalled.rung_proven, recalled.rung_known, recalled.to_verify) == (1, 5, True)


def test_a_recalled_record_that_says_worse_than_the_proof_counts():
    both = (fact("party.ops_staff", "eu-only"), fact("party.ops_staff", "non-eu", Basis.RECALLED))
    verdict = _factor(_card(party("a").model_copy(update={"facts": both})), "SOV-4.2")
    assert (verdict.rung_proven, verdict.rung_known) == (1, 1)


def test_the_worst_party_counts_and_is_named():
    operator = party("eu", entity_country="FR", owner_country="FR", non_eu_holders="none")
    verdict = _factor(_card(operator, vendor="openai"), "SOV-1.1")
    assert verdict.rung_known == 2 and verdict.party == "OpenAI"


def test_one_party_on_the_lowest_rung_settles_a_factor_although_another_is_unknown():
    operator = party("us", entity_country="US", owner_country="US")
    verdict = _factor(_card(operator, vendor=None), "SOV-1.1")
    assert verdict.rung_known == 1


def test_a_vendor_drops_out_only_when_weights_are_held_under_an_irrevocable_licence():
    operator = party("eu", entity_country="FR", owner_country="FR", non_eu_holders="none")

    def rungs(mode, terms):
        verdict = _factor(_card(operator, mode=mode, terms=terms, vendor="openai"), "SOV-1.1")
        return verdict.rung_proven, verdict.rung_known

    assert rungs("vpc", "open") == (4, 4)
    assert rungs("vpc", "revocable")[1] == 2
    assert rungs("api", "open")[1] == 2
    assert rungs("vpc", "open-unread") == (2, 4)  # a licence nobody read proves nothing, so OpenAI counts for proof
    assert rungs("vpc", "open-unclear")[1] is None


def test_terms_that_nobody_knows_are_an_open_fact():
    operator = party("eu", entity_country="FR", owner_country="FR", non_eu_holders="none")
    verdict = _factor(_card(operator, mode="vpc", terms="open-unclear", vendor="openai"), "SOV-1.1")
    assert "sov.weights" in verdict.unknown and verdict.rung_possible == 4


def test_holding_the_weights_on_own_hardware_survives_any_cut_off():
    own = world().parties["own"]
    assert _factor(_card(own, mode="on-prem"), "SOV-1.8").rung_proven == 5
    assert _factor(_card(party("x", cut_off="stops"), terms="closed"), "SOV-1.8").rung_known == 1


def test_keys_are_the_customers_on_own_hardware_and_a_question_elsewhere():
    assert _factor(_card(world().parties["own"], mode="on-prem"), "SOV-3.1").rung_proven == 5
    rented = _factor(_card(party("x"), mode="vpc"), "SOV-3.1")
    assert rented.rung_known is None and "sov.keys" in rented.unknown


def test_declared_facts_count_as_proof_and_only_for_whom_they_are_declared():
    asked = assessment(evidence={"sov.keys": "customer"}, party_facts={"own": {"party.ops_staff": "eu-only"}})
    scorer = Scorer(asked, laid_over(world(), asked))
    card = scorer.scorecard(deployment(world().parties["own"], mode="on-prem"), "own")
    assert _factor(card, "SOV-4.2").rung_proven == 5
    rented = scorer.scorecard(deployment(party("x", ops_staff="eu-only"), mode="vpc"), "rented")
    assert _factor(rented, "SOV-3.1").rung_proven == 4  # the customer holds the keys; the operator of the machine could read memory
    assert _factor(rented, "SOV-4.2").rung_proven == 5


def test_the_chips_maker_counts_by_the_accelerator_in_ranking_factors_alone():
    catalog = with_party(world(), party("x"))
    card = Scorer(None, catalog).scorecard(deployment(party("x"), mode="vpc", offer=RENT), "x")
    assert _factor(card, "SOV-5.2").party == "Nvidia"
    assert all("chips" not in f.parties for f in FACTORS.values() if f.gating)


# ------------------------------------------------------------------------------------------ minimum SEAL


def test_a_minimum_holds_by_what_is_known_only_if_nothing_that_gates_it_is_open():
    scorer = Scorer(None, world())
    truth, open_facts = scorer.meets(deployment(world().parties["scaleway"]), 1)
    assert truth is None and open_facts and open_facts == tuple(sorted(open_facts))
    assert scorer.meets(deployment(world().parties["scaleway"]), 0) == (True, ())


def test_a_minimum_that_a_known_fact_rules_out_is_false_and_turns_on_nothing():
    assert Scorer(None, world()).meets(deployment(world().parties["openai"], vendor="openai", terms="closed"), 3) == (False, ())


def test_strict_needs_proof_and_names_what_to_confirm():
    truth, open_facts = Scorer(None, world()).meets(deployment(world().parties["ovhcloud"]), 1, "strict")
    assert truth is False and "party.secnumcloud" not in open_facts and open_facts


def test_a_light_score_agrees_with_the_scorecard():
    scorer = Scorer(None, world())
    for name in ("mistral-ai", "ovhcloud", "aws", "own"):
        d = deployment(world().parties[name], mode="on-prem" if name == "own" else "api")
        light, card = scorer.light(d), scorer.scorecard(d, name)
        assert (light.seal_proven, light.seal_known, light.seal_possible) == tuple(card.overall.seal.model_dump().values())
        assert light.score_known == card.overall.score["2026"]
        assert (light.score_proven, light.score_possible) == card.overall.score_range["2026"]


# --------------------------------------------------------------------------------------- the scorecard


def test_a_plan_takes_the_worst_seal_and_weighs_the_scores():
    scorer = Scorer(None, world())
    one, other = deployment(world().parties["scaleway"]), deployment(world().parties["openai"], vendor="openai", terms="closed")
    card = scorer.plan_scorecard([("a", one, Decimal(3)), ("b", other, Decimal(1))], "plan")
    assert card.overall.seal.proven == min(p.seal.proven for p in card.parts)
    expected = (scorer.light(one).score_proven * 3 + scorer.light(other).score_proven) / 4
    assert abs(card.overall.score_range["2026"][0] - expected) < Decimal("0.001")
    assert [p.workload for p in card.parts] == ["a", "b"]


def test_what_remains_names_party_cause_and_a_way_to_cut_it():
    card = Scorer(None, world()).party_scorecard(world().parties["microsoft-azure"])
    reach = next(d for d in card.remaining if d.factor == "SOV-1.1")
    assert reach.party == "Microsoft Azure" and "owner outside" in reach.cause and reach.cut_by
    seals = [5 if d.seal is None else d.seal for d in card.remaining]
    assert seals == sorted(seals)


def test_the_rating_is_shown_with_its_range_and_silence_buys_no_label():
    card = Scorer(None, world()).party_scorecard(world().parties["berget"])
    low, high = card.overall.rating_range
    assert low <= card.overall.rating_out_of_10 <= high and card.overall.label == FRAMEWORK.label_too_little_known
    assert card.overall.coverage_percent < 50


def test_labels_need_both_a_score_and_a_seal():
    assert label(FRAMEWORK, Decimal(90), 3) == FRAMEWORK.labels[0].says
    assert label(FRAMEWORK, Decimal(90), 0) == "residency without control"
    assert label(FRAMEWORK, Decimal(10), 4) == "dependent"


def test_the_next_step_is_one_free_confirmation_before_any_change_of_substance():
    step = Scorer(None, world()).party_scorecard(world().parties["mistral-ai"]).next_step
    assert step.gain_points > 0 and step.cost_eur == 0 and "Mistral AI" in step.says


def test_a_scorecard_without_parts_is_refused():
    with pytest.raises(ValueError, match="at least one part"):
        Scorer(None, world()).plan_scorecard([], "empty")


def test_a_framework_that_is_not_in_the_catalog_is_refused():
    with pytest.raises(KeyError):
        Scorer(None, world(), "no-such-framework")


def test_a_party_by_itself_is_judged_without_a_model():
    assert alone(world().parties["aws"]).model is None
    assert _factor(Scorer(None, world()).party_scorecard(world().parties["ovhcloud"]), "SOV-1.8").rung_known == 5


# -------------------------------------------------------------------------------------------- the stack


def test_the_stack_names_owner_law_and_who_could_switch_off_each_layer():
    stack = stack_of(deployment(world().parties["openai"], vendor="openai", terms="closed"), world(), None)
    layers = {layer.name: layer for layer in stack.layers}
    assert [layer.layer for layer in stack.layers] == ["L4", "L3", "L2", "L1", "L1", "L1"]
    assert layers["Model"].could_switch_off is True and layers["Model"].law == "US"
    assert layers["Chips"].owner == "not known" and layers["Chips"].could_switch_off is None


def test_nobody_can_switch_off_held_weights_on_own_hardware():
    stack = stack_of(deployment(world().parties["own"], mode="on-prem"), world(), None)
    assert not any(layer.could_switch_off for layer in stack.layers)


def test_a_licence_that_can_be_called_back_leaves_the_switch_with_the_maker():
    stack = stack_of(deployment(world().parties["own"], mode="on-prem", terms="revocable"), world(), None)
    assert next(layer for layer in stack.layers if layer.name == "Model").could_switch_off is True
    assert set(LICENCES) >= {"revocable"}
