"""No green on silence, over every rule of law: forgetting a fact clears no class and no duty, and makes no conditional option unconditional."""
from __future__ import annotations

import pytest
from law_examples import BINDING, BOOK, CATALOG, READS, clear, examples, free

from planner.judging.law import class_value

CLASSIFIER = BOOK.classifier


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_forgetting_a_fact_clears_no_duty_and_makes_no_conditional_option_unconditional(rule):
    for facts, fewer, forgotten in examples(rule.id, READS[rule.id]):
        if free(rule, fewer):
            assert free(rule, facts), (forgotten, facts)
        if clear(rule, fewer):
            assert clear(rule, facts), (forgotten, facts)



@pytest.mark.parametrize("name", sorted(CLASSIFIER.rules))
def test_forgetting_a_fact_clears_no_class(name):
    relieves = CATALOG.facts[name].relieves
    for facts, fewer, forgotten in examples(name, CLASSIFIER.base_facts([name])):
        now, then = (class_value(name, CLASSIFIER.read(f), CATALOG) for f in (facts, fewer))
        if then is relieves:
            assert now is relieves, (forgotten, facts, now, then)


@pytest.mark.parametrize("rule", BINDING, ids=lambda rule: rule.id)
def test_saying_nothing_meets_no_duty_and_clears_no_ban(rule):
    assert not free(rule, {}) and not (rule.severity.value == "forbids" and rule.cure_by != "deployer" and clear(rule, {}))


@pytest.mark.parametrize("name", sorted(CLASSIFIER.rules))
def test_saying_nothing_clears_no_class(name):
    assert class_value(name, CLASSIFIER.read({}), CATALOG) is not CATALOG.facts[name].relieves


def test_a_class_never_rests_on_a_usual_value_where_it_frees():
    readings = CLASSIFIER.read({"wl.is_ai_system": True, "org.established_in_eu": True})
    freed = [n for n in CLASSIFIER.rules if class_value(n, readings, CATALOG) is CATALOG.facts[n].relieves]
    assert not [n for n in freed if readings.known.facts.get(n) is None]
