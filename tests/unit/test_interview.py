"""An interview asks what settles most, never twice, and ends with the classes decided."""
from __future__ import annotations

import random
from datetime import date

import pytest

from planner.cli.asking import Item, Walker, parsed
from planner.cli.interviewing import interviewed
from planner.judging.interview import MOST, Interview
from planner.judging.law import law_of_facts
from planner.reading.catalog import load_catalog
from planner.resources import bundled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def world():
    return load_catalog([bundled("catalog")])


@pytest.fixture(scope="module")
def interview(world):
    return Interview(world, DAY)


def lines(*answers: str):
    waiting = [f"{answer}\n" for answer in answers]
    return lambda: waiting.pop(0) if waiting else ""


@pytest.mark.parametrize("seed", range(4))
def test_no_fact_is_asked_twice_and_at_most_fifteen_questions_are_put(interview, seed):
    dice = random.Random(seed)
    facts, asked = {}, []
    while len(asked) < MOST and (asking := interview.next(facts, asked)):
        assert asking.fact.name not in asked and asking.fact.question
        asked.append(asking.fact.name)
        if asking.fact.type == "bool":
            facts[asking.fact.name] = dice.random() < 0.5
        elif asking.fact.values:
            facts[asking.fact.name] = dice.choice(asking.fact.values)
    assert interview.decided_rules(facts) > interview.decided_rules({})


def test_an_ordinary_assistant_is_decided_within_fifteen_questions(world, interview):
    answers = {"wl.is_ai_system": True, "data.personal": True, "org.financial_entity": False, "wl.purposes": ("none-of-these",), "roles.deployer": True,
               "roles.provider": False, "wl.system_origin": "bought_as_is", "org.country": "FR", "dep.cloud_service": True, "m.gpai": True,
               "mod.finetunes_model": False, "org.established_in_eu": True, "wl.generates_synthetic_content": True, "wl.interacts_with_persons": True,
               "wl.real_world_testing": False, **{fact.name: False for fact in interview.rare({})}}
    walker = Walker(answers, asks=False)
    facts = interviewed(interview, walker, {})
    assert len(walker.answers) <= MOST - 1
    reading = law_of_facts(facts | {n: False for n in (f.name for f in interview.rare(facts))}, world, DAY)
    assert reading.classes["prohibited"] is False and reading.classes["high_risk"] is False


def test_stating_the_rare_facts_turns_what_is_supposed_into_what_is_known(world, interview):
    facts = {"wl.is_ai_system": True, "org.established_in_eu": True, "wl.annex3_point": "none"}
    before, rare = law_of_facts(facts, world, DAY), interview.rare(facts)
    after = law_of_facts(facts | {fact.name: False for fact in rare}, world, DAY)
    assert before.classes["prohibited"] is None and before.if_usual["prohibited"] is False
    assert after.classes["prohibited"] is False


def test_not_knowing_leaves_a_fact_unknown_and_settles_nothing(interview):
    walker = Walker({}, asks=True, line=lines(*["?"] * 20))
    assert interviewed(interview, walker, {}) == {}
    assert len(walker.answers) == MOST - 1


def test_whoever_ends_the_questions_is_not_asked_again(interview):
    walker = Walker({}, asks=True, line=lines("none-of-these", "q", "none-of-these"))
    assert len(interviewed(interview, walker, {})) == 1
    assert not walker.asks


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("bool", "Y", True), ("bool", "no", False), ("int", "12,000", 12000), ("int", "?", None), ("country", "no", "NO"), ("list", "de, en", ("de", "en")),
    ("day", "2027-01-01", "2027-01-01"), ("text", "yes", "yes"),
])
def test_an_answer_is_read_as_it_is_meant(kind, text, value):
    assert parsed(Item("k", "?", kind), text) == value


@pytest.mark.parametrize(("item", "text"), [
    (Item("k", "?", "int"), "1.5"), (Item("k", "?", "int"), "-1"), (Item("k", "?", "int", high=4), "5"), (Item("k", "?", "number"), "nan"),
    (Item("k", "?", "enum", values=("eea",)), "eaa"), (Item("k", "?", "country", values=("FR",)), "XX"), (Item("k", "?", "day"), "2027-02-30"),
    (Item("k", "?", "text", needed=True), "?"), (Item("k", "?", "list"), ","),
])
def test_an_answer_that_cannot_be_is_refused(item, text):
    with pytest.raises(ValueError, match="."):
        parsed(item, text)
