"""Facts around each rule of the law, drawn with a seed, and what one rule says of them by itself."""
from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from law_catalog import law_catalog

from planner.domain.catalog import Rule
from planner.domain.conditions import Condition
from planner.judging.compliance import judgement_of
from planner.judging.lawbook import LawBook, Verdict

DAY = date(2026, 11, 24)
CATALOG = law_catalog()
RULES = [rule for rule in CATALOG.rules.values() if rule.status != "proposal"]
BINDING = [rule for rule in RULES if rule.demands is not None or rule.kind == "prohibition"]
EXAMPLES = 8  # sets of facts tried for each rule or class; one fact after another is forgotten of each
BOOK = LawBook(CATALOG, DAY)
READS = {rule.id: BOOK.classifier.base_facts(rule_facts) for rule in CATALOG.rules.values()
         for rule_facts in [{n for c in (rule.when, rule.demands) if c for n in c.fact_names()} | {c.when_class for c in rule.applies_from_by_class}]}


def leaves(name: str) -> Iterator[Condition]:
    """Every test of a fact in the catalog."""
    conditions = [c for rule in CATALOG.rules.values() for c in (rule.when, rule.demands) if c]
    conditions += [c for fact in CATALOG.facts.values() for c in fact.follows]
    return (leaf for condition in conditions for leaf in condition.leaves() if leaf.fact == name)


TESTED = {name: tuple(leaves(name)) for name in CATALOG.facts}


def value(name: str, dice: random.Random) -> Any:
    """A value that a fact may have, from among those that some rule tells apart."""
    definition = CATALOG.facts[name]
    if definition.type == "bool":
        return dice.random() < 0.5
    if definition.type in ("int", "number"):
        limits = [x for leaf in TESTED[name] for x in (leaf.at_least, leaf.at_most, leaf.above, leaf.below) if x is not None]
        return dice.choice([0, *(x * f for x in limits for f in (1, 2))])
    if definition.type == "list":
        return tuple(dice.sample(definition.values, dice.choice((1, 1, 2))))
    return dice.choice(definition.values or ("FR", "DE", "US"))


def drawn(reads: tuple[str, ...], dice: random.Random) -> dict[str, Any] | None:
    """Facts of those that are read, most of them stated; None where they contradict each other."""
    names = [n for n in reads if CATALOG.facts[n].question]
    stated = dice.choice((0.6, 0.9, 1.0))
    facts = {name: value(name, dice) for name in names if dice.random() < stated}
    for name in list(facts):  # what a list answers is mostly left to the list
        if BOOK.classifier.following.sources(name) & facts.keys() and dice.random() < 0.9:
            del facts[name]
    return None if BOOK.classifier.following.contradicted(facts) else facts


def examples(key: str, reads: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Facts, the same without one of them, and its name."""
    dice = random.Random(key)
    for _ in range(EXAMPLES):
        facts = drawn(reads, dice)
        if facts:
            for name in dice.sample(sorted(facts), min(3, len(facts))):
                yield facts, {n: v for n, v in facts.items() if n != name}, name


def verdict(rule: Rule, facts: Mapping[str, Any], book: LawBook = BOOK) -> Verdict | None:
    """What one rule says of some facts."""
    alone = LawBook.__new__(LawBook)
    alone.__dict__ |= book.__dict__ | {"rules": (rule,), "_verdicts": {}}
    return next(iter(alone.verdicts(facts)), None)


def free(rule: Rule, facts: Mapping[str, Any]) -> bool:
    """Whether a rule asks nothing more: it does not apply, or is met."""
    found = verdict(rule, facts)
    return found is None or found.status == "met"


def clear(rule: Rule, facts: Mapping[str, Any]) -> bool:
    """Whether a rule neither closes an option nor makes it conditional."""
    found = verdict(rule, facts)
    judged = judgement_of((found,) if found else ())
    return not judged.blocked_by and not judged.conditional_on
