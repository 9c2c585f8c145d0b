"""No green on silence: taking facts away never clears a duty, settles a class as false, or opens an option."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from law_catalog import law_catalog

from planner.domain.catalog import FactDefinition
from planner.domain.conditions import holds
from planner.judging.classes import CLASS, Classifier
from planner.judging.compliance import judgement_of
from planner.judging.law import law_of_facts
from planner.judging.lawbook import LawBook

AS_OF = date(2026, 11, 24)
CATALOG = law_catalog()
BOOK = LawBook(CATALOG, AS_OF)
CLASSIFIER = BOOK.classifier
ASKED = [rule for rule in BOOK.rules if rule.status != "proposal" and (rule.demands is not None or rule.kind == "prohibition")]
NUMBERS = {
    "m.training_flop": ["1e24", "2e25"],
    "mod.flop": ["1e22", "1e24", "1e25"],
    "mod.own_training_flop": ["1e22", "1e24"],
    "mod.compute_ratio": ["0.01", "0.5"],
}


def values_of(definition: FactDefinition) -> st.SearchStrategy:
    """Values worth trying for one fact."""
    if definition.type == "bool":
        return st.booleans()
    if definition.type == "list":
        return st.lists(st.sampled_from(definition.values), min_size=1, max_size=2).map(tuple)
    if definition.values:
        return st.sampled_from(definition.values)
    if definition.type == "int":
        return st.sampled_from([0, 1, 2, 4, 6, 50, 250])
    return st.sampled_from([Decimal(v) for v in NUMBERS.get(definition.name, ["1"])])


@st.composite
def facts_and_less(draw) -> tuple[dict, dict]:
    """Facts around one rule, mostly known and mostly such as make it apply, and the same with some taken away."""
    rule = draw(st.sampled_from(ASKED))
    names = [name for name in BOOK.reads_by_rule[rule.id] if CATALOG.facts[name].question]
    favourable = {leaf.fact: leaf.equals for leaf in rule.when.leaves() if leaf.equals is not None}
    facts = {}
    for name in names:
        usual = CATALOG.facts[name].assume_if_unasked
        if name in favourable and draw(st.integers(0, 3)):
            facts[name] = favourable[name]
        elif usual is not None and draw(st.integers(0, 2)):
            facts[name] = usual
        elif draw(st.integers(0, 5)):
            facts[name] = draw(values_of(CATALOG.facts[name]))
    facts.setdefault("wl.is_ai_system", True)
    for name in sorted(facts):  # what a list answers is left to it: two answers that contradict each other count as none
        if CLASSIFIER.following.sources(name) & facts.keys():
            del facts[name]
    assume(not CLASSIFIER.following.contradicted(facts))
    gone = draw(st.sets(st.sampled_from(sorted(facts)), min_size=1, max_size=4))
    return facts, {name: value for name, value in facts.items() if name not in gone}


def open_rules(facts: dict) -> set[str]:
    return {v.rule.id for v in BOOK.verdicts(facts) if v.status in ("unmet", "unknown")}


@settings(max_examples=150, deadline=None)
@given(facts_and_less())
def test_taking_facts_away_never_clears_a_finding(both):
    facts, less = both
    assert open_rules(facts) <= open_rules(less)


@settings(max_examples=100, deadline=None)
@given(facts_and_less())
def test_taking_facts_away_never_makes_a_class_false_or_a_relief_true(both):
    facts, less = (law_of_facts(f, CATALOG, AS_OF).classes for f in both)
    for name, value in less.items():
        if value is False or (value and CATALOG.facts[CLASS + name].relieves):
            assert facts[name] is value, name


@settings(max_examples=150, deadline=None)
@given(facts_and_less())
def test_taking_facts_away_never_opens_an_option(both):
    before, after = (judgement_of(BOOK.verdicts(f)) for f in both)
    if before.blocked_by or before.conditional_on:
        assert after.blocked_by or after.conditional_on
    lost = {rule for rule, _ in before.cures} - {rule for rule, _ in after.cures}
    assert not lost or after.blocked_by or after.conditional_on or all(CATALOG.rules[r].severity.value != "forbids" for r in lost)


@settings(max_examples=100, deadline=None)
@given(facts_and_less())
def test_every_unknown_names_facts_that_can_be_answered_and_are_not_known(both):
    for verdict in BOOK.verdicts(both[1]):
        if verdict.status == "unknown":
            assert verdict.gates and set(verdict.gates) <= set(verdict.unknown)
            assert all(both[1].get(name) is None and CATALOG.facts[name].question for name in verdict.unknown)


@settings(max_examples=60, deadline=None)
@given(facts_and_less())
def test_classes_do_not_depend_on_the_order_of_the_rules(both):
    turned = CATALOG.model_copy(update={"rules": dict(reversed(CATALOG.rules.items()))})
    assert Classifier(turned, AS_OF).classify(both[1]).facts == CLASSIFIER.classify(both[1]).facts


@settings(max_examples=100, deadline=None)
@given(facts_and_less())
def test_a_remembered_verdict_is_the_verdict_reached_afresh(both):
    for facts in both:
        BOOK.verdicts(facts)
        assert BOOK.verdicts(facts) == LawBook(CATALOG, AS_OF).verdicts(facts)


@settings(max_examples=60, deadline=None)
@given(facts_and_less())
def test_what_is_met_is_proved_by_known_facts_alone(both):
    for verdict in BOOK.verdicts(both[1]):
        if verdict.status == "met":
            assert holds(verdict.rule.demands, CLASSIFIER.classify(both[1]).facts, CATALOG.country_groups) is True
