"""What must hold of sovereignty for any facts: rungs are cumulative, and knowing less never proves more."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sovereignty_world import RENT, deployment, party, with_party, world

from planner.domain.conditions import holds
from planner.judging.rungs import Known, standing
from planner.judging.sovereignty import Scorer

CATALOG = world()
FRAMEWORK = CATALOG.frameworks["eu-csf-calculator"]
FACTORS = {f.id: f for o in FRAMEWORK.objectives for f in o.factors}
GROUPS = CATALOG.country_groups


def _values(name: str) -> st.SearchStrategy[Any]:
    definition = CATALOG.facts[name]
    return {
        "enum": st.sampled_from(definition.values or ("x",)), "bool": st.booleans(), "country": st.sampled_from(["FR", "US", "CH"]),
        "number": st.sampled_from([1, 2, 20, 80]),
    }[definition.type]


def _reads(factor) -> list[str]:
    return sorted({name for rung in factor.rungs if rung.when for name in rung.when.fact_names()})


def _facts(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: _values(name) for name in names})


@pytest.mark.parametrize("key", sorted(FACTORS))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_higher_rung_is_a_stronger_claim(key, data):
    factor = FACTORS[key]
    facts = data.draw(_facts(_reads(factor)))
    truths = [True if rung.when is None else holds(rung.when, facts, GROUPS) for rung in factor.rungs]
    for low, high in zip(truths, truths[1:], strict=False):
        assert low is True or high is not True
        assert high is False or low is not False


@pytest.mark.parametrize("key", sorted(FACTORS))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_taking_a_fact_away_never_raises_what_is_proven_nor_lowers_what_is_possible(key, data):
    factor = FACTORS[key]
    values = data.draw(_facts(_reads(factor)))
    facts = {name: Known(value, value if data.draw(st.booleans()) else None, data.draw(st.booleans())) for name, value in values.items()}
    before = standing(factor, facts, GROUPS, "x")
    assert before.proven <= before.floor <= before.ceiling <= before.possible
    for name in facts:
        after = standing(factor, {n: f for n, f in facts.items() if n != name}, GROUPS, "x")
        assert after.proven <= before.proven and after.floor <= before.floor and after.possible >= before.possible
        assert after.known is None or after.known == before.known


LEAST = sorted({r.fact for p in CATALOG.parties.values() for r in p.facts if r.at_least})


@pytest.mark.parametrize("key", sorted(key for key, f in FACTORS.items() if set(_reads(f)) & set(LEAST)))
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_at_least_so_never_stands_lower_where_it_is_better(key, data):
    factor = FACTORS[key]
    name = data.draw(st.sampled_from(sorted(set(_reads(factor)) & set(LEAST))))
    scale = CATALOG.facts[name].values
    low, high = sorted((data.draw(st.integers(0, len(scale) - 1)), data.draw(st.integers(0, len(scale) - 1))))
    others = {n: Known(v, None) for n, v in data.draw(_facts([n for n in _reads(factor) if n != name])).items()}
    least = standing(factor, {**others, name: Known(scale[low], None, True)}, GROUPS, "x")
    better = standing(factor, {**others, name: Known(scale[high], None)}, GROUPS, "x")
    unknown = standing(factor, others, GROUPS, "x")
    assert unknown.floor <= least.floor <= better.floor <= better.possible <= least.possible == max(least.ceiling, unknown.possible)


@given(name=st.sampled_from(sorted(p.id for p in CATALOG.parties.values() if len(p.facts) > 5)), data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_party_that_says_less_never_scores_more_and_is_never_unconditional(name, data):
    whole = CATALOG.parties[name]
    silent = data.draw(st.sampled_from(sorted({r.fact for r in whole.facts})))
    less = whole.model_copy(update={"facts": tuple(r for r in whole.facts if r.fact != silent)})
    mode = data.draw(st.sampled_from(["api", "vpc", "on-prem"]))
    terms = data.draw(st.sampled_from(["open", "closed", "open-unclear", "open-unread", "revocable"]))
    as_vendor = data.draw(st.booleans())

    def judged(one):
        scorer = Scorer(None, with_party(CATALOG, one))
        operator, vendor = (CATALOG.parties["scaleway"], one) if as_vendor else (one, "mistral-ai")
        d = deployment(operator, mode=mode, terms=terms, vendor=vendor, offer=RENT if mode == "vpc" else None)
        return scorer.light(d), [scorer.meets(d, seal)[0] for seal in range(5)], [scorer.meets(d, seal, "strict")[0] for seal in range(5)]

    (before, held, proved), (after, held_after, proved_after) = judged(whole), judged(less)
    assert after.score_proven <= before.score_proven and after.seal_proven <= before.seal_proven
    assert after.score_possible >= before.score_possible and after.seal_possible >= before.seal_possible
    assert all(a is not True or b is True for a, b in zip(held_after, held, strict=True))
    assert all(a is not True or b is True for a, b in zip(proved_after, proved, strict=True))


@given(rungs=st.lists(st.integers(1, 4), min_size=2, max_size=2))
@settings(max_examples=10, deadline=None)
def test_a_minimum_reached_implies_every_lower_minimum(rungs):
    scorer = Scorer(None, CATALOG)
    d = deployment(party("x", entity_country="FR", owner_country="FR"))
    low, high = sorted(rungs)
    assert scorer.meets(d, high)[0] is not True or scorer.meets(d, low)[0] is True
